"""Erasing a person: the right to deletion (Personal Information Protection Law, article 47).

docs/privacy.md says what is kept and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, make_actor, require
from app.audit import record
from app.engagements.actions import engagements
from app.engagements.addresses import address_of_engagement
from app.engagements.trace import leave_trace, lock_engagement
from app.errors import NotFound
from app.facts.addresses import address_of_facts
from app.pools.addresses import address_of_entry
from app.privacy import blanking, mentions
from app.privacy.queries import Holdings, find_holdings, list_facts_of
from app.vault import erasure as documents
from models.engagements import CoachingSession, Engagement, Feedback
from models.lifecycle import ENGAGEMENT, ENGAGEMENT_OPEN
from models.organisations import Startup
from models.people import Person
from models.pools import PoolEntry
from models.providers import Provider

# The reason of what ends because somebody left: data, so it is in both languages.
LEFT = "账号已注销。The account was closed."


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure took away. `removed` counts by a name in the plural, without those of zero.

    `words` are the names by which the person was known, for whoever has to look for them outside
    the database; they are to be forgotten afterwards. `unattended` names incubators that have no
    operator now. `file_keys` are the files of documents that went: the store is to forget them.
    """

    removed: Mapping[str, int]
    words: tuple[str, ...]
    unattended: tuple[str, ...]
    file_keys: tuple[str, ...]


def erase_person(session: Session, *, email: str, actor: Acting, at: datetime) -> Erasure:
    """Nothing in the database tells who had `email`, and no index finds them from the commit on.

    The person's account goes, and with it every profile for which nobody else acts. What is still
    open is ended, and the other side is told. Engagements are kept for reports, without a name and
    without a word that was written. All of it happens in the caller's transaction. Raises NotFound
    when nothing is known of the address, NotPermitted for anybody but the command line.
    """
    require(actor, "person:erase")
    holdings = _lock_holdings(session, email)
    person = holdings.person
    by_person = make_actor(person) if person else None
    theirs = _list_engagements(session, holdings)
    counts = _count(session, holdings, theirs)
    words = _list_names(holdings)
    going = documents.list_going(session, startups=holdings.startups, providers=holdings.providers)
    counts["documents"] = len(going.public_ids)
    subjects = [*_list_subjects(session, holdings, theirs), *going.public_ids]
    unattended = tuple(incubator.name for incubator in holdings.unattended)
    people = [person] if person else []

    counts["import rows"] = mentions.remove_imported(session, holdings, words)
    mentions.remove_headers(session, words, holdings.email)
    counts["invitations"] = mentions.remove_invitations(session, holdings)
    counts["notices and mails"] = mentions.remove_told(
        session, holdings, [*_list_paths(session, holdings, theirs), *going.paths]
    )
    mentions.remove_records(session, holdings, subjects)
    blanking.blank_engagements(session, theirs)
    told = [text for each in people for text in blanking.blank_own_words(session, each)]
    for each in people:
        mentions.replace_names(session, each)
        told += documents.forget_person(session, each, blanking.ERASED)
    counts["mentions"] = mentions.replace_told(session, {*words, *told}, holdings.email)
    documents.remove_documents(session, startups=holdings.startups, providers=holdings.providers)
    for provider in holdings.providers:
        own = [each for each in theirs if each.provider_id == provider.id]
        blanking.remove_provider(session, provider, own)
    for startup in holdings.startups:
        own = [each for each in theirs if each.startup_id == startup.id]
        blanking.remove_startup(session, startup, own)
    _end_open(session, theirs, by_person, at)
    _record(session, holdings, counts, actor, at)
    for each in people:
        blanking.remove_account(session, each)
    session.flush()
    removed = {what: count for what, count in counts.items() if count}
    return Erasure(removed, (*words, holdings.email), unattended, going.file_keys)


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


