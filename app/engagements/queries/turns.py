"""Whose turn it is: what each side of an engagement is expected to do next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, case, exists, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.access import Actor
from app.engagements.queries.lists import NAMES, Heading, get_heading, is_of_side
from app.engagements.queries.rare_turns import RARE
from app.telling.waiting import WaitingItem, list_waiting_now, sort_by_due_time
from app.words.kind_words import WORDS_BY_KIND, fill_name
from app.words.labels import get_label
from models.engagements import CoachingSession, Engagement, Feedback
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.questions import EngagementQuestion
from models.vocabulary import Side

# In which order those stand that are due at the same time, or never.
_KINDS: Final = (
    "engagement_request",
    "question_to_reply",
    "session_to_confirm",
    "session_to_record",
    "session_to_plan",
    "feedback_to_give",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """It is the viewer's turn in the engagement with this id."""

    engagement_id: int
    item: WaitingItem


def list_waiting(session: Session, viewer: Actor, at: datetime) -> list[WaitingItem]:
    """What waits for `viewer` at `at`, by the time at which it is due.

    Kinds: `engagement_request` to answer, `question_to_reply` of a provider that asked back,
    `session_to_confirm` before its time,
    `session_to_record` once it is over, `feedback_to_give` after it was held, and
    `session_to_plan` while an accepted engagement has no session that may still take place; and
    those of `rare_turns.RARE`.
    """
    return sort_by_due_time(
        [*list_turn_items(session, viewer, at), *list_waiting_now(session, RARE, viewer, at)]
    )


def list_turn_items(session: Session, viewer: Actor, at: datetime) -> list[WaitingItem]:
    """What `viewer` is expected to do next in engagements, by the time at which it is due."""
    return sort_by_due_time(turn.item for turn in list_turns(session, viewer, at))


def list_turns(session: Session, viewer: Actor, at: datetime) -> list[Turn]:
    """The same with the engagements' ids, in no order.

    Two questions for each side on which `viewer` stands: what is asked of both, of engagements and
    of their times.
    """
    found: dict[str, list[Turn]] = {kind: [] for kind in _KINDS}
    for side in _list_sides(viewer):
        for turn in (
            *_list_of_requests(session, viewer, side, at),
            *_list_of_times(session, viewer, side, at),
        ):
            found[turn.item.kind].append(turn)
    return [turn for turns in found.values() for turn in turns]


def _name(heading: Heading) -> LazyString | str:
    """The need's title where it is disclosed, else what kind of need it is."""
    return heading.need_title or _l("Request (%(kind)s)", kind=get_label(heading.need_kind))


def _name_other(heading: Heading, side: Side) -> str:
    """The other side once both know each other."""
    return heading.provider_name if side is Side.STARTUP else heading.startup_name or ""


def _list_sides(viewer: Actor) -> Iterator[Side]:
    """On which `viewer` can stand: of the others nothing is asked."""
    if viewer.founds:
        yield Side.STARTUP
    if viewer.provides:
        yield Side.PROVIDER


def _list_of_requests(session: Session, viewer: Actor, side: Side, at: datetime) -> Iterator[Turn]:
    """Requests to answer or to reply to, the next that is due first; then what is to be planned."""
    is_asked_back = exists().where(
        EngagementQuestion.engagement_id == Engagement.id, EngagementQuestion.state == "asked"
    )
    planned = exists().where(
        CoachingSession.engagement_id == Engagement.id,
        or_(
            CoachingSession.state.in_(("confirmed", "held", "contested")),
            # A proposal that nobody confirmed in time leads nowhere.
            and_(CoachingSession.state == "proposed", CoachingSession.starts_at > at),
        ),
    )
    is_own_turn = is_asked_back if side is Side.STARTUP else ~is_asked_back
    rows = session.scalars(
        select(Engagement)
        .where(
            is_of_side(viewer, side),
            or_(
                and_(Engagement.state == "requested", is_own_turn),
                and_(Engagement.state.in_(ENGAGEMENT_TAKES_PLACE), ~planned),
            ),
        )
        .options(*NAMES)
        .order_by(
            case((Engagement.state == "requested", Engagement.answer_due_at)),
            Engagement.answered_at,
            Engagement.id,
        )
    )
    for row in rows:
        heading = get_heading(row, viewer)
        if row.state != "requested":
            item = _make_plan(row, heading, side)
        elif side is Side.STARTUP:
            item = _make_reply(row, heading)
        else:
            item = _make_answer(row, heading)
        yield Turn(row.id, item)


