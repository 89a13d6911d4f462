"""What founders are told when a mandate says something else of their need, or nothing any more.

Two groups hear of it: who has asked the fund, or has it in an open financing; and whoever was told
that the fund is open because of what a centre had verified.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.clauses import Verdict
from app.clock import today
from app.funds.addresses import address_of_openings
from app.mandates.openings import screen
from app.mandates.seeking import list_sought
from app.mandates.values import make_terms
from app.matches.queries.conflicts import find_conflict
from app.telling.notices import list_people_of, tell
from models.engagements import Engagement
from models.fact_types import FactType
from models.facts import Fact
from models.financings import Financing, Interest
from models.funds import Mandate
from models.lifecycle import ENGAGEMENT_OPEN
from models.needs import Need
from models.providers import Provider
from models.vocabulary import NeedKind

_TAKES_PART = ("observing", "considering", "committed")


def follow_mandate(
    session: Session, before: Mandate | None, after: Mandate, *, at: datetime
) -> None:
    """Founders who have asked the fund are told where their need passes now and did not, or did.

    Where there was no mandate before, nothing stood against a need. The fund itself reads all of it
    on its board, as far as it is released; a notice would say more than that.
    """
    if after.provider.state != "published":
        return

    def choose(verdicts: Sequence[Verdict]) -> str | None:
        passes = verdicts[-1] is Verdict.PASS
        if before is None:
            is_other = verdicts[-1] is Verdict.FAIL
        else:
            is_other = passes is not (verdicts[0] is Verdict.PASS)
        if not is_other:
            return None
        return "mandate_passed_now" if passes else "mandate_failed_now"

    asked = _list_asked(session, after)
    versions = [each for each in (before, after) if each is not None]
    facts = {"fund": after.provider.name}
    _tell_each(session, asked, versions, choose, facts=facts, at=at)
    if before is not None:
        _tell_proven(session, versions, "proof_opens_less", asked, facts=facts, at=at)


def follow_withdrawal(session: Session, mandate: Mandate, *, at: datetime) -> None:
    """Nothing is judged by `mandate` any more, which was published; founders are told."""
    if mandate.provider.state != "published":
        return
    facts = {"fund": mandate.provider.name}
    asked = _list_asked(session, mandate)
    _tell_each(session, asked, [mandate], lambda _said: "mandate_withdrawn", facts=facts, at=at)
    _tell_proven(session, [mandate], "proof_opens_less", asked, facts=facts, at=at)


def follow_departure(
    session: Session, mandate: Mandate, *, startup_ids: Collection[int], at: datetime
) -> None:
    """The fund of `mandate` goes for good. Its open requests end, and are told of, by themselves.

    The startups of `startup_ids` go, too. The name of the fund is not told: nothing keeps it.
    """
    if mandate.state == "published" and mandate.provider.state == "published":
        gone = _list_needs(session, Need.startup_id.in_(startup_ids))
        others = [*_list_asked(session, mandate), *gone]
        _tell_proven(session, [mandate], "proof_opens_less_gone", others, facts={}, at=at)


def _tell_proven(
    session: Session,
    versions: Sequence[Mandate],
    kind: str,
    others: Sequence[Need],
    *,
    facts: Mapping[str, str],
    at: datetime,
) -> None:
    """Who passed the first of `versions` by a verified gate, and no longer does; but `others`.

    With one version alone it is not there any more.
    """
    before = versions[0]
    if before.gate is None:
        return

    def choose(verdicts: Sequence[Verdict]) -> str | None:
        was_open = verdicts[0] is Verdict.PASS
        is_open = len(verdicts) > 1 and verdicts[-1] is Verdict.PASS
        return kind if was_open and not is_open else None

    proven = select(Fact.startup_id).where(
        Fact.fact_type == FactType.GATE_VERIFIED, Fact.state == "confirmed"
    )
    needs = _list_needs(
        session,
        and_(
            Need.state == "open",
            Need.startup_id.in_(proven),
            Need.id.not_in([need.id for need in others]),
        ),
    )
    shut_for = before.provider
    _tell_each(session, needs, versions, choose, facts=facts, at=at, shut_for=shut_for)


def _list_asked(session: Session, mandate: Mandate) -> list[Need]:
    """Needs with an open request to the fund, or an open financing in which it takes part."""
    requested = select(Engagement.need_id).where(
        Engagement.provider_id == mandate.provider_id, Engagement.state.in_(ENGAGEMENT_OPEN)
    )
    financed = (
        select(Financing.need_id)
        .join(Interest, Interest.financing_id == Financing.id)
        .where(
            Financing.state == "open",
            Interest.provider_id == mandate.provider_id,
            Interest.state.in_(_TAKES_PART),
        )
    )
    return _list_needs(session, or_(Need.id.in_(requested), Need.id.in_(financed)))


def _list_needs(session: Session, is_wanted: ColumnElement[bool]) -> list[Need]:
    return list(
        session.scalars(
            select(Need)
            .where(Need.kind == NeedKind.FUNDING, is_wanted)
            .options(joinedload(Need.startup), selectinload(Need.conditions))
            .order_by(Need.id)
        )
    )


def _tell_each(
    session: Session,
    needs: Sequence[Need],
    versions: Sequence[Mandate],
    choose: Callable[[Sequence[Verdict]], str | None],
    *,
    facts: Mapping[str, str],
    at: datetime,
    shut_for: Provider | None = None,
) -> None:
    """The founders of each need hear of the kind that `choose` names for its verdicts.

    Nobody in conflict with `shut_for` hears of it: no request could be made.
    """
    if not needs:
        return
    on = today(at)
    known = list_sought(session, needs, on)
    terms = [make_terms(each) for each in versions]
    judged = screen(terms, [known[need.id] for need in needs], on)
    for need, verdicts in zip(needs, judged, strict=True):
        kind = choose(verdicts)
        if kind is None or (shut_for and find_conflict(session, need.startup, shut_for)):
            continue
        for person in list_people_of(session, startup_id=need.startup_id):
            tell(
                session,
                person=person,
                kind=kind,
                facts={**facts, "need": need.title},
                path=address_of_openings(need),
                at=at,
            )
