"""Conflicts of interest between a startup and those who might support it: found, not declared.

A provider is in conflict with a startup when one person acts for both, when both name the same
organisation in a way that binds them to it, or when the provider is bound to a direct competitor:
works for it, holds its shares or advises it. A competitor is one that the startup names, or a
published startup with a field and at least `TOPICS_OF_COMPETITOR` topics in common. To advise the
startup itself, or its shareholders, is no conflict.

Nothing here reads through all providers: names and topics are looked up by their indexed keys.
What one startup keeps for itself (the competitors that it names, its topics) is never a reason that
another one is told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from models.affiliations import Affiliation, StartupTopic, make_topic_key
from models.organisation_names import is_same_organisation, make_name_key
from models.organisations import Startup
from models.people import Membership
from models.providers import Mentor, Provider
from models.vocabulary import AffiliationKind

# The reason code under which matching counts whoever is left out for this.
CONFLICT_CODE: Final = "conflict"

# Two startups of one field that share as many free topics compete.
TOPICS_OF_COMPETITOR: Final = 2


class ConflictReason(StrEnum):
    """What connects a provider with a startup, the nearest connection first."""

    SAME_PERSON = "same_person"
    SHAREHOLDER = "shareholder"
    SAME_EMPLOYER = "same_employer"
    SAME_ORGANISATION = "same_organisation"
    COMPETITOR = "competitor"
    PORTFOLIO_COMPETITOR = "portfolio_competitor"
    ADVISES_COMPETITOR = "advises_competitor"
    # As the two before, of a competitor that the startup did not name: it is told by its topics.
    PORTFOLIO_RIVAL = "portfolio_rival"
    ADVISES_RIVAL = "advises_rival"


@dataclass(frozen=True, slots=True)
class Connection:
    """One reason, and by what: persons, organisations as the provider writes them, or topics.

    Topics, in the words of the startup that asks, stand for a rival: its name is not told.
    """

    reason: ConflictReason
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """All that connects the two sides, the nearest connection first."""

    connections: tuple[Connection, ...]

    @property
    def because(self) -> tuple[str, ...]:
        """The names of everything that connects them, each once."""
        return tuple(dict.fromkeys(name for each in self.connections for name in each.names))


# What a provider is itself, beside the kinds of organisation that it can name.
_ITSELF: Final = "itself"

_EMPLOYER = AffiliationKind.EMPLOYER.value
_SHAREHOLDER = AffiliationKind.SHAREHOLDER.value
_PORTFOLIO = AffiliationKind.PORTFOLIO.value
_ADVISES = AffiliationKind.ADVISES.value
_COMPETITOR = AffiliationKind.COMPETITOR.value
_RELATED = AffiliationKind.RELATED.value

# Which reason the same organisation is, by what it is to the provider and to the startup. A pair
# that is not here is no conflict.
_REASONS: Final[Mapping[tuple[str, str], ConflictReason]] = {
    **{
        (theirs, ours): ConflictReason.SAME_ORGANISATION
        for theirs in (_ITSELF, _EMPLOYER, _SHAREHOLDER, _PORTFOLIO, _RELATED)
        for ours in (_ITSELF, _EMPLOYER, _RELATED)
    },
    **{
        (theirs, _SHAREHOLDER): ConflictReason.SHAREHOLDER
        for theirs in (_ITSELF, _EMPLOYER, _SHAREHOLDER, _PORTFOLIO)
    },
    (_RELATED, _SHAREHOLDER): ConflictReason.SAME_ORGANISATION,
    (_SHAREHOLDER, _ITSELF): ConflictReason.SHAREHOLDER,
    (_PORTFOLIO, _ITSELF): ConflictReason.SHAREHOLDER,
    (_EMPLOYER, _EMPLOYER): ConflictReason.SAME_EMPLOYER,
    **{
        (theirs, _COMPETITOR): ConflictReason.COMPETITOR
        for theirs in (_ITSELF, _EMPLOYER, _SHAREHOLDER, _RELATED)
    },
    (_PORTFOLIO, _COMPETITOR): ConflictReason.PORTFOLIO_COMPETITOR,
    (_ADVISES, _COMPETITOR): ConflictReason.ADVISES_COMPETITOR,
}
_RIVAL_REASONS: Final[Mapping[str, ConflictReason]] = {
    _PORTFOLIO: ConflictReason.PORTFOLIO_RIVAL,
    _ADVISES: ConflictReason.ADVISES_RIVAL,
}

# By provider, by reason: the names that connect, each once and in the order found.
_Found = dict[int, dict[ConflictReason, dict[str, None]]]


def list_conflicts(session: Session, startup: Startup) -> Mapping[int, Conflict]:
    """Every published provider that is in conflict with `startup`, by its id, with the reasons."""
    return _find(session, startup, None)


def find_conflict(session: Session, startup: Startup, provider: Provider) -> Conflict | None:
    """What forbids that `startup` asks `provider`, whatever its state; None when nothing does."""
    return _find(session, startup, provider.id).get(provider.id)


def _find(session: Session, startup: Startup, provider_id: int | None) -> dict[int, Conflict]:
    found: _Found = defaultdict(lambda: defaultdict(dict))
    for provider, reason, name in (
        *_find_shared_people(session, startup, provider_id),
        *_find_shared_organisations(session, startup, provider_id),
        *_find_rivals(session, startup, provider_id),
    ):
        found[provider][reason][name] = None
    return {
        provider: Conflict(
            tuple(
                Connection(reason, tuple(by_reason[reason]))
                for reason in ConflictReason
                if reason in by_reason
            )
        )
        for provider, by_reason in found.items()
    }


_Row = tuple[int, ConflictReason, str]


def _is_asked(provider_id: int | None) -> ColumnElement[bool]:
    return Provider.state == "published" if provider_id is None else Provider.id == provider_id


def _find_shared_people(
    session: Session, startup: Startup, provider_id: int | None
) -> Iterator[_Row]:
    """The founders who also act for a provider."""
    founders = select(Membership.person_id).where(Membership.startup_id == startup.id)
    query = (
        select(Membership)
        .join(Provider)
        .where(Membership.person_id.in_(founders), _is_asked(provider_id))
        .options(joinedload(Membership.person))
        .order_by(Membership.id)
    )
    for membership in session.scalars(query):
        if membership.provider_id is not None:
            yield membership.provider_id, ConflictReason.SAME_PERSON, membership.person.name


def _find_shared_organisations(
    session: Session, startup: Startup, provider_id: int | None
) -> Iterator[_Row]:
    """The organisations that bind both sides."""
    ours: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, name in (
        (_ITSELF, startup.name),
        *((row.kind.value, row.name) for row in startup.affiliation_rows),
    ):
        if key := make_name_key(name):
            ours[key].append((kind, name))
    for row in session.execute(_select_names(ours, provider_id)):
        for kind, own_name in ours[row.key]:
            reason = _REASONS.get((row.kind, kind))
            if reason is not None and is_same_organisation(own_name, row.name):
                yield row.id, reason, row.name


def _select_names(keys: Collection[str], provider_id: int | None) -> Select[Any]:
    """What providers are, by whom they are employed and what they name, under one of `keys`."""
    named = union_all(
        select(
            Provider.id.label("id"),
            literal(_ITSELF).label("kind"),
            Provider.name_key.label("key"),
            Provider.name.label("name"),
            literal(0).label("row_id"),
        ).where(Provider.name_key.in_(keys), _is_asked(provider_id)),
        select(Provider.id, literal(_EMPLOYER), Mentor.employer_key, Mentor.employer, literal(0))
        .join(Mentor)
        .where(Mentor.employer_key.in_(keys), _is_asked(provider_id)),
        select(
            Provider.id,
            Affiliation.kind,
            Affiliation.name_key,
            Affiliation.name,
            Affiliation.id,
        )
        .join(Affiliation)
        .where(Affiliation.name_key.in_(keys), _is_asked(provider_id)),
    ).subquery()
    return select(named.c.id, named.c.kind, named.c.key, named.c.name).order_by(
        named.c.id, named.c.row_id
    )


def _find_rivals(session: Session, startup: Startup, provider_id: int | None) -> Iterator[_Row]:
    """The providers that hold shares of, or advise, startups that compete by field and topics."""
    topics = {key: topic for topic in startup.topics if (key := make_topic_key(topic))}
    if len(topics) < TOPICS_OF_COMPETITOR or not startup.fields:
        return
    shared = (
        select(StartupTopic.startup_id)
        .where(StartupTopic.topic_key.in_(topics), StartupTopic.startup_id != startup.id)
        .group_by(StartupTopic.startup_id)
        .having(func.count() >= TOPICS_OF_COMPETITOR)
        .subquery()
    )
    rival = aliased(Startup)
    query = (
        select(Provider.id, Affiliation.kind, Affiliation.name, rival.name, rival)
        .select_from(shared)
        .join(rival, rival.id == shared.c.startup_id)
        .join(Affiliation, Affiliation.name_key == rival.name_key)
        .join(Provider, Provider.id == Affiliation.provider_id)
        .where(
            rival.state == "published",
            rival.name_key != "",
            Affiliation.kind.in_(_RIVAL_REASONS),
            _is_asked(provider_id),
        )
        .order_by(Affiliation.id)
    )
    for provider, kind, name, rival_name, other in session.execute(query):
        if is_same_organisation(name, rival_name) and set(other.fields) & set(startup.fields):
            theirs = {make_topic_key(topic) for topic in other.topics}
            for key, topic in topics.items():
                if key in theirs:
                    yield provider, _RIVAL_REASONS[kind.value], topic
