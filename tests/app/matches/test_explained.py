"""A match of a bare text with all that decided it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy.orm import Session

from app.matches.queries.explained import explain_text, list_lines
from app.matches.queries.texts import match_text
from matching.engine import Engine
from tests.factories import make_centre, make_investor, make_mentor

TEXT = "We make silicon carbide power devices. We need somebody who knows wafer processes."


@pytest.fixture
def session(fresh_engine: DatabaseEngine, app: Flask) -> Iterator[Session]:
    """Really commits, because the engine reads through a connection of its own."""
    reader = app.test_request_context(headers={"Accept-Language": "en"})
    with reader, Session(fresh_engine) as session:
        yield session


def test_what_decided_a_match_is_told_beside_it(session: Session, matching: Engine) -> None:
    nobody = explain_text(session, matching, text=TEXT, kind="mentor", limit=3)
    assert list(list_lines(nobody))[-1] == "Nobody fits."
    assert nobody["read"]
    make_mentor(session)
    make_investor(session)
    make_centre(session)
    session.commit()
    told = explain_text(session, matching, text=TEXT, kind=None, limit=3)
    assert len(told["matches"]) == 3
    plain = match_text(session, matching, text=TEXT, kind=None, limit=3)
    assert [each["match"] for each in told["matches"]] == plain
    assert " ".join(read["text"] for read in told["read"]) == TEXT
    assert all(0 < read["probability"] <= 1 for read in told["read"])
    for each in told["matches"]:
        assert len(each["contributions"]) == len(each["match"]["evidence"])
        assert all(0 <= figure <= 1 for figure in each["features"].values())
    lines = "\n".join(list_lines(told))
    for row in plain:
        assert f"{row['name']}  [{row['kind']}, {row['strength']}]" in lines
    assert told["versions"]["weights"] in lines
    assert "relevance" in lines
