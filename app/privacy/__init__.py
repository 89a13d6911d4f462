"""The room of privacy: what is known of a person, and its end."""
