"""Two mentors who work together, as somebody of one of the sides sees it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.access import Actor, get_side, is_permitted
from app.engagements.together import PAIR_NAMES, choose_partner, find_open, get_other
from models.dual_mentoring import DualMentoring
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.providers import Provider
from models.vocabulary import ProviderKind, Seat, Side


@dataclass(frozen=True, slots=True)
class PairView:
    """`names` are those of the two mentors with their seats; `agreed` who has agreed so far.

    `may_answer`: it is the viewer's turn.
    """

    public_id: str
    state: str
    names: tuple[tuple[str, Seat | None], ...]
    agreed: tuple[str, ...]
    asked_at: datetime
    may_answer: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class TogetherView:
    """What an engagement takes part in, and with whom it could; `partner` is in force now."""

    pair: PairView | None
    choices: tuple[tuple[str, str], ...]
    partner: str | None


def find_pair(session: Session, public_id: str) -> DualMentoring | None:
    """The one with this public id."""
    return session.scalar(
        select(DualMentoring).where(DualMentoring.public_id == public_id).options(*PAIR_NAMES)
    )


def view_pair(pair: DualMentoring, viewer: Actor) -> PairView:
    """What `viewer`, who may view it, sees of `pair`."""
    both = ((pair.lead, pair.lead_agreed_at), (pair.partner, pair.partner_agreed_at))
    own_open = any(
        agreed_at is None and each.provider_id in viewer.provides for each, agreed_at in both
    )
    return PairView(
        public_id=pair.public_id,
        state=pair.state,
        names=tuple((each.provider.name, _get_seat(each.provider)) for each, _ in both),
        agreed=tuple(each.provider.name for each, agreed_at in both if agreed_at is not None),
        asked_at=pair.asked_at,
        may_answer=pair.state == "asked"
        and own_open
        and is_permitted(viewer, "dual_mentoring:answer", pair),
        may_end=is_permitted(viewer, "dual_mentoring:end", pair),
    )


def get_together_view(session: Session, engagement: Engagement, viewer: Actor) -> TogetherView:
    """What `viewer` sees of a second mentor in `engagement`."""
    side = get_side(viewer, engagement)
    if side is None or engagement.provider.kind is not ProviderKind.MENTOR:
        return TogetherView(None, (), None)
    pair = find_open(session, engagement)
    partner = choose_partner(pair, engagement)
    choices: Sequence[Engagement] = ()
    if pair is None and side is Side.STARTUP and engagement.state in ENGAGEMENT_TAKES_PLACE:
        choices = list_possible_partners(session, engagement)
    return TogetherView(
        view_pair(pair, viewer) if pair is not None else None,
        tuple((each.public_id, each.provider.name) for each in choices),
        partner.provider.name if partner is not None else None,
    )


def list_possible_partners(session: Session, engagement: Engagement) -> Sequence[Engagement]:
    """The startup's running engagements with other mentors."""
    return session.scalars(
        select(Engagement)
        .join(Engagement.provider)
        .where(
            Engagement.startup_id == engagement.startup_id,
            Engagement.provider_id != engagement.provider_id,
            Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
            Provider.kind == ProviderKind.MENTOR,
        )
        .options(joinedload(Engagement.provider))
        .order_by(Engagement.id)
        .limit(50)
    ).all()


def select_to_answer(viewer: Actor, at: datetime) -> Select[DualMentoring] | None:
    """Those to which `viewer` may have to say something."""
    if not viewer.provides:
        return None
    lead, partner = aliased(Engagement), aliased(Engagement)
    return (
        select(DualMentoring)
        .join(lead, DualMentoring.lead)
        .join(partner, DualMentoring.partner)
        .where(
            DualMentoring.state == "asked",
            or_(
                and_(lead.provider_id.in_(viewer.provides), DualMentoring.lead_agreed_at.is_(None)),
                and_(
                    partner.provider_id.in_(viewer.provides),
                    DualMentoring.partner_agreed_at.is_(None),
                ),
            ),
        )
        .order_by(DualMentoring.id)
    )


def list_to_answer(
    pairs: Iterable[DualMentoring], viewer: Actor
) -> Iterator[tuple[DualMentoring, Engagement]]:
    """Those of `pairs` to which `viewer` has to say something, each with the viewer's own side."""
    for pair in pairs:
        if is_permitted(viewer, "dual_mentoring:answer", pair):
            own = pair.lead if pair.lead.provider_id in viewer.provides else pair.partner
            yield pair, own


def name_other(pair: DualMentoring, own: Engagement) -> str:
    """Of the mentor with whom the one of `own` is to work."""
    return get_other(pair, own).provider.name


def _get_seat(provider: Provider) -> Seat | None:
    return provider.mentor.seat if provider.mentor is not None else None
