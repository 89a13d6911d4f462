"""Conflicts of interest between a startup and those who might support it: found, not declared.

Two things make a conflict: the same person stands on both sides, or both sides name the same
organisation, as themselves, as an affiliation or as an employer. Names are compared without
regard to case, width and blanks.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from models.organisations import Startup
from models.people import Membership
from models.providers import Mentor, Provider

# The reason code under which matching counts whoever is left out for this.
CONFLICT_CODE = "conflict"


@dataclass(frozen=True, slots=True)
class Conflict:
    """What connects the two sides, in the words that the provider uses for it.

    `people` are the names of those who act for both; `organisations` those that both name.
    """

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()

    @property
    def because(self) -> str:
        """Everything that connects them, as one enumeration."""
        return "、".join((*self.people, *self.organisations))


def normalise_name(name: str) -> str:
    """`name` as it is compared: full-width forms folded, no blanks, no case."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def find_shared_names(ours: Iterable[str], theirs: Iterable[str]) -> tuple[str, ...]:
    """Those of `theirs` that are also among `ours`, in their order and each once."""
    wanted = {normalise_name(name) for name in ours} - {""}
    shared: dict[str, str] = {}
    for name in theirs:
        key = normalise_name(name)
        if key in wanted:
            shared.setdefault(key, name)
    return tuple(shared.values())


def list_conflicts(session: Session, startup: Startup) -> Mapping[int, Conflict]:
    """Every published provider that is in conflict with `startup`, by its id, with the reason."""
    rows = _select_names().where(Provider.state == "published")
    return _compare(session, startup, rows)


def find_conflict(session: Session, startup: Startup, provider: Provider) -> Conflict | None:
    """What forbids that `startup` asks `provider`; None when nothing does."""
    found = _compare(session, startup, _select_names().where(Provider.id == provider.id))
    return found.get(provider.id)


# Provider, its name, its affiliations, and a mentor's employer.
_Names = Select[int, str, list[str], str]


def _select_names() -> _Names:
    return select(Provider.id, Provider.name, Provider.affiliations, Mentor.employer).outerjoin(
        Mentor, Mentor.provider_id == Provider.id
    )


def _compare(session: Session, startup: Startup, providers: _Names) -> dict[int, Conflict]:
    people = _list_shared_people(session, startup)
    ours = (startup.name, *startup.affiliations)
    found = {}
    for provider_id, name, affiliations, employer in session.execute(providers):
        organisations = find_shared_names(ours, (name, *affiliations, employer or ""))
        if organisations or provider_id in people:
            found[provider_id] = Conflict(tuple(people.get(provider_id, ())), organisations)
    return found


def _list_shared_people(session: Session, startup: Startup) -> Mapping[int, list[str]]:
    """The names of the founders who also act for a provider, by the provider's id."""
    founders = select(Membership.person_id).where(Membership.startup_id == startup.id)
    shared: dict[int, list[str]] = defaultdict(list)
    for membership in session.scalars(
        select(Membership)
        .where(Membership.person_id.in_(founders), Membership.provider_id.is_not(None))
        .options(joinedload(Membership.person))
        .order_by(Membership.id)
    ):
        if membership.provider_id is not None:
            shared[membership.provider_id].append(membership.person.name)
    return shared