def _list_engagements(session: Session, holdings: Holdings) -> list[Engagement]:
    """The engagements of the profiles that go, in the order in which they are to be locked."""
    return list(
        session.scalars(
            select(Engagement)
            .where(
                Engagement.provider_id.in_([each.id for each in holdings.providers])
                | Engagement.startup_id.in_([each.id for each in holdings.startups])
            )
            .order_by(Engagement.provider_id, Engagement.id)
        )
    )


def _list_names(holdings: Holdings) -> tuple[str, ...]:
    named = (holdings.person, *holdings.providers, *holdings.startups)
    return tuple(dict.fromkeys(each.name for each in named if each is not None and each.name))


def _list_pool_entries(session: Session, holdings: Holdings) -> list[PoolEntry]:
    ids = [provider.id for provider in holdings.providers]
    return list(session.scalars(select(PoolEntry).where(PoolEntry.provider_id.in_(ids))))


def _list_paths(session: Session, holdings: Holdings, theirs: list[Engagement]) -> list[str]:
    """The addresses to which notices about what goes lead."""
    entries = _list_pool_entries(session, holdings)
    facts = [*map(address_of_facts, holdings.providers), *map(address_of_facts, holdings.startups)]
    return [*map(address_of_engagement, theirs), *map(address_of_entry, entries), *facts]


def _list_subjects(session: Session, holdings: Holdings, theirs: list[Engagement]) -> list[str]:
    """The public ids of all that goes or is emptied."""
    profiles = [provider.public_id for provider in holdings.providers]
    profiles += [startup.public_id for startup in holdings.startups]
    sessions = session.scalars(
        select(CoachingSession.public_id).where(
            CoachingSession.engagement_id.in_([each.id for each in theirs])
        )
    )
    people = [holdings.person.public_id] if holdings.person else []
    entries = [entry.public_id for entry in _list_pool_entries(session, holdings)]
    facts = [each.public_id for each in list_facts_of(session, holdings)]
    return [*people, *profiles, *(each.public_id for each in theirs), *entries, *sessions, *facts]


def _count(session: Session, holdings: Holdings, theirs: list[Engagement]) -> dict[str, int]:
    person = holdings.person
    written = select(func.count()).where(Feedback.author_id == (person.id if person else None))
    return {
        "accounts": int(person is not None),
        "memberships": len(person.memberships) if person else 0,
        "providers": len(holdings.providers),
        "passages": sum(len(provider.passages) for provider in holdings.providers),
        "startups": len(holdings.startups),
        "needs": sum(len(startup.needs) for startup in holdings.startups),
        "engagements emptied": len(theirs),
        "facts": len(list_facts_of(session, holdings)),
        "texts of feedback": session.scalar(written) or 0,
    }


def _end_open(
    session: Session, theirs: list[Engagement], actor: Actor | None, at: datetime
) -> None:
    """What one side can no longer hold to is over, as if that side had said so."""
    for engagement in theirs:
        if engagement.state not in ENGAGEMENT_OPEN:
            continue
        if actor is None:
            # Nobody had an account: a request to them was never going to be answered.
            _expire(session, engagement, at)
        elif engagement.state != "requested":
            engagements.cancel(session, engagement=engagement, reason=LEFT, actor=actor, at=at)
        elif engagement.provider_id in actor.provides:
            engagements.decline(session, engagement=engagement, reason=LEFT, actor=actor, at=at)
        else:
            engagements.withdraw(session, engagement=engagement, reason=LEFT, actor=actor, at=at)


def _expire(session: Session, engagement: Engagement, at: datetime) -> None:
    lock_engagement(session, engagement)
    action = "expire" if engagement.state == "requested" else "cancel"
    engagement.state = ENGAGEMENT.follow(action, engagement.state)
    engagement.closed_at = at
    kind = {"expire": "expired", "cancel": "cancelled"}[action]
    leave_trace(session, engagement=engagement, actor=None, kind=kind, at=at)


def _record(
    session: Session,
    holdings: Holdings,
    counts: Mapping[str, int],
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
            detail={what: str(count) for what, count in counts.items() if count},
        )
