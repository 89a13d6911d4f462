"""What is read of vouchers, as its viewer may see it."""
