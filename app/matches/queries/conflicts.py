"""Conflicts of interest between a startup and those who might support it: found, not declared.

A provider is in conflict with a startup when one person acts for both, when both name the same
organisation in a way that binds them to it, or when the provider is bound to a direct competitor:
works for it, holds its shares or advises it. A competitor is one that the startup names, or a
published startup with a field and at least `TOPICS_OF_COMPETITOR` topics in common. To advise the
startup itself, or its shareholders, is no conflict.

Nothing here reads through all providers: credit codes, names and topics are looked up by their
indexed keys. Where both sides give an organisation's credit code, the codes decide.
What one startup keeps for itself (the competitors that it names, its topics) is never a reason that
another one is told.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.affiliations import Affiliation, StartupTopic, make_topic_key
from models.credit_code import CreditCode
from models.organisation_names import is_called_the_same, list_names, make_name_key
from models.organisations import Startup
from models.people import Membership, Person
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


# How many ids stand in one query; databases have a limit for them.
_AT_ONCE: Final = 5000

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
    found = _find(session, startup, None)
    published = _list_published(session, sorted(found))
    return {provider: conflict for provider, conflict in found.items() if provider in published}


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
_Query = Select[*tuple[Any, ...]]


def _list_published(session: Session, provider_ids: Sequence[int]) -> set[int]:
    """Which of the providers are published.

    Asked by id, and after the rest: asked for their state at once, a database that knows little of
    its tables would rather read all that are published than look names up.
    """
    states = {
        provider: state
        for start in range(0, len(provider_ids), _AT_ONCE)
        for provider, state in session.execute(
            select(Provider.id, Provider.state).where(
                Provider.id.in_(provider_ids[start : start + _AT_ONCE])
            )
        )
    }
    return {provider for provider, state in states.items() if state == "published"}


def _narrow(
    query: _Query, column: ColumnElement[Any] | InstrumentedAttribute[Any], provider_id: int | None
) -> _Query:
    """`query` about the one provider, where there is one."""
    return query if provider_id is None else query.where(column == provider_id)


def _find_shared_people(
    session: Session, startup: Startup, provider_id: int | None
) -> Iterator[_Row]:
    """The founders who also act for a provider."""
    founders = select(Membership.person_id).where(Membership.startup_id == startup.id)
    side = Membership.provider_id
    query = (
        select(side, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.person_id.in_(founders), side.is_not(None))
        .order_by(Membership.id)
    )
    for provider, name in session.execute(_narrow(query, side, provider_id)):
        yield provider, ConflictReason.SAME_PERSON, name


@dataclass(frozen=True, slots=True)
class _Named:
    """An organisation that the startup is or names: what it is to it, its name and its code."""

    kind: str
    name: str
    code: CreditCode | None


def _find_shared_organisations(
    session: Session, startup: Startup, provider_id: int | None
) -> Iterator[_Row]:
    """The organisations that bind both sides, told by their codes, then by their names."""
    by_key: dict[str, list[_Named]] = defaultdict(list)
    by_code: dict[str, list[_Named]] = defaultdict(list)
    for ours in (
        *(_Named(_ITSELF, name, startup.credit_code) for name in list_names(startup.name)),
        *(
            _Named(row.kind.value, name, row.credit_code)
            for row in startup.affiliation_rows
            for name in list_names(row.name)
        ),
    ):
        if key := make_name_key(ours.name):
            by_key[key].append(ours)
        if ours.code is not None:
            by_code[ours.code].append(ours)
    query = _select_named(bool(by_code), provider_id is not None)
    asked = {"keys": list(by_key), "codes": list(by_code), "provider": provider_id}
    for row in session.execute(query, asked):
        same = by_code[row.code] if row.is_by_code else by_key[row.key]
        for ours in same:
            reason = _REASONS.get((row.kind, ours.kind))
            if reason is not None and is_called_the_same(
                ours.name, row.name, code=ours.code, other_code=row.code
            ):
                yield row.id, reason, row.name


# To put it together takes longer than to answer it, and it is asked for each need.
@cache
def _select_named(has_codes: bool, of_one: bool) -> _Query:
    """What providers are, by whom they are employed and what they name, under one of `keys` or
    with one of `codes`; first those that are found by their code. With `of_one` of `provider`.
    """
    keys: BindParameter[Any] = bindparam("keys", expanding=True)
    codes: BindParameter[Any] = bindparam("codes", expanding=True)
    # By code, by key and by other key separately: each is looked up by an index of its own.
    named = union_all(
        *(
            query.add_columns(column.label("key"), literal(is_by_code).label("is_by_code")).where(
                column.in_(values)
            )
            for query, key, other_key, code in _list_sources()
            for column, values, is_by_code in (
                *([(code, codes, 1)] if has_codes else []),
                (key, keys, 0),
                (other_key, keys, 0),
            )
        )
    ).subquery()
    query = select(
        named.c.id, named.c.kind, named.c.key, named.c.name, named.c.code, named.c.is_by_code
    ).order_by(named.c.id, named.c.is_by_code.desc(), named.c.row_id)
    return query.where(named.c.id == bindparam("provider")) if of_one else query


def _list_sources() -> tuple[
    tuple[
        _Query,
        InstrumentedAttribute[str],
        InstrumentedAttribute[str | None],
        InstrumentedAttribute[CreditCode | None],
    ],
    ...,
]:
    """Where a provider's side says which organisations it is or names, each with what it is
    looked up by: key, key of another name, and code."""
    return (
        (
            select(
                Provider.id.label("id"),
                literal(_ITSELF).label("kind"),
                Provider.name.label("name"),
                Provider.credit_code.label("code"),
                literal(0).label("row_id"),
            ),
            Provider.name_key,
            Provider.other_key,
            Provider.credit_code,
        ),
        (
            select(
                Mentor.provider_id,
                literal(_EMPLOYER),
                Mentor.employer,
                Mentor.employer_code,
                literal(0),
            ),
            Mentor.employer_key,
            Mentor.employer_other_key,
            Mentor.employer_code,
        ),
        (
            select(
                Affiliation.provider_id,
                Affiliation.kind,
                Affiliation.name,
                Affiliation.credit_code,
                Affiliation.id,
            ).where(Affiliation.provider_id.is_not(None)),
            Affiliation.name_key,
            Affiliation.other_key,
            Affiliation.credit_code,
        ),
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
    query = (
        select(
            Affiliation.provider_id,
            Affiliation.kind,
            Affiliation.name,
            Affiliation.credit_code,
            Startup.name,
            Startup.credit_code,
            Startup.fields,
            Startup.topics,
        )
        .select_from(shared)
        .join(Startup, Startup.id == shared.c.startup_id)
        .where(
            Startup.state == "published",
            Affiliation.kind.in_(_RIVAL_REASONS),
            Affiliation.provider_id.is_not(None),
        )
        .order_by(Affiliation.id)
    )
    by_code = query.join(Affiliation, Affiliation.credit_code == Startup.credit_code)
    # Names of nobody have no key, and would all be the same.
    by_names = [
        query.join(Affiliation, of_provider == of_startup).where(of_startup != "")
        for of_provider, of_startup in (
            (Affiliation.name_key, Startup.name_key),
            (Affiliation.other_key, Startup.name_key),
            (Affiliation.name_key, Startup.other_key),
            (Affiliation.other_key, Startup.other_key),
        )
    ]
    for provider, kind, name, code, rival_name, rival_code, fields, rival_topics in (
        *session.execute(_narrow(by_code, Affiliation.provider_id, provider_id)),
        *(
            row
            for by_name in by_names
            for row in session.execute(_narrow(by_name, Affiliation.provider_id, provider_id))
        ),
    ):
        if set(fields) & set(startup.fields) and is_called_the_same(
            name, rival_name, code=code, other_code=rival_code
        ):
            theirs = {make_topic_key(topic) for topic in rival_topics}
            for key, topic in topics.items():
                if key in theirs:
                    yield provider, _RIVAL_REASONS[kind.value], topic
