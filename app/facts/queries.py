"""Reads of facts: all of one subject, and what was known of many on a day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from app.telling.waiting import WaitingItem, WaitingList
from models.fact_types import FactType
from models.facts import Fact
from models.organisations import Startup
from models.providers import Provider

# How many ids stand in one query; databases have a limit for them.
_AT_ONCE = 5000


def find_fact(session: Session, public_id: str) -> Fact | None:
    """The fact with that public id, with whom it is about."""
    return session.scalar(
        select(Fact)
        .where(Fact.public_id == public_id)
        .options(joinedload(Fact.startup), joinedload(Fact.provider))
    )


def find_startup_subject(session: Session, public_id: str) -> Startup | None:
    """The startup with that public id."""
    return session.scalar(select(Startup).where(Startup.public_id == public_id))


def find_provider_subject(session: Session, public_id: str) -> Provider | None:
    """The provider with that public id."""
    return session.scalar(select(Provider).where(Provider.public_id == public_id))


def list_facts(session: Session, subject: Startup | Provider) -> Sequence[Fact]:
    """All that was ever stated of `subject`: what stands first, by type, the newest time first."""
    found = session.scalars(
        _select_of(subject)
        .options(
            joinedload(Fact.document),
            joinedload(Fact.stated_by),
            joinedload(Fact.confirmed_by),
            joinedload(Fact.withdrawn_by),
        )
        .order_by(Fact.fact_type, Fact.time_key.desc(), Fact.id.desc())
    ).all()
    return sorted(found, key=lambda fact: not fact.is_current)


def count_current(session: Session, subject: Startup | Provider) -> tuple[int, int]:
    """How many facts of `subject` stand, and how many of them are confirmed."""
    rows = session.execute(
        _select_of(subject)
        .with_only_columns(Fact.state, func.count().label("count"))
        .where(Fact.state.in_(("stated", "confirmed")))
        .group_by(Fact.state)
    )
    states = {row.state: int(row._mapping["count"]) for row in rows}
    return sum(states.values()), states.get("confirmed", 0)


def list_known(
    session: Session, subject: Startup | Provider, *, at: datetime | None = None, confirmed: bool
) -> Sequence[Fact]:
    """`list_known_of_many` for one subject."""
    found = list_known_of_many(session, type(subject), [subject.id], at=at, confirmed=confirmed)
    return found.get(subject.id, [])


def list_known_of_many(
    session: Session,
    table: type[Startup] | type[Provider],
    ids: Collection[int],
    *,
    at: datetime | None = None,
    confirmed: bool,
) -> Mapping[int, Sequence[Fact]]:
    """The facts that stand, of each of the startups or providers with `ids`: one for each type and
    time, the newest statement of it, or with `confirmed` the confirmed one.

    With `at` it is what was known at that time: later statements, confirmations and withdrawals
    have not happened. Subjects of which nothing is known are left out.
    """
    of_subject = Fact.startup_id if table is Startup else Fact.provider_id
    wanted = sorted(ids)
    newest: dict[int, dict[tuple[str, str], Fact]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(Fact).where(
            of_subject.in_(wanted[start : start + _AT_ONCE]),
            _stands(confirmed) if at is None else _stood(at, confirmed),
        )
        # The last one of a type and a time stays.
        for fact in session.scalars(query.order_by(Fact.stated_at, Fact.id)):
            subject_id = fact.startup_id if table is Startup else fact.provider_id
            if subject_id is not None:
                newest.setdefault(subject_id, {})[fact.fact_type, fact.time_key] = fact
    return {
        subject_id: sorted(by_key.values(), key=lambda fact: (fact.fact_type, fact.time_key))
        for subject_id, by_key in newest.items()
    }


def _select_waiting(viewer: Actor, at: datetime) -> Select[Startup, int] | None:
    """The startups of the viewer's incubators with facts that nobody confirmed, and how many."""
    if not viewer.operates:
        return None
    waiting = (
        select(Fact.startup_id, func.count().label("count"))
        .join(Startup, Startup.id == Fact.startup_id)
        .where(
            Fact.state == "stated",
            Startup.incubator_id.in_(viewer.operates),
            Fact.stated_by_id.is_distinct_from(viewer.person_id),
        )
        .group_by(Fact.startup_id)
        .subquery()
    )
    return (
        select(Startup, waiting.c.count)
        .join(waiting, waiting.c.startup_id == Startup.id)
        .order_by(Startup.name, Startup.id)
    )


def _word_waiting(
    rows: Sequence[tuple[Startup, int]], viewer: Actor, at: datetime
) -> list[WaitingItem]:
    """The startups of the viewer's incubators of which facts wait to be confirmed."""
    return [
        WaitingItem(
            kind="facts_to_confirm",
            title=startup.name,
            detail=_l("Facts that nobody has confirmed: %(count)s.", count=count),
            due_at=None,
            path_endpoint="facts.list_of_startup",
            path_values={"public_id": startup.public_id},
            action=_l("Look at the facts"),
        )
        for startup, count in rows
    ]


WAITING: Final = (WaitingList(("facts_to_confirm",), _select_waiting, _word_waiting),)


def select_facts(
    subject: Startup | Provider, *, state: str | None, fact_type: FactType | None
) -> Select[Fact]:
    """All that was ever stated of `subject`, in one state and of one type where they are given."""
    query: Select[Fact] = _select_of(subject).options(
        joinedload(Fact.startup), joinedload(Fact.provider), joinedload(Fact.document)
    )
    if state is not None:
        query = query.where(Fact.state == state)
    return query if fact_type is None else query.where(Fact.fact_type == fact_type)


def _select_of(subject: Startup | Provider) -> Select[Any]:
    if isinstance(subject, Startup):
        return select(Fact).where(Fact.startup_id == subject.id)
    return select(Fact).where(Fact.provider_id == subject.id)


def _stands(confirmed: bool) -> ColumnElement[bool]:
    return Fact.state.in_(("confirmed",) if confirmed else ("stated", "confirmed"))


def _stood(at: datetime, confirmed: bool) -> ColumnElement[bool]:
    return and_(
        (Fact.confirmed_at if confirmed else Fact.stated_at) <= at,
        or_(Fact.withdrawn_at.is_(None), Fact.withdrawn_at > at),
        or_(Fact.superseded_at.is_(None), Fact.superseded_at > at),
    )
