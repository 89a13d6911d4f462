"""What a database holds after a drill, held against what everybody was told."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.telling.topics import DIGEST_KIND
from models.audit import AuditEntry
from models.documents import Document
from models.engagements import (
    CoachingSession,
    Engagement,
    EngagementEvent,
    Feedback,
    SessionQuarter,
)
from models.imports import ImportBatch
from models.needs import Need
from models.notices import OutboxMail
from models.providers import Provider
from models.workspace import WorkspaceMessage
from tests.faults.crowd import Ledger, name_row

# A meeting of an hour, of two people.
_QUARTERS = 8

# Acts of which a record may tell only once of one thing.
_ONCE = (
    "need_stated",
    "engagement_requested",
    "engagement_accepted",
    "session_proposed",
    "session_confirmed",
    "session_held",
    "feedback_given",
    "document_uploaded",
    "import_confirmed",
)


def check_acts(session: Session, ledger: Ledger) -> None:
    """Every acknowledged act is there once, every open one once or not at all."""
    columns: Mapping[str, Any] = {
        "need": Need.title,
        "request": Engagement.message,
        "message": WorkspaceMessage.text,
        "meeting": CoachingSession.place,
        "document": Document.title,
        "feedback": Feedback.comment,
    }
    for kind, column in columns.items():
        _check_once(kind, session.scalars(select(column)).all(), ledger)
    events = session.execute(
        select(Engagement.public_id, EngagementEvent.kind).join(
            Engagement, EngagementEvent.engagement_id == Engagement.id
        )
    ).all()
    accepted = [public_id for public_id, kind in events if kind == "accepted"]
    _check_once("accept", accepted, ledger)
    states = {e.public_id: e.state for e in session.scalars(select(Engagement))}
    assert {states[each] for each in ledger.done["accept"]} <= {"accepted", "active", "completed"}
    meetings = {each.public_id: each.state for each in session.scalars(select(CoachingSession))}
    assert {meetings[each] for each in ledger.done["confirm"]} <= {"confirmed"}
    assert {meetings[each] for each in ledger.done["held"]} <= {"held"}
    _check_quarters(session, ledger)
    _check_profiles(session, ledger)
    _check_record(session)


def check_imports(session: Session, ledger: Ledger, rows: Mapping[str, int]) -> None:
    """Of a file all rows are there once, or none; all where that was acknowledged.

    `rows` says how many each mark has.
    """
    names = Counter(session.scalars(select(Provider.name)))
    batches = session.scalars(select(ImportBatch.state)).all()
    assert set(batches) <= {"previewed", "applied"}, Counter(batches)
    for mark, number in rows.items():
        there = [names[name_row(mark, n)] for n in range(number)]
        assert there in ([0] * number, [1] * number), (mark, there)
        assert there[0] == 1 or mark not in ledger.done["import"], f"{mark} is lost"


def check_mails(session: Session, taken: Iterable[str]) -> None:
    """Each mail that counts as sent was taken, and none was taken more than twice.

    `taken` are the ids that the mail server saw.
    """
    times = Counter(taken)
    assert max(times.values(), default=0) <= 2, times.most_common(3)
    for mail in session.scalars(select(OutboxMail).where(OutboxMail.sent_at.is_not(None))):
        begins = f"<outbox-{mail.id}-"
        is_taken = any(each.startswith(begins) for each in times)
        # A daily mail of which everything was read meanwhile leaves for nobody.
        assert is_taken or mail.kind == DIGEST_KIND, f"{mail.id} of kind {mail.kind} never left"


def check_database(session: Session) -> None:
    """The database itself finds nothing wrong."""
    if session.get_bind().dialect.name == "sqlite":
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def _check_once(kind: str, there: Sequence[str], ledger: Ledger) -> None:
    times = Counter(there)
    lost = [mark for mark in ledger.done[kind] if times[mark] == 0]
    assert not lost, f"{kind}: acknowledged, and not there: {lost}"
    doubled = [m for m in (*ledger.done[kind], *ledger.open[kind]) if times[m] > 1]
    assert not doubled, f"{kind}: there more than once: {doubled}"


def _check_quarters(session: Session, ledger: Ledger) -> None:
    """Whoever has a meeting is taken for as long, once."""
    counted = session.execute(
        select(CoachingSession.public_id, func.count())
        .join(SessionQuarter, SessionQuarter.coaching_session_id == CoachingSession.id)
        .group_by(CoachingSession.public_id)
    )
    taken = dict(counted.all())
    wrong = {each: taken.get(each) for each in ledger.done["confirm"]}
    assert set(wrong.values()) <= {_QUARTERS}, wrong


def _check_profiles(session: Session, ledger: Ledger) -> None:
    """A profile says what it was told last, or what was sent later and never answered."""
    last: dict[str, str] = {}
    for told in ledger.done["rewrite"]:
        provider, mark = told.split()
        last[provider] = mark
    later = {tuple(told.split()) for told in ledger.open["rewrite"]}
    for provider, mark in last.items():
        row = session.scalars(select(Provider).where(Provider.public_id == provider)).one()
        said = row.can_help_with.rpartition(" ")[2]
        assert said == mark or (provider, said) in later, f"{provider} says {said}, not {mark}"
        assert said in row.published_text, f"{provider} is found by what it said before"


def _check_record(session: Session) -> None:
    """The record tells of each act once."""
    told = session.execute(
        select(AuditEntry.kind, AuditEntry.subject_public_id, func.count())
        .where(AuditEntry.kind.in_(_ONCE))
        .group_by(AuditEntry.kind, AuditEntry.subject_public_id)
        .having(func.count() > 1)
    ).all()
    # Both sides of a meeting judge it, each once.
    doubled = [row for row in told if row[0] != "feedback_given" or row[2] > 2]
    assert not doubled, doubled