def _make_answer(row: Engagement, heading: Heading) -> WaitingItem:
    words = WORDS_BY_KIND[heading.provider_kind]
    return WaitingItem(
        kind="engagement_request",
        title=_name(heading),
        detail=fill_name(words.asks_you, heading.startup_name)
        if heading.startup_name
        else words.somebody_asks_you,
        due_at=row.answer_due_at,
        path_endpoint="engagements.show_engagement",
        path_values={"public_id": row.public_id},
        action=_l("Answer"),
    )


def _make_reply(row: Engagement, heading: Heading) -> WaitingItem:
    return WaitingItem(
        kind="question_to_reply",
        title=_name(heading),
        detail=_l("%(name)s asks you back.", name=heading.provider_name),
        due_at=row.answer_due_at,
        path_endpoint="engagements.show_engagement",
        path_values={"public_id": row.public_id, "_anchor": "reply-now"},
        action=_l("Reply"),
    )


def _make_plan(row: Engagement, heading: Heading, side: Side) -> WaitingItem:
    return WaitingItem(
        kind="session_to_plan",
        title=_name(heading),
        detail=_l("Agree on a time with %(name)s.", name=_name_other(heading, side)),
        due_at=None,
        path_endpoint="engagements.show_engagement",
        path_values={"public_id": row.public_id, "_anchor": "propose"},
        action=_l("Propose a time"),
    )


def _list_of_times(session: Session, viewer: Actor, side: Side, at: datetime) -> Iterator[Turn]:
    """Times to confirm, to record and to judge, the earliest first."""
    to_confirm = and_(
        Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
        CoachingSession.state == "proposed",
        CoachingSession.proposed_by_side != side,
        CoachingSession.starts_at > at,
    )
    to_record = and_(
        or_(
            CoachingSession.state == "confirmed",
            # Another place was wished for and not answered: the time stood.
            and_(CoachingSession.state == "proposed", CoachingSession.confirmed_by_id.is_not(None)),
        ),
        CoachingSession.ends_at <= at,
    )
    to_judge = and_(
        CoachingSession.state == "held",
        ~exists().where(Feedback.coaching_session_id == CoachingSession.id, Feedback.side == side),
    )
    rows = session.scalars(
        select(CoachingSession)
        .join(CoachingSession.engagement)
        .where(is_of_side(viewer, side), or_(to_confirm, to_record, to_judge))
        .options(*(contains_eager(CoachingSession.engagement).options(name) for name in NAMES))
        .order_by(CoachingSession.starts_at, CoachingSession.id)
    )
    for row in rows:
        heading = get_heading(row.engagement, viewer)
        if row.state == "held":
            item = _make_feedback(row, heading, side)
        elif row.ends_at <= at:
            item = _make_record(row, heading, side)
        else:
            item = _make_confirmation(row, heading, side)
        yield Turn(row.engagement_id, item)


def _make_confirmation(row: CoachingSession, heading: Heading, side: Side) -> WaitingItem:
    return WaitingItem(
        kind="session_to_confirm",
        title=_name(heading),
        detail=_l("%(name)s proposes this time.", name=_name_other(heading, side)),
        due_at=row.starts_at,
        path_endpoint="engagements.confirm_session",
        # Only the time that was shown is confirmed.
        path_values={"public_id": row.public_id, "sequence": str(row.sequence)},
        action=_l("Confirm the time"),
        is_post=True,
    )


def _make_record(row: CoachingSession, heading: Heading, side: Side) -> WaitingItem:
    words = WORDS_BY_KIND[heading.provider_kind]
    return WaitingItem(
        kind="session_to_record",
        title=_name(heading),
        detail=fill_name(words.did_it_happen, _name_other(heading, side)),
        due_at=row.ends_at,
        path_endpoint="engagements.show_engagement",
        path_values={
            "public_id": row.engagement.public_id,
            "_anchor": f"time-{row.public_id}",
        },
        action=words.record,
    )


def _make_feedback(row: CoachingSession, heading: Heading, side: Side) -> WaitingItem:
    return WaitingItem(
        kind="feedback_to_give",
        title=_name(heading),
        detail=fill_name(
            WORDS_BY_KIND[heading.provider_kind].how_was_it_with, _name_other(heading, side)
        ),
        due_at=None,
        path_endpoint="engagements.give_feedback",
        path_values={"public_id": row.public_id},
        action=_l("Give feedback"),
    )
