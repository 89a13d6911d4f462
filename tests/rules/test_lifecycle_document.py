"""The diagrams of the documentation are those of the tables."""

from models.lifecycle import LIFECYCLES
from tests.rules.project import ROOT


def test_the_document_draws_the_lifecycles_as_they_are() -> None:
    text = (ROOT / "docs/lifecycles.md").read_text(encoding="utf-8")
    drawn = text.split("```mermaid\n")[1:]

    assert [part.split("\n```")[0] for part in drawn] == [each.draw() for each in LIFECYCLES]
