"""Two mentors of one startup who work together: which, and which times they share."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from app.access import Acting
from app.audit import record
from app.engagements.addresses import address_of_engagement
from app.engagements.announcements import list_people
from app.engagements.attending import list_attendees
from app.telling.notices import tell
from models.dual_mentoring import DualMentoring, JointTime
from models.engagements import CoachingSession, Engagement, SessionQuarter
from models.lifecycle import DUAL_MENTORING, DUAL_MENTORING_OPEN, ENGAGEMENT_TAKES_PLACE
from models.vocabulary import Side

# All that showing one needs, for a query that selects it.
PAIR_NAMES = tuple(
    joinedload(side).joinedload(name)
    for side in (DualMentoring.lead, DualMentoring.partner)
    for name in (Engagement.provider, Engagement.startup, Engagement.need)
)


def find_open(session: Session, engagement: Engagement) -> DualMentoring | None:
    """What `engagement` takes part in, asked or agreed on."""
    return session.scalar(
        select(DualMentoring)
        .where(
            or_(DualMentoring.lead_id == engagement.id, DualMentoring.partner_id == engagement.id),
            DualMentoring.state.in_(DUAL_MENTORING_OPEN),
        )
        .options(*PAIR_NAMES)
    )


def get_other(pair: DualMentoring, engagement: Engagement) -> Engagement:
    """The engagement with the other mentor."""
    return pair.partner if pair.lead_id == engagement.id else pair.lead


def find_partner(session: Session, engagement: Engagement) -> Engagement | None:
    """The engagement with the mentor with whom this one's works together now."""
    return choose_partner(find_open(session, engagement), engagement)


def choose_partner(pair: DualMentoring | None, engagement: Engagement) -> Engagement | None:
    """As `find_partner`, of the `pair` that is open."""
    if pair is None or pair.state != "agreed":
        return None
    other = get_other(pair, engagement)
    return other if other.state in ENGAGEMENT_TAKES_PLACE else None


def follow(
    session: Session, pair: DualMentoring, action: str, *, actor: Acting | None, at: datetime
) -> None:
    """`pair` goes its way, and the record says so. Raises ActionNotAllowed."""
    pair.state = DUAL_MENTORING.follow(action, pair.state)
    if pair.state not in DUAL_MENTORING_OPEN:
        pair.closed_at = at
    session.flush()
    note(session, pair, _PAST[action], actor=actor, at=at)


def note(
    session: Session, pair: DualMentoring, kind: str, *, actor: Acting | None, at: datetime
) -> None:
    """The record says what was done."""
    record(
        session,
        actor=actor,
        kind=f"dual_mentoring_{kind}",
        subject=pair,
        at=at,
        incubator_id=pair.lead.incubator_id,
    )
    session.flush()


def tell_of_pair(
    session: Session,
    pair: DualMentoring,
    kind: str,
    *,
    engagement: Engagement,
    side: Side,
    at: datetime,
    unless: int | None = None,
) -> None:
    """The people of `side` of `engagement` are told `kind`, with the other mentor's name."""
    for person in list_people(session, engagement, side):
        if person.id != unless:
            tell(
                session,
                person=person,
                kind=kind,
                facts={
                    "startup": engagement.startup.name,
                    "other": get_other(pair, engagement).provider.name,
                },
                path=address_of_engagement(engagement),
                at=at,
            )


def end_open(
    session: Session, engagement: Engagement, *, actor: Acting | None, at: datetime
) -> None:
    """What `engagement`, which has ended, took part in is over; the other mentor is told."""
    pair = find_open(session, engagement)
    if pair is None:
        return
    follow(session, pair, "end", actor=actor, at=at)
    other = get_other(pair, engagement)
    tell_of_pair(session, pair, "dual_mentoring_ended", engagement=other, side=Side.PROVIDER, at=at)


