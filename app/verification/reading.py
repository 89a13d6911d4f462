"""What a sentence claims: quantities are found by the text code of matching, nothing is guessed.

What is read is offered to a founder in a form, never stated by itself.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.words.numbers import NumberUnreadable, read_number
from matching.text.quantities import Quantity, find_quantities
from models.verification import METRIC_LIMIT, SENTENCE_LIMIT, UNIT_LIMIT
from models.vocabulary import ClaimComparator

# Money and stretches of time without a comparing word say what is planned, not what is so.
_NOT_MEASURED: Final = frozenset({"money"})
_ONLY_COMPARED: Final = frozenset({"time"})

_SENTENCE_END: Final = re.compile(r"(?<=[。！？；!?;\n])|(?<=\.)\s+")
_CLAUSE_END: Final = re.compile(r"[，,、：:（(]")
_AT_LEAST: Final = re.compile(
    r"(?:≥|>=?|不低于|不少于|不小于|至少|大于|高于|超过|达到|以上|或以上"
    r"|\bat least\b|\babove\b|\bover\b|\bmore than\b|\bno less than\b|\breach(?:es)?\b"
    r"|\bor more\b)",
    re.IGNORECASE,
)
_AT_MOST: Final = re.compile(
    r"(?:≤|<=?|不高于|不超过|不大于|至多|小于|低于|少于|以下|以内"
    r"|\bat most\b|\bbelow\b|\bunder\b|\bless than\b|\bno more than\b|\bwithin\b|\bor less\b)",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(r"[0-9０-９][0-9０-９,，.．]*|[零〇一二两三四五六七八九十百千]+")
_RANGE_SIGN: Final = re.compile(r"\s*(?:-|–|—|~|～|至|到|to)\s*", re.IGNORECASE)
_EDGES: Final = " \t\n，,、：:;；。.（）()“”\"'"
# A comparing word stands at most so far from its figure.
_NEAR: Final = 14


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """A claim as it was read: the sentence, and what would be measured. `number` counts from 0."""

    number: int
    sentence: str
    metric: str
    comparator: ClaimComparator
    low: Decimal | None
    high: Decimal | None
    unit: str


def read_claims(text: str) -> Sequence[ReadClaim]:
    """The quantities of `text` that could be claims, in their order."""
    found: list[ReadClaim] = []
    for sentence in _SENTENCE_END.split(text):
        if not sentence or not sentence.strip(_EDGES):
            continue
        for quantity in find_quantities(sentence):
            read = _read_one(len(found), sentence, quantity)
            if read is not None:
                found.append(read)
    return found


def _read_one(number: int, sentence: str, quantity: Quantity) -> ReadClaim | None:
    if quantity.dimension in _NOT_MEASURED:
        return None
    figures, unit = _cut(sentence[quantity.start : quantity.end])
    before = _take_clause(sentence[: quantity.start])
    behind = sentence[quantity.end : quantity.end + _NEAR]
    comparator = _find_comparator(before[-_NEAR:], behind)
    if not figures or len(figures) > 2 or len(unit) > UNIT_LIMIT:
        return None
    if comparator is None and quantity.dimension in _ONLY_COMPARED:
        return None
    metric = _find_metric(before)
    low, high = figures[0], figures[-1]
    if len(figures) == 2:
        low, high = sorted((low, high))
        comparator = ClaimComparator.BETWEEN
    elif comparator is None:
        comparator = ClaimComparator.AT_LEAST
    return ReadClaim(
        number=number,
        sentence=sentence.strip()[:SENTENCE_LIMIT],
        metric=metric,
        comparator=comparator,
        low=None if comparator is ClaimComparator.AT_MOST else low,
        high=None if comparator is ClaimComparator.AT_LEAST else high,
        unit=unit,
    )


def _cut(said: str) -> tuple[list[Decimal], str]:
    """The figures of a quantity, one or both ends of a range, and its unit as it is written."""
    figures: list[Decimal] = []
    rest = said.strip()
    while match := _FIGURE.match(rest):
        try:
            figures.append(read_number(match.group()))
        except NumberUnreadable:
            return [], ""
        rest = rest[match.end() :]
        sign = _RANGE_SIGN.match(rest)
        if sign is None or not _FIGURE.match(rest[sign.end() :]):
            break
        rest = rest[sign.end() :]
    return figures, rest.strip(" -")


def _take_clause(before: str) -> str:
    """The last clause before the figure, with the one before it where that says nothing."""
    parts = _CLAUSE_END.split(before)
    last = parts[-1]
    if len(parts) > 1 and not _without_comparing(last):
        return parts[-2] + last
    return last


def _find_comparator(before: str, behind: str) -> ClaimComparator | None:
    """By the comparing word nearest to the figure, before it or right behind it."""
    places: list[tuple[int, ClaimComparator]] = []
    for pattern, comparator in (
        (_AT_LEAST, ClaimComparator.AT_LEAST),
        (_AT_MOST, ClaimComparator.AT_MOST),
    ):
        places += [(len(before) - m.end(), comparator) for m in _list_whole(pattern, before)]
        if match := pattern.match(behind.lstrip()):
            places.append((match.start(), comparator))
    return min(places, key=lambda place: place[0])[1] if places else None


def _list_whole(pattern: re.Pattern[str], text: str) -> Iterable[re.Match[str]]:
    """The matches that no 不 turns round."""
    return (m for m in pattern.finditer(text) if m.start() == 0 or text[m.start() - 1] != "不")


def _find_metric(before: str) -> str:
    """What stands before the figure, without the comparing words; "" where nothing does."""
    return _without_comparing(before)[-METRIC_LIMIT:].strip(_EDGES)


def _without_comparing(before: str) -> str:
    return _AT_MOST.sub(" ", _AT_LEAST.sub(" ", before)).strip(_EDGES)
