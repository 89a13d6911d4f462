"""What both sides say of an engagement, and the evaluation of providers that comes of it."""
