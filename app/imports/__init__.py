"""Files that operators bring in."""
