"""What storing a request has in common, whether a founder asks or a mentor passes it on."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.engagements.addresses import address_of_engagement
from app.engagements.announcements import choose_wording, list_people, tell_side
from app.engagements.errors import AlreadyRequested
from app.engagements.may_ask import has_open, is_available
from app.engagements.queueing import find_open_place, lock_place
from app.engagements.trace import lock_provider
from app.pools.errors import ProviderNotAvailable
from app.telling.notices import list_people_of, tell
from app.words.wording import keep_moments
from models.engagements import Engagement
from models.lifecycle import QUEUE_PLACE_OPEN
from models.needs import Need
from models.providers import Provider
from models.queues import QueuePlace
from models.vocabulary import Side


def hold_place(session: Session, need: Need, provider: Provider) -> QueuePlace | None:
    """Where `need` waits for a place with `provider`, if it does; both are locked then.

    What is kept for this need must not go to the next while it is asked for.
    """
    place = find_open_place(session, need, provider)
    if place is None:
        return None
    lock_provider(session, provider.id)
    lock_place(session, place)
    return place if place.state in QUEUE_PLACE_OPEN else None


def store_request(session: Session, engagement: Engagement) -> None:
    """`engagement`, which is new, is stored, and its provider can be asked.

    Raises AlreadyRequested, also of two at the same time, and ProviderNotAvailable.
    """
    need, provider = engagement.need, engagement.provider
    try:
        with session.begin_nested():
            session.add(engagement)
    except IntegrityError:
        # The unique index speaks when somebody asked between our look and our write.
        if has_open(session, need, provider):
            raise AlreadyRequested from None
        if session.scalar(select(Provider.id).where(Provider.id == provider.id)) is None:
            raise ProviderNotAvailable from None
        raise
    # Our row refers to the provider's, and so has waited for whoever paused or erased it meanwhile.
    session.refresh(provider, ["state"])
    if not is_available(session, provider, need.startup):
        raise ProviderNotAvailable


def tell_who_answers(
    session: Session,
    engagement: Engagement,
    kind: str,
    at: datetime,
    facts: Mapping[str, str] | None = None,
) -> None:
    """The provider's people are told `kind` in the words that they may read.

    Where none of them has an account, the operators of the startup's incubator are told as well.
    """
    tell_side(
        session,
        engagement=engagement,
        side=Side.PROVIDER,
        kind=choose_wording(kind, engagement),
        facts=facts,
        times={"due": engagement.answer_due_at},
        at=at,
    )
    answering = list_people(session, engagement, Side.PROVIDER)
    if engagement.incubator_id is None or any(p.has_way_in for p in answering):
        return
    for operator in list_people_of(session, incubator_id=engagement.incubator_id):
        tell(
            session,
            person=operator,
            kind="engagement_without_account",
            facts={
                "provider": engagement.provider.name,
                "startup": engagement.startup.name,
                "need": engagement.need.title,
                **keep_moments({"due": engagement.answer_due_at}),
            },
            path=address_of_engagement(engagement),
            at=at,
        )
