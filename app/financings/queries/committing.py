"""What a fund reads: a financing from its side, what it shares with others, all that it takes part
in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor, is_permitted
from app.clock import today
from app.telling.waiting import WaitingItem, WaitingList
from app.words.answer_times import end_of
from models.deals import Deal
from models.engagements import Engagement
from models.financing_codes import PartiesShown
from models.financings import Financing, Interest
from models.lifecycle import ENGAGEMENT_TAKES_PLACE, INTEREST, INTEREST_COUNTS
from models.needs import Need
from models.people import Membership, Person
from models.providers import Provider

# A fund that considers an amount is reminded so long before the last day.
_SOON = timedelta(days=14)
# Of a deal: what was decided against, or is over.
_DECIDED: Final = ("passed", "withdrawn", "done")
_TAKES_PART = ("observing", "considering", *INTEREST_COUNTS)


@dataclass(frozen=True, slots=True)
class Party:
    """Another fund that has committed itself, as much of it as is shown."""

    name: str
    contact: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Parties:
    """The other funds that have committed themselves. `named` is empty where none is shown."""

    count: int
    total_yuan: int
    named: Sequence[Party]


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """A financing as one fund sees it; `parties` None: it takes no part, so sees none.

    `bound` is the commitment that a release would end, also one in an older financing.
    """

    engagement: Engagement
    financing: Financing
    interest: Interest | None
    actions: frozenset[str]
    parties: Parties | None
    bound: Interest | None = None


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """One financing in which a fund takes part, and the page that it has of it."""

    interest: Interest
    engagement_public_id: str


def read_commitment(
    session: Session, engagement: Engagement, viewer: Actor
) -> CommitmentView | None:
    """The financing of the engagement's need from its fund's side; None where it sees none.

    It sees what is open, or else the last one in which it took part.
    """
    interests = _list_interests(session, engagement)
    financing = session.scalar(
        select(Financing).where(Financing.need_id == engagement.need_id, Financing.state == "open")
    )
    if financing is None or engagement.state not in ENGAGEMENT_TAKES_PLACE:
        financing = interests[-1].financing if interests else None
    if financing is None:
        return None
    interest = next((each for each in interests if each.financing_id == financing.id), None)
    takes_part = interest is not None and interest.state in _TAKES_PART
    bound = next((each for each in reversed(interests) if each.state == "committed"), None)
    actions = _list_actions(financing, interest, engagement, viewer)
    if bound is not None and is_permitted(viewer, "commitment:release", engagement):
        actions |= {"release"}
    return CommitmentView(
        engagement,
        financing,
        interest,
        actions,
        _list_parties(session, financing, engagement.provider_id) if takes_part else None,
        bound,
    )


def _list_interests(session: Session, engagement: Engagement) -> Sequence[Interest]:
    return session.scalars(
        select(Interest)
        .join(Interest.financing)
        .where(
            Financing.need_id == engagement.need_id,
            Interest.provider_id == engagement.provider_id,
        )
        .options(joinedload(Interest.financing))
        .order_by(Interest.id)
    ).all()


def _list_actions(
    financing: Financing, interest: Interest | None, engagement: Engagement, viewer: Actor
) -> frozenset[str]:
    if not is_permitted(viewer, "commitment:work", engagement):
        return frozenset()
    if financing.state != "open":
        can_release = interest is not None and interest.state == "committed"
        return frozenset({"release"} if can_release else ())
    if interest is None:
        possible = {"observe"}
    else:
        possible = set(INTEREST.list_actions(interest.state)) - {"pay", "lapse"}
    if engagement.state not in ENGAGEMENT_TAKES_PLACE:
        possible &= {"leave", "release"}
    return frozenset(possible)


def _list_parties(session: Session, financing: Financing, provider_id: int) -> Parties:
    others = session.scalars(
        select(Interest)
        .where(
            Interest.financing_id == financing.id,
            Interest.state.in_(INTEREST_COUNTS),
            (Interest.provider_id != provider_id) | Interest.provider_id.is_(None),
        )
        .options(joinedload(Interest.provider), joinedload(Interest.committed_by))
        .order_by(Interest.committed_at, Interest.id)
    ).all()
    total = sum(each.amount_yuan or 0 for each in others)
    if financing.shown is PartiesShown.SUMMARY:
        return Parties(len(others), total, ())
    still = _list_still_acting(session, others)
    named = []
    for each in others:
        if each.provider is None:
            continue
        person = each.committed_by
        if financing.shown is PartiesShown.NAMES or person is None or each.id not in still:
            named.append(Party(each.provider.name))
        else:
            named.append(Party(each.provider.name, person.name, person.email))
    return Parties(len(others), total, named)


def _list_still_acting(session: Session, interests: Sequence[Interest]) -> frozenset[int]:
    """The interests whose person still acts for the fund: nobody else is its contact."""
    rows: dict[int, tuple[int | None, int | None]] = {
        each.id: (each.committed_by_id, each.provider_id) for each in interests
    }
    acting = set(
        session.execute(
            select(Membership.person_id, Membership.provider_id)
            .join(Person, Person.id == Membership.person_id)
            .where(
                Membership.provider_id.in_([each.provider_id for each in interests]),
                Person.deactivated_at.is_(None),
            )
        )
    )
    return frozenset(number for number, pair in rows.items() if pair in acting)


def select_commitments(provider: Provider) -> Select[Interest]:
    """Every financing in which the fund takes or took part."""
    return (
        select(Interest)
        .join(Interest.financing)
        .where(Interest.provider_id == provider.id)
        .options(joinedload(Interest.financing).joinedload(Financing.need).joinedload(Need.startup))
    )


def list_commitments(
    session: Session, provider: Provider, *, limit: int, offset: int = 0
) -> Sequence[CommitmentRow]:
    """The financings in which the fund takes or took part, what changed last first."""
    interests = session.scalars(
        select_commitments(provider)
        .order_by(Interest.changed_at.desc(), Interest.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    pages = find_pages(session, interests)
    return [CommitmentRow(each, pages[each.id]) for each in interests if each.id in pages]


def count_commitments(session: Session, provider: Provider) -> int:
    """In how many financings the fund takes or took part."""
    query = select(func.count()).select_from(Interest).where(Interest.provider_id == provider.id)
    return session.scalar(query) or 0


def find_pages(session: Session, interests: Sequence[Interest]) -> Mapping[int, str]:
    """For each of `interests`, by id: the public id of the newest request of its need to its fund.

    Those whose fund was never asked, or is gone, have none.
    """
    rows = session.execute(
        select(Engagement.need_id, Engagement.provider_id, Engagement.public_id)
        .where(
            Engagement.provider_id.in_([each.provider_id for each in interests]),
            Engagement.need_id.in_([each.financing.need_id for each in interests]),
        )
        .order_by(Engagement.id)
    )
    newest = {(need_id, provider_id): public_id for need_id, provider_id, public_id in rows}
    return {
        each.id: newest[asked]
        for each in interests
        if (asked := (each.financing.need_id, each.provider_id)) in newest
    }


def _select_waiting(viewer: Actor, at: datetime) -> Select[Interest, Engagement] | None:
    """What the viewer's funds consider in financings that end soon, with the pages of it."""
    if viewer.is_acting_for_another or not viewer.provides:
        return None
    newest = (
        select(func.max(Engagement.id))
        .where(
            Engagement.provider_id == Interest.provider_id,
            Engagement.need_id == Financing.need_id,
        )
        .correlate(Interest, Financing)
        .scalar_subquery()
    )
    return (
        select(Interest, Engagement)
        .join(Interest.financing)
        .join(Engagement, Engagement.id == newest)
        .where(
            Interest.provider_id.in_(viewer.provides),
            Interest.state == "considering",
            Financing.state == "open",
            Financing.closes_on.between(today(at), today(at + _SOON)),
        )
        .order_by(Financing.closes_on, Interest.id)
    )


