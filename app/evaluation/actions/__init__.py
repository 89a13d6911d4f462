"""What people say at the end of an engagement and after the first meeting, and objections."""
