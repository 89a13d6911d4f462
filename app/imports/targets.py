"""Finds the profiles that rows are about, for many rows at once.

Only what belongs to the incubator is found: an import must not tell what another one has.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from app.imports.problems import Problem, Remark, make_problem
from models.credit_code import CreditCode
from models.imports import ImportBatch, ImportRow
from models.organisation_names import is_called_the_same, list_names, make_name_key
from models.organisations import Incubator, Startup
from models.people import Invitation, Membership, Person
from models.person_names import list_similar_keys, make_person_key
from models.pools import PoolEntry
from models.providers import Provider
from models.vocabulary import ProviderKind, Role

_Thing = TypeVar("_Thing")

# How many values stand in one query; SQLite has a limit for them.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class MentorTargets:
    """Mentors by address and by the key of their name. `addresses` are those of each one."""

    by_email: Mapping[str, tuple[Provider, ...]]
    by_key: Mapping[str, tuple[Provider, ...]]
    addresses: Mapping[int, frozenset[str]]
    incubator_id: int

    def find(
        self, *, name: str, email: str, is_someone_else: bool = False
    ) -> Provider | Problem | None:
        """The mentor whom a row is about, None for a new one, or why that cannot be told.

        `is_someone_else` says that it is nobody who has the same name.
        """
        if email and (known := self.by_email.get(email)):
            own = [m for m in known if any(self._is_own(e) for e in m.pool_entries)]
            return (own or list(known))[0]
        if is_someone_else:
            return None
        named = self.by_key.get(make_person_key(name), ())
        if email and any(self.addresses.get(mentor.id) for mentor in named):
            return make_problem("name", Remark.OTHER_ADDRESS)
        if len(named) > 1:
            # Of several who are written alike, the one who is written the same.
            same = [mentor for mentor in named if mentor.name == name]
            return same[0] if len(same) == 1 else make_problem("name", Remark.SEVERAL_OF_THIS_NAME)
        if named:
            return named[0]
        for key in list_similar_keys(name):
            for similar in self.by_key.get(key, ()):
                if not (email and self.addresses.get(similar.id)):
                    return make_problem("name", Remark.MAYBE_KNOWN, similar.name)
        return None

    def list_alike(self, name: str) -> list[Provider]:
        """Those who have this name or one that may be the same person's."""
        keys = (make_person_key(name), *list_similar_keys(name))
        found = {mentor.id: mentor for key in keys for mentor in self.by_key.get(key, ())}
        return list(found.values())

    def _is_own(self, entry: PoolEntry) -> bool:
        return entry.incubator_id == self.incubator_id


@dataclass(frozen=True, slots=True)
class StartupTargets:
    """The startups of an incubator by credit code, by the addresses of their founders, and by the
    key of their name."""

    by_code: Mapping[str, tuple[Startup, ...]]
    by_email: Mapping[str, tuple[Startup, ...]]
    by_key: Mapping[str, tuple[Startup, ...]]

    def find(
        self,
        *,
        name: str,
        email: str,
        credit_code: CreditCode | None = None,
        is_someone_else: bool = False,
    ) -> Startup | Problem | None:
        """The startup that a row is about, None for a new one, or why that cannot be told.

        A credit code comes first. Then a name that is known: one founder may have several startups.
        """
        if credit_code is not None and (of_code := self.by_code.get(credit_code)):
            return of_code[0]
        if is_someone_else:
            return None
        named = self.list_named(name, credit_code)
        known = self.by_email.get(email, ())
        both = [startup for startup in named if startup in known]
        if both:
            return both[0]
        if len(named) > 1:
            same = [startup for startup in named if startup.name == name]
            return same[0] if len(same) == 1 else make_problem("name", Remark.SEVERAL_OF_THIS_NAME)
        if named:
            return named[0]
        return known[0] if len(known) == 1 else None

    def list_named(self, name: str, credit_code: CreditCode | None) -> list[Startup]:
        """Those that go by `name` or by what it says they were called, unless the codes differ."""
        # Two codes are two organisations, whatever their names.
        found = {
            startup.id: startup
            for called in list_names(name)
            for startup in self.by_key.get(make_startup_key(called), ())
            if (startup.name == called or is_called_the_same(startup.name, called))
            and (credit_code is None or startup.credit_code is None)
        }
        return list(found.values())


def make_startup_key(name: str) -> str:
    """The key under which startups of one name are found; a name of nobody is its own key."""
    return make_name_key(name)


def find_mentors(
    session: Session, *, incubator: Incubator, emails: Collection[str], names: Collection[str]
) -> MentorTargets:
    """Mentors who have an account under one of `emails`, wherever they stand, and those whom
    `incubator` knows: it invited or imported them under one of `emails`, or they stand in its pool
    under one of `names`.
    """
    of_email = _collect(
        session,
        emails,
        lambda some: (
            select(Person.email, Membership.provider_id)
            .join(Membership)
            .where(Person.email.in_(some), Membership.role == Role.MENTOR)
        ),
        lambda some: select(Invitation.email, Invitation.provider_id).where(
            Invitation.email.in_(some),
            Invitation.role == Role.MENTOR,
            Invitation.state == "sent",
            Invitation.sender_incubator_id == incubator.id,
        ),
        lambda some: (
            select(ImportRow.email, ImportRow.provider_id)
            .join(ImportBatch)
            .where(
                ImportRow.email.in_(some),
                ImportRow.applied_at.is_not(None),
                ImportBatch.incubator_id == incubator.id,
            )
        ),
    )
    keys = {key for name in names for key in (make_person_key(name), *list_similar_keys(name))}
    of_name = _collect(
        session,
        {key for key in keys if key},
        lambda some: (
            select(Provider.person_key, Provider.id)
            .join(PoolEntry)
            .where(
                PoolEntry.incubator_id == incubator.id,
                Provider.kind == ProviderKind.MENTOR,
                Provider.person_key.in_(some),
            )
        ),
    )
    ids = sorted({i for found in (*of_email.values(), *of_name.values()) for i in found})
    mentors: dict[int, Provider] = {}
    for some in _cut(ids):
        query = (
            select(Provider)
            .where(Provider.id.in_(some))
            .options(
                selectinload(Provider.mentor),
                selectinload(Provider.affiliation_rows),
                selectinload(Provider.pool_entries),
                selectinload(Provider.memberships),
            )
        )
        mentors |= {mentor.id: mentor for mentor in session.scalars(query)}
    named = sorted({i for found in of_name.values() for i in found})
    return MentorTargets(
        by_email=_resolve(of_email, mentors),
        by_key=_resolve(of_name, mentors),
        addresses=_list_addresses(session, incubator, named),
        incubator_id=incubator.id,
    )


