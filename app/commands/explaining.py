"""A match on the terminal: who, why, and on request all that decided it."""

from collections.abc import Iterator

from app.matches.queries.explained import ExplainedMatch, ExplainedText

# What makes up the relevance, and what else moves the score, in the order of docs/matching.md.
_SHOWN = ("relevance", "whole", "late", "back", "words", "refused", "asked", "judged")


def list_lines(found: ExplainedText, *, explain: bool) -> Iterator[str]:
    """The lines that `yinqiao match` prints; with `explain` all that decided."""
    if explain:
        for read in found["read"]:
            yield f"{read['role']:>10} {read['probability']:.2f}  {read['text']}"
        yield "weights " + found["versions"]["weights"]
        yield ""
    if not found["matches"]:
        yield "Nobody fits."
    for number, each in enumerate(found["matches"], start=1):
        yield from _list_match(number, each, explain=explain)


def _list_match(number: int, each: ExplainedMatch, *, explain: bool) -> Iterator[str]:
    row = each["match"]
    yield f"{number:3}. {row['name']}  [{row['kind']}, {row['strength']}]"
    if explain:
        figures = [f"{name} {each['features'][name]:.3f}" for name in _SHOWN]
        yield f"     score {row['score']:.3f}: {', '.join(figures)}"
    pairs = zip(row["evidence"], each["contributions"], strict=True)
    for pair, adds in list(pairs)[: None if explain else 1]:
        yield f"     {pair['need']}"
        yield f"     ⌒ {pair['provider']}" + (f"  (+{adds:.3f})" if explain else "")
    for sentence in row["against"]:
        yield f"     – {sentence}"
