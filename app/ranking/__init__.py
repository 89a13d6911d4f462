"""What the application gives the ranking, and learns for it."""
