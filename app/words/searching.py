"""What somebody types into the search field of a list, as conditions of a query.

Every word must be found, in any order. Width, case, accents and Traditional characters make no
difference, nor does what stands between letters and digits (ISO13485, ISO 13485); the terms of
matching stand for one another (碳化矽 finds 碳化硅, and SiC). A short word of Latin letters is
found only as a word, so that SiC is not found in "music"; in names, one wrong letter of a longer
one is forgiven, and a name is found under whatever counts as the same name elsewhere. The
conditions are regular expressions that both databases read alike, and a list takes one query
whatever was typed.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, and_, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from matching.records import TermSet
from matching.text.own_terms import read_own_terms
from matching.text.term_table import get_terms
from models.folding import fold, list_spellings
from models.organisation_names import list_keys

NO_TERMS: Final = TermSet()

# Nobody types more into such a field; the rest is not looked for.
_TEXT_LIMIT: Final = 100
_WORDS_LIMIT: Final = 8
_FORMS_LIMIT: Final = 24

# C++, C# and F# are words of their own.
_WORD: Final = re.compile(
    r"[a-z]\+\+(?!\+)|\b[a-z]#|[a-z0-9]+|[\u3400-\u9fff\U00020000-\U0003ffff]+"
    r"|[^\W_a-z0-9\u3400-\u9fff\U00020000-\U0003ffff]+"
)
# Letters and digits of one word: ISO13485 is ISO 13485.
_RUN: Final = re.compile(r"[a-z]+[+#]*|[0-9]+|[^a-z0-9]+")
_BETWEEN_RUNS: Final = r"[\s\-‐‑–—－_·./／．'’]*"
# What is typed between two words that may as well be one: COVID 19, and O'Neil, but not SiC wafer.
_BETWEEN_KINDS: Final = re.compile(r"[\s\-‐‑–—_·./]{1,3}")
_INSIDE_WORD: Final = re.compile(r"[\-‐‑–—_·./'’‘]")
_JOINED_MOST: Final = 3
# Of two terms that are written in one word each has so many letters.
_PART_OF_TWO: Final = 3
# The number of a recommended standard: GBT18487 is GB/T 18487.
_RECOMMENDED: Final = re.compile(r"(?<![a-z0-9])([a-z]{2})t(?=[0-9]{3})")
# What is typed for characters that many keyboards do not have.
_RARE: Final = MappingProxyType({"吉": "𠮷", "高": "髙", "𠮷": "吉", "髙": "高"})
_NO_LATIN_BEFORE: Final = "(?<![a-zA-Z0-9ａ-ｚＡ-Ｚ０-９])"
_NO_LATIN_BEHIND: Final = "(?![a-zA-Z0-9ａ-ｚＡ-Ｚ０-９])"
# C is not C++.
_NO_SIGN_BEHIND: Final = "(?![+#＋＃])"
# So long a Latin word is found at the beginning of another one.
_FROM_BEGINNING: Final = 4
# So long it is forgiven one wrong letter.
_FORGIVEN: Final = 5
_FORGIVEN_UP_TO: Final = 20

_ANY_LATIN: Final = "[a-zA-ZÀ-ÖØ-öø-ſ]"

_Column = InstrumentedAttribute[Any] | ColumnElement[Any]


class texts_of(FunctionElement[str]):  # noqa: N801  # a function of SQL
    """The texts of a column that holds a list of them, a line each; NULL for an empty list."""

    type = Text()
    inherit_cache = True
    name = "texts_of"


@compiles(texts_of, "sqlite")
def _compile_for_sqlite(element: texts_of, compiler: SQLCompiler, **options: Any) -> str:
    listed = compiler.process(element.clauses, **options)
    return f"(SELECT group_concat(value, char(10)) FROM json_each({listed}))"  # noqa: S608  # nosec B608  # a column


@compiles(texts_of, "postgresql")
def _compile_for_postgres(element: texts_of, compiler: SQLCompiler, **options: Any) -> str:
    listed = compiler.process(element.clauses, **options)
    return f"(SELECT string_agg(value, chr(10)) FROM json_array_elements_text({listed}))"  # noqa: S608  # nosec B608  # a column


def find_words(
    text: str,
    *,
    names: Sequence[_Column],
    texts: Sequence[_Column] = (),
    keys: Sequence[tuple[_Column, str]] = (),
    terms: TermSet = NO_TERMS,
) -> ColumnElement[bool] | None:
    """Whether each word of `text` stands in one of the columns; None where nothing was typed.

    Signs without any word are found as they stand.

    `keys` are columns with the folded keys of names and the key that `text` has as such a name: a
    name that is the same is found, however it is written. `terms` stand for one another as those of
    matching do.
    """
    conditions = []
    for spellings in split_words(text, terms):
        pattern = "(?i)" + _make_choice(spellings)
        name_pattern = "|".join([pattern, *_forgive(spellings[0])])
        conditions.append(
            or_(
                *(column.regexp_match(name_pattern) for column in names),
                *(column.regexp_match(pattern) for column in texts),
            )
        )
    if not conditions:
        signs = text.strip()[:_TEXT_LIMIT]
        literal = (column.contains(signs, autoescape=True) for column in (*names, *texts))
        return or_(*literal) if signs else None
    # A Latin key is compared as a whole: one letter behind another makes other words of it.
    same = [
        column == key if key.isascii() else column.contains(key, autoescape=True)
        for column, key in keys
        if key
    ]
    return or_(and_(*conditions), *same) if same else and_(*conditions)


def pair_organisation_keys(text: str, *columns: _Column) -> tuple[tuple[_Column, str], ...]:
    """Each of `columns`, which hold keys of organisations, with each key that `text` has as such
    a name: also with those that it says the organisation had or has beside."""
    return tuple((column, key) for column in columns for key in list_keys(text))


@lru_cache(maxsize=256)
def split_words(text: str, terms: TermSet = NO_TERMS) -> tuple[tuple[str, ...], ...]:
    """The words of `text`, folded, each followed by the forms of speech that mean the same, and by
    what it is when it is written in one with its neighbours."""
    # In the letters in which it is typed: GaN is not GAN.
    said = unicodedata.normalize("NFKC", text[:_TEXT_LIMIT])
    found: list[tuple[str, ...]] = []
    # What stands before each word.
    between: list[str] = []
    left = ""

    def add_plain(part: str) -> None:
        nonlocal left
        at = 0
        for word in _WORD.finditer(part):
            found.append((word[0], *_split_terms(word[0])))
            between.append(left + part[at : word.start()])
            left, at = "", word.end()
        left += part[at:]

    at = 0
    for start, end, others in _list_mentions(said, terms):
        add_plain(fold(said[at:start]))
        own = fold(said[start:end])
        forms = [fold(form) for form in others]
        found.append(tuple(dict.fromkeys([own, *forms]))[:_FORMS_LIMIT])
        between.append(left)
        left, at = "", end
    add_plain(fold(said[at:]))
    return tuple(dict.fromkeys(_join_neighbours(found, between)))[:_WORDS_LIMIT]


def _split_terms(word: str) -> list[str]:
    """`word` as the two terms that it is made of, if it is: SiCMOSFET is SiC MOSFET, and
    碳化硅 MOSFET."""
    if not (word.isascii() and word.isalpha() and len(word) <= _FORGIVEN_UP_TO):
        return []
    split = []
    for at in range(_PART_OF_TWO, len(word) - _PART_OF_TWO + 1):
        before, behind = word[:at], word[at:]
        forms, others = _list_forms_of(before), _list_forms_of(behind)
        if forms and others:
            split += [f"{form} {behind}" for form in dict.fromkeys((before, *forms))]
            split += [f"{before} {other}" for other in others]
    return split[:_FORMS_LIMIT]


def _list_forms_of(word: str) -> list[str]:
    """All forms of the term that `word` is; none where it is no term."""
    table = get_terms()
    return [
        fold(form)
        for mention in table.find_mentions(word)
        if (mention.start, mention.end) == (0, len(word))
        for number in mention.concepts
        for form in table.concepts[number].forms
    ]


def _join_neighbours(
    found: Sequence[tuple[str, ...]], between: Sequence[str]
) -> list[tuple[str, ...]]:
    """Each word also as a part of what it may be one with: 13485 behind ISO, Neil behind O'."""
    joined = [list(forms) for forms in found]
    for first in range(len(found)):
        for last in range(first + 1, min(first + _JOINED_MOST, len(found))):
            if not _may_be_one(found[last - 1][0], between[last], found[last][0]):
                break
            whole = " ".join(found[place][0] for place in range(first, last + 1))
            for place in range(first, last + 1):
                joined[place].append(whole)
    return [tuple(dict.fromkeys(forms)) for forms in joined]


