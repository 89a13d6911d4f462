"""Reads of companies in care and of cases: one, one's own, and counts for operators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.access import Actor
from app.commissioners.values import find_answer_day, is_too_late
from app.telling.waiting import WaitingItem, WaitingList
from app.words.answer_times import end_of
from app.words.limits import FEW
from models.commissioner_states import CASE_RUNS
from models.commissioners import Commissioner, CompanyCare, FinanceCase
from models.organisations import Incubator, Startup
from models.product_codes import ProductKind

# After so long without a step a case counts as resting.
RESTS: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CaseCount:
    """How many cases of one form of money are in each state; `resting` of those that run.

    `obtained_yuan` None: it is not said, because it would tell what one company has got.
    """

    kind: ProductKind
    states: Mapping[str, int]
    resting: int
    obtained_yuan: int | None


def find_care(session: Session, public_id: str) -> CompanyCare | None:
    """One company in care, with both sides."""
    return session.scalar(_select_cares().where(CompanyCare.public_id == public_id))


def find_case(session: Session, public_id: str) -> FinanceCase | None:
    """One case, with both sides."""
    return session.scalar(_select_cases().where(FinanceCase.public_id == public_id))


def select_known_cares(viewer: Actor) -> Select[CompanyCare]:
    """Those of one's startups, those that one was told of as commissioner, those one assigned."""
    return _select_cares().where(
        or_(
            CompanyCare.startup_id.in_(viewer.founds),
            _is_carer(viewer),
            Commissioner.incubator_id.in_(viewer.operates),
        )
    )


def select_known_cases(viewer: Actor) -> Select[FinanceCase]:
    """The cases of one's startups, and of those in one's care."""
    return _select_cases().where(or_(CompanyCare.startup_id.in_(viewer.founds), _is_carer(viewer)))


def list_of_commissioner(
    session: Session, viewer: Actor, commissioner: Commissioner
) -> Sequence[CompanyCare]:
    """The companies of a commissioner that `viewer` may know of, the newest first."""
    return session.scalars(
        select_known_cares(viewer)
        .where(CompanyCare.commissioner_id == commissioner.id)
        .order_by(CompanyCare.id.desc())
    ).all()


def list_of_startup(session: Session, startup: Startup) -> Sequence[CompanyCare]:
    """With whom a startup is or was, the newest first."""
    return session.scalars(
        _select_cares().where(CompanyCare.startup_id == startup.id).order_by(CompanyCare.id.desc())
    ).all()


def list_cases(session: Session, cares: Sequence[CompanyCare]) -> Sequence[FinanceCase]:
    """The cases of these companies: those that run first, the longest waiting at the top."""
    rows = session.scalars(
        _select_cases()
        .where(FinanceCase.care_id.in_([care.id for care in cares]))
        .order_by(FinanceCase.changed_at, FinanceCase.id)
    ).all()
    return sorted(rows, key=lambda case: case.state not in CASE_RUNS)


def list_assignable(session: Session, incubator: Incubator) -> Sequence[Startup]:
    """The startups that `incubator` hosts, by name."""
    return session.scalars(
        select(Startup).where(Startup.incubator_id == incubator.id).order_by(Startup.name)
    ).all()


def count_cases(session: Session, incubator: Incubator, at: datetime) -> list[CaseCount]:
    """For operators: cases by form of money and state, and where money stalls. No case itself."""
    rows = session.execute(
        select(
            FinanceCase.kind,
            FinanceCase.state,
            func.count(),
            func.count().filter(FinanceCase.changed_at <= at - RESTS),
            func.coalesce(func.sum(FinanceCase.obtained_yuan), 0),
        )
        .join(FinanceCase.care)
        .join(CompanyCare.commissioner)
        .where(Commissioner.incubator_id == incubator.id)
        .group_by(FinanceCase.kind, FinanceCase.state)
    ).all()
    found: dict[ProductKind, CaseCount] = {}
    for kind in ProductKind:
        mine = [row for row in rows if row[0] == kind]
        if mine:
            found[kind] = CaseCount(
                kind,
                {row[1]: row[2] for row in mine},
                sum(row[3] for row in mine if row[1] in CASE_RUNS),
                sum(int(row[4] or 0) for row in mine),
            )
    return _hide_few(list(found.values()))


def _hide_few(counts: list[CaseCount]) -> list[CaseCount]:
    """What few companies have got is not said, nor what leaves so few of what all have got."""
    hidden: set[ProductKind] = set()
    left = 0
    for each in sorted(counts, key=lambda row: row.states.get("done", 0)):
        done = each.states.get("done", 0)
        if done and (done < FEW or 0 < left < FEW):
            hidden.add(each.kind)
            left += done
    return [replace(row, obtained_yuan=None) if row.kind in hidden else row for row in counts]


