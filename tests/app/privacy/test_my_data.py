"""Everything about oneself in one archive, and leaving for good, without asking anybody."""

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.extensions import db
from app.privacy.export_shapes import Part
from app.privacy.exported import EXPORTED, NOT_EXPORTED
from app.privacy.gathering import Row, find_mine, gather
from app.privacy.table_words import TABLES
from models.audit import AuditEntry
from models.datarooms import DataRoom, RoomGrant, RoomVisit, VisitKind
from models.engagements import Feedback
from models.erasure import Fate
from models.evaluation import FitAnswer
from models.evaluation_codes import Fit
from models.log_ins import LogIn
from models.notice_codes import NoticeDelivery, NoticeTopic
from models.notices import NoticePreference
from models.organisations import Startup
from models.orm import Base
from models.people import Person
from models.vocabulary import Role, Side
from tests.app.engagements.scenes import ask, hold, judge, make_accepted, make_scene
from tests.app.privacy.filling import list_columns
from tests.factories import (
    AT,
    admit,
    join,
    log_in,
    make_incubator,
    make_investor,
    make_mentor,
    make_person,
    make_startup,
)
from tests.posting import post

pytestmark = pytest.mark.privacy

EMAIL = "owner@example.org"


def read(session: Session, person: Person) -> dict[str, list[Row]]:
    """The rows that `person` is given, by table."""
    found = gather(session, find_mine(session, person))
    return {name: rows for tables in found.values() for name, rows in tables.items()}


def test_every_table_with_something_of_people_is_given_or_says_why_not() -> None:
    declared = {column.table.name for column in list_columns(Fate.EMPTIED)}
    given = {each.model.__tablename__ for each in EXPORTED}

    assert sorted(declared - given - set(NOT_EXPORTED)) == [], (
        "these tables hold something of people: say in app/privacy/exported.py whose rows are whose"
    )
    assert given & set(NOT_EXPORTED) == set()
    assert len(given) == len(EXPORTED)
    assert {each.part for each in EXPORTED} == set(Part)
    # People read of each what it is.
    assert set(TABLES) == given


def list_hanging(roots: Iterable[str]) -> set[str]:
    """The tables `roots` and all that refer to one of these by a foreign key."""
    found = set(roots)
    # Tables come after those they refer to.
    for table in Base.metadata.sorted_tables:
        if any(key.column.table.name in found for key in table.foreign_keys):
            found.add(table.name)
    return found


def test_every_table_that_hangs_on_somebody_is_given_or_says_why_not() -> None:
    hanging = list_hanging(["person", "startup", "provider"])
    given = {each.model.__tablename__ for each in EXPORTED}

    assert {"membership", "match_evidence", "room_visit"} <= hanging
    assert sorted(hanging - given - set(NOT_EXPORTED)) == [], (
        "these tables hang on people or their organisations: say in app/privacy/ whose rows are "
        "whose, or in NOT_EXPORTED why nobody is given them"
    )


def test_what_holds_no_word_is_given_to_whom_it_concerns(session: Session) -> None:
    scene = make_scene(session)
    accepted = make_accepted(session, scene)
    for side, person in ((Side.STARTUP, scene.founder), (Side.PROVIDER, scene.mentor)):
        session.add(
            FitAnswer(
                engagement_id=accepted.id,
                side=side,
                fit=Fit.POOR,
                answered_by_id=person.id,
                answered_at=AT,
            )
        )
    fund = make_investor(session, person=make_person(session))
    room = DataRoom(startup=scene.startup, created_at=AT)
    grant = RoomGrant(room=room, provider_id=fund.id, granted_at=AT, changed_at=AT)
    reader = fund.memberships[0].person
    session.add_all(
        [
            RoomVisit(
                grant=grant,
                person=reader,
                document_number=1,
                sha256="0" * 64,
                kind=VisitKind.READ,
                visited_at=AT,
            ),
            NoticePreference(
                person_id=reader.id, topic=NoticeTopic.TIMES, delivery=NoticeDelivery.NONE
            ),
        ]
    )
    session.flush()

    founder, mentor, investor = (
        read(session, person) for person in (scene.founder, scene.mentor, reader)
    )

    # What a side thinks of the other is its own.
    assert [row["side"] for row in founder["fit_answer"]] == ["startup"]
    assert [row["side"] for row in mentor["fit_answer"]] == ["provider"]
    assert founder["room_visit"][0]["person"] == "somebody else"
    assert investor["room_visit"][0]["person"] == "me"
    assert "room_visit" not in mentor and "notice_preference" not in mentor
    assert investor["notice_preference"][0]["delivery"] == "none"
    assert founder["room_grant"] == investor["room_grant"]


def test_what_is_withheld_is_there() -> None:
    for each in EXPORTED:
        columns = set(each.model.__table__.c.keys())
        assert each.withheld | set(each.shown_where) <= columns, each.model


