"""Reading questions about lists: those of a need, of a provider, of an incubator; what waits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access import Acting, Actor, can_view_provider, is_permitted, require
from app.enquiries.rules import COUNTED_FOR
from app.telling.waiting import WaitingItem, WaitingList
from models.enquiries import ListEnquiry
from models.matches import Match, MatchRun
from models.needs import Need
from models.organisations import Incubator, Startup
from models.providers import Provider

_NAMES: Final = (
    joinedload(ListEnquiry.need).joinedload(Need.startup),
    joinedload(ListEnquiry.provider),
    joinedload(ListEnquiry.about),
    joinedload(ListEnquiry.run),
    joinedload(ListEnquiry.incubator),
)


@dataclass(frozen=True, slots=True)
class Places:
    """Of the lists that were made for startups of an incubator lately, in how many one stood."""

    lists: int
    stood: int


def find_enquiry(session: Session, public_id: str) -> ListEnquiry | None:
    """The question with this public id, with whom it names."""
    return session.scalar(
        select(ListEnquiry).where(ListEnquiry.public_id == public_id).options(*_NAMES)
    )


def list_of_need(session: Session, need: Need, viewer: Actor) -> list[ListEnquiry]:
    """What `viewer` may read of what was asked about lists of `need`, the latest first."""
    rows = session.scalars(_select_newest().where(ListEnquiry.need_id == need.id)).all()
    return [row for row in rows if is_permitted(viewer, "enquiry:view", row)]


def list_of_provider(session: Session, provider: Provider) -> Sequence[ListEnquiry]:
    """What `provider` asked about its places in lists, the latest first."""
    return session.scalars(_select_newest().where(ListEnquiry.provider_id == provider.id)).all()


def list_of_incubator(session: Session, incubator: Incubator) -> Sequence[ListEnquiry]:
    """What the operators of `incubator` were asked: what is open, and then the latest first."""
    rows = session.scalars(_select_newest().where(ListEnquiry.incubator_id == incubator.id)).all()
    return sorted(rows, key=lambda row: row.state != "open")


def list_unanswered(session: Session, *, actor: Acting) -> Sequence[ListEnquiry]:
    """Everything that is open in the installation, what is due first. Raises NotPermitted."""
    require(actor, "enquiry:list_unanswered")
    return session.scalars(
        select(ListEnquiry)
        .where(ListEnquiry.state == "open")
        .options(*_NAMES)
        .order_by(ListEnquiry.due_at, ListEnquiry.id)
    ).all()


def find_list(session: Session, need: Need, public_id: str = "") -> MatchRun | None:
    """The list of `need` with that public id, with whom it names; "" for the latest."""
    query = select(MatchRun).where(MatchRun.need_id == need.id)
    if public_id:
        query = query.where(MatchRun.public_id == public_id)
    return session.scalar(
        query.options(selectinload(MatchRun.matches).joinedload(Match.provider))
        .order_by(MatchRun.id.desc())
        .limit(1)
    )


def list_named(run: MatchRun, viewer: Actor) -> list[Provider]:
    """The providers in a list that `viewer` can still see, in its order."""
    return [each.provider for each in run.matches if can_view_provider(viewer, each.provider)]


def count_places(
    session: Session, provider: Provider, incubator: Incubator, *, at: datetime
) -> Places:
    """Of the lists of the last 90 days for startups of `incubator`: all, and those with them."""
    runs = (
        select(func.count(distinct(MatchRun.id)))
        .join(Need, Need.id == MatchRun.need_id)
        .join(Startup, Startup.id == Need.startup_id)
        .where(Startup.incubator_id == incubator.id, MatchRun.run_at >= at - COUNTED_FOR)
    )
    stood = runs.join(Match, Match.run_id == MatchRun.id).where(Match.provider_id == provider.id)
    return Places(session.scalar(runs) or 0, session.scalar(stood) or 0)


def _select_waiting(viewer: Actor, at: datetime) -> Select[ListEnquiry] | None:
    """What was asked in the incubators of an operator and is not answered."""
    if not viewer.operates:
        return None
    return (
        select(ListEnquiry)
        .where(ListEnquiry.incubator_id.in_(viewer.operates), ListEnquiry.state == "open")
        .order_by(ListEnquiry.due_at, ListEnquiry.id)
    )


def _word_waiting(
    rows: Sequence[ListEnquiry], viewer: Actor, at: datetime
) -> Iterator[WaitingItem]:
    """`enquiry_to_answer`, for operators who may."""
    for row in rows:
        if is_permitted(viewer, "enquiry:answer", row):
            yield WaitingItem(
                kind="enquiry_to_answer",
                title=row.asker_name,
                detail=_l("Asks a human about a list of matches."),
                due_at=row.due_at,
                path_endpoint="enquiries.show_enquiry",
                path_values={"public_id": row.public_id},
                action=_l("Look at it and answer"),
            )


WAITING: Final = (
    WaitingList(
        ("enquiry_to_answer",),
        _select_waiting,
        _word_waiting,
        (
            ListEnquiry.need,
            Need.startup,
            ListEnquiry.provider,
            ListEnquiry.about,
            ListEnquiry.incubator,
        ),
    ),
)


def _select_newest() -> Select[ListEnquiry]:
    return select(ListEnquiry).options(*_NAMES).order_by(ListEnquiry.id.desc())
