"""What changes financings: the founder's side, and that of the funds."""
