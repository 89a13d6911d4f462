"""The room of consents: what of a mentor rests on a consent, each purpose by itself."""
