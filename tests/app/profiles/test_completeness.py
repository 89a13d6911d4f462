"""What a profile must say before it can be published."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.profiles.completeness import (
    SUMMARY_LEAST,
    is_mandate_too_broad,
    is_ticket_range_reversed,
    list_missing_of_provider,
    list_missing_of_startup,
)
from app.profiles.values import (
    CentreValues,
    Extension,
    InvestorValues,
    MentorValues,
    ProviderValues,
    ServiceValues,
    StartupValues,
)
from models.vocabulary import (
    Field,
    FundingStage,
    Gate,
    HelpMode,
    Instrument,
    InvestorKind,
    Language,
    ProviderKind,
)

SERVICE = ServiceValues(name="Wafer test", gate=Gate.LAB)
MENTOR = MentorValues(help_modes=(HelpMode.TECHNICAL_REVIEW,), hours_per_month=4)
INVESTOR = InvestorValues(
    ticket_min_yuan=0,
    ticket_max_yuan=1,
    funding_stages=(FundingStage.SEED,),
    instruments=(Instrument.EQUITY,),
)
CENTRE = CentreValues(services=(SERVICE,))


def describe(extension: Extension) -> ProviderValues:
    return ProviderValues(
        name="Example",
        headline="Wafer process",
        summary="x" * SUMMARY_LEAST,
        fields=(Field.INTEGRATED_CIRCUITS,),
        languages=(Language.CHINESE,),
        extension=extension,
    )


@pytest.mark.parametrize(
    ("extension", "kind"),
    [
        (MENTOR, ProviderKind.MENTOR),
        (INVESTOR, ProviderKind.INVESTOR),
        (CENTRE, ProviderKind.CENTRE),
    ],
)
def test_a_profile_that_says_enough_lacks_nothing(extension: Extension, kind: ProviderKind) -> None:
    assert describe(extension).kind is kind
    assert list_missing_of_provider(describe(extension)) == ()


@pytest.mark.parametrize(
    ("extension", "missing"),
    [
        (MentorValues(hours_per_month=0), ("hours_per_month", "help_modes")),
        (
            InvestorValues(),
            ("ticket_min_yuan", "ticket_max_yuan", "funding_stages", "instruments"),
        ),
        (CentreValues(), ("services",)),
    ],
)
def test_a_name_alone_lacks_everything(extension: Extension, missing: tuple[str, ...]) -> None:
    values = ProviderValues(name="Example", capacity=0, extension=extension)
    common = ("headline", "summary", "fields", "languages", "capacity")
    assert list_missing_of_provider(values) == common + missing


def test_a_summary_must_hold_a_sentence() -> None:
    short = replace(describe(MENTOR), summary="x" * (SUMMARY_LEAST - 1))
    assert list_missing_of_provider(short) == ("summary",)


def test_a_startup_says_what_it_makes_in_which_field_and_language() -> None:
    assert list_missing_of_startup(StartupValues(name="Example")) == (
        "one_line",
        "description",
        "fields",
        "languages",
    )


@given(
    kind=st.sampled_from(InvestorKind), fields=st.sets(st.sampled_from(Field), max_size=len(Field))
)
def test_only_a_seed_fund_is_held_to_five_fields(kind: InvestorKind, fields: set[Field]) -> None:
    values = replace(
        describe(replace(INVESTOR, investor_kind=kind)),
        fields=tuple(fields),
    )
    assert is_mandate_too_broad(values) == (kind is InvestorKind.SEED_FUND and len(fields) > 5)


@pytest.mark.parametrize(
    ("least", "most", "is_reversed"),
    [(0, 0, False), (1, 2, False), (2, 1, True), (None, 1, False), (2, None, False)],
)
def test_the_largest_ticket_is_not_smaller_than_the_smallest(
    least: int | None, most: int | None, is_reversed: bool
) -> None:
    extension = replace(INVESTOR, ticket_min_yuan=least, ticket_max_yuan=most)
    assert is_ticket_range_reversed(describe(extension)) is is_reversed
    assert not is_ticket_range_reversed(describe(MENTOR))
