"""The table of hard-tech terms: which forms of speech mean the same thing, in Chinese and English.

A concept has Simplified and Traditional Chinese forms, English forms and abbreviations. Its forms
are interchangeable: whoever searches one wants the others. The table is our own work and stands in
`terms/*.tsv`, a concept a line: Chinese forms, forms that Taiwan and Hong Kong word otherwise,
English forms, abbreviations; forms are separated by `|`, the preferred one first. An operator's
own terms have the same shape and come on top.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from matching.text.words import fold_plural, simplify

VERSION = 2

_FOLDER = Path(__file__).with_name("terms")
_COLUMNS = 4
_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+", re.UNICODE)
# What may stand between two words of one term.
_JOINS = frozenset(" \u00a0-‐‑–/·.&")

# Abbreviations that are also English words: they are meant only as they are written.
_ALSO_WORDS = frozenset(
    Path(__file__).with_name("words_in_use.txt").read_text(encoding="utf-8").split()
)


class Concept(NamedTuple):
    """One thing, and the forms in which people speak of it; the first of each is preferred."""

    chinese: tuple[str, ...]
    traditional: tuple[str, ...]
    english: tuple[str, ...]
    abbreviations: tuple[str, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        """Every form."""
        return (*self.chinese, *self.traditional, *self.english, *self.abbreviations)


class Mention(NamedTuple):
    """`text[start:end]` speaks of one of `concepts`, which are numbers; mostly there is one."""

    start: int
    end: int
    concepts: tuple[int, ...]


class TermsInvalid(ValueError):
    """A line of a table cannot be read; the message says which and why."""


class _Words(NamedTuple):
    """The words of a text: each folded, and where it begins and ends."""

    keys: list[str]
    starts: list[int]
    ends: list[int]


@dataclass(slots=True)
class _Node:
    """Where one stands after some words of a form: which follow, and what ends here.

    `as_written` holds abbreviations in their own letters, by which "GaN" is not "GAN".
    """

    following: dict[str, "_Node"]
    concepts: list[int]
    as_written: dict[str, list[int]]


class TermTable:
    """The concepts of some lines, and a search for all their forms at once."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = tuple(concepts)
        self._root = _Node({}, [], {})
        for number, concept in enumerate(self.concepts):
            for form in concept.forms:
                self._enter(form, number, is_short=form in concept.abbreviations)

    def find_mentions(self, text: str, *, inside: bool = False) -> list[Mention]:
        """Every mention in `text`, from left to right; of those that overlap the longest.

        With `inside` also those that begin within another one and end no later: "SiC MOSFET"
        speaks of silicon carbide too.

        Chinese scripts, case, plurals, hyphens and blanks are folded. A Latin form is found as
        whole words only: "IC" is not in "clinic". The spans are of `text` as it is.
        """
        words = _cut(text)
        mentions: list[Mention] = []
        begin, count, free = self._root.following.get, len(words.keys), 0
        # Each sentence that is searched or shown comes through here: most words begin no form.
        for at, node in enumerate(map(begin, words.keys)):
            if node is None or at < free:
                continue
            found = self._match(text, words, at, node, count)
            if found is None:
                continue
            length, concepts = found
            free = at + length
            mentions.append(Mention(words.starts[at], words.ends[free - 1], tuple(concepts)))
            if inside:
                mentions.extend(self._list_inside(text, words, at, free))
        return mentions

    def _list_inside(self, text: str, words: "_Words", first: int, limit: int) -> Iterator[Mention]:
        for at in range(first, limit):
            node = self._root.following.get(words.keys[at])
            # From the first word on, whatever is shorter than the whole.
            end = limit - 1 if at == first else limit
            if node is not None and at < end and (found := self._match(text, words, at, node, end)):
                length, concepts = found
                yield Mention(words.starts[at], words.ends[at + length - 1], tuple(concepts))

    def list_concepts(self, text: str) -> frozenset[int]:
        """The numbers of all concepts that `text` mentions, also inside of other mentions."""
        return frozenset(
            number
            for mention in self.find_mentions(text, inside=True)
            for number in mention.concepts
        )

    def _match(
        self, text: str, words: "_Words", at: int, node: "_Node", limit: int
    ) -> tuple[int, Sequence[int]] | None:
        """How many words from `at` on, before `limit`, are the longest form; what it may mean."""
        keys, starts, ends = words
        best = None
        last = at
        while True:
            ended = node.concepts
            if node.as_written:
                # An abbreviation in its own letters comes before the word that it looks like.
                ended = node.as_written.get(text[starts[at] : ends[last]]) or ended
            if ended:
                best = last - at + 1, ended
            last += 1
            if last == limit:
                return best
            following = node.following.get(keys[last])
            if following is None:
                return best
            gap = starts[last] - ends[last - 1]
            if gap and (gap > 1 or text[ends[last - 1]] not in _JOINS):
                return best
            node = following

    def _enter(self, form: str, number: int, *, is_short: bool) -> None:
        node = self._root
        keys = _fold_words(_TOKEN.findall(simplify(form)))
        if not keys:
            return
        for key in keys:
            following = node.following.get(key)
            if following is None:
                following = node.following[key] = _Node({}, [], {})
            node = following
        if is_short:
            node.as_written.setdefault(form, []).append(number)
        if number not in node.concepts and not (is_short and form.casefold() in _ALSO_WORDS):
            node.concepts.append(number)


@cache
def get_terms() -> TermTable:
    """The table that is shipped."""
    return TermTable(
        concept
        for path in sorted(_FOLDER.glob("*.tsv"))
        for concept in read_table(path.read_text(encoding="utf-8"), path.name)
    )


def read_table(text: str, name: str = "table") -> Iterator[Concept]:
    """The concepts of a table, one a line; empty lines and those that begin with # say nothing.

    Raises TermsInvalid for a line without four columns, or without a Chinese or an English form.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) != _COLUMNS:
            raise TermsInvalid(f"{name}, line {number}: {len(columns)} columns, not {_COLUMNS}")
        chinese, traditional, english, abbreviations = (
            tuple(form.strip() for form in column.split("|") if form.strip()) for column in columns
        )
        if not (chinese or english):
            raise TermsInvalid(f"{name}, line {number}: neither a Chinese nor an English form")
        yield Concept(chinese, traditional, english, abbreviations)


def _cut(text: str) -> _Words:
    """Chinese characters one by one, other words as a whole, folded, with their places."""
    simplified = simplify(text)
    if len(simplified) != len(text):
        # A phrase that became shorter would move every place behind it.
        simplified = "".join(
            folded if len(folded := simplify(character)) == 1 else character for character in text
        )
    found = list(_TOKEN.finditer(simplified))
    return _Words(
        _fold_words([match[0] for match in found]),
        [match.start() for match in found],
        [match.end() for match in found],
    )


def _fold_words(words: Sequence[str]) -> list[str]:
    return list(map(_fold_word, words))


@lru_cache(maxsize=1 << 16)
def _fold_word(word: str) -> str:
    return word.casefold() if len(word) == 1 else fold_plural(word.casefold())
