"""All published mandates for one need, as matching is given them, kept, and read again.

Only needs for funding are judged: others ask for no money. What was said is kept with the list of
matches by the version of each mandate and by what was known then, so that it comes out again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clauses import Verdict
from app.mandates.checking import Clause, Judgement, Sought, Terms, judge
from app.mandates.openings import screen
from app.mandates.published import Published, list_published
from app.mandates.seeking import compose_known, compose_sought, find_ask, list_passed_gates
from app.mandates.values import make_terms
from matching.records import Against
from models.funds import Mandate
from models.needs import Need
from models.organisations import Startup
from models.vocabulary import NeedKind

# Why a fund is left out, and what is said where its mandate asks for what nobody knows.
MANDATE_CODE: Final = "mandate"
UNKNOWN_CODE: Final = "mandate_unknown"

# The values of a mandate by clause, as they are kept with a match.
_ATTRIBUTES: Final[Mapping[Clause, str]] = MappingProxyType(
    {
        Clause.FIELDS: "fields",
        Clause.STAGE: "stages",
        Clause.TICKET_MIN: "ticket_min_yuan",
        Clause.TICKET_MAX: "ticket_max_yuan",
        Clause.PLACE: "places",
        Clause.INSTRUMENTS: "instruments",
        Clause.HOLDING: "holding_limit_bp",
        Clause.TOPICS: "excluded_topics",
        Clause.GATE: "gate",
    }
)
_NUMBERS: Final = frozenset({Clause.TICKET_MIN, Clause.TICKET_MAX, Clause.HOLDING})
_CODE_LISTS: Final = ("fields", "instruments", "topics")


@dataclass(frozen=True, slots=True)
class Judged:
    """What each published mandate says of a need, by the ids of the funds.

    `sought` is what they were given, None where nothing was judged.
    """

    sought: Sought | None
    on: date
    funds: Mapping[int, Published] = field(default_factory=dict)
    verdicts: Mapping[int, Verdict] = field(default_factory=dict)

    @property
    def failing(self) -> list[int]:
        """The ids of the funds whose mandate does not pass."""
        return [number for number, each in self.verdicts.items() if each is Verdict.FAIL]

    def judge(self, provider_id: int) -> Judgement | None:
        """What one fund's mandate says, clause by clause; None where it was not asked."""
        fund = self.funds.get(provider_id)
        if fund is None or self.sought is None:
            return None
        return judge(fund.terms, self.sought, self.on)

    def write_verdicts(self) -> dict[str, str]:
        """The verdict by the number of each version's row, as a run keeps it."""
        return {
            str(fund.mandate_id): self.verdicts[number].value for number, fund in self.funds.items()
        }


NOTHING_JUDGED: Final = Judged(None, date.min)


def judge_published(session: Session, need: Need, on: date) -> Judged:
    """Every published mandate judged for `need` on the day `on`."""
    if need.kind is not NeedKind.FUNDING:
        return NOTHING_JUDGED
    gate = list_passed_gates(session, [need.startup_id], on)[need.startup_id]
    return _judge_all(session, compose_sought(need, find_ask(session, need), gate), on)


def judge_profile(session: Session, startup: Startup, on: date) -> Judged:
    """The same for a need that is still being written: nothing but the startup is known."""
    gate = list_passed_gates(session, [startup.id], on)[startup.id]
    return _judge_all(session, compose_known(startup, gate), on)


def _judge_all(session: Session, sought: Sought, on: date) -> Judged:
    published = list_published(session)
    (verdicts,) = screen([each.terms for each in published], [sought], on)
    return Judged(
        sought,
        on,
        {each.provider_id: each for each in published},
        {each.provider_id: said for each, said in zip(published, verdicts, strict=True)},
    )


def list_unknown(judged: Judged, provider_id: int) -> tuple[Against, ...]:
    """The clauses of one fund that are not known, as a match says what speaks against it."""
    judgement = judged.judge(provider_id)
    if judgement is None:
        return ()
    terms = judged.funds[provider_id].terms
    return tuple(
        Against(UNKNOWN_CODE, (each.clause.value, *write_wanted(each.clause, terms)))
        for each in judgement.list_open()
    )


def write_wanted(clause: Clause, terms: Terms) -> tuple[str, ...]:
    """What a mandate asks for by one clause, as codes and figures."""
    value = getattr(terms, _ATTRIBUTES[clause])
    if value is None:
        return ()
    return tuple(sorted(value)) if isinstance(value, frozenset) else (str(value),)


def read_wanted(clause: Clause, values: Sequence[str]) -> Terms:
    """A mandate that asks for nothing but `values` by `clause`."""
    said: Any = frozenset(values)
    if clause in _NUMBERS:
        said = int(values[0])
    elif clause is Clause.GATE:
        said = values[0]
    return Terms(**{_ATTRIBUTES[clause]: said})


def write_sought(judged: Judged) -> dict[str, Any] | None:
    """What the mandates were given, with the day, as a run keeps it."""
    if judged.sought is None:
        return None
    values: dict[str, Any] = asdict(judged.sought)
    for name in _CODE_LISTS:
        values[name] = None if values[name] is None else sorted(values[name])
    return values | {"on": judged.on.isoformat()}


def read_sought(stored: Mapping[str, Any]) -> tuple[Sought, date]:
    """What `write_sought` wrote."""
    values = dict(stored)
    on = date.fromisoformat(values.pop("on"))
    for name in _CODE_LISTS:
        values[name] = None if values[name] is None else frozenset(values[name])
    return Sought(**values), on


@dataclass(frozen=True, slots=True)
class Rechecked:
    """One version of a mandate that was asked then, and what it says of the same facts again."""

    mandate: Mandate
    stored: Verdict
    again: Judgement


def judge_again(
    session: Session, mandates: Mapping[str, str], sought: Mapping[str, Any] | None
) -> list[Rechecked]:
    """What a run kept, judged again by the versions of then: the same comes out.

    Versions of funds that have been erased since are left out.
    """
    if sought is None:
        return []
    given, on = read_sought(sought)
    found = session.scalars(
        select(Mandate).where(Mandate.id.in_([int(each) for each in mandates])).order_by(Mandate.id)
    )
    return [
        Rechecked(each, Verdict(mandates[str(each.id)]), judge(make_terms(each), given, on))
        for each in found
    ]
