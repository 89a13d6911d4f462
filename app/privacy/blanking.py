"""Emptying what must outlive a person: profiles and engagements that reports still count.

A profile that nobody ever asked for is deleted. One with engagements keeps its row, its fields and
its place, by which reports are made, and nothing that anybody wrote.
"""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models.engagements import CoachingSession, Engagement, EngagementEvent, Feedback
from models.facts import Fact
from models.lifecycle import NEED, PROFILE
from models.matches import Match, MatchRun
from models.needs import Need, NeedCondition
from models.organisations import Startup
from models.people import Invitation, Membership, Person
from models.pools import PoolEntry
from models.providers import Provider
from models.revisions import delete_provider, withdraw_provider

# Stands where a name stood. It is data and shown to readers of either language, so it is in both.
ERASED = "已注销 (account closed)"

# A session must say where it was; the place of one that is over concerns nobody.
_NOWHERE = "—"


def remove_provider(
    session: Session, provider: Provider, engagements: Sequence[Engagement]
) -> None:
    """No index finds `provider` any more. Its row is left, emptied, only under engagements."""
    session.execute(delete(Match).where(Match.provider_id == provider.id))
    if not engagements:
        _forget_loaded(session, provider)
        delete_provider(session, provider)
        session.flush()
        return
    for table in (PoolEntry, Membership, Invitation, Fact):
        session.execute(delete(table).where(table.provider_id == provider.id))
    if provider.state == "published":
        provider.state = PROFILE.follow("pause", provider.state)
    provider.name = ERASED
    provider.headline = provider.summary = provider.can_help_with = provider.published_text = ""
    provider.credit_code = None
    provider.topics = []
    provider.affiliation_rows.clear()
    provider.place_code = None
    provider.open_to_all = False
    provider.passages.clear()
    if provider.mentor is not None:
        provider.mentor.employer = ""
        provider.mentor.years_of_experience = None
    if provider.centre is not None:
        provider.centre.services.clear()
    withdraw_provider(session, provider)
    session.flush()
    session.expire(provider)


def remove_startup(session: Session, startup: Startup, engagements: Sequence[Engagement]) -> None:
    """`startup` and what it asked for are gone. Rows are left, emptied, only under engagements."""
    needs = session.scalars(select(Need).where(Need.startup_id == startup.id)).all()
    need_ids = [need.id for need in needs]
    session.execute(delete(MatchRun).where(MatchRun.need_id.in_(need_ids)))
    if not engagements:
        _forget_loaded(session, startup)
        session.delete(startup)
        session.flush()
        return
    session.execute(delete(NeedCondition).where(NeedCondition.need_id.in_(need_ids)))
    for table in (Membership, Invitation, Fact):
        session.execute(delete(table).where(table.startup_id == startup.id))
    for need in needs:
        if need.state != "closed":
            need.state = NEED.follow("close", need.state)
        need.title, need.text = ERASED, ""
        session.expire(need, ["conditions", "runs"])
    if startup.state == "published":
        startup.state = PROFILE.follow("pause", startup.state)
    startup.name = ERASED
    startup.one_line = startup.description = ""
    startup.credit_code = None
    startup.topics = []
    startup.affiliation_rows.clear()
    startup.website = None
    session.flush()
    session.expire(startup)


def blank_engagements(session: Session, engagements: Sequence[Engagement]) -> None:
    """Of what was said in `engagements`, by either side, the steps, times and ratings are left."""
    ids = [engagement.id for engagement in engagements]
    for engagement in engagements:
        engagement.message = engagement.reason = ""
    session.flush()
    session.execute(
        update(EngagementEvent).where(EngagementEvent.engagement_id.in_(ids)).values(note="")
    )
    session.execute(
        update(CoachingSession)
        .where(CoachingSession.engagement_id.in_(ids))
        .values(place=_NOWHERE, link="", reason="", version=CoachingSession.version + 1)
    )
    session.execute(
        update(Feedback).where(Feedback.engagement_id.in_(ids)).values(comment="", private_note="")
    )


def blank_own_words(session: Session, person: Person) -> list[str]:
    """What `person` wrote in engagements that go on without them, and beside facts of others, is
    emptied; gives what it was.

    The copies of it in what others were told are found by that.
    """
    words: list[str] = []
    for engagement in session.scalars(
        select(Engagement).where(Engagement.requested_by_id == person.id, Engagement.message != "")
    ):
        words.append(engagement.message)
        engagement.message = ""
    events = session.scalars(
        select(EngagementEvent).where(
            or_(
                EngagementEvent.actor_id == person.id,
                EngagementEvent.on_behalf_of_id == person.id,
            ),
            EngagementEvent.note != "",
        )
    ).all()
    for event in events:
        words.append(event.note)
        _blank_reason(event)
        event.note = ""
    for feedback in session.scalars(select(Feedback).where(Feedback.author_id == person.id)):
        words += [text for text in (feedback.comment, feedback.private_note) if text]
        feedback.comment = feedback.private_note = ""
    for fact in session.scalars(
        select(Fact).where(
            or_(Fact.stated_by_id == person.id, Fact.withdrawn_by_id == person.id),
        )
    ):
        if fact.stated_by_id == person.id and fact.source_note:
            words.append(fact.source_note)
            fact.source_note = ""
        if fact.withdrawn_by_id == person.id and fact.withdrawal_reason:
            words.append(fact.withdrawal_reason)
            fact.withdrawal_reason = ""
    session.flush()
    return words


def remove_account(session: Session, person: Person) -> None:
    """`person` is gone, with memberships, notices, mails and hours that were taken. What they did
    stands without a name."""
    _forget_loaded(session, person)
    session.delete(person)
    session.flush()


def _forget_loaded(session: Session, record: Person | Provider | Startup) -> None:
    """The database removes what hangs on `record`, also where some of it was loaded and is gone."""
    session.flush()
    session.expire(record)


def _blank_reason(event: EngagementEvent) -> None:
    """A reason stands in the trace with who gave it, and beside what it is the reason of."""
    engagement = event.engagement
    if engagement.reason == event.note:
        engagement.reason = ""
    for coaching_session in engagement.sessions:
        if coaching_session.reason == event.note:
            coaching_session.reason = ""
