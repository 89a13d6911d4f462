"""Profiles of startups, mentors, investors and centres."""
