"""Financings of startups, and the commitments of funds in them."""
