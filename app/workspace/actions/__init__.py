"""What people change in a workspace, by what it is."""
