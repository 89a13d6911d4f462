"""What the two sides of an engagement keep together, and its story."""
