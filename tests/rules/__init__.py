"""Tests of the code itself: what every file, template, text and document must keep to."""
