"""Reads of profiles, with typed results."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, false, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from app.access import POOL_STATES_SHOWN, Actor
from app.ranking.track_records import count_taken_places, list_answer_hours
from app.web.paging import count_pages
from app.words.searching import NO_TERMS, find_words, pair_organisation_keys, texts_of
from matching.records import TermSet
from matching.text.passages import SENTENCE, split_passages
from models.needs import Need
from models.organisations import Incubator, Startup
from models.people import Membership
from models.person_names import make_person_key
from models.pools import PoolEntry
from models.profile_text import compose_profile_text
from models.provider_texts import ProviderText
from models.providers import Centre, Provider
from models.vocabulary import Field, ProviderKind

PAGE_SIZE = 20


class ProviderOrder(StrEnum):
    """How a list of providers can be ordered."""

    NAME = "name"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFilter:
    """Which providers to list. None and "" leave a property open; a place covers those in it.

    `terms` are those of the viewer's incubators.
    """

    kind: ProviderKind | None = None
    field: Field | None = None
    place_code: str | None = None
    text: str = ""
    order: ProviderOrder = ProviderOrder.NAME
    terms: TermSet = NO_TERMS


@dataclass(frozen=True, slots=True)
class ListedProvider:
    """One row of a list: the provider, how many further engagements it can take, and how quickly
    it answered so far, as a median in hours; None where it never answered."""

    provider: Provider
    free_places: int
    answer_hours: float | None


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """One page of a list. `count` is over all pages, which are numbered from 1."""

    rows: tuple[ListedProvider, ...]
    count: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return count_pages(self.count, PAGE_SIZE)


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A part of a profile as matching reads it: the part's name and its sentences."""

    name: str
    sentences: tuple[str, ...]


def find_startup(session: Session, public_id: str) -> Startup | None:
    """The startup with that public id."""
    return session.scalar(select(Startup).where(Startup.public_id == public_id))


def find_provider(session: Session, public_id: str) -> Provider | None:
    """The provider with that public id."""
    return session.scalar(
        select(Provider)
        .where(Provider.public_id == public_id)
        .options(
            selectinload(Provider.mentor),
            selectinload(Provider.investor),
            selectinload(Provider.centre).selectinload(Centre.services),
            selectinload(Provider.pool_entries),
        )
    )


def list_providers(
    session: Session, *, viewer: Actor, chosen: ProviderFilter, number: int = 1
) -> ProviderPage:
    """Page `number` of the published providers that `viewer` may see and that fit `chosen`.

    A number beyond the last page gives the last page.
    """
    query = _narrow(select(Provider).where(is_visible_to(viewer)), chosen)
    count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = ProviderPage((), count, 1)
    number = min(max(1, number), page.last)
    if chosen.order is ProviderOrder.NEWEST:
        query = query.order_by(Provider.published_at.desc(), Provider.id.desc())
    else:
        query = query.order_by(Provider.name, Provider.id)
    providers = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    ids = [provider.id for provider in providers]
    taken = count_taken_places(session, ids)
    hours = list_answer_hours(session, ids)
    rows = tuple(
        ListedProvider(
            provider=provider,
            free_places=max(0, provider.capacity - taken.get(provider.id, 0)),
            answer_hours=hours.get(provider.id),
        )
        for provider in providers
    )
    return ProviderPage(rows, count, number)


def select_providers(*, viewer: Actor, chosen: ProviderFilter) -> Select[Provider]:
    """The published providers that `viewer` may see and that fit `chosen`."""
    return _narrow(select(Provider).where(is_visible_to(viewer)), chosen)


