"""Texts in, unit vectors out: which encoders there are, and how their models are found and run."""
