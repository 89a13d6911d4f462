"""The page on the structure names every place that there is, and no other."""

import re

from tests.rules.project import ROOT

PAGE = (ROOT / "docs/structure.md").read_text(encoding="utf-8")

# What tools leave behind, and what every package has.
UNNAMED = {"__init__.py", "__pycache__"}


def list_named_in_tables() -> list[str]:
    rows = re.findall(r"(?m)^\| (`(?:app|matching)/.*?) \|", PAGE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def list_places() -> set[str]:
    return {
        path.relative_to(ROOT).as_posix() + ("/" if path.is_dir() else "")
        for package in ("app", "matching")
        for path in (ROOT / package).iterdir()
        if path.name not in UNNAMED and not path.name.startswith(".")
    }


def test_every_place_is_named_once_and_is_there() -> None:
    named = list_named_in_tables()

    assert sorted(set(named) - list_places()) == [], "docs/structure.md names what is not there"
    assert sorted(list_places() - set(named)) == [], "docs/structure.md does not name these"
    assert len(named) == len(set(named))


def test_files_named_in_passing_are_there() -> None:
    passing = re.findall(r"`((?:app|matching|models|docs|tests)/[\w/.-]+\.(?:py|md))`", PAGE)

    assert len(passing) > 20
    assert sorted({name for name in passing if not (ROOT / name).exists()}) == []


def test_every_folder_with_layers_is_in_the_contract_of_rooms() -> None:
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "app").glob("*/declaration.py")}
    inside = re.search(r'name = "Within a room.*?containers = \[(.*?)\]', contracts, re.DOTALL)

    assert inside is not None
    assert set(re.findall(r'"app\.(\w+)"', inside.group(1))) == rooms
