"""To whom a mentor can pass a request on, and what became of one that was."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.engagements.may_ask import is_available
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_OPEN
from models.matches import Match, MatchRun
from models.passing import PassedRequest
from models.people import Membership, Person
from models.pools import PoolEntry
from models.providers import Provider
from models.vocabulary import ProviderKind

# Who said no to the need, or handed it away, is not asked again by a colleague.
_TURNED_AWAY = ("declined", "passed_on")


def find_passing(session: Session, engagement: Engagement) -> PassedRequest | None:
    """How `engagement` was passed on, or how it came; None where it was neither."""
    return session.scalar(
        select(PassedRequest)
        .where(
            or_(PassedRequest.former_id == engagement.id, PassedRequest.present_id == engagement.id)
        )
        .options(
            joinedload(PassedRequest.former).joinedload(Engagement.provider),
            joinedload(PassedRequest.present).joinedload(Engagement.provider),
        )
    )


def select_colleagues(engagement: Engagement, *, in_any_pool: bool = False) -> Select[Provider]:
    """Mentors who take requests, and stand with this one's mentor in the pool of the startup.

    Or are open to all startups. With `in_any_pool` it may be any pool that both stand in: which of
    them is the startup's is then not told. Nobody who is the same person under another profile.
    """
    own, theirs = aliased(PoolEntry), aliased(PoolEntry)
    incubator_id = engagement.startup.incubator_id
    in_this_pool: ColumnElement[bool] = (
        own.incubator_id == incubator_id if incubator_id is not None else false()
    )
    mine, other = aliased(Membership), aliased(Membership)
    return select(Provider).where(
        Provider.kind == ProviderKind.MENTOR,
        Provider.state == "published",
        Provider.id != engagement.provider_id,
        or_(
            Provider.open_to_all,
            exists().where(
                own.provider_id == engagement.provider_id,
                theirs.provider_id == Provider.id,
                own.incubator_id == theirs.incubator_id,
                own.state == "admitted",
                theirs.state == "admitted",
                *(() if in_any_pool else (in_this_pool,)),
            ),
        ),
        ~exists().where(
            and_(
                mine.provider_id == engagement.provider_id,
                other.provider_id == Provider.id,
                mine.person_id == other.person_id,
            )
        ),
    )


def list_with_account(session: Session, provider_ids: Collection[int]) -> set[int]:
    """Those of these providers for whom somebody acts who can log in."""
    rows = session.scalars(
        select(Membership)
        .join(Membership.person)
        .where(Membership.provider_id.in_(provider_ids), Person.deactivated_at.is_(None))
        .options(
            joinedload(Membership.person).options(
                selectinload(Person.second_factor),
                selectinload(Person.passkeys),
                selectinload(Person.provider_links),
            )
        )
    )
    return {
        row.provider_id for row in rows if row.provider_id is not None and row.person.has_way_in
    }


def can_be_passed(session: Session, engagement: Engagement, colleague: Provider) -> bool:
    """Whether `colleague` is one whom the startup may ask about the need, and would.

    Neither asked about it now, nor one who turned it away, nor set aside by the startup for it.
    """
    one = select_colleagues(engagement).where(Provider.id == colleague.id)
    if session.scalar(one) is None or not is_available(session, colleague, engagement.startup):
        return False
    asked = select(Engagement.id).where(
        Engagement.need_id == engagement.need_id,
        Engagement.provider_id == colleague.id,
        Engagement.state.in_((*ENGAGEMENT_OPEN, *_TURNED_AWAY)),
    )
    set_aside = (
        select(Match.id)
        .join(MatchRun)
        .where(
            MatchRun.need_id == engagement.need_id,
            Match.provider_id == colleague.id,
            Match.dismissed_at.is_not(None),
        )
    )
    return session.scalar(asked) is None and session.scalar(set_aside) is None
