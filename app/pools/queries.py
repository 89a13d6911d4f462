"""Reads for operators and mentors: pools, hosted startups, incubators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.access import POOL_STATES_LOOKED_AFTER, POOL_STATES_SHOWN, Actor
from app.ranking.track_records import LEAST_ANSWERS, count_taken_places, list_ratings
from app.telling.waiting import WaitingItem, WaitingList
from app.words.searching import find_words, pair_organisation_keys, texts_of
from models.engagements import Engagement
from models.incubator_terms import IncubatorTerm
from models.lifecycle import ENGAGEMENT_OPEN
from models.needs import Need
from models.organisations import Incubator, Startup
from models.people import Membership, Person
from models.person_names import make_person_key
from models.pools import PoolEntry
from models.providers import Provider
from models.vocabulary import ProviderKind


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One mentor of a pool with the figures that an operator decides by.

    `taken` counts the engagements that take a place, of all incubators; `unanswered` and `rating`
    (mean of 1 to 5, by startups) are of this incubator's engagements alone.
    """

    entry: PoolEntry
    provider: Provider
    people: tuple[Person, ...]
    taken: int
    unanswered: int
    rating: float | None
    ratings: int

    @property
    def is_shown(self) -> bool:
        """Whether operators may see more of the profile than its name: it is published, or its
        mentor showed it to this pool."""
        return self.provider.state == "published" or self.entry.state in POOL_STATES_SHOWN

    @property
    def free_places(self) -> int:
        """How many further engagements the mentor can take now."""
        return max(0, self.provider.capacity - self.taken)


@dataclass(frozen=True, slots=True)
class HostedStartup:
    """One startup of an incubator with the figures that an operator decides by."""

    startup: Startup
    founders: tuple[Person, ...]
    open_needs: int
    open_engagements: int
    completed_engagements: int


def find_incubator(session: Session, public_id: str) -> Incubator | None:
    """The incubator with this public id."""
    return session.scalar(select(Incubator).where(Incubator.public_id == public_id))


def find_entry(session: Session, public_id: str) -> PoolEntry | None:
    """The pool entry with this public id, with its mentor and incubator."""
    return session.scalar(
        select(PoolEntry)
        .where(PoolEntry.public_id == public_id)
        .options(joinedload(PoolEntry.provider), joinedload(PoolEntry.incubator))
    )


def list_incubators(session: Session) -> Sequence[Incubator]:
    """All incubators, by name."""
    return session.scalars(select(Incubator).order_by(Incubator.name)).all()


def select_incubators() -> Select[Incubator]:
    """All incubators."""
    return select(Incubator)


def select_entries(
    viewer: Actor, *, incubator: Incubator | None, state: str | None, text: str = ""
) -> Select[PoolEntry]:
    """The pool entries that `viewer` may see, of one `incubator` if given, with their names.

    `text` keeps those in whose profile its words stand.
    """
    own: ColumnElement[bool] = PoolEntry.provider_id.in_(viewer.provides)
    if viewer.within_incubator_id is not None:
        own = and_(own, PoolEntry.incubator_id == viewer.within_incubator_id)
    query = (
        select(PoolEntry)
        .where(or_(own, PoolEntry.incubator_id.in_(viewer.operates)))
        .join(PoolEntry.provider)
        .options(contains_eager(PoolEntry.provider), joinedload(PoolEntry.incubator))
    )
    if (words := _find_in_profile(text)) is not None:
        query = query.where(words)
    if incubator is not None:
        query = query.where(PoolEntry.incubator_id == incubator.id)
    return query if state is None else query.where(PoolEntry.state == state)


def list_operated(session: Session, actor: Actor) -> Sequence[Incubator]:
    """The incubators that `actor` operates, by name."""
    return session.scalars(
        select(Incubator).where(Incubator.id.in_(actor.operates)).order_by(Incubator.name)
    ).all()