def list_twins(session: Session, engagement: Engagement) -> Mapping[int, CoachingSession]:
    """The time with the other mentor that was booked with each session, by its id."""
    found: dict[int, CoachingSession] = {}
    for own, other in (
        (JointTime.first, JointTime.second),
        (JointTime.second, JointTime.first),
    ):
        query = (
            select(JointTime)
            .join(own)
            .where(CoachingSession.engagement_id == engagement.id)
            .options(
                joinedload(other)
                .joinedload(CoachingSession.engagement)
                .joinedload(Engagement.provider)
            )
        )
        for row in session.scalars(query):
            is_first = own is JointTime.first
            found[row.first_id if is_first else row.second_id] = (
                row.second if is_first else row.first
            )
    return found


def find_joint(session: Session, coaching_session: CoachingSession) -> JointTime | None:
    """As what it was booked, if it was with both mentors; the other time as it is now.

    Whoever changes the other time waits for the commit: each has a lock of its own, and of two that
    are cancelled at once each would leave the startup's people to the other.
    """
    number = coaching_session.id
    row = session.scalar(
        select(JointTime)
        .where(or_(JointTime.first_id == number, JointTime.second_id == number))
        .with_for_update(of=JointTime)
    )
    if row is not None:
        twin = get_twin(row, coaching_session)
        session.refresh(twin, ["state", "starts_at", "ends_at", "place", "link", "sequence"])
    return row


def get_twin(joint: JointTime, coaching_session: CoachingSession) -> CoachingSession:
    """The time with the other mentor."""
    return joint.second if joint.first_id == coaching_session.id else joint.first


def find_twin(session: Session, coaching_session: CoachingSession) -> CoachingSession | None:
    """The confirmed time with the other mentor at the same time, if it was booked with this one."""
    joint = find_joint(session, coaching_session)
    if joint is None:
        return None
    twin = get_twin(joint, coaching_session)
    is_same = (twin.starts_at, twin.ends_at) == (
        coaching_session.starts_at,
        coaching_session.ends_at,
    )
    return twin if is_same and twin.state == "confirmed" else None


def find_joint_times(session: Session, session_ids: Collection[int]) -> Mapping[int, JointTime]:
    """As what each of these was booked, by its id, with the other time and its mentor."""
    if not session_ids:
        return {}
    both = [
        joinedload(side).joinedload(CoachingSession.engagement).joinedload(Engagement.provider)
        for side in (JointTime.first, JointTime.second)
    ]
    rows = session.scalars(
        select(JointTime)
        .where(or_(JointTime.first_id.in_(session_ids), JointTime.second_id.in_(session_ids)))
        .options(*both)
    ).all()
    return {number: row for row in rows for number in (row.first_id, row.second_id)}


def leave_to_twin(session: Session, coaching_session: CoachingSession) -> None:
    """The startup's people stay taken where the other mentor still meets them then.

    Those are who was named for that time, or all where nobody was.
    """
    twin = find_twin(session, coaching_session)
    if twin is None:
        return
    across = {each.id for each in list_people(session, coaching_session.engagement, Side.PROVIDER)}
    named = list_attendees(session, twin.engagement, [twin.id]).get(twin.id, ())
    query = update(SessionQuarter).where(
        SessionQuarter.coaching_session_id == coaching_session.id,
        SessionQuarter.person_id.not_in(across),
    )
    if named:
        query = query.where(SessionQuarter.person_id.in_([each.id for each in named]))
    session.execute(query.values(coaching_session_id=twin.id))


def list_taken_by_twin(session: Session, coaching_session: CoachingSession) -> set[int]:
    """Who is taken then by the time with the other mentor, with which this one belongs."""
    twin = find_twin(session, coaching_session)
    if twin is None:
        return set()
    return set(
        session.scalars(
            select(SessionQuarter.person_id).where(SessionQuarter.coaching_session_id == twin.id)
        )
    )


_PAST = {"agree": "agreed", "decline": "declined", "end": "ended"}