def select_startups(viewer: Actor, *, state: str | None, text: str = "") -> Select[Startup]:
    """The startups that `viewer` founds, and those that their incubators host.

    `text` keeps those in whose profile its words stand.
    """
    founded: ColumnElement[bool] = Startup.id.in_(viewer.founds)
    if viewer.within_incubator_id is not None:
        founded = and_(founded, Startup.incubator_id == viewer.within_incubator_id)
    query = (
        select(Startup)
        .where(or_(founded, Startup.incubator_id.in_(viewer.operates)))
        .options(joinedload(Startup.incubator), selectinload(Startup.affiliation_rows))
    )
    words = find_words(
        text,
        names=(Startup.name,),
        texts=(Startup.one_line, Startup.description, texts_of(Startup.topics)),
        keys=pair_organisation_keys(text, Startup.name_key, Startup.other_key),
    )
    if words is not None:
        query = query.where(words)
    return query if state is None else query.where(Startup.state == state)


def load_startups(session: Session, ids: Collection[int]) -> Sequence[Startup]:
    """The startups with these ids, with all that is shown of one: what holds them has it, too."""
    return session.scalars(
        select(Startup)
        .where(Startup.id.in_(set(ids)))
        .options(joinedload(Startup.incubator), selectinload(Startup.affiliation_rows))
    ).all()


def load_providers(session: Session, ids: Collection[int]) -> Sequence[Provider]:
    """The providers with these ids, with what decides who may see them."""
    return session.scalars(
        select(Provider)
        .where(Provider.id.in_(set(ids)))
        .options(selectinload(Provider.pool_entries))
    ).all()


def count_free_places(session: Session, provider: Provider) -> int:
    """How many further engagements `provider` can take now; never below 0."""
    return max(
        0, provider.capacity - count_taken_places(session, [provider.id]).get(provider.id, 0)
    )


def get_answer_hours(session: Session, provider: Provider) -> float | None:
    """The median time from a request to its answer, in hours; None where none was answered."""
    return list_answer_hours(session, [provider.id]).get(provider.id)


def list_sections(provider: Provider) -> tuple[ReadSection, ...]:
    """How the published text of `provider` is read; of a draft, how its text would be read.

    Every sentence is a literal part of the text, in its order.
    """
    if provider.published_text:
        text = provider.published_text
        found = [(p.section, p.start, p.end) for p in provider.passages if p.role == SENTENCE]
    else:
        text, sections = compose_profile_text(provider)
        found = [
            (next(s.name for s in sections if s.start <= p.start < s.end), p.start, p.end)
            for p in split_passages(text)
            if p.role == SENTENCE
        ]
    return tuple(
        ReadSection(name, tuple(text[start:end] for _, start, end in passages))
        for name, passages in groupby(found, key=itemgetter(0))
    )


def find_text(provider: Provider) -> str:
    """The published text of `provider`; of a draft, as it would be published."""
    return provider.published_text or compose_profile_text(provider)[0]


def list_said(provider: Provider) -> frozenset[str]:
    """The sentences of `find_text` and of the further texts, as they are read."""
    texts = (find_text(provider), *(each.text for each in provider.texts))
    return frozenset(said for text in texts for said in _list_sentences(text))


def _list_sentences(text: str) -> list[str]:
    """A text of one sentence is that."""
    passages = split_passages(text)
    own = [each for each in passages if each.role == SENTENCE] or passages
    return [text[each.start : each.end] for each in own]


def select_further_texts(provider: Provider) -> Select[ProviderText]:
    """The texts that `provider` has beside its profile, with all but their words."""
    return (
        select(ProviderText)
        .where(ProviderText.provider_id == provider.id)
        .options(defer(ProviderText.text))
    )


def list_further_texts(session: Session, provider: Provider) -> Sequence[ProviderText]:
    """`select_further_texts`, the newest first; they are few."""
    query = select_further_texts(provider).order_by(ProviderText.id.desc())
    return session.scalars(query).all()


def find_further_text(session: Session, provider: Provider, public_id: str) -> ProviderText | None:
    """The text of `provider` with that public id."""
    return session.scalar(
        select(ProviderText).where(
            ProviderText.provider_id == provider.id, ProviderText.public_id == public_id
        )
    )