def list_own_incubators(session: Session, provider: Provider) -> Sequence[Incubator]:
    """The incubators in whose pools `provider` is, by name: their operators answer for them."""
    return session.scalars(
        select(Incubator)
        .join(PoolEntry, PoolEntry.incubator_id == Incubator.id)
        .where(PoolEntry.provider_id == provider.id, PoolEntry.state.in_(POOL_STATES_LOOKED_AFTER))
        .order_by(Incubator.name, Incubator.id)
    ).all()


def count_admitted(session: Session, incubator: Incubator) -> int:
    """How many mentors the pool has at present."""
    return (
        session.scalar(
            select(func.count())
            .select_from(PoolEntry)
            .where(PoolEntry.incubator_id == incubator.id, PoolEntry.state == "admitted")
        )
        or 0
    )


def list_pool(
    session: Session, incubator: Incubator, *, state: str | None = None, text: str = ""
) -> list[PoolRow]:
    """The pool of `incubator`, those that wait for a decision first, then by name.

    `state` keeps one state; `text` keeps those in whose profile its words stand.
    """
    query = (
        select(PoolEntry)
        .join(Provider)
        .where(PoolEntry.incubator_id == incubator.id)
        .options(
            joinedload(PoolEntry.provider)
            .selectinload(Provider.memberships)
            .joinedload(Membership.person),
            joinedload(PoolEntry.provider).joinedload(Provider.mentor),
        )
        .order_by(PoolEntry.state != "applied", Provider.name, PoolEntry.id)
    )
    if state is not None:
        query = query.where(PoolEntry.state == state)
    if (words := _find_in_profile(text)) is not None:
        query = query.where(words)
    entries = session.scalars(query).unique().all()
    ids = [entry.provider_id for entry in entries]
    taken = count_taken_places(session, ids)
    unanswered = _count_unanswered(session, ids, incubator)
    rated = list_ratings(session, ids, incubator_id=incubator.id)
    return [
        PoolRow(
            entry=entry,
            provider=entry.provider,
            people=tuple(m.person for m in entry.provider.memberships),
            taken=taken.get(entry.provider_id, 0),
            unanswered=unanswered.get(entry.provider_id, 0),
            rating=mean if count >= LEAST_ANSWERS else None,
            ratings=count,
        )
        for entry in entries
        for mean, count in (rated.get(entry.provider_id, (None, 0)),)
    ]


def _count_unanswered(
    session: Session, ids: Sequence[int], incubator: Incubator
) -> Mapping[int, int]:
    rows = session.execute(
        select(Engagement.provider_id, func.count())
        .where(
            Engagement.provider_id.in_(ids),
            Engagement.incubator_id == incubator.id,
            Engagement.state.in_(("requested", "expired")),
        )
        .group_by(Engagement.provider_id)
    )
    return {row[0]: row[1] for row in rows}


def count_by_state(session: Session, incubator: Incubator) -> dict[str, int]:
    """How many mentors stand in each state of the pool."""
    return {
        row[0]: row[1]
        for row in session.execute(
            select(PoolEntry.state, func.count())
            .where(PoolEntry.incubator_id == incubator.id)
            .group_by(PoolEntry.state)
        )
    }


def _find_in_profile(text: str) -> ColumnElement[bool] | None:
    return find_words(
        text,
        names=(Provider.name,),
        texts=(
            Provider.headline,
            Provider.summary,
            Provider.can_help_with,
            texts_of(Provider.topics),
        ),
        keys=(
            (Provider.person_key, make_person_key(text)),
            *pair_organisation_keys(text, Provider.name_key, Provider.other_key),
        ),
    )


