"""The board of a fund: the requests for money that it has, and what its mandate says of each.

A fund sees no need but one whose founder asked it, and of that one what the founder released
(`app.engagements.disclosure`). What is not released is not known to the rules either, so that no
verdict tells it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.clauses import Verdict
from app.engagements.disclosure import get_disclosed_to_provider, was_accepted
from app.funds.queries.mandates import find_version
from app.mandates.checking import Clause, Finding, Judgement, judge
from app.mandates.seeking import compose_sought, list_asks, list_passed_gates
from app.mandates.values import AskValues, make_terms
from models.engagements import Engagement
from models.funds import Mandate
from models.lifecycle import ENGAGEMENT_OPEN
from models.needs import Need
from models.providers import Provider
from models.vocabulary import NeedKind, Release


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One request as the fund may see it; "" and None for what is not released."""

    engagement_public_id: str
    state: str
    title: str
    startup_name: str
    requested_at: datetime
    judgement: Judgement | None

    @property
    def shown(self) -> Sequence[Finding]:
        """The clauses of which something is known."""
        found = () if self.judgement is None else self.judgement.findings
        return [each for each in found if each.verdict is not Verdict.UNKNOWN]

    @property
    def hidden(self) -> Sequence[Clause]:
        """The clauses of which nothing is released."""
        found = () if self.judgement is None else self.judgement.findings
        return [each.clause for each in found if each.verdict is Verdict.UNKNOWN]

    @property
    def is_passing(self) -> bool:
        """Whether nothing that is released stands against it."""
        return self.judgement is None or self.judgement.verdict is not Verdict.FAIL


@dataclass(frozen=True, slots=True)
class Board:
    """All open requests for money to one fund, beside its published mandate, where it has one."""

    mandate: Mandate | None
    rows: Sequence[BoardRow]


def read_board(session: Session, provider: Provider, on: date) -> Board:
    """The open requests for money to `provider`: those that pass first, then the newest."""
    mandate = find_version(session, provider, "published")
    engagements = session.scalars(
        select(Engagement)
        .join(Engagement.need)
        .where(
            Engagement.provider_id == provider.id,
            Engagement.state.in_(ENGAGEMENT_OPEN),
            Need.kind == NeedKind.FUNDING,
        )
        .options(
            joinedload(Engagement.startup),
            joinedload(Engagement.need).selectinload(Need.conditions),
        )
        .order_by(Engagement.requested_at.desc(), Engagement.id.desc())
    ).all()
    asks = list_asks(session, {each.need_id for each in engagements})
    gates = list_passed_gates(session, {each.startup_id for each in engagements}, on)
    rows = [
        _show(each, mandate, asks[each.need_id], gates[each.startup_id], on) for each in engagements
    ]
    return Board(mandate, sorted(rows, key=_rank))


def _rank(row: BoardRow) -> int:
    if row.judgement is None:
        return 1
    return {Verdict.PASS: 0, Verdict.UNKNOWN: 1, Verdict.FAIL: 2}[row.judgement.verdict]


def _show(
    engagement: Engagement, mandate: Mandate | None, ask: AskValues, gate: str | None, on: date
) -> BoardRow:
    released = get_disclosed_to_provider(engagement)
    judgement = None
    if mandate is not None:
        judgement = _judge(engagement, mandate, ask, gate, on)
    need = engagement.need
    return BoardRow(
        engagement_public_id=engagement.public_id,
        state=engagement.state,
        title=need.title if Release.NEED_TEXT in released else "",
        startup_name=engagement.startup.name if Release.STARTUP_NAME in released else "",
        requested_at=engagement.requested_at,
        judgement=judgement,
    )


def _judge(
    engagement: Engagement, mandate: Mandate, ask: AskValues, gate: str | None, on: date
) -> Judgement:
    """Judged by what is released alone.

    A gate counts only once the request is accepted, where the founder shows it and it is enough: a
    proof that is missing, or was not enough, stays the founder's own.
    """
    released = get_disclosed_to_provider(engagement)
    sought = compose_sought(
        engagement.need,
        ask if Release.NEED_TEXT in released else AskValues(),
        gate if ask.shows_gate and was_accepted(engagement) else None,
        with_profile=Release.STARTUP_PROFILE in released,
        with_need=Release.NEED_TEXT in released,
    )
    terms = make_terms(mandate)
    judged = judge(terms, sought, on)
    verdicts = {each.clause: each.verdict for each in judged.findings}
    if verdicts.get(Clause.GATE) is Verdict.FAIL:
        return judge(terms, replace(sought, gate=None), on)
    return judged
