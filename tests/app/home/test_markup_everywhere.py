"""Whatever people type, no page has it as markup: each page of each role, every text."""

import re
from collections import deque
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from markupsafe import escape
from sqlalchemy import Column, Enum, String, update
from sqlalchemy.orm import Session

from app.extensions import db
from models.notices import Notice
from models.orm import Base, TextList
from models.people import Person
from models.vocabulary import Role
from tests.app.engagements.scenes import Scene, ask, make_scene
from tests.factories import (
    admit,
    join,
    log_in,
    make_centre,
    make_engagement,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

MARKUP = "<s>\"'&amp;"

# What the application itself writes: names for machines, which no person types.
_OURS = re.compile(
    r"public_id$|_hash$|_code$|_table$|_version$|fingerprint$"
    r"|^(email|locale|time_zone|kind|state|path|role|dtype|address)$"
)
_PAGES_AT_MOST = 150


def test_a_lazy_translation_is_no_safe_markup(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        sentence = _l("%(name)s asks you for an engagement.", name=MARKUP)

        assert "<s>" not in str(escape(sentence))
        assert "<s>" not in app.jinja_env.from_string("{{ x }}").render(x=sentence)


@pytest.mark.trust
@pytest.mark.fuzz
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_no_text_of_anybody_reaches_a_page_as_markup(app: Flask) -> None:
    with app.app_context():
        people = _settle(db.session)
        for person in people.values():
            db.session.refresh(person)
        db.session.commit()
        clients = {name: app.test_client() for name in people}
        for name, client in clients.items():
            log_in(client, people[name])

    for name, client in clients.items():
        pages = _crawl(client)

        assert len(pages) > 5, name
        assert [path for path, page in pages.items() if "<s>" in page] == []
        # The texts were there to be seen.
        assert any(str(escape("<s>")) in page for page in pages.values()), name


def _settle(session: Session) -> dict[str, Person]:
    """A world with all that anybody may look at, and markup in every text of it."""
    scene = make_scene(session)
    ask(session, scene)
    make_engagement(
        session,
        make_need(session, scene.startup, title="Another"),
        scene.provider,
        state="accepted",
    )
    investor, centre = make_person(session), make_person(session)
    make_investor(session, person=investor)
    make_centre(session, person=centre)
    make_mentor(session, person=scene.mentor, state="draft")
    make_startup(session, founder=scene.founder, state="draft")
    admit(session, scene.incubator, make_mentor(session), "applied")
    regulator = make_person(session)
    join(session, regulator, Role.REGULATOR, place_code="310000")
    session.flush()
    _mark_all(session)
    session.expire_all()
    return {**_name(scene), "investor": investor, "centre": centre, "regulator": regulator}


def _name(scene: Scene) -> dict[str, Person]:
    return {"founder": scene.founder, "mentor": scene.mentor, "operator": scene.operator}


def _mark_all(session: Session) -> None:
    for table in Base.metadata.sorted_tables:
        if "id" not in table.columns or table.name.endswith(("_section", "_passage")):
            continue
        columns = [column for column in table.columns if _is_typed(column)]
        for row in session.execute(table.select()).mappings().all():
            values = {c.name: _mark(row[c.name]) for c in columns if row[c.name]}
            if values:
                session.execute(update(table).where(table.c.id == row["id"]).values(values))
    for notice in session.query(Notice):
        notice.facts = {
            key: value if key.endswith("_at") else _mark(value)
            for key, value in notice.facts.items()
        }


def _is_typed(column: Column[Any]) -> bool:
    if isinstance(column.type, Enum) or column.foreign_keys or _OURS.search(column.name):
        return False
    return isinstance(column.type, (String, TextList))


def _mark(value: Any) -> Any:
    return [MARKUP, *value][:1] if isinstance(value, list) else MARKUP + value


def _crawl(client: FlaskClient) -> dict[str, str]:
    """The pages that links lead to from the dashboard, by address."""
    pages: dict[str, str] = {}
    ahead = deque(["/dashboard", "/notices", "/account", "/providers", "/engagements", "/needs"])
    while ahead and len(pages) < _PAGES_AT_MOST:
        path = ahead.popleft()
        if path in pages or path.startswith(("/static/", "/bootstrap/")):
            continue
        answer = client.get(path)
        assert answer.status_code < 500, path
        pages[path] = answer.text if answer.mimetype == "text/html" else ""
        for link in re.findall(r'href="(/[^"#]*)', pages[path]):
            ahead.append(unescape(link))
    return pages
