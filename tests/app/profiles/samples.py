"""Values of profiles that say enough to be published, and an engine that needs no model."""

from dataclasses import replace

from sqlalchemy import Engine as DatabaseEngine

from app.profiles.values import (
    CentreValues,
    InvestorValues,
    MentorValues,
    ProviderValues,
    ServiceValues,
    StartupValues,
)
from app.ranking.indexing import DatabaseChangeSource
from matching.encoders.hashing import HashingEncoder
from matching.engine import Engine
from models.vocabulary import (
    Field,
    FundingStage,
    Gate,
    HelpMode,
    Instrument,
    Language,
    ProviderKind,
)

SUMMARY = "Ran a silicon-carbide line for ten years. Raised its yield from 40 to 75 %."

STARTUP = StartupValues(
    name="Bridgehead Power (example)",
    one_line="Power devices in silicon carbide",
    description="We make silicon-carbide MOSFETs on six-inch wafers and need a better yield.",
    fields=(Field.INTEGRATED_CIRCUITS,),
    languages=(Language.CHINESE,),
)

MENTOR = ProviderValues(
    name="Mentor for wafer process",
    headline="Wafer process and yield",
    summary=SUMMARY,
    can_help_with="Reads your defect maps and says which step to look at first.",
    fields=(Field.INTEGRATED_CIRCUITS,),
    topics=("silicon carbide", "yield"),
    languages=(Language.CHINESE,),
    open_to_all=False,
    extension=MentorValues(help_modes=(HelpMode.TECHNICAL_REVIEW,), hours_per_month=6),
)

INVESTOR = replace(
    MENTOR,
    name="Seed fund (example)",
    open_to_all=True,
    extension=InvestorValues(
        ticket_min_yuan=500_000,
        ticket_max_yuan=3_000_000,
        funding_stages=(FundingStage.SEED,),
        instruments=(Instrument.EQUITY,),
    ),
)

CENTRE = replace(
    MENTOR,
    name="Test platform (example)",
    open_to_all=True,
    extension=CentreValues(
        services=(
            ServiceValues(name="Wafer test", gate=Gate.LAB, description="Static parameters."),
            ServiceValues(name="Power cycling", gate=Gate.PROTOTYPE, price_yuan=54_000),
        )
    ),
)

BY_KIND = {
    ProviderKind.MENTOR: MENTOR,
    ProviderKind.INVESTOR: INVESTOR,
    ProviderKind.CENTRE: CENTRE,
}


def make_engine(database: DatabaseEngine) -> Engine:
    """An engine on `database`, as each process of the application has one."""
    return Engine(HashingEncoder(), DatabaseChangeSource(database))
