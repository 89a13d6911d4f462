"""What is read of commissioners, their companies and cases."""
