"""Reads of financings: the founder's, those of the funds, and what waits."""
