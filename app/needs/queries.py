"""Reading needs: one by its address, and the lists that founders and operators see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.access import Actor
from app.telling.waiting import WaitingItem, WaitingList
from app.words.searching import find_words, pair_organisation_keys
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_OPEN
from models.matches import MatchRun
from models.needs import Need
from models.organisations import Startup
from models.vocabulary import NeedKind


@dataclass(frozen=True, slots=True)
class NeedFilter:
    """What a list is narrowed to; None means everything."""

    state: str | None = None
    kind: NeedKind | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One need in a list. `matched_at` is the last time that matches were looked for."""

    public_id: str
    title: str
    kind: NeedKind
    state: str
    startup_name: str
    startup_public_id: str
    updated_at: datetime
    matched_at: datetime | None
    open_engagements: int


@dataclass(frozen=True, slots=True)
class StartupChoice:
    """A startup for which the actor may state a need."""

    public_id: str
    name: str


def find_need(session: Session, public_id: str) -> Need | None:
    """The need with this address, with its startup and conditions."""
    query = (
        select(Need)
        .where(Need.public_id == public_id)
        # By one query, as for an address of nothing: the time must not tell the two apart.
        .options(joinedload(Need.startup), joinedload(Need.conditions))
    )
    return session.scalars(query).unique().one_or_none()


def list_needs(session: Session, viewer: Actor, chosen: NeedFilter) -> list[NeedRow]:
    """The needs that `viewer` may see and `chosen` lets through, the latest change first."""
    matched_at = (
        select(func.max(MatchRun.run_at)).where(MatchRun.need_id == Need.id).scalar_subquery()
    )
    engaged = (
        select(func.count())
        .where(Engagement.need_id == Need.id, Engagement.state.in_(ENGAGEMENT_OPEN))
        .scalar_subquery()
    )
    query = (
        select(Need, Startup.name, Startup.public_id, matched_at, engaged)
        .join(Startup, Startup.id == Need.startup_id)
        .where(_is_visible(viewer))
        .order_by(Need.updated_at.desc(), Need.id.desc())
    )
    if chosen.state is not None:
        query = query.where(Need.state == chosen.state)
    if chosen.kind is not None:
        query = query.where(Need.kind == chosen.kind)
    if (words := _find_in_need(chosen.text)) is not None:
        query = query.where(words)
    return [
        NeedRow(
            public_id=need.public_id,
            title=need.title,
            kind=need.kind,
            state=need.state,
            startup_name=name,
            startup_public_id=startup_public_id,
            updated_at=need.updated_at,
            matched_at=last,
            open_engagements=open_engagements,
        )
        for need, name, startup_public_id, last, open_engagements in session.execute(query)
    ]


def select_needs(viewer: Actor, chosen: NeedFilter) -> Select[Need]:
    """The needs that `viewer` may see and `chosen` lets through, with all that is shown of one."""
    query = (
        select(Need)
        .join(Startup, Startup.id == Need.startup_id)
        .where(_is_visible(viewer))
        .options(contains_eager(Need.startup), selectinload(Need.conditions))
    )
    if chosen.state is not None:
        query = query.where(Need.state == chosen.state)
    if chosen.kind is not None:
        query = query.where(Need.kind == chosen.kind)
    if (words := _find_in_need(chosen.text)) is not None:
        query = query.where(words)
    return query


def load_needs(session: Session, ids: Collection[int]) -> Sequence[Need]:
    """The needs with these ids, with all that is shown of one: what holds them has it, too."""
    return session.scalars(
        select(Need)
        .where(Need.id.in_(set(ids)))
        .options(joinedload(Need.startup), selectinload(Need.conditions))
    ).all()


def _find_in_need(text: str) -> ColumnElement[bool] | None:
    return find_words(
        text,
        names=(Startup.name,),
        texts=(Need.title, Need.text),
        keys=pair_organisation_keys(text, Startup.name_key, Startup.other_key),
    )


def count_needs_by_state(session: Session, viewer: Actor) -> Mapping[str, int]:
    """How many needs `viewer` may see in each state; states without any are left out."""
    counted = session.execute(
        select(Need.state, func.count())
        .join(Startup, Startup.id == Need.startup_id)
        .where(_is_visible(viewer))
        .group_by(Need.state)
    )
    return {row[0]: row[1] for row in counted}


def list_own_startups(session: Session, viewer: Actor) -> list[StartupChoice]:
    """The startups for which `viewer` may state a need, by name."""
    rows = session.execute(
        select(Startup.public_id, Startup.name)
        .where(_is_founded(viewer))
        .order_by(Startup.name, Startup.id)
    )
    return [StartupChoice(public_id, name) for public_id, name in rows]


def _select_drafts(viewer: Actor, at: datetime) -> Select[Need] | None:
    """The drafts that `viewer` has still to finish."""
    if not viewer.founds:
        return None
    return (
        select(Need)
        .join(Startup, Startup.id == Need.startup_id)
        .where(_is_founded(viewer), Need.state == "draft")
        .order_by(Need.updated_at.desc(), Need.id.desc())
    )


def _word_drafts(rows: Sequence[Need], viewer: Actor, at: datetime) -> list[WaitingItem]:
    return [
        WaitingItem(
            kind="need_draft",
            title=need.title,
            due_at=None,
            path_endpoint="needs.edit_need",
            path_values={"public_id": need.public_id},
            action=_l("Finish the draft"),
            detail=_l("Nobody is looked for until this need is open."),
        )
        for need in rows
    ]


WAITING: Final = (WaitingList(("need_draft",), _select_drafts, _word_drafts),)


def _is_founded(viewer: Actor) -> ColumnElement[bool]:
    founded = Startup.id.in_(viewer.founds)
    if viewer.within_incubator_id is None:
        return founded
    return and_(founded, Startup.incubator_id == viewer.within_incubator_id)


def _is_visible(viewer: Actor) -> ColumnElement[bool]:
    return or_(_is_founded(viewer), Startup.incubator_id.in_(viewer.operates))
