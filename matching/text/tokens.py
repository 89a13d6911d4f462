"""What a text is found by: its words, the terms that it speaks of, and names of standards.

A term counts whatever form it has: "SiC", "碳化硅" and "silicon carbide" are one token. A token
that is not a word begins with "=" (a term) or "#" (a standard or a model), which no word does.
"""

from collections.abc import Collection, Sequence
from functools import cache

from matching.text.quantities import find_designations
from matching.text.term_table import TermTable, get_terms
from matching.text.words import list_words, simplify

_TERM, _NAME = "=", "#"


def list_tokens(text: str) -> list[str]:
    """Words, terms and names of `text`, repeated where they repeat; pieces of a name are none."""
    plain, names = _part_names(text)
    return list_words(plain) + list_terms(plain) + names


def find_tokens(text: str, wanted: Collection[str]) -> frozenset[str]:
    """Those of the `wanted` tokens that `text` has, as `list_tokens` lists them.

    Quicker, because what a text cannot have is not looked for.
    """
    if not wanted:
        return frozenset()
    terms = [token for token in wanted if is_term(token)]
    folded = simplify(text).casefold()
    if not terms and not any(_may_have(folded, token) for token in wanted):
        return frozenset()
    plain, names = _part_names(text)
    found = {*list_words(plain), *names, *(list_terms(plain) if terms else ())}
    return frozenset(found.intersection(wanted))


def _may_have(folded: str, token: str) -> bool:
    """Whether a simplified text in lower case can have a word; of a name it is not known."""
    return token in folded or token.startswith(_NAME) or f"{token[:-1]}ies" in folded


def _part_names(text: str) -> tuple[str, list[str]]:
    """The text with blanks for the names of standards and models, and these as tokens."""
    names = find_designations(text)
    if not names:
        return text, []
    rest = list(text)
    for name in names:
        rest[name.start : name.end] = " " * (name.end - name.start)
    return "".join(rest), [_NAME + name.key for name in names]


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
