"""What startups ask for."""
