"""Demonstration data: fictive organisations to explore, and who can log in to them."""
