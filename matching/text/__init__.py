"""Texts cut into passages and words."""
