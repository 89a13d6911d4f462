"""Learning weights from what happened: reads the outcomes, has them fitted, stores the version."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.ranking.outcomes import Outcomes, Progress, read_outcomes
from app.ranking.versions import store_version
from app.ranking.weights import find_active_weights, write_values
from app.transactions import writing
from matching.engine import Engine
from matching.learning.fitting import METRIC, Learned, TooLittleHappened, learn_weights
from models.learned import WeightsVersion

PREFIX = "learned-"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of learning: the stored `version`, or None and the `reason` in words.

    `trained_on` counts what was there to learn from, in both cases. `values` are the weights and
    `quality` what they proved on outcomes held out.
    """

    version: str | None
    reason: str
    active: str
    trained_on: Mapping[str, Any]
    values: Mapping[str, Any]
    quality: Mapping[str, Any]


def learn(
    session: Session, engine: Engine, *, at: datetime, progress: Progress | None = None
) -> Lesson:
    """A new version of the weights is fitted to all outcomes and stored; none of it ranks yet.

    Commits. Where too little has happened nothing is stored, and the lesson says so.
    """
    active = find_active_weights(session)
    fingerprint, background = engine.encoder.fingerprint, engine.background.version
    outcomes = read_outcomes(
        session, fingerprint=fingerprint, background=background, progress=progress
    )
    trained_on = _describe(outcomes) | {"encoder": fingerprint, "background": background}
    try:
        learned = learn_weights(outcomes.shown, active, engine.ranker.calibration, version="new")
    except TooLittleHappened as too_little:
        found = {"startups": too_little.askers, "preferences": too_little.preferences}
        return Lesson(None, str(too_little), active.version, trained_on | found, {}, {})
    return _store(session, learned, against=active.version, trained_on=trained_on, at=at)


def _store(
    session: Session, learned: Learned, *, against: str, trained_on: Mapping[str, Any], at: datetime
) -> Lesson:
    figures = asdict(learned.quality)
    found = {
        "startups": figures.pop("askers"),
        "preferences": figures.pop("preferences"),
    }
    quality = {"metric": METRIC, "against": against, **figures}
    with writing(session):
        stored = WeightsVersion(
            version="",
            made_at=at,
            values=write_values(learned.weights),
            trained_on={**trained_on, **found},
            quality=quality,
        )
        store_version(session, stored, prefix=PREFIX, act="weights_learned", at=at)
        return Lesson(
            version=stored.version,
            reason="",
            active=against,
            trained_on=stored.trained_on,
            values=stored.values,
            quality=stored.quality,
        )


def _describe(outcomes: Outcomes) -> dict[str, Any]:
    return {
        "lists": len(set(outcomes.shown.lists.tolist())),
        "matches": len(outcomes.shown.lists),
        "outcomes": dict(outcomes.counts),
        "left_out": dict(outcomes.left_out),
        "from": outcomes.first_at.isoformat() if outcomes.first_at else None,
        "until": outcomes.last_at.isoformat() if outcomes.last_at else None,
        "features": ["whole", "late", "back", "words"],
    }
