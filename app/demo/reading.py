"""From the files of this folder to values that the actions take.

Raises KeyError or ValueError for a file that does not say what it should: the files are ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from app.needs.actions import StatedCondition, StatedNeed
from app.profiles.values import (
    CentreValues,
    Extension,
    InvestorValues,
    MentorValues,
    ProviderValues,
    ServiceValues,
    StartupValues,
)
from models.canonical import canonical_line, canonical_text
from models.credit_code import CreditCode
from models.vocabulary import (
    CentreKind,
    ConditionAttribute,
    Experience,
    Field,
    FundingStage,
    Gate,
    HelpMode,
    IncubatorKind,
    Instrument,
    InvestorKind,
    Ladder,
    Language,
    NeedKind,
    Route,
    Seat,
    Title,
)

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DemoIncubator:
    """An incubator as the files describe it."""

    key: str
    name: str
    kind: IncubatorKind
    place_code: str
    introduction: str
    selection_standard: str
    service_officer: str
    credit_code: CreditCode | None


@dataclass(frozen=True, slots=True)
class DemoProvider:
    """A provider, and the keys of the incubators that admitted it."""

    key: str
    values: ProviderValues
    pools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoStartup:
    """A startup, the key of its incubator, and what it needs, by key."""

    key: str
    values: StartupValues
    incubator: str | None
    needs: Mapping[str, StatedNeed]


def read_incubators() -> list[DemoIncubator]:
    """The incubators."""
    return [
        DemoIncubator(
            key=row["key"],
            name=canonical_line(row["name"]),
            kind=IncubatorKind(row["kind"]),
            place_code=row["place_code"],
            introduction=canonical_text(row["introduction"]),
            selection_standard=canonical_text(row["selection_standard"]),
            service_officer=canonical_line(row["service_officer"]),
            credit_code=_read_credit_code(row),
        )
        for row in _read("incubators")
    ]


def read_providers() -> list[DemoProvider]:
    """Mentors, investors and centres, in this order."""
    rows = [
        *((row, _read_mentor(row)) for row in _read("mentors")),
        *((row, _read_investor(row)) for row in _read("investors")),
        *((row, _read_centre(row)) for row in _read("centres")),
    ]
    return [
        DemoProvider(
            key=row["key"],
            values=ProviderValues(
                name=canonical_line(row["name"]),
                credit_code=_read_credit_code(row),
                headline=canonical_line(row["headline"]),
                summary=canonical_text(row["summary"]),
                can_help_with=canonical_text(row["can_help_with"]),
                fields=tuple(Field(code) for code in row["fields"]),
                topics=tuple(canonical_line(topic) for topic in row["topics"]),
                place_code=row["place_code"],
                remote=row["remote"],
                languages=tuple(Language(code) for code in row["languages"]),
                capacity=row["capacity"],
                open_to_all=row.get("open_to_all", True),
                portfolio=tuple(row.get("portfolio", ())),
                advised=tuple(row.get("advised", ())),
                extension=extension,
            ),
            pools=tuple(row.get("pools", ())),
        )
        for row, extension in rows
    ]


def read_startups() -> list[DemoStartup]:
    """The startups with their needs."""
    return [
        DemoStartup(
            key=row["key"],
            values=StartupValues(
                name=canonical_line(row["name"]),
                credit_code=_read_credit_code(row),
                one_line=canonical_line(row["one_line"]),
                description=canonical_text(row["description"]),
                fields=tuple(Field(code) for code in row["fields"]),
                topics=tuple(canonical_line(topic) for topic in row["topics"]),
                ladder=Ladder(row["ladder"]),
                titles=tuple(Title(code) for code in row["titles"]),
                funding_stage=FundingStage(row["funding_stage"]),
                readiness=row["readiness"],
                gate=Gate(row["gate"]),
                place_code=row["place_code"],
                remote=row["remote"],
                languages=tuple(Language(code) for code in row["languages"]),
                website=row["website"],
                shareholders=tuple(row.get("shareholders", ())),
                competitors=tuple(row.get("competitors", ())),
                affiliations=tuple(row["affiliations"]),
            ),
            incubator=row["incubator"],
            needs={need["key"]: _read_need(need) for need in row["needs"]},
        )
        for row in _read("startups")
    ]


def _read_need(row: _Row) -> StatedNeed:
    return StatedNeed(
        kind=NeedKind(row["kind"]),
        title=canonical_line(row["title"]),
        text=canonical_text(row["text"]),
        conditions=tuple(
            StatedCondition(
                attribute=ConditionAttribute(condition["attribute"]),
                values=tuple(
                    str(value).lower() if isinstance(value, bool) else str(value)
                    for value in condition["values"]
                ),
                is_hard=condition["hard"],
            )
            for condition in row["conditions"]
        ),
    )


def _read_mentor(row: _Row) -> Extension:
    return MentorValues(
        experience=tuple(Experience(code) for code in row["experience"]),
        seat=Seat(row["seat"]),
        routes=tuple(Route(code) for code in row["routes"]),
        help_modes=tuple(HelpMode(code) for code in row["help_modes"]),
        hours_per_month=row["hours_per_month"],
        years_of_experience=row["years_of_experience"],
        employer=canonical_line(row["employer"]),
    )


def _read_investor(row: _Row) -> Extension:
    return InvestorValues(
        investor_kind=InvestorKind(row["investor_kind"]),
        ticket_min_yuan=row["ticket_min_yuan"],
        ticket_max_yuan=row["ticket_max_yuan"],
        funding_stages=tuple(FundingStage(code) for code in row["funding_stages"]),
        instruments=tuple(Instrument(code) for code in row["instruments"]),
    )


def _read_centre(row: _Row) -> Extension:
    return CentreValues(
        centre_kind=CentreKind(row["centre_kind"]),
        accepts_vouchers=row["accepts_vouchers"],
        services=tuple(
            ServiceValues(
                name=canonical_line(service["name"]),
                description=canonical_text(service["description"]),
                gate=Gate(service["gate"]),
                lead_time_days=service["lead_time_days"],
                price_yuan=service["price_yuan"],
                price_unit=canonical_line(service["price_unit"]),
                free_slots=service["free_slots"],
            )
            for service in row["services"]
        ),
    )


def _read_credit_code(row: _Row) -> CreditCode | None:
    return CreditCode(row["credit_code"]) if "credit_code" in row else None


def _read(stem: str) -> Sequence[_Row]:
    """The rows of every file whose name begins with `stem`."""
    rows: list[_Row] = []
    for path in sorted(files("app.demo").iterdir(), key=lambda path: path.name):
        if path.name.startswith(stem) and path.name.endswith(".yaml"):
            rows += yaml.safe_load(path.read_text(encoding="utf-8"))
    return rows
