"""The sentences of a need as they are read: where somebody goes on to another wish, there are two,
and so where a sentence goes on from what is settled, or a list to what stands otherwise.

Whoever keeps something about a sentence of a need, such as what it was corrected to, finds it here
without any encoder.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from matching.records import Passage
from matching.text import clauses
from matching.text.checklists import Item, read_items
from matching.text.passages import SENTENCE, split_passages
from matching.text.remaining import Settling
from matching.text.voice import speaks
from matching.text.wishes import find_turns

# So few characters before an item belong to it.
_LEAST_BETWEEN = 2


def split_need(text: str) -> tuple[Passage, ...]:
    """The sentences of a need's canonical text, in order; none of a blank one."""
    parts = speaks(text)
    items = read_items(text) if parts else ()
    settles = Settling(text)
    return tuple(
        piece
        for passage in split_passages(text)
        if passage.role == SENTENCE
        for own in _part_items(text, passage, items)
        for piece in _part(text, own, settles if parts else None)
    )


def read_standing(text: str, sentences: Sequence[Passage]) -> list[bool | None]:
    """Of each sentence of a need, whether rules know that it is open; False where it is settled or
    ruled out, and None where they do not say."""
    items, settles = read_items(text), Settling(text)
    found: list[bool | None] = []
    for each in sentences:
        piece = text[each.start : each.end]
        is_settled = settles(piece)
        item = _find_item(each, items)
        if item is not None:
            found.append(item.is_open)
        elif is_settled:
            found.append(False)
        else:
            found.append(True if settles.is_left(piece) else None)
    return found


def _find_item(passage: Passage, items: Sequence[Item]) -> Item | None:
    middle = (passage.start + passage.end) / 2
    return next((each for each in items if each.start <= middle <= each.end), None)


def _part_items(text: str, passage: Passage, items: Sequence[Item]) -> Iterator[Passage]:
    """A passage cut where a list goes on to what stands otherwise."""
    starts: list[tuple[int, bool | None]] = []
    at = passage.start
    for item in items:
        if item.end <= at or item.start >= passage.end:
            continue
        start = max(item.start, at)
        if len(text[at:start].strip()) >= _LEAST_BETWEEN:
            starts.append((at, None))
            at = start
        starts.append((at, item.is_open))
        at = min(item.end, passage.end)
    if not starts or text[at : passage.end].strip():
        starts.append((at, None))
    # Items of one kind that follow each other stay together.
    bounds = [
        start
        for number, (start, stands) in enumerate(starts)
        if not number or stands != starts[number - 1][1]
    ]
    for start, end in pairwise((*bounds, passage.end)):
        own = text[start:end]
        begin = start + len(own) - len(own.lstrip())
        yield Passage(SENTENCE, begin, start + len(own.rstrip()))


def _part(text: str, passage: Passage, settles: Settling | None) -> Iterator[Passage]:
    start = passage.start
    if settles is None:
        yield Passage(SENTENCE, start, passage.end)
        return
    sentence = text[passage.start : passage.end]
    listed = settles.find_list(sentence)
    turns = {*find_turns(sentence), *(() if listed is None else (listed,))}
    for turn in sorted(turns):
        yield from _part_settled(text, start, passage.start + turn, settles)
        start = passage.start + turn
    yield from _part_settled(text, start, passage.end, settles)


def _part_settled(text: str, start: int, end: int, settles: Settling) -> Iterator[Passage]:
    turns = clauses.find_turns(text, start, end, settles)
    return (Passage(SENTENCE, turn.start, turn.end) for turn in turns)
