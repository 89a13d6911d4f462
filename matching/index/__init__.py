"""The searchable form of all passages: vectors, codes, postings and columns, kept by revision."""