def _word_waiting(
    rows: Sequence[tuple[Interest, Engagement]], viewer: Actor, at: datetime
) -> list[WaitingItem]:
    """A fund that considers an amount decides before the last day."""
    return [
        WaitingItem(
            kind="commitment_to_decide",
            title=interest.financing.need.title,
            detail=_l("You consider an amount. The financing ends on its last day."),
            due_at=end_of(interest.financing.closes_on),
            path_endpoint="financings.show_commitment",
            path_values={"public_id": engagement.public_id},
            action=_l("Look at the financing"),
        )
        for interest, engagement in rows
    ]


def _select_new(viewer: Actor, at: datetime) -> Select[Financing, Engagement] | None:
    """Open financings that the viewer's funds may take part in and have not looked into yet.

    What a fund has decided against is none of its business any more.
    """
    if viewer.is_acting_for_another or not viewer.funds:
        return None
    looked_into = select(Interest.id).where(
        Interest.financing_id == Financing.id, Interest.provider_id == Engagement.provider_id
    )
    over = select(Deal.id).where(Deal.engagement_id == Engagement.id, Deal.state.in_(_DECIDED))
    return (
        select(Financing, Engagement)
        .join(Engagement, Engagement.need_id == Financing.need_id)
        .where(
            Engagement.provider_id.in_(viewer.funds),
            Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
            Financing.state == "open",
            Financing.closes_on >= today(at),
            ~looked_into.exists(),
            ~over.exists(),
        )
        .order_by(Financing.closes_on, Financing.id, Engagement.id)
    )


def _word_new(
    rows: Sequence[tuple[Financing, Engagement]], viewer: Actor, at: datetime
) -> list[WaitingItem]:
    """A fund says how far it wants to go, or passes on the deal."""
    return [
        WaitingItem(
            kind="financing_opened",
            title=financing.need.title,
            detail=_l("A financing is open, and you have not said whether you take part."),
            due_at=end_of(financing.closes_on),
            path_endpoint="financings.show_commitment",
            path_values={"public_id": engagement.public_id},
            action=_l("Look at the financing"),
        )
        for financing, engagement in rows
    ]


WAITING: Final = (
    WaitingList(
        ("commitment_to_decide",),
        _select_waiting,
        _word_waiting,
        (Interest.financing, Financing.need),
    ),
    WaitingList(("financing_opened",), _select_new, _word_new, (Financing.need,)),
)