def test_nobody_is_given_what_is_anothers(session: Session) -> None:
    scene = make_scene(session)
    admit(session, scene.incubator, make_mentor(session)).private_note = "Noteword of another"
    requested = ask(session, scene, message="Messageword", background="Backgroundword")
    other = make_person(session)
    make_startup(session, founder=other, name="Otherword (example)")

    mentor, founder = read(session, scene.mentor), read(session, scene.founder)

    assert "need" not in mentor
    assert founder["need"][0]["text"] == scene.need.text
    assert [row["public_id"] for row in mentor["engagement"]] == [requested.public_id]
    assert mentor["engagement"][0]["message"] == "Messageword"
    # Nothing but what was released, before the provider accepts.
    assert mentor["engagement"][0]["background"] is None
    assert founder["engagement"][0]["background"] == "Backgroundword"
    assert founder["engagement"][0]["requested_by"] == "me"
    said = json.dumps([mentor, founder])
    assert "Otherword" not in said
    assert "Noteword" not in said
    assert scene.mentor.email not in json.dumps(founder)


def test_feedback_is_given_once_both_have_spoken(session: Session) -> None:
    scene = make_scene(session)
    held = hold(session, scene, make_accepted(session, scene))
    judge(session, held, scene.by_mentor, comment="Commentword", private_note="Noteword")
    assert "feedback" not in read(session, scene.founder)

    judge(session, held, scene.by_founder, comment="Another comment")

    # Of the other side the ratings: what it comments is for the operators.
    given = {
        row["comment"]: row["private_note"] for row in read(session, scene.founder)["feedback"]
    }
    assert given == {None: None, "Another comment": ""}
    notes = [row["private_note"] for row in read(session, scene.mentor)["feedback"]]
    assert sorted(note for note in notes if note) == ["Noteword"]
    assert session.scalar(select(func.count()).select_from(Feedback)) == 2


def test_no_secret_leaves(session: Session) -> None:
    scene = make_scene(session)
    given = read(session, scene.founder)

    (person,) = given["person"]
    assert person["email"] == scene.founder.email
    assert not {"id", "password_hash", "credential_version"} & set(person)


@pytest.fixture
def person(app: Flask, client: FlaskClient) -> Person:
    with app.app_context():
        person = make_person(db.session, email=EMAIL, name="Lin <b>Yue</b>", locale="en")
        make_startup(db.session, founder=person, name="Wafer (example)")
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
    log_in(client, person)
    return person


def open_archive(content: bytes) -> tuple[dict[str, Any], str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = sorted(file.namelist())
        assert names == sorted(["index.html", *(f"{part.value}.json" for part in Part)])
        data = {name: json.loads(file.read(name)) for name in names if name.endswith(".json")}
        return data, file.read("index.html").decode()


def test_the_archive_has_files_for_programs_and_a_page(
    app: Flask, client: FlaskClient, person: Person
) -> None:
    with app.app_context():
        # Also what others act for as well is corrected by oneself.
        startup = db.session.scalars(select(Startup)).one()
        join(db.session, make_person(db.session), Role.FOUNDER, startup=startup)
        db.session.commit()
    assert "Wafer (example)" in client.get("/account/data").text

    answer = post(client, "/account/data/archive")

    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    data, page = open_archive(answer.data)
    assert data["account.json"]["person"][0]["name"] == "Lin <b>Yue</b>"
    assert data["profiles.json"]["startup"][0]["name"] == "Wafer (example)"
    assert data["account.json"]["membership"][0]["role"] == "founder"
    assert data["record.json"]["audit_entry"][-1]["kind"] == "exported_data"
    assert "Wafer (example)" in page
    assert "<b>" not in page
    assert "For whom you act (membership, 1)" in page and "<dd>Me</dd>" in page


@pytest.mark.trust
@pytest.mark.parametrize("path", ["/account/data/archive", "/account/data/erase"])
def test_both_ask_for_the_password_again(
    app: Flask, client: FlaskClient, person: Person, path: str
) -> None:
    with app.app_context():
        db.session.execute(update(LogIn).values(confirmed_at=now() - timedelta(hours=1)))
        db.session.commit()

    assert post(client, path, email=EMAIL).status_code == 403


def test_whoever_wants_is_gone(app: Flask, client: FlaskClient, person: Person) -> None:
    page = client.get("/account/data/erase").text
    assert "The profile Wafer (example)" in page
    for typed in ("", "somebody@example.org"):
        assert post(client, "/account/data/erase", email=typed).status_code == 422

    gone = post(client, "/account/data/erase", email=EMAIL.upper())

    assert (gone.status_code, gone.headers["Location"]) == (303, "/")
    assert "Your account is closed" in client.get("/").text
    assert client.get("/account").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Person)).all() == []
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.kind, entry.actor_id) == ("erased_person", None)


def test_an_incubator_is_not_left_alone(app: Flask, client: FlaskClient, person: Person) -> None:
    with app.app_context():
        owner = db.session.get_one(Person, person.id)
        make_incubator(db.session, operator=owner, name="Bridge (example)")
        db.session.commit()
    assert "Nobody else operates these." in client.get("/account/data/erase").text

    refused = post(client, "/account/data/erase", email=EMAIL)

    assert refused.status_code == 409
    assert "Nobody else operates Bridge (example)." in refused.text
    assert client.get("/account").status_code == 200