def _select_waiting(
    viewer: Actor, at: datetime
) -> Select[Commissioner, CompanyCare, FinanceCase] | None:
    """Offers, applications, consents, companies, and cases that are open or rest."""
    if viewer.is_acting_for_another:
        return None
    is_own = Commissioner.person_id == viewer.person_id
    is_offered = and_(is_own, Commissioner.state == "offered")
    is_applied = and_(
        Commissioner.incubator_id.in_(viewer.operates), Commissioner.state == "applied"
    )
    is_assigned = and_(CompanyCare.startup_id.in_(viewer.founds), CompanyCare.state == "assigned")
    is_asked = and_(_is_carer(viewer), CompanyCare.state == "asked")
    waits = or_(
        FinanceCase.state == "open",
        and_(FinanceCase.state == "in_progress", FinanceCase.changed_at <= at - RESTS),
    )
    is_resting = and_(_is_carer(viewer), CompanyCare.state == "active", FinanceCase.id.is_not(None))
    return (
        select(Commissioner, CompanyCare, FinanceCase)
        .outerjoin(CompanyCare, CompanyCare.commissioner_id == Commissioner.id)
        .outerjoin(FinanceCase, and_(FinanceCase.care_id == CompanyCare.id, waits))
        .where(or_(is_offered, is_applied, is_assigned, is_asked, is_resting))
        .order_by(Commissioner.id, CompanyCare.id, FinanceCase.id)
    )


def _word_waiting(
    rows: Sequence[tuple[Commissioner, CompanyCare, FinanceCase | None]],
    viewer: Actor,
    at: datetime,
) -> list[WaitingItem]:
    """What each side is asked: offers, applications, consents, companies, cases that rest."""
    found: dict[tuple[str, str], WaitingItem] = {}
    for commissioner, care, case in rows:
        asked = commissioner if commissioner.state in ("offered", "applied") else care
        if is_too_late(asked, at):
            continue
        if asked is commissioner:
            item = _make_choice(commissioner)
        elif case is not None and care.state == "active":
            item = _make_case(care, case)
        else:
            item = _make_company(commissioner, care)
        # One application may stand beside many companies of an earlier time.
        found[item.kind, item.path_values["public_id"]] = item
    return list(found.values())


WAITING: Final = (
    WaitingList(
        (
            "commissioner_offered",
            "commissioner_applied",
            "care_assigned",
            "care_asked",
            "case_open",
            "case_resting",
        ),
        _select_waiting,
        _word_waiting,
        (Commissioner.incubator, CompanyCare.startup),
    ),
)


def _make_choice(commissioner: Commissioner) -> WaitingItem:
    is_offer = commissioner.state == "offered"
    return WaitingItem(
        kind=f"commissioner_{commissioner.state}",
        title=commissioner.incubator.name if is_offer else commissioner.name,
        detail=_l("Asks you to be its finance commissioner.")
        if is_offer
        else _l("Would be your finance commissioner."),
        due_at=_find_due_time(commissioner),
        path_endpoint="commissioners.show_commissioner",
        path_values={"public_id": commissioner.public_id},
        action=_l("Answer"),
    )


def _make_company(commissioner: Commissioner, care: CompanyCare) -> WaitingItem:
    is_suggested = care.state == "assigned"
    return WaitingItem(
        kind=f"care_{care.state}",
        title=commissioner.name if is_suggested else care.startup.name,
        detail=_l("Your incubator suggests this finance commissioner.")
        if is_suggested
        else _l("Would be in your care."),
        due_at=_find_due_time(care),
        path_endpoint="commissioners.show_care",
        path_values={"public_id": care.public_id},
        action=_l("Answer"),
    )


def _find_due_time(row: Commissioner | CompanyCare) -> datetime | None:
    day = find_answer_day(row)
    return None if day is None else end_of(day)


def _make_case(care: CompanyCare, case: FinanceCase) -> WaitingItem:
    is_open = case.state == "open"
    return WaitingItem(
        kind="case_open" if is_open else "case_resting",
        title=care.startup.name,
        detail=_l("This case has not been taken up.")
        if is_open
        else _l("This case has had no step for 30 days."),
        due_at=None,
        path_endpoint="commissioners.show_case",
        path_values={"public_id": case.public_id},
        action=_l("Look at the case"),
    )


def _is_carer(viewer: Actor) -> ColumnElement[bool]:
    return and_(Commissioner.person_id == viewer.person_id, CompanyCare.consented_at.is_not(None))


def _select_cares() -> Select[CompanyCare]:
    return (
        select(CompanyCare)
        .join(CompanyCare.commissioner)
        .options(
            contains_eager(CompanyCare.commissioner).joinedload(Commissioner.incubator),
            joinedload(CompanyCare.startup),
        )
    )


def _select_cases() -> Select[FinanceCase]:
    return (
        select(FinanceCase)
        .join(FinanceCase.care)
        .join(CompanyCare.commissioner)
        .options(
            contains_eager(FinanceCase.care)
            .contains_eager(CompanyCare.commissioner)
            .joinedload(Commissioner.incubator),
            contains_eager(FinanceCase.care).joinedload(CompanyCare.startup),
            joinedload(FinanceCase.product),
        )
    )
