"""What speaks against a match and which conditions it meets, in whole sentences."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext

from app.mandates.checking import Clause
from app.mandates.judging import UNKNOWN_CODE, read_wanted
from app.mandates.words import CLAUSES, word_wanted
from app.needs.words import REMOTE, VOCABULARIES, word_places
from app.words.formats import show_money
from app.words.labels import get_label
from app.words.localisation import enumerate_words
from app.words.places import name_place
from matching.index.columns import trim_place
from models.vocabulary import (
    ConditionAttribute,
    Field,
    FundingStage,
    Gate,
    Instrument,
    Language,
    Seat,
)

# A pair of lists: what the need asks for, and what the provider has in its place.
_Wording = Callable[[Sequence[str], Sequence[str]], str]


def word_against(code: str, wanted: Sequence[str], found: Sequence[str]) -> str:
    """The sentence for one thing that does not fit, in the reader's language.

    `code` and values are those of `matching.records.Against`. Raises KeyError for another code.
    """
    return _WORDINGS[code](wanted, found)


def _word_any(vocabulary: type[StrEnum], codes: Sequence[str]) -> str:
    return enumerate_words([str(get_label(vocabulary(code))) for code in codes], is_choice=True)


def _word_all(vocabulary: type[StrEnum], codes: Sequence[str]) -> str:
    return enumerate_words([str(get_label(vocabulary(code))) for code in codes])


def _word_fields(wanted: Sequence[str], found: Sequence[str]) -> str:
    asked = _word_any(Field, wanted)
    if not found:
        return _("Wanted %(wanted)s, names no fields", wanted=asked)
    return _("Wanted %(wanted)s, works in %(found)s", wanted=asked, found=_word_all(Field, found))


def _word_place(wanted: Sequence[str], found: Sequence[str]) -> str:
    asked = word_places(wanted)
    if not found:
        return _("Wanted %(wanted)s, names no place", wanted=asked)
    return _("Wanted %(wanted)s, is in %(found)s", wanted=asked, found=name_place(found[0]))


def _word_languages(wanted: Sequence[str], found: Sequence[str]) -> str:
    asked = _word_any(Language, wanted)
    if not found:
        return _("Wanted %(wanted)s, names no language", wanted=asked)
    return _("Wanted %(wanted)s, speaks %(found)s", wanted=asked, found=_word_all(Language, found))


def _word_stage(wanted: Sequence[str], found: Sequence[str]) -> str:
    asked = _word_any(FundingStage, wanted)
    return _(
        "Wanted %(wanted)s, invests at %(found)s",
        wanted=asked,
        found=_word_all(FundingStage, found),
    )


def _word_amount(wanted: Sequence[str], found: Sequence[str]) -> str:
    asked = show_money(int(wanted[0]))
    least, most = (*found, "", "")[:2]
    if least and int(wanted[0]) < int(least):
        return _(
            "Wanted %(wanted)s, gives at least %(found)s",
            wanted=asked,
            found=show_money(int(least)),
        )
    if most:
        return _(
            "Wanted %(wanted)s, gives at most %(found)s", wanted=asked, found=show_money(int(most))
        )
    return _("Wanted %(wanted)s, gives other amounts", wanted=asked)


def _word_instruments(wanted: Sequence[str], found: Sequence[str]) -> str:
    return _(
        "Wanted %(wanted)s, offers %(found)s",
        wanted=_word_any(Instrument, wanted),
        found=_word_all(Instrument, found),
    )


def _word_gate(wanted: Sequence[str], found: Sequence[str]) -> str:
    asked = _word_any(Gate, wanted)
    if not found:
        return _("Wanted a service for the gate %(wanted)s, lists no service", wanted=asked)
    return _(
        "Wanted a service for the gate %(wanted)s, has those for %(found)s",
        wanted=asked,
        found=_word_all(Gate, found),
    )


def _word_lead_time(wanted: Sequence[str], found: Sequence[str]) -> str:
    asked = ngettext("%(num)d day", "%(num)d days", int(wanted[0]))
    # The shortest of all its services may be in time, and the one that is needed not.
    if not found or int(found[0]) <= int(wanted[0]):
        return _("Wanted within %(wanted)s, has no such service in that time", wanted=asked)
    return _(
        "Wanted within %(wanted)s, takes at least %(found)s",
        wanted=asked,
        found=ngettext("%(num)d day", "%(num)d days", int(found[0])),
    )


def _word_price(wanted: Sequence[str], found: Sequence[str]) -> str:
    asked = show_money(int(wanted[0]))
    if not found or int(found[0]) <= int(wanted[0]):
        return _("Wanted for at most %(wanted)s, has no such service at that price", wanted=asked)
    return _(
        "Wanted for at most %(wanted)s, costs at least %(found)s",
        wanted=asked,
        found=show_money(int(found[0])),
    )


def _word_voucher(wanted: Sequence[str], found: Sequence[str]) -> str:
    return _("Wanted to pay by voucher, takes no vouchers")


def _word_hours(wanted: Sequence[str], found: Sequence[str]) -> str:
    asked = ngettext("%(num)d hour a month", "%(num)d hours a month", int(wanted[0]))
    if not found:
        return _("Wanted %(wanted)s, names no hours", wanted=asked)
    return _(
        "Wanted %(wanted)s, gives %(found)s",
        wanted=asked,
        found=ngettext("%(num)d hour a month", "%(num)d hours a month", int(found[0])),
    )


def _word_seat(wanted: Sequence[str], found: Sequence[str]) -> str:
    asked = _word_any(Seat, wanted)
    if not found:
        return _("Wanted %(wanted)s, does not say which", wanted=asked)
    return _("Wanted %(wanted)s, is %(found)s", wanted=asked, found=_word_any(Seat, found))


def _word_load(wanted: Sequence[str], found: Sequence[str]) -> str:
    free, capacity = int(found[0]), int(found[1])
    return ngettext(
        "Only %(num)d of %(capacity)d places was free",
        "Only %(num)d of %(capacity)d places were free",
        free,
        capacity=capacity,
    )


def _word_silence(wanted: Sequence[str], found: Sequence[str]) -> str:
    answered, requests = int(found[0]), int(found[1])
    return ngettext(
        "Answered %(answered)d of the last %(num)d request",
        "Answered %(answered)d of the last %(num)d requests",
        requests,
        answered=answered,
    )


def _word_mandate(wanted: Sequence[str], found: Sequence[str]) -> str:
    clause = Clause(wanted[0])
    return _(
        "Its mandate, %(clause)s: asks for %(wanted)s, which is not known of you",
        clause=CLAUSES[clause],
        wanted=word_wanted(clause, read_wanted(clause, wanted[1:])),
    )


def _word_figures(wanted: Sequence[str], found: Sequence[str]) -> str:
    return _("Wanted %(wanted)s, the profile says %(found)s", wanted=wanted[0], found=found[0])


def _word_no_evidence(wanted: Sequence[str], found: Sequence[str]) -> str:
    return _("No sentence of the profile answers the need")


_WORDINGS: Mapping[str, _Wording] = {
    ConditionAttribute.FIELDS: _word_fields,
    ConditionAttribute.PLACE: _word_place,
    ConditionAttribute.LANGUAGES: _word_languages,
    ConditionAttribute.FUNDING_STAGE: _word_stage,
    ConditionAttribute.AMOUNT: _word_amount,
    ConditionAttribute.INSTRUMENTS: _word_instruments,
    ConditionAttribute.GATE: _word_gate,
    ConditionAttribute.LEAD_TIME: _word_lead_time,
    ConditionAttribute.PRICE: _word_price,
    ConditionAttribute.VOUCHER: _word_voucher,
    ConditionAttribute.HOURS: _word_hours,
    ConditionAttribute.SEAT: _word_seat,
    "load": _word_load,
    "silence": _word_silence,
    "figures": _word_figures,
    "no_evidence": _word_no_evidence,
    UNKNOWN_CODE: _word_mandate,
}


def word_met(code: str, wanted: Sequence[str], found: Sequence[str]) -> str:
    """The sentence for one condition that is met, with what was wanted and what is there.

    `code` and values are those of `matching.records.Met`.
    """
    attribute = ConditionAttribute(code)
    match attribute:
        case ConditionAttribute.PLACE:
            return _word_met_place(wanted, found)
        case ConditionAttribute.AMOUNT:
            return _word_met_amount(wanted, found)
        case ConditionAttribute.LEAD_TIME:
            return _(
                "Wanted within %(wanted)s, its quickest service takes %(found)s",
                wanted=_word_days(wanted),
                found=_word_days(found),
            )
        case ConditionAttribute.PRICE:
            return _(
                "Wanted for at most %(wanted)s, its cheapest service costs %(found)s",
                wanted=show_money(int(wanted[0])),
                found=show_money(int(found[0])),
            )
        case ConditionAttribute.VOUCHER:
            return _("Wanted to pay by voucher, takes vouchers")
        case ConditionAttribute.HOURS:
            return _(
                "Wanted %(wanted)s, gives %(found)s",
                wanted=_word_monthly_hours(wanted),
                found=_word_monthly_hours(found),
            )
        case _:
            vocabulary = VOCABULARIES[attribute]
            shared = [value for value in wanted if value in found]
            if not shared:
                return _(
                    "Wanted %(wanted)s, sets no limit there", wanted=_word_any(vocabulary, wanted)
                )
            return _(
                "Wanted %(wanted)s, has %(found)s",
                wanted=_word_any(vocabulary, wanted),
                found=_word_all(vocabulary, shared),
            )


def _word_met_place(wanted: Sequence[str], found: Sequence[str]) -> str:
    asked = word_places(wanted)
    near = [trim_place(value) for value in wanted if value != REMOTE]
    if found and any(found[0].startswith(place) for place in near):
        return _("Wanted %(wanted)s, is in %(found)s", wanted=asked, found=name_place(found[0]))
    return _("Wanted %(wanted)s, works remotely", wanted=asked)


def _word_met_amount(wanted: Sequence[str], found: Sequence[str]) -> str:
    asked = show_money(int(wanted[0]))
    least, most = (show_money(int(limit)) if limit else "" for limit in (*found, "", "")[:2])
    if least and most:
        return _(
            "Wanted %(wanted)s, gives %(least)s to %(most)s", wanted=asked, least=least, most=most
        )
    if most:
        return _("Wanted %(wanted)s, gives at most %(found)s", wanted=asked, found=most)
    if least:
        return _("Wanted %(wanted)s, gives at least %(found)s", wanted=asked, found=least)
    return _("Wanted %(wanted)s, sets no limit there", wanted=asked)


def _word_days(figures: Sequence[str]) -> str:
    return ngettext("%(num)d day", "%(num)d days", int(figures[0]))


def _word_monthly_hours(figures: Sequence[str]) -> str:
    return ngettext("%(num)d hour a month", "%(num)d hours a month", int(figures[0]))
