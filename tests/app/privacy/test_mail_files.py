"""Mails that lie in a folder: an erasure takes those that are about somebody, and no others."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.access import Installation
from app.engagements.addresses import address_of_engagement
from app.extensions import db
from app.jobs import deliver_mail
from app.privacy.carrying_out import carry_out_erasure
from app.privacy.mentions import has_address
from app.rooms import ERASINGS
from app.settings import Settings
from app.telling.about import About, read_about, write_about
from app.telling.mail import FolderTransport
from app.telling.notices import send_mail, tell
from models.notice_codes import NoticeDelivery, NoticeTopic
from models.notices import NoticePreference, OutboxMail
from models.people import Person
from tests.factories import (
    AT,
    make_engagement,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

pytestmark = [pytest.mark.privacy, pytest.mark.trust]

LEAVER = "leaver@example.org"


def lay_mails(app: Flask, name: str) -> dict[str, int]:
    """What a mentor was told, and others, of a startup `name` that goes, of another that has the
    same name, and of others in whose mails it occurs; by what each tells, the rows' numbers."""
    with app.app_context():
        leaver = make_person(db.session, email=LEAVER, name="Leaver")
        stays = make_person(db.session, email="x.leaver@example.org", name="Stays", locale="en")
        provider = make_mentor(db.session, person=stays)
        paths = {}
        for whose, called in (("own", name), ("namesake", name), ("other", f"{name} Works")):
            founder = leaver if whose == "own" else make_person(db.session)
            startup = make_startup(db.session, founder=founder, name=called)
            asked = make_engagement(db.session, make_need(db.session, startup), provider)
            paths[whose] = address_of_engagement(asked)
        numbers: dict[str, int] = {}

        def lay(what: str, reader: Person, path: str, facts: Mapping[str, str]) -> None:
            given = {"need": "A need", "provider": "A mentor", "reason": "No time"} | facts
            tell(
                db.session, person=reader, kind="engagement_declined", facts=given, path=path, at=AT
            )
            db.session.flush()
            newest = select(OutboxMail.id).order_by(OutboxMail.id.desc()).limit(1)
            numbers[what] = db.session.scalars(newest).one()

        lay("to them", leaver, "/nothing", {})
        lay("at their address", stays, paths["own"], {})
        lay("by their name", stays, "/incubators/1", {"provider": name})
        lay("quotes their address", stays, "/incubators/1", {"reason": f"Ask {LEAVER}."})
        lay("of a namesake", stays, paths["namesake"], {"provider": name})
        lay("of a longer name", stays, paths["other"], {"provider": f"{name} Works"})
        lay("in words of others", stays, paths["other"], {"reason": f"We lack {name} for it"})
        db.session.add(
            NoticePreference(
                person_id=stays.id, topic=NoticeTopic.REQUESTS, delivery=NoticeDelivery.DAILY
            )
        )
        db.session.flush()
        lay("a day with one of theirs", stays, paths["own"], {})
        lay("the same day", stays, paths["other"], {})
        send_mail(
            db.session,
            address="somebody@example.org",
            locale="en",
            kind="registration_begun",
            facts={"link": "/register/x"},
            path="",
            at=AT,
        )
        db.session.commit()
    return numbers


@pytest.mark.parametrize("name", ["Data", "数据"])
def test_a_common_word_as_a_name_takes_no_mail_of_others(
    app: Flask, tmp_path: Path, name: str
) -> None:
    settings: Settings = replace(app.extensions["yinqiao_settings"], instance_path=tmp_path)
    numbers = lay_mails(app, name)
    folder = tmp_path / "mail"
    with app.app_context():
        count = len(db.session.scalars(select(OutboxMail.id)).all())
        last = db.session.scalars(
            select(OutboxMail.not_before).order_by(OutboxMail.not_before.desc())
        ).first()
    assert last is not None
    assert deliver_mail(app, at=last, transport=FolderTransport(folder)) == count
    with app.app_context():
        done = carry_out_erasure(
            db.session,
            db.engine,
            settings,
            email=LEAVER,
            rooms=ERASINGS,
            actor=Installation.COMMAND_LINE,
            at=AT,
        )
    left = {path.name for path in folder.iterdir()}
    kept = {
        what
        for what, number in numbers.items()
        if any(each.startswith(f"outbox-{number}-") for each in left)
    }
    assert kept == {"of a namesake", "of a longer name", "in words of others"}
    assert done.mail_files == count - len(left) == 5
    # A mail without an account is nobody's.
    assert len(left) == 4


def test_what_is_told_together_is_told_apart() -> None:
    header = write_about([("/a/1", {"startup": "Data"}), ("", {"link": "secret", "x": "Yield"})])
    first, second = read_about(header)
    assert (first.path, second.path) == ("/a/1", "")
    assert first.names_one_of(["Data"]) and not first.names_one_of(["Dat", "Yield"])
    assert second.names_one_of(["Yield"]) and not second.names_one_of(["secret", "Data"])
    assert read_about(write_about([("", {})])) == [About("", frozenset())]
    assert "Data" not in header


@pytest.mark.parametrize(
    ("said", "is_in"),
    [
        ("a@b.org", True),
        ("<A@b.org>", True),
        ("mailto:a@b.org;", True),
        ("Ask a@b.org.", True),
        ("请联系a@b.org。", True),
        ("x.a@b.org", False),
        ("a@b.org.cn", False),
        ("a@b.orgs", False),
    ],
)
def test_an_address_is_no_part_of_a_longer_one(said: str, is_in: bool) -> None:
    assert has_address(said, "a@b.org") is is_in
