"""Rules for tests, as their authors would write them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.clauses import Document, Facts, Stated, parse

ON = date(2026, 3, 3)


def year(number: int, value: Any) -> Stated:
    return Stated(value, date(number, 1, 1), date(number, 12, 31))


def make(clause: Mapping[str, Any], **more: Any) -> Document:
    return parse({"format": 1, "code": "sample", "version": 1, "clause": clause} | more)


def check(fact: str, comparator: str, bound: Any = None, **more: Any) -> dict[str, Any]:
    made = {"kind": "check", "fact": fact, "comparator": comparator} | more
    if bound is not None:
        made |= {"bound": bound, "unit": "count"} if "unit" not in more else {"bound": bound}
    return made


def all_of(*parts: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "all", "of": list(parts)} | more


def any_of(*parts: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "any", "of": list(parts)} | more


def score(mark: Any, *parts: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "score", "mark": mark, "parts": list(parts)} | more


def bands(*of: tuple[Any, Any], **more: Any) -> dict[str, Any]:
    return {"bands": [{"points": points, "when": when} for points, when in of]} | more


def know(**values: Any) -> Facts:
    """Facts that always hold, or a list of what is stated."""
    return {
        name: value if isinstance(value, list) else [Stated(value)]
        for name, value in values.items()
    }
