"""Reads of this room: stored runs, what shut others out, conflicts, previews, what waits."""
