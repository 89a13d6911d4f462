"""What is installed is named with its licence, and has one."""

import re

from tests.rules.licences import PAGE, list_locked

# Whoever contains what is under these has to be under them too.
INFECTIOUS = re.compile(r"\b(A?GPL|CC-BY-SA)\b(?!.*\bor\b)", re.IGNORECASE)


def read_page() -> dict[str, str]:
    _head, _rule, table = PAGE.read_text(encoding="utf-8").partition("|---|---|\n")
    rows = re.findall(r"(?m)^\| ([a-z0-9-]+) \| (.+) \|$", table)
    return dict(rows)


def test_every_locked_package_is_listed_and_no_other() -> None:
    listed = read_page()

    assert len(listed) > 50
    assert sorted(listed) == list_locked(), "run `make licences`"


def test_no_package_asks_for_its_own_licence_of_the_whole() -> None:
    assert {n: said for n, said in read_page().items() if INFECTIOUS.search(said)} == {}
    assert INFECTIOUS.search("GPL-3.0-only")
    assert not INFECTIOUS.search("LGPL-3.0-only")
