"""What is suggested for a need, and why."""
