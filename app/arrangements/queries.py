"""What both sides read of arrangements, and what waits for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.access import Actor, get_side, is_permitted
from app.arrangements.values import find_answer_day, is_too_late, list_outcomes
from app.telling.waiting import WaitingItem, WaitingList
from app.words.answer_times import end_of
from models.arrangement_states import ARRANGEMENT_BINDS, ARRANGEMENT_STANDS
from models.arrangements import Arrangement, Tranche
from models.engagements import Engagement
from models.financing_codes import ArrangementOutcome
from models.vocabulary import Side

_BINDS = frozenset(ARRANGEMENT_BINDS)


@dataclass(frozen=True, slots=True)
class ArrangementView:
    """An arrangement as one of its sides sees it. `actions` are what that side can do now.

    `outcomes` are the ends that it can propose.
    """

    arrangement: Arrangement
    side: Side | None
    actions: frozenset[str]
    outcomes: tuple[ArrangementOutcome, ...]


def find_arrangement(session: Session, public_id: str) -> Arrangement | None:
    """The arrangement with that public id, with its engagement."""
    return session.scalar(
        select(Arrangement)
        .where(Arrangement.public_id == public_id)
        .options(joinedload(Arrangement.engagement).joinedload(Engagement.startup))
    )


def find_standing(session: Session, engagement: Engagement, viewer: Actor) -> Arrangement | None:
    """The arrangement of `engagement` that stands, else the last one, that `viewer` may see."""
    for arrangement in session.scalars(
        select(Arrangement)
        .where(Arrangement.engagement_id == engagement.id)
        .options(selectinload(Arrangement.tranches), selectinload(Arrangement.steps))
        .order_by(Arrangement.state.in_(ARRANGEMENT_STANDS).desc(), Arrangement.id.desc())
        .limit(2)
    ):
        if is_permitted(viewer, "arrangement:view", arrangement):
            return arrangement
    return None


def select_own(viewer: Actor) -> Select[Arrangement]:
    """The arrangements of the startups and funds for which `viewer` acts in person.

    A startup's own begin with the offer.
    """
    is_own: ColumnElement[bool] = or_(
        Engagement.provider_id.in_(viewer.provides),
        and_(Engagement.startup_id.in_(viewer.founds), Arrangement.state != "draft"),
    )
    if viewer.within_incubator_id is not None:
        is_own = and_(is_own, Engagement.incubator_id == viewer.within_incubator_id)
    if viewer.is_acting_for_another:
        is_own = false()
    return (
        select(Arrangement)
        .join(Arrangement.engagement)
        .where(is_own)
        .options(
            contains_eager(Arrangement.engagement).joinedload(Engagement.startup),
            contains_eager(Arrangement.engagement).joinedload(Engagement.provider),
            contains_eager(Arrangement.engagement).joinedload(Engagement.need),
            selectinload(Arrangement.tranches),
        )
    )


def list_own(
    session: Session, viewer: Actor, *, limit: int, offset: int = 0
) -> Sequence[Arrangement]:
    """One's arrangements, what changed last first."""
    return session.scalars(
        select_own(viewer)
        .order_by(Arrangement.changed_at.desc(), Arrangement.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def count_own(session: Session, viewer: Actor) -> int:
    """How many arrangements one has and had."""
    return session.scalar(select(func.count()).select_from(select_own(viewer).subquery())) or 0


def view_arrangement(arrangement: Arrangement, viewer: Actor, at: datetime) -> ArrangementView:
    """What `viewer` sees of it and can do with it at `at`."""
    side = get_side(viewer, arrangement.engagement)
    binds = arrangement.state in _BINDS
    is_proposed, is_own = arrangement.is_end_proposed, arrangement.end_side is side
    by_state = {
        "edit": arrangement.state == "draft",
        "discard": arrangement.state == "draft",
        "offer": arrangement.state == "draft",
        "take_back": arrangement.state == "offered",
        "agree": arrangement.state == "offered" and not is_too_late(arrangement, at),
        "decline": arrangement.state == "offered",
        "pay": binds and any(each.state == "released" for each in arrangement.tranches),
        "propose_end": binds and not is_proposed,
        "agree_end": is_proposed and not is_own and not is_too_late(arrangement, at),
        "refuse_end": is_proposed and not is_own,
        "withdraw_end": is_proposed and is_own,
    }
    rights = {"discard": "edit", "take_back": "edit", "withdraw_end": "refuse_end"}
    actions = frozenset(
        name
        for name, is_possible in by_state.items()
        if is_possible
        and is_permitted(viewer, f"arrangement:{rights.get(name, name)}", arrangement)
    )
    return ArrangementView(arrangement, side, actions, list_outcomes(arrangement))


def _select_waiting(viewer: Actor, at: datetime) -> Select[Arrangement] | None:
    """Those that may wait for somebody: most of what binds waits for nobody, for years."""
    if not (viewer.founds or viewer.provides):
        return None
    standing = select_own(viewer).where(
        or_(
            Arrangement.state.in_(("offered", "convertible", "due")),
            and_(
                Arrangement.state.in_(ARRANGEMENT_BINDS),
                or_(
                    Arrangement.end_outcome.is_not(None),
                    Arrangement.tranches.any(Tranche.state == "released"),
                ),
            ),
        )
    )
    return standing.order_by(Arrangement.id)


def _word_waiting(rows: Sequence[Arrangement], viewer: Actor, at: datetime) -> list[WaitingItem]:
    """Offers and ends wait for the other side's word, tranches for the fund, ends for both."""
    found = []
    for arrangement in rows:
        actions = view_arrangement(arrangement, viewer, at).actions
        said, due_at = None, None
        if "agree" in actions:
            said = "arrangement_to_answer", _l("A fund offers an arrangement.")
            due_at = _find_due_time(arrangement)
        elif "agree_end" in actions:
            said = "arrangement_end_to_answer", _l("The other side proposes how it ends.")
            due_at = _find_due_time(arrangement)
        elif "pay" in actions:
            said = "tranche_to_pay", _l("A tranche can be paid.")
        elif "propose_end" in actions and arrangement.state in ("convertible", "due"):
            said = "arrangement_to_end", _l("It can end now: propose how.")
        if said is not None:
            found.append(
                WaitingItem(
                    kind=said[0],
                    title=arrangement.engagement.need.title,
                    detail=said[1],
                    due_at=due_at,
                    path_endpoint="arrangements.show_arrangement",
                    path_values={"public_id": arrangement.engagement.public_id},
                    action=_l("Look at the arrangement"),
                )
            )
    return found


WAITING: Final = (
    WaitingList(
        (
            "arrangement_to_answer",
            "arrangement_end_to_answer",
            "tranche_to_pay",
            "arrangement_to_end",
        ),
        _select_waiting,
        _word_waiting,
        (
            Arrangement.tranches,
            Arrangement.engagement,
            Engagement.need,
            Engagement.startup,
            Engagement.provider,
        ),
    ),
)


def _find_due_time(arrangement: Arrangement) -> datetime | None:
    day = find_answer_day(arrangement)
    return None if day is None else end_of(day)
