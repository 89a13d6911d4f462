"""One side says otherwise than what the other recorded of a session, and how that is settled."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.engagements.addresses import address_of_contradiction, address_of_engagement
from app.engagements.announcements import get_names, list_people
from app.engagements.errors import AlreadyContradicted, AppealTooLate, NobodyDecides
from app.engagements.incubator_rules import get_rules
from app.engagements.missing import count_no_show
from app.engagements.session_steps import note_step
from app.engagements.trace import get_other_side, get_own_side, lock_session
from app.errors import ReasonMissing
from app.telling.notices import list_people_of, tell
from app.words.wording import keep_moments
from models.contradictions import Contradiction
from models.engagements import CoachingSession, Engagement
from models.lifecycle import COACHING_SESSION, CONTRADICTION, MISSED_TIME
from models.missed_times import MissedBy, MissedTime, MissedTimeKind
from models.people import Person
from models.vocabulary import Side


def contradict(
    session: Session,
    *,
    coaching_session: CoachingSession,
    words: str,
    actor: Actor,
    at: datetime,
    missed_by: MissedBy | None = None,
) -> Contradiction:
    """The side that did not record it says that it was otherwise, once; all are told.

    Where it was recorded as held, `missed_by` says who did not come. Until the operators have
    decided, the session counts as neither held nor missed, and nobody as missing. Raises NotFound,
    NotPermitted, ReasonMissing without words, ActionNotAllowed, NobodyDecides without an incubator,
    AlreadyContradicted, AppealTooLate, ValueError where `missed_by` does not go with the record.
    """
    engagement = lock_session(session, coaching_session)
    require(actor, "session:contradict", coaching_session)
    if not words.strip():
        raise ReasonMissing
    was_held = coaching_session.state == "held"
    target = COACHING_SESSION.follow("contradict", coaching_session.state)
    if engagement.incubator_id is None:
        raise NobodyDecides
    days = get_rules(session, engagement.incubator_id).appeal_days
    # What was recorded before that was kept cannot be told from what is too old.
    recorded_at = coaching_session.recorded_at or coaching_session.ends_at
    if _find(session, coaching_session) is not None:
        raise AlreadyContradicted
    if at > recorded_at + timedelta(days=days):
        raise AppealTooLate(days=days)
    if was_held is (missed_by is None):
        raise ValueError("who did not come is said of what was recorded as held, and only then")
    side = get_own_side(actor, engagement)
    coaching_session.state = target
    made = Contradiction(
        coaching_session=coaching_session,
        was_held=was_held,
        missed_by=missed_by,
        side=side,
        words=words,
        made_by_id=actor.acts_as_id,
        made_at=at,
    )
    session.add(made)
    session.flush()
    note_step(session, coaching_session, actor, "session_contradicted", at)
    kind = "record_contradicted_missed" if was_held else "record_contradicted_held"
    facts = {"words": words} | keep_moments({"time": coaching_session.starts_at})
    for person in list_people(session, engagement, get_other_side(side)):
        tell(
            session,
            person=person,
            kind=kind,
            facts=facts | get_names(engagement, get_other_side(side)),
            path=address_of_contradiction(made),
            at=at,
        )
    for operator in list_people_of(session, incubator_id=engagement.incubator_id):
        tell(
            session,
            person=operator,
            kind="record_to_decide",
            facts=facts | get_names(engagement, Side.STARTUP),
            path=address_of_contradiction(made),
            at=at,
        )
    return made


def decide(
    session: Session,
    *,
    contradiction: Contradiction,
    was_held: bool,
    words: str,
    actor: Actor,
    at: datetime,
) -> None:
    """An operator who stands on neither side says whether it took place, and why; both are told.

    Of two decisions at the same time the first holds. Who did not come counts by this decision,
    without another appeal: both sides were heard. Raises NotFound, NotPermitted, ReasonMissing
    without words, ActionNotAllowed.
    """
    engagement = _lock(session, contradiction)
    require(actor, "contradiction:decide", contradiction)
    if not words.strip():
        raise ReasonMissing
    action = "uphold" if was_held is contradiction.was_held else "overturn"
    contradiction.decision = words
    _close(session, contradiction, action, was_held=was_held, actor=actor, at=at)
    _settle_missed_times(session, contradiction, "annul" if was_held else "settle", at=at)
    _record(session, contradiction, "contradiction_decided", actor=actor, at=at)
    for side in Side:
        _tell(
            session,
            contradiction,
            list_people(session, engagement, side),
            "record_decided_held" if was_held else "record_decided_missed",
            get_names(engagement, side) | {"words": words},
            at=at,
        )


def take_back(
    session: Session, *, contradiction: Contradiction, actor: Actor, at: datetime
) -> None:
    """Whoever said otherwise does so no more: the record stands as it was, and all are told.

    What the record counts can be appealed to as before. Of this and a decision at the same time
    the first holds. Raises NotFound, NotPermitted, ActionNotAllowed.
    """
    _lock(session, contradiction)
    require(actor, "contradiction:take_back", contradiction)
    _close(session, contradiction, "take_back", was_held=contradiction.was_held, actor=actor, at=at)
    _record(session, contradiction, "contradiction_taken_back", actor=actor, at=at)
    kind = "record_stands_held" if contradiction.was_held else "record_stands_missed"
    _tell_others(session, contradiction, contradiction.side, kind, at=at)


def concede(session: Session, *, contradiction: Contradiction, actor: Actor, at: datetime) -> None:
    """Whoever recorded it says that the other side is right: it is as that says, and all are told.

    Who did not come counts by what both say now, without an appeal. Of this and a decision at the
    same time the first holds. Raises NotFound, NotPermitted, ActionNotAllowed.
    """
    _lock(session, contradiction)
    require(actor, "contradiction:concede", contradiction)
    was_held = not contradiction.was_held
    _close(session, contradiction, "concede", was_held=was_held, actor=actor, at=at)
    _settle_missed_times(session, contradiction, "annul" if was_held else "settle", at=at)
    _record(session, contradiction, "contradiction_conceded", actor=actor, at=at)
    kind = "record_conceded_held" if was_held else "record_conceded_missed"
    _tell_others(session, contradiction, get_other_side(contradiction.side), kind, at=at)


def _lock(session: Session, contradiction: Contradiction) -> Engagement:
    engagement = lock_session(session, contradiction.coaching_session)
    session.refresh(contradiction)
    return engagement


def _close(
    session: Session,
    contradiction: Contradiction,
    action: str,
    *,
    was_held: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """It is settled, and the session with it. Raises ActionNotAllowed."""
    coaching_session = contradiction.coaching_session
    contradiction.state = CONTRADICTION.follow(action, contradiction.state)
    contradiction.decided_by_id = actor.acts_as_id
    contradiction.decided_at = at
    settle = "settle_held" if was_held else "settle_missed"
    coaching_session.state = COACHING_SESSION.follow(settle, coaching_session.state)
    if not was_held and contradiction.missed_by is not None:
        count_no_show(
            session, coaching_session, contradiction.missed_by, actor=actor, at=at, tells=False
        )
    session.flush()


def _record(
    session: Session, contradiction: Contradiction, kind: str, *, actor: Actor, at: datetime
) -> None:
    session.flush()
    record(
        session,
        actor=actor,
        kind=kind,
        subject=contradiction,
        at=at,
        incubator_id=contradiction.engagement.incubator_id,
        detail={"state": contradiction.state},
    )
    session.flush()


def _tell_others(
    session: Session, contradiction: Contradiction, side: Side, kind: str, *, at: datetime
) -> None:
    """The other side than `side`, which settled it, and the operators, who need not decide now."""
    engagement = contradiction.engagement
    other = get_other_side(side)
    people = list_people(session, engagement, other)
    _tell(session, contradiction, people, kind, get_names(engagement, other), at=at)
    if engagement.incubator_id is not None:
        operators = list_people_of(session, incubator_id=engagement.incubator_id)
        names = get_names(engagement, Side.STARTUP)
        _tell(session, contradiction, operators, kind, names, at=at)


def _tell(
    session: Session,
    contradiction: Contradiction,
    people: Iterable[Person],
    kind: str,
    facts: Mapping[str, str],
    *,
    at: datetime,
) -> None:
    for person in people:
        tell(
            session,
            person=person,
            kind=kind,
            facts=dict(facts) | keep_moments({"time": contradiction.coaching_session.starts_at}),
            path=address_of_engagement(contradiction.engagement),
            at=at,
        )


def _settle_missed_times(
    session: Session, contradiction: Contradiction, action: str, *, at: datetime
) -> None:
    """Who was said not to have come: by the decision it stands, or counts no more."""
    for missed in session.scalars(
        select(MissedTime)
        .where(
            MissedTime.coaching_session_id == contradiction.coaching_session_id,
            MissedTime.kind == MissedTimeKind.NO_SHOW,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ):
        if MISSED_TIME.is_allowed(action, missed.state):
            missed.state = MISSED_TIME.follow(action, missed.state)
            missed.decision = contradiction.decision
            missed.decided_by_id = contradiction.decided_by_id
            missed.decided_at = at


def _find(session: Session, coaching_session: CoachingSession) -> int | None:
    return session.scalar(
        select(Contradiction.id).where(Contradiction.coaching_session_id == coaching_session.id)
    )
