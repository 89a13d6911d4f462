"""The front page, each role's dashboard, and notices."""
