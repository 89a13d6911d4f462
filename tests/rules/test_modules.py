"""Files are named for what is in them, stay readable in one go, and hide nothing."""

import re
from pathlib import Path

import pytest

from tests.rules.project import PACKAGES, ROOT, list_modules, name_of

# Names under which anything could be put, so that sooner or later everything is.
VAGUE = re.compile(r"^(common|utils?|helpers?|misc|managers?|base_.*|.*_(utils?|helpers?|misc))$")
MOST_LINES = 450
SILENCED = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:)")
UNFINISHED = re.compile(r"\bNotImplemented(?=Error)|#\s*(TODO|FIXME|XXX|HACK)\b")
LEFT_OUT = re.compile(r"\b(pytest\.)?mark\.(skip|skipif|xfail)\b|\bpytest\.(skip|xfail)\(")
# What day it is, people ask in China; in UTC it is another one for eight hours of each.
FOREIGN_DAY = re.compile(r"\bnow\(\)\.date\(\)")

CODE = [*list_modules(*PACKAGES), ROOT / "wsgi.py"]
# This file names what it looks for.
ALL_CODE = [p for p in (*CODE, *list_modules("migrations", "tests")) if p != Path(__file__)]


def find_lines(paths: list[Path], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_or_folder_has_a_vague_name() -> None:
    paths = {part for path in ALL_CODE for part in (path, *path.parents) if ROOT in part.parents}
    assert sorted(name_of(path) for path in paths if VAGUE.match(path.stem)) == []


def test_no_module_is_too_long() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    assert {name: n for name, n in lengths.items() if n > MOST_LINES} == {}


def test_days_are_those_of_china() -> None:
    assert find_lines(list_modules("app"), FOREIGN_DAY) == []


def test_nothing_is_silenced_wholesale() -> None:
    assert find_lines(ALL_CODE, SILENCED) == []


def test_nothing_is_left_unfinished() -> None:
    assert find_lines(CODE, UNFINISHED) == []


def test_no_test_is_left_out() -> None:
    assert find_lines(ALL_CODE, LEFT_OUT) == []


def test_every_module_says_what_belongs_in_it() -> None:
    silent = [
        name_of(path)
        for path in CODE
        if (text := path.read_text(encoding="utf-8")).strip()
        and not text.startswith(('"""', 'r"""'))
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("pattern", "caught", "allowed"),
    [
        (VAGUE, "request_helpers", "helping"),
        (SILENCED, "x = f()  # type: ignore", "x = f()  # type: ignore[misc]"),
        (SILENCED, "import x  # noqa", "import x  # noqa: F401"),
        (UNFINISHED, "x = 1  #  TODO", "# what is to do is said above"),
        (LEFT_OUT, "@mark.skip", "@mark.privacy"),
    ],
)
def test_the_patterns_catch_what_they_are_for(
    pattern: re.Pattern[str], caught: str, allowed: str
) -> None:
    assert pattern.search(caught)
    assert not pattern.search(allowed)
