"""The sentences of a need as they are read: where somebody goes on to another wish, there are two,
and so where a sentence goes on from what is settled.

Whoever keeps something about a sentence of a need, such as what it was corrected to, finds it here
without any encoder.
"""

from collections.abc import Iterator

from matching.records import Passage
from matching.text import clauses
from matching.text.passages import SENTENCE, split_passages
from matching.text.settled import settles
from matching.text.voice import speaks
from matching.text.wishes import find_turns


def split_need(text: str) -> tuple[Passage, ...]:
    """The sentences of a need's canonical text, in order; none of a blank one."""
    parts = speaks(text)
    return tuple(
        piece
        for passage in split_passages(text)
        if passage.role == SENTENCE
        for piece in _part(text, passage, parts=parts)
    )


def _part(text: str, passage: Passage, *, parts: bool) -> Iterator[Passage]:
    start = passage.start
    if parts:
        for turn in find_turns(text[passage.start : passage.end]):
            yield from _part_settled(text, start, passage.start + turn)
            start = passage.start + turn
        yield from _part_settled(text, start, passage.end)
    else:
        yield Passage(SENTENCE, start, passage.end)


def _part_settled(text: str, start: int, end: int) -> Iterator[Passage]:
    turns = clauses.find_turns(text, start, end, settles)
    return (Passage(SENTENCE, turn.start, turn.end) for turn in turns)
