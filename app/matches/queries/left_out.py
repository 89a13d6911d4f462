"""Whom a need leaves out and why, by name: for the page that lists them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.access import Actor, can_view_provider
from app.clauses import Verdict
from app.clock import today
from app.mandates.checking import Finding, Sought, Terms
from app.mandates.judging import MANDATE_CODE, Judged, judge_published
from app.mandates.words import CLAUSES, word_found, word_gap, word_moves, word_wanted
from app.matches.queries.asking import list_excluded, make_query
from app.matches.queries.conflicts import (
    CONFLICT_CODE,
    Conflict,
    ConflictReason,
    Connection,
    list_conflicts,
)
from app.matches.words import word_against
from app.web.paging import count_pages
from app.words.localisation import enumerate_words
from matching.eligibility.conditions import CONCERNS
from matching.eligibility.left_out import CAPACITY
from matching.engine import Engine
from matching.records import Against, LeftOutList
from models.needs import Need
from models.providers import Provider
from models.vocabulary import NeedKind, ProviderKind

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class LeftOutView:
    """A provider that is left out, and everything that speaks against it, in sentences."""

    public_id: str
    name: str
    headline: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOutPage:
    """One page of those who are left out. `count` is over all pages, which are numbered from 1."""

    shown: tuple[LeftOutView, ...]
    count: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return count_pages(self.count, PAGE_SIZE)


def list_codes(need: Need, kind: str) -> list[str]:
    """The reasons for which `need` can leave out anybody of `kind`."""
    required = [each.attribute.value for each in need.conditions if each.is_hard]
    codes = [CONFLICT_CODE, CAPACITY, *(each for each in required if kind in CONCERNS[each])]
    if kind == ProviderKind.INVESTOR and need.kind is NeedKind.FUNDING:
        codes.insert(0, MANDATE_CODE)
    return codes


def list_left_out(
    session: Session,
    engine: Engine,
    *,
    need: Need,
    kind: ProviderKind,
    code: str | None,
    viewer: Actor,
    at: datetime,
    number: int,
) -> LeftOutPage:
    """Whom `need`, as it is stated now, leaves out of all of `kind` that the startup may know of.

    The fewer reasons, the earlier; with `code`, only who is left out for this reason. Beyond the
    last page stands the last one. Mandates are judged as they are at `at`. Raises EncoderMissing.
    """
    conflicts = list_conflicts(session, need.startup)
    judged = judge_published(session, need, today(at))

    def look(page: int) -> LeftOutList:
        return engine.list_left_out(
            make_query(need, kind, judged=judged),
            excluded=list_excluded(judged, conflicts),
            code=code,
            offset=(page - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        )

    found = look(number)
    if (last := count_pages(found.count, PAGE_SIZE)) < number:
        number, found = last, look(last)
    providers = {
        provider.id: provider
        for provider in session.scalars(
            select(Provider)
            .where(Provider.id.in_([each.provider_id for each in found.shown]))
            .options(selectinload(Provider.pool_entries))
        )
    }
    return LeftOutPage(
        tuple(
            LeftOutView(
                provider.public_id,
                provider.name,
                provider.headline,
                tuple(
                    sentence
                    for reason in each.reasons
                    for sentence in _word_reason(
                        reason, conflicts.get(provider.id), judged, provider
                    )
                ),
            )
            for each in found.shown
            # The index may be a moment behind: nobody is named who may no longer be seen.
            if (provider := providers.get(each.provider_id)) is not None
            and can_view_provider(viewer, provider)
        ),
        found.count,
        number,
    )


def word_conflict(conflict: Conflict) -> tuple[str, ...]:
    """What connects the two sides, a sentence for each reason, for the startup."""
    return tuple(_CONNECTIONS[each.reason](each) for each in conflict.connections)


def _word_reason(
    reason: Against, conflict: Conflict | None, judged: Judged, provider: Provider
) -> tuple[str, ...]:
    if reason.code == CONFLICT_CODE:
        return word_conflict(conflict) if conflict else ()
    if reason.code == CAPACITY:
        return (_("Has no free place"),)
    if reason.code == MANDATE_CODE:
        return word_refusal(judged, provider.id)
    return (word_against(reason.code, reason.wanted, reason.found),)


def word_refusal(judged: Judged, provider_id: int) -> tuple[str, ...]:
    """Each clause by which a fund's mandate does not pass, with the gap, and what would do."""
    judgement = judged.judge(provider_id)
    if judgement is None or judged.sought is None:
        return ()
    terms = judged.funds[provider_id].terms
    said = [
        _word_clause(each, terms, judged.sought)
        for each in judgement.list_open()
        if each.verdict is Verdict.FAIL
    ]
    if judgement.moves and not judgement.is_closed:
        said.append(_("What would do: %(changes)s", changes=word_moves(judgement.moves)))
    elif judgement.is_closed:
        said.append(_("No change that you make for one fund would turn this."))
    return tuple(said)


