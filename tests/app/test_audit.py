"""The record of acts is a chain: what was changed, removed or slipped in is found."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.access import Installation
from app.audit import _hash, _hash_seal, record, seal_entries, verify_record
from app.commands.cli import main
from app.extensions import db
from app.jobs import seal_record
from app.privacy.actions import erase_person
from app.rooms import ERASINGS
from app.settings import Settings
from models.audit import AuditEntry, AuditSeal
from models.people import Person
from tests.factories import AT, act_as, make_person

pytestmark = pytest.mark.trust


def act(session: Session, person: Person, kind: str = "did_something", **detail: str) -> AuditEntry:
    record(session, actor=act_as(person), kind=kind, subject=person, at=AT, detail=detail)
    session.flush()
    return session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


@pytest.fixture
def entries(session: Session) -> list[AuditEntry]:
    person = make_person(session)
    made = [act(session, person, word="as it was", number=str(number)) for number in range(4)]
    assert seal_entries(session, limit=3) == 3
    assert seal_entries(session, limit=3) == 1
    assert seal_entries(session, limit=3) == 0
    return made


def test_what_nobody_changed_is_whole(session: Session, entries: list[AuditEntry]) -> None:
    act(session, make_person(session))

    report = verify_record(session)

    assert report.is_whole
    assert (report.sealed, report.unsealed, report.emptied) == (4, 1, 0)
    assert verify_record(session, known=report.last).is_whole
    assert not verify_record(session, known=(4, "another")).is_whole


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "did_another"},
        {"detail": {"word": "another"}},
        {"actor_id": None},
        {"subject_public_id": "0123456789abcdef"},
        {"incubator_id": None, "subject_table": "startup"},
    ],
)
def test_a_changed_entry_is_named(
    session: Session, entries: list[AuditEntry], values: dict[str, object]
) -> None:
    session.execute(update(AuditEntry).where(AuditEntry.id == entries[1].id).values(**values))
    session.expire_all()

    assert verify_record(session).changed == (2,)


def test_a_removed_entry_is_named(session: Session, entries: list[AuditEntry]) -> None:
    session.execute(delete(AuditEntry).where(AuditEntry.id == entries[2].id))
    session.expire_all()

    report = verify_record(session)

    assert (report.removed, report.unsealed, report.is_whole) == ((3,), 0, False)


def test_a_removed_seal_is_named(session: Session, entries: list[AuditEntry]) -> None:
    session.execute(delete(AuditSeal).where(AuditSeal.number == 2))
    session.expire_all()

    report = verify_record(session)

    assert (report.missing, report.changed) == ((2,), (3,))


def test_a_chain_written_anew_lacks_what_was_kept_elsewhere(
    session: Session, entries: list[AuditEntry]
) -> None:
    known = verify_record(session).last
    session.execute(delete(AuditSeal))
    session.execute(update(AuditEntry).values(kind="did_another"))
    session.expire_all()
    seal_entries(session, limit=10)

    assert verify_record(session).is_whole
    assert not verify_record(session, known=known).is_whole


def test_swapped_entries_are_named(session: Session, entries: list[AuditEntry]) -> None:
    seals = session.scalars(select(AuditSeal).order_by(AuditSeal.number)).all()
    rows = [(each.number, each.entry_id, each.salt, each.told_hash, each.seal) for each in seals]
    session.execute(delete(AuditSeal))
    rows[0], rows[1] = (1, *rows[1][1:]), (2, *rows[0][1:])
    names = ("number", "entry_id", "salt", "told_hash", "seal")
    session.execute(insert(AuditSeal), [dict(zip(names, row, strict=True)) for row in rows])
    session.expire_all()

    assert set(verify_record(session).changed) >= {1, 2}


@pytest.mark.privacy
def test_an_erasure_leaves_the_chain_whole_and_nothing_to_try_out(session: Session) -> None:
    gone, other = make_person(session, name="Quetzalina"), make_person(session)
    act(session, gone, word="Secretword")
    act(session, other, word="Quetzalina")
    act(session, other, word="nothing about anybody")
    seal_entries(session, limit=10)

    erase_person(session, email=gone.email, rooms=ERASINGS, actor=Installation.COMMAND_LINE, at=AT)
    session.expire_all()

    report = verify_record(session)
    assert report.is_whole
    assert report.emptied == 2
    salts = session.scalars(select(AuditSeal.salt).order_by(AuditSeal.number)).all()
    assert [bool(salt) for salt in salts] == [False, False, True]
    # Whoever is left is still who it was, and nobody takes the place of who went.
    first, second, _third = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[:3]
    somebody = make_person(session)
    for entry in (first, second):
        was, entry.actor_id = entry.actor_id, somebody.id
        session.flush()
        session.expire_all()
        assert not verify_record(session).is_whole
        entry.actor_id, entry.on_behalf_of_id = was, somebody.id
        session.flush()
        session.expire_all()
        assert not verify_record(session).is_whole
        entry.on_behalf_of_id = None
        session.flush()
    session.expire_all()
    assert verify_record(session).is_whole


def test_seals_of_before_the_parts_had_salts_still_hold(
    session: Session, entries: list[AuditEntry]
) -> None:
    session.execute(delete(AuditSeal))
    before = ""
    for number, entry in enumerate(entries[:2], start=1):
        told = _hash(["aa", entry.actor_id, entry.on_behalf_of_id, entry.detail])
        before = _hash_seal(before, number, entry, told)
        session.add(
            AuditSeal(number=number, entry_id=entry.id, salt="aa", told_hash=told, seal=before)
        )
    session.flush()
    seal_entries(session, limit=10)
    assert verify_record(session).is_whole

    entries[0].actor_id = make_person(session).id
    session.flush()
    session.expire_all()

    assert verify_record(session).changed == (1,)


def test_the_job_and_the_command(app: Flask, settings: Settings) -> None:
    with app.app_context():
        person = make_person(db.session)
        for number in range(3):
            act(db.session, person, number=str(number))
        db.session.commit()
    assert [seal_record(app), seal_record(app)] == [3, 0]
    Path(settings.instance_path).mkdir(parents=True, exist_ok=True)
    environment = {
        "YINQIAO_INSTANCE_PATH": str(settings.instance_path),
        "YINQIAO_DATABASE_URL": settings.database_url,
        "YINQIAO_ENCODER": "hashing",
    }
    runner = CliRunner(env=environment)

    said = json.loads(runner.invoke(main, ["audit", "verify", "--json"]).output)

    assert (said["whole"], said["sealed"]) == (True, 3)
    assert runner.invoke(main, ["audit", "verify", "--known", said["last"]]).exit_code == 0
    assert runner.invoke(main, ["audit", "verify", "--known", "7"]).exit_code == 2
    with app.app_context():
        db.session.execute(update(AuditEntry).values(kind="did_another"))
        db.session.commit()
    changed = runner.invoke(main, ["audit", "verify"])
    assert (changed.exit_code, "changed: 1, 2, 3" in changed.output) == (1, True)
