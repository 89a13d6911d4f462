"""The room of enquiries: a human looks at a list of matches, and answers."""
