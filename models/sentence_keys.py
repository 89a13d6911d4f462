"""By what a sentence is found in the database, however long it is."""

import hashlib


def make_sentence_key(sentence: str) -> str:
    """The SHA-256 of a sentence, in hex."""
    return hashlib.sha256(sentence.encode()).hexdigest()
