"""Reads of documents, with typed results."""
