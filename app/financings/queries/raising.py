"""What a founder reads: own financings, and one with all its funds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, case, false, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.access import Actor, is_permitted
from app.telling.waiting import WaitingItem, WaitingList
from app.words.answer_times import end_of
from models.financings import Financing, Interest
from models.lifecycle import FINANCING, FINANCING_RUNS
from models.needs import Need


@dataclass(frozen=True, slots=True)
class InterestRow:
    """How far one fund has come, and what the founder can answer."""

    interest: Interest
    can_release: bool
    can_confirm: bool


@dataclass(frozen=True, slots=True)
class FinancingView:
    """A financing as its founder sees it. `actions` are what can be done with it now."""

    financing: Financing
    interests: Sequence[InterestRow]
    actions: frozenset[str]

    @property
    def paid_yuan(self) -> int:
        """What has come already."""
        return sum(
            row.interest.amount_yuan or 0
            for row in self.interests
            if row.interest.state == "invested"
        )


def find_financing(session: Session, public_id: str) -> Financing | None:
    """The financing with that public id, with its need and startup."""
    return session.scalar(
        select(Financing)
        .where(Financing.public_id == public_id)
        .options(joinedload(Financing.need).joinedload(Need.startup))
    )


def find_interest(session: Session, public_id: str) -> Interest | None:
    """The interest with that public id, with its financing, need and startup."""
    return session.scalar(
        select(Interest)
        .where(Interest.public_id == public_id)
        .options(
            joinedload(Interest.financing).joinedload(Financing.need).joinedload(Need.startup),
            joinedload(Interest.provider),
        )
    )


def find_running_or_last(session: Session, need: Need) -> Financing | None:
    """The financing of `need` that runs, else its last one; None without any."""
    return session.scalar(
        select(Financing)
        .where(Financing.need_id == need.id)
        .order_by(Financing.state.in_(FINANCING_RUNS).desc(), Financing.id.desc())
        .limit(1)
    )


def is_running(financing: Financing | None) -> bool:
    """Whether it stands in the way of another one."""
    return financing is not None and financing.state in FINANCING_RUNS


def select_own(viewer: Actor) -> Select[Financing]:
    """The financings of all startups for which `viewer` acts in person."""
    founded: ColumnElement[bool] = Need.startup_id.in_(viewer.founds)
    if viewer.is_acting_for_another:
        founded = false()
    return (
        select(Financing)
        .join(Financing.need)
        .join(Need.startup)
        .where(founded)
        .options(contains_eager(Financing.need).contains_eager(Need.startup))
    )


def list_own(
    session: Session, viewer: Actor, *, limit: int, offset: int = 0
) -> Sequence[Financing]:
    """The viewer's financings, those that run first, then the newest."""
    return session.scalars(
        select_own(viewer)
        .order_by(
            case((Financing.state.in_(FINANCING_RUNS), 0), else_=1),
            Financing.created_at.desc(),
            Financing.id.desc(),
        )
        .limit(limit)
        .offset(offset)
    ).all()


def count_own(session: Session, viewer: Actor) -> int:
    """How many financings the viewer's startups have and had."""
    return session.scalar(select(func.count()).select_from(select_own(viewer).subquery())) or 0


def view_financing(session: Session, financing: Financing, viewer: Actor) -> FinancingView:
    """What a founder sees of `financing` and can do with it."""
    interests = session.scalars(
        select(Interest)
        .where(Interest.financing_id == financing.id)
        .options(joinedload(Interest.provider), joinedload(Interest.committed_by))
        .order_by(Interest.id)
    ).all()
    can_edit = is_permitted(viewer, "financing:edit", financing)
    actions = set(FINANCING.list_actions(financing.state)) - {"lapse"} if can_edit else set()
    if can_edit and financing.state == "draft":
        actions |= {"edit", "discard"}
    if not financing.has_minimum:
        actions.discard("close")
    return FinancingView(
        financing,
        [
            InterestRow(
                each,
                can_edit and each.state == "committed",
                can_edit and each.state == "committed" and financing.state == "closed",
            )
            for each in interests
        ],
        frozenset(actions),
    )


def _select_waiting(viewer: Actor, at: datetime) -> Select[Financing] | None:
    """What has its minimum, and what is closed and not all paid."""
    if viewer.is_acting_for_another or not viewer.founds:
        return None
    waits = and_(Financing.state == "open", Financing.taken_yuan >= Financing.least_yuan)
    to_pay = and_(
        Financing.state == "closed",
        select(Interest.id)
        .where(Interest.financing_id == Financing.id, Interest.state == "committed")
        .exists(),
    )
    return select_own(viewer).where(waits | to_pay).order_by(Financing.closes_on, Financing.id)


def _word_waiting(rows: Sequence[Financing], viewer: Actor, at: datetime) -> list[WaitingItem]:
    """A founder can close what has its minimum, and confirms what was paid after the closing."""
    found = []
    for financing in rows:
        is_open = financing.state == "open"
        found.append(
            WaitingItem(
                kind="financing_to_close" if is_open else "payment_to_confirm",
                title=financing.need.title,
                detail=(
                    _l("The minimum is committed. It closes by itself on its last day.")
                    if is_open
                    else _l("Confirm the money that has come.")
                ),
                due_at=end_of(financing.closes_on) if is_open else None,
                path_endpoint="financings.show_financing",
                path_values={"public_id": financing.public_id},
                action=_l("Look at the financing"),
            )
        )
    return found


WAITING: Final = (
    WaitingList(
        ("financing_to_close", "payment_to_confirm"),
        _select_waiting,
        _word_waiting,
        (Financing.need,),
    ),
)
