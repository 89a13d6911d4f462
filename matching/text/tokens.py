"""What a text is found by: its words, the terms that it speaks of, and names of standards.

A term counts whatever form it has: "SiC", "碳化硅" and "silicon carbide" are one token. A token
that is not a word begins with "=" (a term) or "#" (a standard or a model), which no word does.
"""

from collections.abc import Sequence
from functools import cache

from matching.text.quantities import find_designations
from matching.text.term_table import TermTable, get_terms
from matching.text.words import list_words

_TERM, _NAME = "=", "#"


def list_tokens(text: str) -> list[str]:
    """Words, terms and names of `text`, repeated where they repeat; pieces of a name are none."""
    names = find_designations(text)
    if not names:
        return list_words(text) + list_terms(text)
    rest = list(text)
    for name in names:
        rest[name.start : name.end] = " " * (name.end - name.start)
    plain = "".join(rest)
    return list_words(plain) + list_terms(plain) + [_NAME + name.key for name in names]


def list_terms(text: str) -> list[str]:
    """The terms that `text` speaks of, as tokens, repeated where they repeat."""
    keys = _name_concepts(get_terms())
    return [
        keys[number]
        for mention in get_terms().find_mentions(text, inside=True)
        for number in mention.concepts
    ]


def is_term(token: str) -> bool:
    """Whether a token is a term, which the words beside it say too."""
    return token.startswith(_TERM)


def crosses_languages(token: str) -> bool:
    """Whether a token is the same in both languages: a term, a name, or a word in Latin letters."""
    return token.isascii() or token[0] in (_TERM, _NAME)


def translate_terms(text: str, language: str, *, at_most: int = 6) -> list[str]:
    """What the terms in `text` are called in the other language than `language`, each once."""
    table = get_terms()
    found: list[str] = []
    for mention in table.find_mentions(text):
        concept = table.concepts[mention.concepts[0]]
        forms: Sequence[str] = concept.english if language == "zh" else concept.chinese
        if forms and forms[0] not in found and forms[0].casefold() not in text.casefold():
            found.append(forms[0])
    return found[:at_most]


@cache
def _name_concepts(table: TermTable) -> tuple[str, ...]:
    """The token of each concept: by its preferred form, which outlives a new order of the table."""
    return tuple(_TERM + (c.english or c.chinese)[0].casefold() for c in table.concepts)