def list_hosted(session: Session, incubator: Incubator, *, text: str = "") -> list[HostedStartup]:
    """The startups of `incubator`, by name; `text` keeps those in whose profile its words
    stand."""
    query = (
        select(Startup)
        .where(Startup.incubator_id == incubator.id)
        .options(selectinload(Startup.memberships).joinedload(Membership.person))
        .order_by(Startup.name, Startup.id)
    )
    words = find_words(
        text,
        names=(Startup.name,),
        texts=(Startup.one_line, Startup.description, texts_of(Startup.topics)),
        keys=pair_organisation_keys(text, Startup.name_key, Startup.other_key),
    )
    if words is not None:
        query = query.where(words)
    startups = session.scalars(query).all()
    ids = [startup.id for startup in startups]
    needs = {
        row[0]: row[1]
        for row in session.execute(
            select(Need.startup_id, func.count())
            .where(Need.startup_id.in_(ids), Need.state == "open")
            .group_by(Need.startup_id)
        )
    }
    engagements = {
        (row[0], row[1]): row[2]
        for row in session.execute(
            select(Engagement.startup_id, Engagement.state, func.count())
            .where(Engagement.startup_id.in_(ids))
            .group_by(Engagement.startup_id, Engagement.state)
        )
    }
    return [
        HostedStartup(
            startup=startup,
            founders=tuple(m.person for m in startup.memberships),
            open_needs=needs.get(startup.id, 0),
            open_engagements=sum(
                engagements.get((startup.id, state), 0) for state in ENGAGEMENT_OPEN
            ),
            completed_engagements=engagements.get((startup.id, "completed"), 0),
        )
        for startup in startups
    ]


def list_own_mentors(session: Session, actor: Actor) -> Sequence[Provider]:
    """The mentors for whom `actor` acts, by name."""
    return session.scalars(
        select(Provider)
        .where(Provider.id.in_(actor.provides), Provider.kind == ProviderKind.MENTOR)
        .order_by(Provider.name)
    ).all()


def _select_own_entries(actor: Actor) -> Select[PoolEntry]:
    query = (
        select(PoolEntry)
        .join(Incubator)
        .where(PoolEntry.provider_id.in_(actor.provides))
        .options(joinedload(PoolEntry.incubator), joinedload(PoolEntry.provider))
        .order_by(Incubator.name)
    )
    if actor.within_incubator_id is not None:
        query = query.where(PoolEntry.incubator_id == actor.within_incubator_id)
    return query


def select_terms(incubator: Incubator) -> Select[IncubatorTerm]:
    """All terms that `incubator` ever had."""
    return select(IncubatorTerm).where(IncubatorTerm.incubator_id == incubator.id)


def _select_applied(viewer: Actor, at: datetime) -> Select[PoolEntry] | None:
    """Applications that an operator has to decide on."""
    if not viewer.operates:
        return None
    return (
        select(PoolEntry)
        .where(PoolEntry.state == "applied", PoolEntry.incubator_id.in_(viewer.operates))
        .order_by(PoolEntry.changed_at)
    )


def _word_applied(rows: Sequence[PoolEntry], viewer: Actor, at: datetime) -> list[WaitingItem]:
    """`pool_application` for each of them."""
    return [
        WaitingItem(
            kind="pool_application",
            title=entry.provider.name,
            detail=_l("Applies to the mentor pool of %(name)s.", name=entry.incubator.name),
            due_at=None,
            path_endpoint="pools.show_entry",
            path_values={"public_id": entry.public_id},
            action=_l("Decide on the application"),
        )
        for entry in rows
    ]


def _select_invited(viewer: Actor, at: datetime) -> Select[PoolEntry] | None:
    """Invitations that a mentor has."""
    if not viewer.provides:
        return None
    return _select_own_entries(viewer).where(PoolEntry.state == "invited")


def _word_invited(rows: Sequence[PoolEntry], viewer: Actor, at: datetime) -> list[WaitingItem]:
    """`pool_invitation` for each of them."""
    return [
        WaitingItem(
            kind="pool_invitation",
            title=entry.incubator.name,
            detail=_l("Invites you to its mentor pool."),
            due_at=None,
            path_endpoint="pools.show_entry",
            path_values={"public_id": entry.public_id},
            action=_l("Answer the invitation"),
        )
        for entry in rows
    ]


_BESIDE: Final = (PoolEntry.provider, PoolEntry.incubator)
WAITING: Final = (
    WaitingList(("pool_application",), _select_applied, _word_applied, _BESIDE),
    WaitingList(("pool_invitation",), _select_invited, _word_invited, _BESIDE),
)