def list_members(
    session: Session,
    *,
    startup: Startup | None = None,
    provider: Provider | None = None,
    incubator: Incubator | None = None,
) -> Sequence[Membership]:
    """Who acts for the organisation that is given, by the order in which they joined."""
    query = select(Membership).options(selectinload(Membership.person)).order_by(Membership.id)
    if startup is not None:
        query = query.where(Membership.startup_id == startup.id)
    if provider is not None:
        query = query.where(Membership.provider_id == provider.id)
    if incubator is not None:
        query = query.where(Membership.incubator_id == incubator.id)
    if startup is None and provider is None and incubator is None:
        query = query.where(false())
    return session.scalars(query).all()


def list_needs_of(session: Session, startup: Startup) -> Sequence[Need]:
    """The needs of `startup`, newest first."""
    return session.scalars(
        select(Need).where(Need.startup_id == startup.id).order_by(Need.id.desc())
    ).all()


def list_open_needs(session: Session, *, viewer: Actor) -> Sequence[Need]:
    """The open needs of the startups for which `viewer` acts, newest first."""
    return session.scalars(
        select(Need)
        .where(Need.startup_id.in_(viewer.founds), Need.state == "open")
        .order_by(Need.id.desc())
    ).all()


def list_incubators_without(
    session: Session, *, provider: Provider, viewer: Actor
) -> Sequence[Incubator]:
    """The incubators that `viewer` operates and could invite this published mentor to, by name."""
    if provider.kind is not ProviderKind.MENTOR or provider.state != "published":
        return ()
    known = [entry.incubator_id for entry in provider.pool_entries]
    return session.scalars(
        select(Incubator)
        .where(Incubator.id.in_(viewer.operates), Incubator.id.not_in(known))
        .order_by(Incubator.name)
    ).all()


def is_visible_to(viewer: Actor) -> ColumnElement[bool]:
    """`app.access.can_view_provider` for what is published, as a condition on rows."""
    admitted = (
        select(PoolEntry.id)
        .where(
            PoolEntry.provider_id == Provider.id,
            PoolEntry.state == "admitted",
            PoolEntry.incubator_id.in_(viewer.hosted_by),
        )
        .exists()
    )
    conditions = [
        Provider.kind != ProviderKind.MENTOR,
        Provider.open_to_all,
        Provider.id.in_(viewer.provides),
        admitted,
    ]
    if viewer.operates:
        conditions += [Provider.shown_to_incubators, _stands_in(viewer.operates)]
    return and_(Provider.state == "published", or_(*conditions))


def _stands_in(incubator_ids: Collection[int]) -> ColumnElement[bool]:
    """Whether a mentor shows itself to the operators of one of these incubators by its pool."""
    return exists().where(
        PoolEntry.provider_id == Provider.id,
        PoolEntry.state.in_(POOL_STATES_SHOWN),
        PoolEntry.incubator_id.in_(incubator_ids),
    )


def _join_further_texts() -> ColumnElement[str]:
    """All further texts of a provider as one; NULL for none."""
    return (
        select(func.aggregate_strings(ProviderText.title + "\n" + ProviderText.text, "\n"))
        .where(ProviderText.provider_id == Provider.id)
        .correlate(Provider)
        .scalar_subquery()
    )


def _narrow(query: Select[Provider], chosen: ProviderFilter) -> Select[Provider]:
    if chosen.kind is not None:
        query = query.where(Provider.kind == chosen.kind)
    if chosen.field is not None:
        # Codes are kept as a JSON list: the quotes keep one code from being found in another.
        query = query.where(cast(Provider.fields, String).contains(f'"{chosen.field.value}"'))
    if chosen.place_code is not None:
        prefix = chosen.place_code
        while prefix.endswith("00"):
            prefix = prefix[:-2]
        query = query.where(Provider.place_code.startswith(prefix, autoescape=True))
    words = find_words(
        chosen.text,
        names=(Provider.name,),
        texts=(Provider.published_text, _join_further_texts()),
        terms=chosen.terms,
        keys=(
            (Provider.person_key, make_person_key(chosen.text)),
            *pair_organisation_keys(chosen.text, Provider.name_key, Provider.other_key),
        ),
    )
    return query if words is None else query.where(words)
