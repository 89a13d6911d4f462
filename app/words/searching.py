"""What somebody types into the search field of a list, as conditions of a query.

Every word must be found, in any order. Width, case, accents of the alphabet's full-width forms and
Traditional characters make no difference; the terms of matching stand for one another (碳化矽 finds
碳化硅 and SiC). A short word of Latin letters is found only as a word, so that SiC is not found in
"music"; in names, one wrong letter of a longer one is forgiven. The conditions are regular
expressions that both databases read alike, and a list takes one query whatever was typed.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from matching.text.term_table import get_terms
from models.folding import fold, list_traditional

# Nobody types more into such a field; the rest is not looked for.
_TEXT_LIMIT: Final = 100
_WORDS_LIMIT: Final = 8
_FORMS_LIMIT: Final = 24

_WORD: Final = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+|[^\s\W]+")
# Letters and digits of one word: ISO13485 is ISO 13485.
_RUN: Final = re.compile("[a-z]+|[0-9]+|[^a-z0-9]+")
# So long a Latin word is found at the beginning of another one, and is forgiven one wrong letter.
_FROM_BEGINNING: Final = 4
_FORGIVEN: Final = 5
_FORGIVEN_UP_TO: Final = 20

_Column = InstrumentedAttribute[Any] | ColumnElement[Any]


def find_words(
    text: str, *, names: Sequence[_Column], texts: Sequence[_Column] = ()
) -> ColumnElement[bool] | None:
    """Whether each word of `text` stands in one of the columns; None where there is no word."""
    conditions = []
    for spellings in list_spellings(text):
        pattern = "(?i)" + "|".join(map(_make_pattern, spellings))
        name_pattern = "|".join([pattern, *_forgive(spellings[0])])
        conditions.append(
            or_(
                *(column.regexp_match(name_pattern) for column in names),
                *(column.regexp_match(pattern) for column in texts),
            )
        )
    return and_(*conditions) if conditions else None


def list_spellings(text: str) -> list[tuple[str, ...]]:
    """The words of `text`, folded, each followed by the forms of speech that mean the same."""
    folded = fold(text[:_TEXT_LIMIT])
    found: list[tuple[str, ...]] = []
    at = 0
    for mention in get_terms().find_mentions(folded):
        found += [(word,) for word in _WORD.findall(folded[at : mention.start])]
        own = folded[mention.start : mention.end]
        forms = [
            fold(form)
            for number in mention.concepts
            for form in get_terms().concepts[number].forms
        ]
        found.append(tuple(dict.fromkeys([own, *forms]))[:_FORMS_LIMIT])
        at = mention.end
    found += [(word,) for word in _WORD.findall(folded[at:])]
    return list(dict.fromkeys(found))[:_WORDS_LIMIT]


@cache
def _make_pattern(word: str) -> str:
    """A word in every way of writing it; Latin words begin, and short ones end, where they do."""
    runs = [run for part in _WORD.findall(word) for run in _RUN.findall(part)]
    if not runs:
        return re.escape(word)
    pattern = r"[\s\-‐–·]*".join("".join(map(_make_class, run)) for run in runs)
    first, last = runs[0][0], runs[-1]
    if first.isascii():
        pattern = r"(?<![a-zA-Z0-9ａ-ｚＡ-Ｚ０-９])" + pattern
    if last[-1].isascii() and (len(last) < _FROM_BEGINNING or last.isdecimal()):
        # A plural is the same word.
        pattern += r"s?(?![a-zA-Z0-9ａ-ｚＡ-Ｚ０-９])"
    return pattern


@cache
def _make_class(character: str) -> str:
    if character.isascii():
        wide = chr(ord(character) + 0xFEE0)
        upper = chr(ord(character.upper()) + 0xFEE0)
        return f"[{character}{wide}{upper}]" if character.isalnum() else re.escape(character)
    others = list_traditional(character)
    return f"[{character}{others}]" if others else re.escape(character)


def _forgive(word: str) -> list[str]:
    """The word with one letter wrong, left out or too many."""
    if not (word.isascii() and word.isalpha() and _FORGIVEN <= len(word) <= _FORGIVEN_UP_TO):
        return []
    ways = []
    for place in range(len(word) + 1):
        before, behind = word[:place], word[place:]
        ways.append(f"{before}[a-z]{behind}")
        if behind:
            ways += [f"{before}[a-z]{behind[1:]}", before + behind[1:]]
    return [rf"(?<![a-z])(?:{'|'.join(dict.fromkeys(ways))})(?![a-z])"]
