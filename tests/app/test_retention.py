"""How long what is kept: the table that people read is the one that takes away."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.actions import INVITATIONS_KEPT, forget_invitations, invite
from app.extensions import db
from app.imports.actions import (
    FILES_KEPT,
    PREVIEWS_KEPT,
    empty_old_files,
    forget_previews,
)
from app.jobs import list_jobs
from app.retention import (
    FORGET_MAIL_FILES,
    MAILS_KEPT,
    NOTICES_KEPT,
    forget_mails,
    forget_notices,
    forget_what_is_over,
    list_kept,
)
from app.rooms import ROOMS
from app.settings import Settings
from models.imports import ImportBatch, ImportRow
from models.notices import Notice, OutboxMail
from models.people import Invitation
from models.vocabulary import Role
from tests.app.imports.files import COMPLETE_MENTOR
from tests.app.imports.scenes import apply, make_house, plan, preview
from tests.factories import AT, act_as, make_person, make_startup

pytestmark = pytest.mark.privacy

SECOND = timedelta(seconds=1)
KEPT = list_kept(ROOMS, Settings(instance_path=Path(), database_url="", secret_key=""))


def test_what_has_a_period_is_taken_away_by_something(app: Flask) -> None:
    jobs = {job.name for job in list_jobs(app)}

    for kept in KEPT:
        assert str(kept.what)
        assert str(kept.why)
        assert str(kept.since)
        if kept.period is None:
            assert kept.forget is None
            assert not kept.job
        else:
            assert (kept.forget is None) == (kept.job in jobs), str(kept.what)


def test_the_page_tells_all_of_the_table_in_both_languages(client: FlaskClient) -> None:
    for language, period in (("en", "2 years"), ("zh", "2年")):
        page = client.get("/privacy", headers={"Accept-Language": language}).text

        assert page.count('<th scope="row">') == len(KEPT)
        assert period in page


def test_the_worker_does_it(app: Flask) -> None:
    assert "forget what is over" in {job.name for job in list_jobs(app)}
    with app.app_context():
        person = make_person(db.session)
        for kind, days in (("old", 1), ("new", -1)):
            told_at = AT - NOTICES_KEPT - timedelta(days=days)
            db.session.add(
                Notice(person=person, kind="no such kind", created_at=told_at, path=kind)
            )
        db.session.commit()

    assert forget_what_is_over(app, AT) == 1
    with app.app_context():
        assert db.session.scalars(select(Notice.path)).all() == ["new"]


def test_notices_go(session: Session) -> None:
    session.add(Notice(person=make_person(session), kind="no such kind", created_at=AT))

    assert forget_notices(session, at=AT + NOTICES_KEPT) == 0
    assert forget_notices(session, at=AT + NOTICES_KEPT + SECOND) == 1


@pytest.mark.parametrize(("attempts", "sent_at", "gone"), [(1, AT, 1), (8, None, 1), (0, None, 0)])
def test_mails_go_when_they_were_tried(
    session: Session, attempts: int, sent_at: object, gone: int
) -> None:
    mail = OutboxMail(
        address="a@example.org",
        locale="en",
        kind="no such kind",
        created_at=AT,
        not_before=AT,
        attempts=attempts,
        sent_at=sent_at,
    )
    session.add(mail)
    session.flush()

    assert forget_mails(session, at=AT + MAILS_KEPT) == 0
    assert forget_mails(session, at=AT + MAILS_KEPT + SECOND) == gone


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_mails_that_lie_as_files_go_after_what_is_set(settings: Settings, tmp_path: Path) -> None:
    app = create_app(replace(settings, instance_path=tmp_path, mail_files_days=3))
    remove = next(job.run for job in list_jobs(app) if job.name == FORGET_MAIL_FILES)
    assert remove(app, AT) == 0
    folder = tmp_path / "mail"
    folder.mkdir()
    kept_until = AT - timedelta(days=3)
    for name, written_at in (
        ("old.eml", kept_until - SECOND),
        ("killed.part", kept_until - SECOND),
        ("young.eml", kept_until),
        ("mine.txt", kept_until - timedelta(days=900)),
    ):
        (folder / name).write_text("Subject: x")
        os.utime(folder / name, (written_at.timestamp(), written_at.timestamp()))
    # What is no file stays, is told of, and keeps no other.
    (folder / "a.eml").mkdir()
    os.utime(folder / "a.eml", (0, 0))

    assert remove(app, AT) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["a.eml", "mine.txt", "young.eml"]
    page = app.test_client().get("/privacy", headers={"Accept-Language": "en"}).text
    assert "3 days after they were written" in page
    with app.app_context():
        db.engine.dispose()


def test_addresses_of_invitations_go(session: Session) -> None:
    founder = make_person(session)
    startup = make_startup(session, founder=founder)
    invited = invite(
        session,
        email="b@example.org",
        role=Role.FOUNDER,
        startup_id=startup.id,
        actor=act_as(founder),
        at=AT,
    ).invitation
    over = invited.expires_at + INVITATIONS_KEPT

    assert forget_invitations(session, at=over) == 0
    assert forget_invitations(session, at=over + SECOND) == 1
    assert session.scalars(select(Invitation)).all() == []


def test_files_that_nobody_took_over_go(session: Session) -> None:
    house = make_house(session)
    batch = preview(session, house, COMPLETE_MENTOR)

    assert forget_previews(session, at=batch.created_at + PREVIEWS_KEPT) == 0
    assert forget_previews(session, at=batch.created_at + PREVIEWS_KEPT + SECOND) == 1
    assert session.scalars(select(ImportRow)).all() == []


def test_lines_of_old_files_are_emptied_and_their_profiles_found_again(session: Session) -> None:
    house = make_house(session)
    apply(session, house, COMPLETE_MENTOR)
    session.execute(update(ImportBatch).values(finished_at=AT))
    session.expire_all()

    assert forget_previews(session, at=AT + FILES_KEPT * 2) == 0
    assert empty_old_files(session, at=AT + FILES_KEPT) == 0
    assert empty_old_files(session, at=AT + FILES_KEPT + SECOND) == 1
    assert empty_old_files(session, at=AT + FILES_KEPT + SECOND) == 0
    session.expire_all()
    row = session.scalars(select(ImportRow)).one()
    assert (row.cells, row.problems) == ({}, [])
    assert row.provider is not None
    again = plan(session, house, COMPLETE_MENTOR)
    assert [each.target_id for each in again] == [row.provider_id]
