"""The prose of the demonstration data as texts for matching, without a database."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).resolve().parents[2] / "app" / "demo"
_KINDS = {"mentors": "mentor", "investors": "investor", "centres": "centre"}
_KIND_ASKED = {"mentoring": "mentor", "funding": "investor", "verification": "centre"}


@dataclass(frozen=True, slots=True)
class DemoProvider:
    key: str
    kind: str
    language: str
    text: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoNeed:
    """A need with the fields of its startup."""

    key: str
    kind: str
    language: str
    text: str
    fields: tuple[str, ...]


@cache
def read_providers() -> tuple[DemoProvider, ...]:
    """Mentors, investors and centres, each with headline, summary and what it can help with."""
    return tuple(
        DemoProvider(
            entry["key"],
            kind,
            entry["language"],
            "\n".join(entry[part] for part in ("headline", "summary", "can_help_with")),
            tuple(entry["fields"]),
        )
        for name, kind in _KINDS.items()
        for entry in _read(name)
    )


@cache
def read_needs() -> tuple[DemoNeed, ...]:
    """The needs of all startups, with the kind of provider that they ask for."""
    return tuple(
        DemoNeed(
            need["key"],
            _KIND_ASKED[need["kind"]],
            need["language"],
            need["text"],
            tuple(startup["fields"]),
        )
        for startup in _read("startups")
        for need in startup["needs"]
    )


def _read(name: str) -> list[dict[str, Any]]:
    return [
        entry
        for path in sorted(_FOLDER.glob(f"{name}*.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
