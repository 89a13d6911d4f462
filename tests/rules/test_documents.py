"""What the documents say is there, and what is there is said."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.rules.project import PACKAGES, ROOT, list_modules, name_of

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
SETTING = re.compile(r"\bYINQIAO_[A-Z0-9_]+\b")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@cache
def read_settings_used() -> set[str]:
    """The variables that the code reads."""
    return {
        name
        for path in list_modules(*PACKAGES)
        for name in SETTING.findall(path.read_text(encoding="utf-8"))
    }


@cache
def read_settings_of_tests() -> set[str]:
    """The variables that tests alone read."""
    return {
        name
        for path in list_modules("tests")
        for name in SETTING.findall(path.read_text(encoding="utf-8"))
        if name.startswith("YINQIAO_TEST_")
    }


def read_settings_documented() -> set[str]:
    """The variables that have a heading of their own in docs/settings.md."""
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    return set(re.findall(r"(?m)^### `(YINQIAO_[A-Z0-9_]+)`", text))


def test_settings_and_their_documentation_agree() -> None:
    assert read_settings_documented() == read_settings_used()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    targets = [
        unquote(target.split("#")[0])
        for target in LINK.findall(document.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:", target) and not target.startswith("#")
    ]
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_commands_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)(?:`|^|&& |; )make ([a-z-]+)", text))
    offered = set(re.findall(r"(?m)^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8")))
    assert targets - offered == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_settings_named_in_passing_exist(document: Path) -> None:
    named = set(SETTING.findall(document.read_text(encoding="utf-8")))
    assert named - read_settings_used() - read_settings_of_tests() == set()


def test_the_documents_name_no_other_markers_than_pytest_knows(
    pytestconfig: pytest.Config,
) -> None:
    known = {line.split(":")[0] for line in pytestconfig.getini("markers")}
    named = {
        marker
        for document in DOCUMENTS
        for marker in re.findall(r"pytest -m ([a-z]+)", document.read_text(encoding="utf-8"))
    }
    assert named <= known


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_tests_that_show_something_are_there(document: Path) -> None:
    named = set(re.findall(r"`(tests/[\w/.-]+\.py)`", document.read_text(encoding="utf-8")))
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []


def test_each_chapter_of_the_standard_has_a_test_or_a_reason() -> None:
    """OWASP ASVS 5.0 has seventeen chapters."""
    text = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (V[0-9.]+[^|]*)\|([^|]*)\|([^|]*)\|$", text)
    chapters = {int(number) for row in rows for number in re.findall(r"V(\d+)", row[0])}
    assert chapters == set(range(1, 18))
    assert [row[0] for row in rows if len(row[2].strip()) < 10] == []


def test_what_is_done_for_a_section_of_the_standard_is_shown_by_tests_that_run() -> None:
    text = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (V[0-9.]+[^|]*)\|([^|]*)\|([^|]*)\|$", text)
    wrong = []
    for section, here, shown in rows:
        named = [ROOT / path for path in re.findall(r"`([^`]+)`", shown)]
        # Where nothing is done here, the reason stands in place of a test.
        if bool(here.strip()) != bool(named):
            wrong.append(section)
        wrong += [f"{section}: {path}" for path in named if "def test_" not in path.read_text()]
    assert wrong == []
