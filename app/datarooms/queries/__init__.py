"""Reads of data rooms: the startup's, and an investor's."""
