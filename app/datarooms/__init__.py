"""Data rooms: what a startup lets investors read, under which agreement, and who read it."""