def _word_clause(finding: Finding, terms: Terms, sought: Sought) -> str:
    clause = finding.clause
    wanted = word_wanted(clause, terms)
    found = word_found(clause, sought)
    if gap := word_gap(finding):
        return _(
            "Its mandate, %(clause)s: asks for %(wanted)s, here is %(found)s (%(gap)s)",
            clause=CLAUSES[clause],
            wanted=wanted,
            found=found,
            gap=gap,
        )
    return _(
        "Its mandate, %(clause)s: asks for %(wanted)s, here is %(found)s",
        clause=CLAUSES[clause],
        wanted=wanted,
        found=found,
    )


def _word_people(connection: Connection) -> str:
    return ngettext(
        "%(names)s acts for both sides",
        "%(names)s act for both sides",
        len(connection.names),
        names=enumerate_words(connection.names),
    )


def _word_shareholder(connection: Connection) -> str:
    return _("Tied to you by shares: %(names)s", names=enumerate_words(connection.names))


def _word_employer(connection: Connection) -> str:
    return _("The same employer: %(names)s", names=enumerate_words(connection.names))


def _word_organisation(connection: Connection) -> str:
    return _("Tied to the same organisation: %(names)s", names=enumerate_words(connection.names))


def _word_competitor(connection: Connection) -> str:
    return _("Belongs to a competitor of yours: %(names)s", names=enumerate_words(connection.names))


def _word_portfolio(connection: Connection) -> str:
    return _(
        "Holds shares in a competitor of yours: %(names)s", names=enumerate_words(connection.names)
    )


def _word_advises(connection: Connection) -> str:
    return _("Advises a competitor of yours: %(names)s", names=enumerate_words(connection.names))


def _word_portfolio_rival(connection: Connection) -> str:
    return _(
        "Holds shares in a startup that works on the same topics as you: %(topics)s",
        topics=enumerate_words(connection.names),
    )


def _word_advises_rival(connection: Connection) -> str:
    return _(
        "Advises a startup that works on the same topics as you: %(topics)s",
        topics=enumerate_words(connection.names),
    )


_CONNECTIONS: Final[Mapping[ConflictReason, Callable[[Connection], str]]] = {
    ConflictReason.SAME_PERSON: _word_people,
    ConflictReason.SHAREHOLDER: _word_shareholder,
    ConflictReason.SAME_EMPLOYER: _word_employer,
    ConflictReason.SAME_ORGANISATION: _word_organisation,
    ConflictReason.COMPETITOR: _word_competitor,
    ConflictReason.PORTFOLIO_COMPETITOR: _word_portfolio,
    ConflictReason.ADVISES_COMPETITOR: _word_advises,
    ConflictReason.PORTFOLIO_RIVAL: _word_portfolio_rival,
    ConflictReason.ADVISES_RIVAL: _word_advises_rival,
}
