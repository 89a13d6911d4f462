"""Reads of claims and orders, with typed results."""
