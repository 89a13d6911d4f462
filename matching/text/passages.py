"""Cuts a canonical text into passages: the whole, then its sentences and long clauses.

A sentence that says what is meant and what is not ("X, not Y") is cut where it turns.

Offsets are the contract: `text[start:end]` is the passage, so that evidence is always a literal
slice of what is stored. Nothing here changes a character.
"""

import re

import numpy as np

from matching.records import Passage
from matching.text.clauses import find_turns

WHOLE = "whole"
SENTENCE = "sentence"

# Widths count a CJK character as two and any other as one, which is near to what either
# carries: 12 is six Chinese characters or two English words.
MIN_WIDTH = 12
MAX_WIDTH = 260
MAX_SENTENCES = 64

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CLOSING = "”’」』）】》〉\"')\\]"
_BOUNDARY = re.compile(
    rf"[。！？；…]+[{_CLOSING}]*"  # full-width marks always end a sentence
    rf"|[!?;]+[{_CLOSING}]*(?=\s|$|[{_CJK}])"
    rf"|\.+[{_CLOSING}]*(?=\s|$)"  # "3.5 mm" and "U.S.A" have no blank after the point
    rf"|(?<=[{_CJK}])\.(?=[{_CJK}])"  # a half-width stop between Chinese characters
    r"|\n+"
)
_CLAUSE = re.compile(rf"[，、：,:](?=\s|[{_CJK}])|[，、：]|\s+[–—-]+\s+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|approx|ca|al|Fig|Figs|Eq|No|Nos|Vol|Dr|Prof|Mr|Mrs|Ms|St|Inc|Ltd"
    r"|Co|Corp|Dept|Univ|resp|max|min|temp)|(?<![A-Za-z])[A-Za-z])\.$"
)

Span = tuple[int, int]


def split_passages(text: str) -> tuple[Passage, ...]:
    """The passages of `text`: the whole first, then its sentences in order, without vectors.

    Sentences cover every visible character once, have no blank at either end, and are neither
    tiny (they join a neighbour) nor very long (they are cut at a clause, else at a blank, else
    anywhere). A text of a single sentence has it as well as the whole. Blank text gives ().
    At most `MAX_SENTENCES` sentences: a longer text is cut more coarsely.
    """
    whole = _strip(text, 0, len(text))
    if whole is None:
        return ()
    ruler = _Ruler(text)
    spans = [
        (turn.start, turn.end)
        for start, end in _merge_tiny(ruler, _cut_sentences(text))
        for turn in find_turns(text, start, end)
    ]
    pieces = [piece for span in spans for piece in _cut_long(ruler, span, MAX_WIDTH)]
    limit = MAX_WIDTH
    while len(pieces) > MAX_SENTENCES:
        # A text of many pages: neighbours join until the count is bounded.
        limit = max(2 * limit, ruler.width(*whole) // MAX_SENTENCES)
        pieces = _join_up_to(ruler, pieces, limit)
    sentences = tuple(Passage(SENTENCE, start, end) for start, end in pieces)
    return (Passage(WHOLE, *whole), *sentences)


class _Ruler:
    """Widths inside one text, from a running total: the same cost for a line and a megabyte."""

    def __init__(self, text: str) -> None:
        self.text = text
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        wide = (points >= 0x3400) & (points <= 0x9FFF) | (points >= 0xF900) & (points <= 0xFAFF)
        wide |= points >= 0x20000
        self._totals = np.concatenate(([0], np.cumsum(1 + wide.astype(np.int64))))

    def width(self, start: int, end: int) -> int:
        """Width of `text[start:end]`."""
        return int(self._totals[end] - self._totals[start])

    def reach(self, start: int, width: int) -> int:
        """The furthest end such that `text[start:end]` is no wider than `width`."""
        return int(np.searchsorted(self._totals, self._totals[start] + width, side="right")) - 1


def _strip(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _cut_sentences(text: str) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for mark in _BOUNDARY.finditer(text):
        is_point = mark.group().startswith(".") and mark.end() < len(text)
        if is_point and _ABBREVIATION.search(text, max(start, mark.end() - 12), mark.end()):
            continue
        if (span := _strip(text, start, mark.end())) is not None:
            spans.append(span)
        start = mark.end()
    if (span := _strip(text, start, len(text))) is not None:
        spans.append(span)
    return spans


def _merge_tiny(ruler: _Ruler, spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged and min(ruler.width(*span), ruler.width(*merged[-1])) < MIN_WIDTH:
            merged[-1] = (merged[-1][0], span[1])
        else:
            merged.append(span)
    return merged


def _join_up_to(ruler: _Ruler, spans: list[Span], limit: int) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and ruler.width(joined[-1][0], span[1]) <= limit:
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


def _cut_long(ruler: _Ruler, span: Span, limit: int) -> list[Span]:
    pieces: list[Span] = []
    rest: Span | None = span
    while rest is not None and ruler.width(*rest) > limit:
        at = _find_cut(ruler, rest, limit)
        first = _strip(ruler.text, rest[0], at)
        if first is not None:
            pieces.append(first)
        rest = _strip(ruler.text, at, rest[1])
    if rest is not None:
        pieces.append(rest)
    return pieces


def _find_cut(ruler: _Ruler, span: Span, limit: int) -> int:
    """The last clause mark inside the limit, else the last blank, else the limit itself."""
    start = span[0]
    furthest = ruler.reach(start, limit)
    earliest = start + (furthest - start) // 3
    clauses = [mark.end() for mark in _CLAUSE.finditer(ruler.text, earliest, furthest)]
    if clauses:
        return clauses[-1]
    blank = max(ruler.text.rfind(mark, earliest, furthest) for mark in (" ", "\t", "\n"))
    return blank if blank > start else furthest
