"""Reads of this room: mandates, what needs seek, what stands open, the board, gates."""
