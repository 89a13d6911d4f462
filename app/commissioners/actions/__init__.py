"""What changes appointments, cares and cases."""
