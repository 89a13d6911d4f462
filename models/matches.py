"""Stored matches: what was suggested, with the parts and versions that made it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.erasure import erasure_empties, holds_no_person
from models.needs import Need
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.people import Person
from models.providers import Provider
from models.vocabulary import ProviderKind, Strength


class MatchRun(PublicId, Base):
    """One time that matching was asked for a need, and all that is needed to explain its answer.

    `excluded_by` maps each kind of provider to counts by the condition that shut them out.
    `seed` drew which near-equals changed places; None where nothing was left to chance.
    """

    __tablename__ = "match_run"

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The version of the need that was asked: its text may change later.
    need_version: Mapped[int] = mapped_column()
    encoder_fingerprint: Mapped[str] = mapped_column(String(64), info=holds_no_person())
    background_version: Mapped[str] = mapped_column(String(64), info=holds_no_person())
    weights_version: Mapped[str] = mapped_column(String(64), info=holds_no_person())
    index_revision: Mapped[int] = mapped_column()
    # The version of the incubator's own terms (`models/incubator_terms.py`); "" for none.
    terms_version: Mapped[str] = mapped_column(
        String(40), default="", server_default="", info=holds_no_person()
    )
    # Whether what came of earlier matches counted.
    uses_history: Mapped[bool] = mapped_column(default=True, server_default=true())
    seed: Mapped[int | None] = mapped_column()
    considered: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, info=holds_no_person())
    excluded_by: Mapped[dict[str, dict[str, int]]] = mapped_column(
        JSON, default=dict, info=holds_no_person()
    )
    # By kind, the least sets of required conditions without which more would have fitted: each
    # `{"attributes": [...], "found": number}`.
    relaxations: Mapped[dict[str, list[dict[str, Any]]]] = mapped_column(
        JSON, default=dict, server_default="{}", info=holds_no_person()
    )

    # What the published mandates said, by the number of each version, and what they were given to
    # judge by: versions never change, so that the same comes out again. None: nothing was judged.
    mandates: Mapped[dict[str, str]] = mapped_column(
        JSON, default=dict, server_default="{}", info=holds_no_person()
    )
    sought: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=erasure_empties())
    # How each sentence of the need was read then: `{"text", "role", "sureness", "wish",
    # "corrected"}`. The answer depends on it as on the versions and the seed.
    sentences: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list, server_default="[]", info=erasure_empties()
    )

    need: Mapped[Need] = relationship(back_populates="runs")
    actor: Mapped[Person | None] = relationship()
    matches: Mapped[list[Match]] = relationship(
        back_populates="run",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="(Match.kind, Match.rank)",
    )


class Match(PublicId, Base):
    """One provider suggested for one need. `rank` counts from 1 within the kind.

    `propensity` is the probability, over all seeds that the run could have had, that matching put
    this provider at the place that it got; 1 where nothing was left to chance.
    """

    __tablename__ = "match"
    __table_args__ = (
        Index("uq_match_provider", "run_id", "provider_id", unique=True),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        CheckConstraint("propensity > 0 AND propensity <= 1", name="propensity"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"), index=True)
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ProviderKind] = mapped_column(code_type(ProviderKind, "kind"))
    rank: Mapped[int] = mapped_column()
    score: Mapped[float] = mapped_column()
    propensity: Mapped[float] = mapped_column(default=1.0, server_default=text("1"))
    strength: Mapped[Strength] = mapped_column(code_type(Strength, "strength"))
    features: Mapped[dict[str, float]] = mapped_column(JSON, default=dict, info=holds_no_person())
    # What does not fit: code, what was wanted and what was found, for the page to word.
    against: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list, info=erasure_empties()
    )
    # The conditions that are met, in the same shape.
    met: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list, server_default="[]", info=erasure_empties()
    )
    # Which of the need's wishes it answers, from 1; 0 where there is only one.
    wish: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dismissed_reason: Mapped[str] = mapped_column(String(200), default="", info=erasure_empties())

    run: Mapped[MatchRun] = relationship(back_populates="matches")
    provider: Mapped[Provider] = relationship()
    evidence: Mapped[list[MatchEvidence]] = relationship(
        back_populates="match",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="MatchEvidence.ordinal",
    )


class MatchEvidence(Base):
    """Two literal slices that carry a match: one of the need, one of the provider.

    The slices are kept beside their offsets, because both texts may change after the match.
    `text_title` and `text_public_id` name the further text of the provider that is quoted; they are
    empty where it is the profile.
    """

    __tablename__ = "match_evidence"
    __table_args__ = (Index("uq_match_evidence_ordinal", "match_id", "ordinal", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"), index=True)
    ordinal: Mapped[int] = mapped_column()
    need_start: Mapped[int] = mapped_column()
    need_end: Mapped[int] = mapped_column()
    provider_start: Mapped[int] = mapped_column()
    provider_end: Mapped[int] = mapped_column()
    need_slice: Mapped[str] = mapped_column(Text, info=erasure_empties())
    provider_slice: Mapped[str] = mapped_column(Text, info=erasure_empties())
    text_title: Mapped[str] = mapped_column(
        String(200), default="", server_default="", info=erasure_empties()
    )
    text_public_id: Mapped[str] = mapped_column(
        String(16), default="", server_default="", info=holds_no_person()
    )
    contribution: Mapped[float] = mapped_column()

    match: Mapped[Match] = relationship(back_populates="evidence")
