"""What changes claims and orders, a module for each stretch of the way."""
