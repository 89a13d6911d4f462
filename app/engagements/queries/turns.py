"""Whose turn it is: what each side of an engagement is expected to do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, case, exists, or_, select
from sqlalchemy.orm import Session

from app.access import Actor, get_side
from app.engagements.queries.lists import NAMED, Heading, get_heading, is_of_side
from app.engagements.queries.rare_turns import RARE
from app.telling.many_kinds import read_many_kinds
from app.telling.waiting import WaitingItem, WaitingList
from app.words.kind_words import WORDS_BY_KIND, fill_name
from app.words.labels import get_label
from app.words.wording import tell_time
from models.engagements import CoachingSession, Engagement, Feedback
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.questions import EngagementQuestion
from models.vocabulary import Side


@dataclass(frozen=True, slots=True)
class Turn:
    """It is the viewer's turn in the engagement with this id."""

    engagement_id: int
    item: WaitingItem


def list_turns(session: Session, viewer: Actor, at: datetime) -> list[Turn]:
    """What `viewer` is expected to do next in engagements, with their ids, in no order."""
    requests, times = read_many_kinds(
        session, [each.ask(viewer, at) for each in (_REQUESTS, _TIMES)]
    )
    return [*_make_request_turns(requests, viewer, at), *_make_time_turns(times, viewer, at)]


def _name(heading: Heading) -> LazyString | str:
    """The need's title where it is disclosed, else what kind of need it is."""
    return heading.need_title or _l("Request (%(kind)s)", kind=get_label(heading.need_kind))


def _name_other(heading: Heading, side: Side) -> str:
    """The other side once both know each other."""
    return heading.provider_name if side is Side.STARTUP else heading.startup_name or ""


def _select_requests(viewer: Actor, at: datetime) -> Select[Engagement] | None:
    """Requests to answer or to reply to, the next that is due first; then what is to be planned."""
    if not (viewer.founds or viewer.provides):
        return None
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
    of_startup, of_provider = (is_of_side(viewer, side) for side in Side)
    return (
        select(Engagement)
        .where(
            or_(
                and_(Engagement.state == "requested", of_startup, is_asked_back),
                and_(Engagement.state == "requested", of_provider, ~is_asked_back),
                and_(
                    Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
                    or_(of_startup, of_provider),
                    ~planned,
                ),
            ),
        )
        .order_by(
            case((Engagement.state == "requested", Engagement.answer_due_at)),
            Engagement.answered_at,
            Engagement.id,
        )
    )


def _make_request_turns(rows: Sequence[Engagement], viewer: Actor, at: datetime) -> Iterator[Turn]:
    for row in rows:
        heading, side = get_heading(row, viewer), get_side(viewer, row) or Side.STARTUP
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


def _select_times(viewer: Actor, at: datetime) -> Select[CoachingSession] | None:
    """Times to confirm, to record and to judge, the earliest first."""
    if not (viewer.founds or viewer.provides):
        return None
    to_record = and_(
        or_(
            CoachingSession.state == "confirmed",
            # Another place was wished for and not answered: the time stood.
            and_(CoachingSession.state == "proposed", CoachingSession.confirmed_by_id.is_not(None)),
        ),
        CoachingSession.ends_at <= at,
    )
    waits = [
        and_(
            is_of_side(viewer, side),
            or_(
                and_(
                    Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
                    CoachingSession.state == "proposed",
                    CoachingSession.proposed_by_side != side,
                    CoachingSession.starts_at > at,
                ),
                to_record,
                and_(
                    CoachingSession.state == "held",
                    ~exists().where(
                        Feedback.coaching_session_id == CoachingSession.id, Feedback.side == side
                    ),
                ),
            ),
        )
        for side in Side
    ]
    return (
        select(CoachingSession)
        .join(CoachingSession.engagement)
        .where(or_(*waits))
        .order_by(CoachingSession.starts_at, CoachingSession.id)
    )


def _make_time_turns(
    rows: Sequence[CoachingSession], viewer: Actor, at: datetime
) -> Iterator[Turn]:
    for row in rows:
        heading = get_heading(row.engagement, viewer)
        side = get_side(viewer, row.engagement) or Side.STARTUP
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
        # Of several that were held with the same provider, which.
        detail=_l(
            "%(question)s (%(time)s)",
            question=fill_name(
                WORDS_BY_KIND[heading.provider_kind].how_was_it_with, _name_other(heading, side)
            ),
            time=tell_time(row.starts_at),
        ),
        due_at=None,
        path_endpoint="engagements.give_feedback",
        path_values={"public_id": row.public_id},
        action=_l("Give feedback"),
    )


def _word_requests(
    rows: Sequence[Engagement], viewer: Actor, at: datetime
) -> Iterator[WaitingItem]:
    return (turn.item for turn in _make_request_turns(rows, viewer, at))


def _word_times(
    rows: Sequence[CoachingSession], viewer: Actor, at: datetime
) -> Iterator[WaitingItem]:
    return (turn.item for turn in _make_time_turns(rows, viewer, at))


# An `engagement_request` to answer, a `question_to_reply` of a provider that asked back, and
# `session_to_plan` while an accepted engagement has no session that may still take place.
_REQUESTS: Final = WaitingList(
    ("engagement_request", "question_to_reply", "session_to_plan"),
    _select_requests,
    _word_requests,
    NAMED,
)
# `session_to_confirm` before its time, `session_to_record` once it is over, and `feedback_to_give`
# after it was held.
_TIMES: Final = WaitingList(
    ("session_to_confirm", "session_to_record", "feedback_to_give"),
    _select_times,
    _word_times,
    (CoachingSession.engagement, *NAMED),
)
WAITING: Final = (_REQUESTS, _TIMES, *RARE)