def find_startups(
    session: Session,
    *,
    incubator: Incubator,
    emails: Collection[str],
    names: Collection[str],
    credit_codes: Collection[str] = (),
) -> StartupTargets:
    """The startups that `incubator` hosts and that have one of `credit_codes` or go by one of
    `names`, or for which somebody with one of `emails` acts, was invited or was imported."""
    of_email = _collect(
        session,
        emails,
        lambda some: (
            select(Person.email, Membership.startup_id)
            .join(Membership)
            .where(Person.email.in_(some), Membership.role == Role.FOUNDER)
        ),
        lambda some: select(Invitation.email, Invitation.startup_id).where(
            Invitation.email.in_(some),
            Invitation.role == Role.FOUNDER,
            Invitation.state == "sent",
        ),
        lambda some: (
            select(ImportRow.email, ImportRow.startup_id)
            .join(ImportBatch)
            .where(
                ImportRow.email.in_(some),
                ImportRow.applied_at.is_not(None),
                ImportBatch.incubator_id == incubator.id,
            )
        ),
    )
    of_name = _collect(
        session,
        {make_startup_key(called) for name in names for called in list_names(name)},
        lambda some: select(Startup.name_key, Startup.id).where(
            Startup.incubator_id == incubator.id, Startup.name_key.in_(some)
        ),
        lambda some: select(Startup.other_key, Startup.id).where(
            Startup.incubator_id == incubator.id, Startup.other_key.in_(some)
        ),
    )
    of_code = _collect(
        session,
        credit_codes,
        lambda some: select(Startup.credit_code, Startup.id).where(
            Startup.incubator_id == incubator.id, Startup.credit_code.in_(some)
        ),
    )
    found_ids = (*of_email.values(), *of_name.values(), *of_code.values())
    ids = sorted({i for found in found_ids for i in found})
    startups: dict[int, Startup] = {}
    for some in _cut(ids):
        # Whose founder the person is elsewhere is no concern of this incubator.
        query = (
            select(Startup)
            .where(Startup.id.in_(some), Startup.incubator_id == incubator.id)
            .options(selectinload(Startup.affiliation_rows))
        )
        startups |= {startup.id: startup for startup in session.scalars(query)}
    return StartupTargets(
        by_code=_resolve(of_code, startups),
        by_email=_resolve(of_email, startups),
        by_key=_resolve(of_name, startups),
    )


_Query = Callable[[Sequence[str]], Select[Any, Any]]


def _collect(
    session: Session, keys: Collection[str], *queries: _Query
) -> Mapping[str, Collection[int]]:
    """For each key the ids that stand beside it in the rows of `queries`, which select both."""
    found: dict[str, set[int]] = defaultdict(set)
    for some in _cut(sorted(keys)):
        for make_query in queries:
            for key, target_id in session.execute(make_query(some)):
                if target_id is not None:
                    found[key].add(target_id)
    return found


def _list_addresses(
    session: Session, incubator: Incubator, ids: Sequence[int]
) -> Mapping[int, frozenset[str]]:
    """Under which addresses the mentors are known to `incubator`."""
    found: dict[int, set[str]] = defaultdict(set)
    for some in _cut(ids):
        for query in (
            select(Membership.provider_id, Person.email)
            .join(Person)
            .where(Membership.provider_id.in_(some)),
            select(Invitation.provider_id, Invitation.email).where(
                Invitation.provider_id.in_(some),
                Invitation.state == "sent",
                Invitation.sender_incubator_id == incubator.id,
            ),
            select(ImportRow.provider_id, ImportRow.email)
            .join(ImportBatch)
            .where(
                ImportRow.provider_id.in_(some),
                ImportRow.email.is_not(None),
                ImportRow.applied_at.is_not(None),
                ImportBatch.incubator_id == incubator.id,
            ),
        ):
            for provider_id, email in session.execute(query):
                if provider_id is not None and email is not None:
                    found[provider_id].add(email)
    return {provider_id: frozenset(emails) for provider_id, emails in found.items()}


def _resolve(
    ids: Mapping[str, Collection[int]], things: Mapping[int, _Thing]
) -> Mapping[str, tuple[_Thing, ...]]:
    """The things themselves, oldest first, as far as they are there."""
    resolved = {
        key: tuple(things[i] for i in sorted(of_key) if i in things) for key, of_key in ids.items()
    }
    return {key: found for key, found in resolved.items() if found}


def _cut(values: Sequence[_Thing]) -> Iterator[Sequence[_Thing]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