def _may_be_one(before: str, between: str, behind: str) -> bool:
    """Whether two words would be read alike without what is typed between them."""
    end, begin = before[-1], behind[0]
    if not (end.isascii() and begin.isascii() and end.isalnum() and begin.isalnum()):
        return False
    if end.isdigit() == begin.isdigit():
        return end.isalpha() and _INSIDE_WORD.fullmatch(between) is not None
    return _BETWEEN_KINDS.fullmatch(between) is not None


def _list_mentions(said: str, terms: TermSet) -> list[tuple[int, int, tuple[str, ...]]]:
    """Where terms stand in `said`, and all their forms; own `terms` before those of matching."""
    table, own_terms = get_terms(), read_own_terms(terms)
    own = [] if own_terms is None else own_terms.find_forms(said)
    shipped = [
        (
            mention.start,
            mention.end,
            tuple(form for number in mention.concepts for form in table.concepts[number].forms),
        )
        for mention in table.find_mentions(said)
    ]
    left = [
        each for each in shipped if all(each[1] <= start or end <= each[0] for start, end, _ in own)
    ]
    return sorted([*own, *left])


def _make_choice(words: Sequence[str]) -> str:
    """Any of `words`. What stands before a Latin one is looked at once for all of them, since that
    is tried at each place of a text."""
    patterns = [_make_pattern(word) for word in words]
    latin = [each.removeprefix(_NO_LATIN_BEFORE) for each in patterns if _begins_latin(each)]
    others = [each for each in patterns if not _begins_latin(each)]
    if latin:
        others.append(f"{_NO_LATIN_BEFORE}(?:{'|'.join(latin)})")
    return "|".join(others)


