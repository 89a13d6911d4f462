"""Requests, sessions and feedback."""
