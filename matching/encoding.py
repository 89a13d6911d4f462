"""Cuts providers' texts into passages and encodes them together, as they are stored."""

from collections.abc import Sequence
from itertools import islice

from matching.background import ENCODER_ROLES, PROFILE
from matching.encoders.contract import Progress, TextEncoder
from matching.records import Passage
from matching.text.checklists import flag_excluded
from matching.text.clauses import refuses
from matching.text.passages import WHOLE, split_passages


def encode_texts(
    encoder: TextEncoder, texts: Sequence[str], progress: Progress | None = None
) -> list[tuple[Passage, ...]]:
    """The passages of each provider's text with vectors; `progress` is told (passages, in all)."""
    split = [split_passages(text) for text in texts]
    pieces = [word_passages(text, passages) for text, passages in zip(texts, split, strict=True)]
    # A text of one sentence has it as its whole too: it is encoded once.
    distinct = [dict.fromkeys(of_text) for of_text in pieces]
    flat = [piece for of_text in distinct for piece in of_text]
    vectors = iter(encoder.encode(flat, role=ENCODER_ROLES[PROFILE], progress=progress))
    found = [dict(zip(of_text, islice(vectors, len(of_text)), strict=True)) for of_text in distinct]
    return [
        tuple(
            Passage(p.role, p.start, p.end, of_text[piece])
            for p, piece in zip(passages, own, strict=True)
        )
        for passages, own, of_text in zip(split, pieces, found, strict=True)
    ]


def word_passages(text: str, passages: Sequence[Passage]) -> list[str]:
    """What is encoded for each passage: itself, and for the whole what is left without refusals.

    Whoever says what she does not do would otherwise be near to just that.
    """
    pieces = [text[p.start : p.end] for p in passages]
    excluded = flag_excluded(text, [(p.start, p.end) for p in passages])
    meant = [
        piece
        for passage, piece, is_out in zip(passages, pieces, excluded, strict=True)
        if passage.role != WHOLE and not is_out and not refuses(piece)
    ]
    is_cut = 0 < len(meant) < len(passages) - 1
    return [
        " ".join(meant) if is_cut and passage.role == WHOLE else piece
        for passage, piece in zip(passages, pieces, strict=True)
    ]
