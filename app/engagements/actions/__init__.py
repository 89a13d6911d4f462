"""What people do with engagements, their sessions and feedback: a module for each thing."""
