"""Texts and conditions in, ranked candidates with evidence out."""