def _begins_latin(pattern: str) -> bool:
    return pattern.startswith(_NO_LATIN_BEFORE)


@lru_cache(maxsize=4096)
def _make_pattern(word: str) -> str:
    """A word in every way of writing it; Latin words begin, and short ones end, where they do."""
    word = _RECOMMENDED.sub(r"\1 t", word)
    runs = [run for part in _WORD.findall(word) for run in _RUN.findall(part)]
    if not runs:
        return re.escape(word)
    pattern = _BETWEEN_RUNS.join(map(_spell_run, runs))
    first, last = runs[0][0], runs[-1]
    if first.isascii():
        pattern = _NO_LATIN_BEFORE + pattern
    if last[-1].isascii() and (len(last) < _FROM_BEGINNING or last.isdecimal()):
        # A plural is the same word.
        plural = "s?" if last.isalpha() and len(last) > 1 else ""
        pattern += plural + (_NO_SIGN_BEHIND if len(last) == 1 else "") + _NO_LATIN_BEHIND
    return pattern


def _spell_run(run: str) -> str:
    """Letters in every way of writing each, and those that are one sign elsewhere: æ, ß, ﬁ."""
    pattern = ""
    place = 0
    while place < len(run):
        joint = next((j for j in _list_joints() if run.startswith(j, place)), "")
        if joint:
            apart = "".join(map(_make_class, joint))
            pattern += f"(?:{apart}|[{_list_joints()[joint]}])"
            place += len(joint)
        else:
            pattern += _make_class(run[place])
            place += 1
    return pattern


@cache
def _list_joints() -> Mapping[str, str]:
    """The letters that one sign stands for, with those signs, the longest first."""
    signs: dict[str, str] = {
        # As names are written where there are no such letters.
        "ae": "äÄ",
        "oe": "öÖøØ",
        "ue": "üÜ",
        "aa": "åÅ",
    }
    for sign in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00), *range(0xFB00, 0xFB07))):
        letters = fold(sign)
        if len(letters) > 1 and letters.isascii() and letters.isalpha():
            signs[letters] = signs.get(letters, "") + sign
    return MappingProxyType(dict(sorted(signs.items(), key=lambda joint: -len(joint[0]))))


@cache
def _make_class(character: str) -> str:
    spellings = list_spellings(character) + _RARE.get(character, "")
    return f"[{''.join(map(re.escape, spellings))}]" if len(spellings) > 1 else re.escape(character)


def _forgive(word: str) -> list[str]:
    """The word with one letter wrong, left out, too many, or changed with its neighbour."""
    if not (word.isascii() and word.isalpha() and _FORGIVEN <= len(word) <= _FORGIVEN_UP_TO):
        return []
    letters = [_make_latin_class(letter) for letter in word]
    ways = []
    for place in range(len(word) + 1):
        before, behind = "".join(letters[:place]), letters[place:]
        ways.append(before + _ANY_LATIN + "".join(behind))
        if behind:
            ways += [
                before + _ANY_LATIN + "".join(behind[1:]),
                before + "".join(behind[1:]),
            ]
        if len(behind) > 1:
            ways.append(before + behind[1] + behind[0] + "".join(behind[2:]))
    return [f"(?<!{_ANY_LATIN})(?:{'|'.join(dict.fromkeys(ways))})(?!{_ANY_LATIN})"]


@cache
def _make_latin_class(letter: str) -> str:
    """A letter with the accents that names of the west have."""
    spellings = "".join(c for c in list_spellings(letter) if c < "\u0180")
    return f"[{spellings}]" if len(spellings) > 1 else spellings
