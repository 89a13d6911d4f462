"""What a mandate asks for, what is known by a clause, and what would turn a refusal, in words."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.mandates.checking import Clause, Finding, Move, Sought, Terms
from app.words.formats import show_money, show_share
from app.words.labels import get_label
from app.words.localisation import enumerate_words
from app.words.places import name_place
from models.vocabulary import Field, FundingStage, Gate, Instrument

CLAUSES: Final[Mapping[Clause, LazyString]] = MappingProxyType(
    {
        Clause.FIELDS: _l("Fields"),
        Clause.STAGE: _l("Funding stage"),
        Clause.TICKET_MIN: _l("Smallest ticket"),
        Clause.TICKET_MAX: _l("Largest ticket"),
        Clause.PLACE: _l("Place"),
        Clause.INSTRUMENTS: _l("Instruments"),
        Clause.HOLDING: _l("Holding limit"),
        Clause.TOPICS: _l("Topics excluded"),
        Clause.GATE: _l("Verified gate"),
    }
)


def word_wanted(clause: Clause, terms: Terms) -> str:
    """What a mandate asks for by one clause; "" where it asks for nothing by it."""
    match clause:
        case Clause.FIELDS:
            return _name_codes(Field, terms.fields)
        case Clause.STAGE:
            return _name_codes(FundingStage, terms.stages)
        case Clause.TICKET_MIN if terms.ticket_min_yuan is not None:
            return _("at least %(amount)s", amount=show_money(terms.ticket_min_yuan))
        case Clause.TICKET_MAX if terms.ticket_max_yuan is not None:
            return _("at most %(amount)s", amount=show_money(terms.ticket_max_yuan))
        case Clause.PLACE:
            return enumerate_words([name_place(c) for c in sorted(terms.places)], is_choice=True)
        case Clause.INSTRUMENTS:
            return _name_codes(Instrument, terms.instruments)
        case Clause.HOLDING if terms.holding_limit_bp is not None:
            return _("at most %(share)s", share=show_share(terms.holding_limit_bp))
        case Clause.TOPICS if terms.excluded_topics:
            topics = enumerate_words(sorted(terms.excluded_topics))
            return _("none of: %(topics)s", topics=topics)
        case Clause.GATE if terms.gate is not None:
            return str(get_label(Gate(terms.gate)))
    return ""


def word_found(clause: Clause, sought: Sought) -> str:
    """What is known of a need by one clause; "" where nothing is."""
    match clause:
        case Clause.FIELDS if sought.fields is not None:
            return _name_codes(Field, sought.fields, is_choice=False)
        case Clause.STAGE if sought.stage is not None:
            return str(get_label(FundingStage(sought.stage)))
        case Clause.TICKET_MIN if sought.remaining_yuan is not None:
            return show_money(sought.remaining_yuan)
        case Clause.TICKET_MAX if sought.asked_part_yuan is not None:
            return show_money(sought.asked_part_yuan)
        case Clause.PLACE:
            return name_place(sought.place_code)
        case Clause.INSTRUMENTS if sought.instruments is not None:
            return _name_codes(Instrument, sought.instruments)
        case Clause.HOLDING if sought.share_bp is not None:
            return show_share(sought.share_bp)
        case Clause.TOPICS if sought.topics is not None:
            return enumerate_words(sorted(sought.topics))
        case Clause.GATE if sought.gate is not None:
            return str(get_label(Gate(sought.gate)))
    return ""


def word_gap(finding: Finding | Move) -> str:
    """How far a number is from passing: "CNY 400,000 less"; "" where it is no number."""
    if finding.gap is None:
        return ""
    is_share = finding.clause is Clause.HOLDING
    amount = show_share(finding.gap) if is_share else show_money(finding.gap)
    return _("%(amount)s more", amount=amount) if finding.is_raise else _less(amount)


def word_move(move: Move) -> str:
    """What to do, in one line; the gap behind it is said by `word_gap`."""
    match move.clause:
        case Clause.FIELDS:
            return _("Say in the profile what your fields are")
        case Clause.STAGE:
            return _("Say your funding stage")
        case Clause.PLACE:
            return _("Say in the profile where you are")
        case Clause.TOPICS:
            return _("Say in the profile what your topics are")
        case Clause.INSTRUMENTS if move.wanted is not None:
            label = get_label(Instrument(str(move.wanted)))
            return _("Say in the need that you also take: %(instrument)s", instrument=label)
        case Clause.INSTRUMENTS:
            return _("Say in the need which instruments you take")
        case Clause.GATE if move.wanted is not None:
            gate = get_label(Gate(str(move.wanted)))
            return _("Have the gate “%(gate)s” verified", gate=gate)
    if not isinstance(move.wanted, int):
        return _("Say in the need how much you seek")
    if move.clause is Clause.HOLDING:
        return _("Offer one fund %(share)s of the company at most", share=show_share(move.wanted))
    amount = show_money(move.wanted)
    if move.clause is Clause.TICKET_MIN:
        return _("Seek %(amount)s", amount=amount)
    return _("Let one fund take no more than %(amount)s", amount=amount)


def word_moves(moves: Iterable[Move]) -> str:
    """All moves in one line, each with its gap."""
    said = []
    for move in moves:
        gap = word_gap(move)
        words = word_move(move)
        said.append(_("%(change)s (%(gap)s)", change=words, gap=gap) if gap else words)
    return enumerate_words(said)


def _less(amount: str) -> str:
    return _("%(amount)s less", amount=amount)


def _name_codes(vocabulary: type[StrEnum], codes: Iterable[str], *, is_choice: bool = True) -> str:
    wanted = set(codes)
    labels = [str(get_label(code)) for code in vocabulary if code.value in wanted]
    return enumerate_words(labels, is_choice=is_choice)
