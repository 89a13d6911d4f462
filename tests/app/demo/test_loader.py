"""Loading the demonstration: once, whole, and told by the ordinary actions."""

from collections import Counter
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.clock import now
from app.demo.accounts import DEMO_ACCOUNTS
from app.demo.loader import load_demo
from app.extensions import db
from app.settings import Settings
from app.vault.storage.choice import get_store
from app.vault.verifying import verify_vault
from models.contradictions import Contradiction
from models.documents import Document
from models.engagements import Engagement, Feedback
from models.lifecycle import ENGAGEMENT
from models.notices import Notice, OutboxMail
from models.organisations import Startup
from models.people import Person
from models.providers import Provider
from models.session_replies import SessionReply
from models.vouchers import Voucher


def ignore(step: str, done: int, total: int) -> None:
    """Nobody watches."""


def dispose(app: Flask) -> None:
    """Close the database's connections, once no session holds one."""
    with app.app_context():
        db.engine.dispose()


def count(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_it_is_loaded_once_and_has_a_history(settings: Settings) -> None:
    app = create_app(replace(settings, demonstration=True))
    with app.app_context():
        first = load_demo(at=now(), progress=ignore)
        loaded = (count(Provider), count(Startup), count(Engagement), count(Person))

        second = load_demo(at=now(), progress=ignore)

        assert first["providers"] == 74
        assert second == {}
        assert (count(Provider), count(Startup), count(Engagement), count(Person)) == loaded
        states = Counter(db.session.scalars(select(Engagement.state)))
        assert set(states) == set(ENGAGEMENT.states)
        # Where two sides differ, an operator of the log-in page decides; calendars have answered.
        assert db.session.scalars(select(Contradiction.state)).all() == ["open"]
        answers = select(SessionReply.answer).order_by(SessionReply.answer)
        assert db.session.scalars(answers).all() == ["accepted", "tentative"]
        assert count(Feedback) >= 10
        shown = Counter(db.session.scalars(select(Document.state)))
        assert shown == {"available": 7, "reported": 1}
        report = verify_vault(db.session, get_store(), at=now(), progress=ignore)
        assert (report.checked, report.is_whole, report.orphans) == (9, True, 0)
        drawn = Counter(db.session.scalars(select(Voucher.state)))
        assert drawn == {"reserved": 1, "paid": 1, "refused": 1}
        # What people are told of is lived through.
        told = set(db.session.scalars(select(Notice.kind)))
        newer = {"objection_answered", "quote_offered", "room_answer_shared", "tranche_paid"}
        assert newer <= told
        # The story's mail is over: nobody gets what was decided weeks ago.
        waiting = select(func.count()).where(OutboxMail.sent_at.is_(None))
        assert db.session.scalar(waiting) == 0
        can_log_in = select(Person.email).where(Person.password_hash.is_not(None))
        assert set(db.session.scalars(can_log_in)) == {account.email for account in DEMO_ACCOUNTS}
    dispose(app)


def test_accounts_are_named_on_the_log_in_page_in_demonstration_mode_only(
    settings: Settings,
) -> None:
    shown = {}
    for demonstration in (True, False):
        app = create_app(replace(settings, demonstration=demonstration))
        shown[demonstration] = app.test_client().get("/log-in").text
        dispose(app)

    emails = [account.email for account in DEMO_ACCOUNTS]
    assert [email for email in emails if email not in shown[True]] == []
    assert [email for email in emails if email in shown[False]] == []
