"""What changes: schemes, and vouchers step by step."""
