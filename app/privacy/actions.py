"""Giving a person their data, and erasing them: the rights to a copy and to deletion (Personal
Information Protection Law, articles 45 and 47).

docs/privacy.md says what is kept and why. What a room stores, the room erases: `app/leaving.py`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, Installation, make_actor, require
from app.accounts.queries import find_person_by_email
from app.audit import record
from app.errors import NotFound
from app.leaving import Erasing, Leaving
from app.privacy import blanking, mentions
from app.privacy.errors import SoleOperator
from app.privacy.export_shapes import Part
from app.privacy.gathering import Row, find_mine, gather
from app.privacy.queries import Holdings, find_holdings
from models.organisations import Startup
from models.people import Person
from models.providers import Provider

_Named = TypeVar("_Named", Person, Provider, Startup)

# As many others of each sort who have the same name are told apart.
_NAMESAKES_LIMIT: Final = 50


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure took away. `removed` counts by a name in the plural, without those of zero.

    `told` says by what mails outside the database are found that tell of the person; it is to be
    forgotten afterwards. `unattended` names incubators that have no
    operator now. `file_keys` are the files of documents that went: the store is to forget them.
    """

    removed: Mapping[str, int]
    told: mentions.Told
    unattended: tuple[str, ...]
    file_keys: tuple[str, ...]


def export_data(
    session: Session, *, person: Person, actor: Actor, at: datetime
) -> Mapping[Part, Mapping[str, list[Row]]]:
    """Everything about `person` that they may read, by part and by table.

    The right to a copy (Personal Information Protection Law, article 45). Raises NotFound unless
    `actor` is that person and nobody who stands in for them.
    """
    require(actor, "person:export", person)
    record(session, actor=actor, kind="exported_data", subject=person, at=at)
    session.flush()
    return gather(session, find_mine(session, person))


def erase_person(
    session: Session,
    *,
    email: str,
    rooms: Sequence[Erasing],
    actor: Acting,
    at: datetime,
) -> Erasure:
    """Nothing in the database tells who had `email`, and no index finds them from the commit on.

    The person's account goes, and with it every profile for which nobody else acts. What is still
    open is ended, and the other side is told. Engagements are kept for reports, without a name and
    without a word that was written. `rooms` do their parts, those that refer to others first. All
    of it happens in the caller's transaction. Raises NotFound when nothing is known of the address,
    and NotFound or NotPermitted for anybody but the command line and the person; SoleOperator when
    the person alone operates an incubator, unless it is the command line that erases.
    """
    require(actor, "person:erase", find_person_by_email(session, email))
    holdings = _lock_holdings(session, email)
    person = holdings.person
    if holdings.unattended and not isinstance(actor, Installation):
        raise SoleOperator(incubators=tuple(each.name for each in holdings.unattended))
    leaving = Leaving(
        email=holdings.email,
        person=person,
        providers=holdings.providers,
        startups=holdings.startups,
        names=_list_names(holdings),
        actor=make_actor(person) if person else None,
        at=at,
    )
    unattended = tuple(incubator.name for incubator in holdings.unattended)
    found = [room.find(session, leaving) for room in rooms]
    counts = Counter({what: count for each in found for what, count in each.counts.items()})

    namesakes = _find_namesakes(session, leaving, rooms)

    paths = [path for each in found for path in each.paths]
    counts["notices and mails"] = mentions.remove_told(session, leaving, paths)
    subjects = [public_id for each in found for public_id in each.public_ids]
    mentions.remove_records(session, leaving, subjects)
    said = {word for room in rooms for word in room.erase(session, leaving)}
    counts["mentions"] = mentions.replace_told(
        session, {*leaving.names, *said}, leaving.email, namesakes
    )
    for room in rooms:
        room.close(session, leaving)

    removed = {what: count for what, count in counts.items() if count}
    _record(session, holdings, removed, actor, at)
    if person is not None:
        blanking.remove_account(session, person)
    session.flush()
    return Erasure(
        removed=removed,
        told=mentions.Told(
            email=leaving.email,
            names=frozenset(mentions.choose_names(leaving.names)),
            words=frozenset(mentions.choose_names({*leaving.names, *said})),
            paths=frozenset(paths),
            namesakes=tuple(namesakes),
        ),
        unattended=unattended,
        file_keys=tuple(key for each in found for key in each.file_keys),
    )


def _lock_holdings(session: Session, email: str) -> Holdings:
    """What the address leads to, which nobody changes before the commit. Raises NotFound.

    Locked in the order of all locks, providers first. Looked up again afterwards: whoever was
    waited for may have erased the same person, or joined an organisation of theirs.
    """
    found = find_holdings(session, email)
    if found is not None:
        for table, ids in (
            (Provider, [provider.id for provider in found.providers]),
            (Startup, [startup.id for startup in found.startups]),
            (Person, [found.person.id] if found.person else []),
        ):
            session.execute(
                select(table.id).where(table.id.in_(ids)).order_by(table.id).with_for_update()
            )
        session.expire_all()
        found = find_holdings(session, email)
    if found is None:
        raise NotFound
    return found


def _find_namesakes(
    session: Session, leaving: Leaving, rooms: Sequence[Erasing]
) -> list[mentions.Namesake]:
    """Who stays and has one of the names: what each room finds of them is theirs.

    The oldest of a name that very many have: it tells nobody who left.
    """
    own = [leaving.person.id] if leaving.person else []
    others: tuple[Person | Provider | Startup, ...] = (
        *_list_called(session, Person, leaving.names, own),
        *_list_called(session, Provider, leaving.names, leaving.provider_ids),
        *_list_called(session, Startup, leaving.names, leaving.startup_ids),
    )
    return [_trace_namesake(session, leaving, rooms, other) for other in others]


def _list_called(
    session: Session, table: type[_Named], names: Sequence[str], besides: Sequence[int]
) -> Sequence[_Named]:
    query = select(table).where(table.name.in_(names), table.id.not_in(besides))
    return session.scalars(query.order_by(table.id).limit(_NAMESAKES_LIMIT)).all()


def _trace_namesake(
    session: Session, leaving: Leaving, rooms: Sequence[Erasing], other: Person | Provider | Startup
) -> mentions.Namesake:
    as_if = replace(
        leaving,
        email=other.email if isinstance(other, Person) else "",
        person=other if isinstance(other, Person) else None,
        providers=(other,) if isinstance(other, Provider) else (),
        startups=(other,) if isinstance(other, Startup) else (),
        names=(other.name,),
        actor=None,
    )
    found = [room.find(session, as_if) for room in rooms]
    return mentions.Namesake(
        name=other.name,
        paths=frozenset(path for each in found for path in each.paths),
        public_ids=frozenset(
            [other.public_id, *(public_id for each in found for public_id in each.public_ids)]
        ),
    )


def _list_names(holdings: Holdings) -> tuple[str, ...]:
    named = (holdings.person, *holdings.providers, *holdings.startups)
    return tuple(dict.fromkeys(each.name for each in named if each is not None and each.name))


def _record(
    session: Session,
    holdings: Holdings,
    removed: Mapping[str, int],
    actor: Acting,
    at: datetime,
) -> None:
    """That it happened, and how much went; the public id leads to nobody any more."""
    subject = holdings.person or next(iter(holdings.providers), None)
    if subject is not None:
        record(
            session,
            actor=actor,
            kind="erased_person",
            subject=subject,
            at=at,
            detail={what: str(count) for what, count in removed.items()},
        )
