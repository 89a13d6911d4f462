"""Weights fitted to what came of earlier matches."""
