"""What sentences do, as owners of needs and profiles taught it: learned, stored, chosen.

A founder who corrects how a sentence of a need is read says what it does, and so does whoever acts
for a provider. The sentences are read once, for the fit; what is stored are coefficients.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.ranking.versions import Activation, Kind, activate_version, store_version
from app.transactions import writing
from matching.background import (
    ENCODER_ROLES,
    NEED,
    PROFILE,
    ROLES,
    Background,
    Readers,
    list_role_texts,
)
from matching.engine import Engine
from matching.learning.roles import (
    METRIC,
    LearnedRoles,
    Sentences,
    TooFewCorrections,
    learn_roles,
)
from matching.ranking.needs import encode_sentences
from matching.text.roles import RoleModel
from matching.text.words import detect_language
from models.learned import RolesVersion, find_active_version
from models.needs import Need, ReadingCorrection
from models.providers import ProfileCorrection

log = logging.getLogger(__name__)

SHIPPED_ROLES = "shipped"
PREFIX = "roles-"
SIDES = (NEED, PROFILE)

# Such a share of the shipped sentences may be read wrong by it. Owners' sentences that contradict
# none of them, at a half or a third of their weight too, turned nine of 430.
_LOSS_ALLOWED = 0.03


@dataclass(frozen=True, slots=True)
class RolesLesson:
    """What came of learning: the stored `version`, or None where neither side taught anything.

    `trained_on` counts, by side, what was there to learn from, and `quality` has, by side, what
    was proved on owners held out; `reasons` says of each other side why nothing was learned.
    """

    version: str | None
    active: str
    reasons: Mapping[str, str]
    trained_on: Mapping[str, Any]
    quality: Mapping[str, Any]


def learn_from_corrections(session: Session, engine: Engine, *, at: datetime) -> RolesLesson:
    """A new version of the role models is fitted to all corrections and stored, used by nobody yet.

    Commits. Where too few corrected too little nothing is stored, and the lesson says so.
    """
    active = find_active_version(session, RolesVersion)
    present = active.version if active else SHIPPED_ROLES
    learned: dict[str, LearnedRoles] = {}
    reasons: dict[str, str] = {}
    trained_on: dict[str, Any] = {}
    for side in SIDES:
        corrected = _read_corrected(session, engine, side)
        trained_on[side] = {
            "owners": len(set(corrected.owners.tolist())),
            "sentences": len(corrected.texts),
        }
        try:
            learned[side] = learn_roles(
                side, _read_shipped(engine, side), corrected, engine.background.readers[side]
            )
        except TooFewCorrections as too_few:
            reasons[side] = str(too_few)
    if not learned:
        return RolesLesson(None, present, reasons, trained_on, {})
    shipped = engine.shipped_background
    with writing(session):
        stored = RolesVersion(
            version="",
            made_at=at,
            fingerprint=shipped.fingerprint,
            background=shipped.version,
            trained_on=trained_on,
            quality=_sum_up(present, learned),
            **{f"{side}_model": _write_model(each.model) for side, each in learned.items()},
        )
        store_version(session, stored, prefix=PREFIX, act="roles_learned", at=at)
        return RolesLesson(stored.version, present, reasons, trained_on, stored.quality)


def activate_roles(
    session: Session, *, version: str, forced: bool, actor: Actor | None, at: datetime
) -> Activation:
    """As `activate_version`, of role models."""
    return activate_version(session, _KIND, version=version, forced=forced, actor=actor, at=at)


def find_active_roles(session: Session, background: Background) -> Readers | None:
    """The role models that are in use beside `background`; None for the shipped ones.

    So it is, too, where a stored version cannot be read or belongs to another encoder or other
    shipped sentences.
    """
    active = find_active_version(session, RolesVersion)
    if active is None:
        return None
    if (active.fingerprint, active.background) != (background.fingerprint, background.version):
        log.warning("%s are of another encoder: the shipped roles are in use", active.version)
        return None
    try:
        models = _read_models(active)
        if any(
            model.weights.shape != background.readers[side].weights.shape
            for side, model in models.items()
        ):
            raise ValueError(f"{active.version} has other features than sentences have")
        return Readers(active.version, models)
    except ValueError:
        log.exception("%s cannot be read: the shipped roles are in use", active.version)
        return None


def read_active_roles(database: DatabaseEngine, background: Background) -> Readers | None:
    """`find_active_roles` through a connection of its own: what is committed now."""
    with Session(database) as session:
        return find_active_roles(session, background)


def _sum_up(present: str, learned: Mapping[str, LearnedRoles]) -> dict[str, Any]:
    """What was measured by side, and as one difference the least gain of a side.

    A side by which the shipped sentences lose more than is allowed gains nothing.
    """
    gains = []
    for each in learned.values():
        lost = each.quality.shipped_active - each.quality.shipped_learned - _LOSS_ALLOWED
        gains.append(min(each.quality.difference, -lost) if lost > 0 else each.quality.difference)
    return {
        "metric": METRIC,
        "against": present,
        "difference": round(min(gains), 4),
        "sides": {side: asdict(each.quality) for side, each in learned.items()},
    }


def _read_shipped(engine: Engine, side: str) -> Sentences:
    own = list_role_texts(side)
    texts = [each.text for each in own]
    return Sentences(
        texts=texts,
        roles=[each.role for each in own],
        vectors=engine.encoder.encode(texts, role=ENCODER_ROLES[side]),
        owners=np.zeros(len(own), dtype=np.int64),
    )


def _read_corrected(session: Session, engine: Engine, side: str) -> Sentences:
    """All corrected sentences of one side, encoded as they are where they are read."""
    return _read_of_needs(session, engine) if side == NEED else _read_of_profiles(session, engine)


def _read_of_needs(session: Session, engine: Engine) -> Sentences:
    rows = session.execute(
        select(Need.startup_id, ReadingCorrection.sentence, ReadingCorrection.role, Need.text)
        .join(ReadingCorrection.need)
        .order_by(ReadingCorrection.id)
    ).all()
    texts = [row.sentence for row in rows]
    languages = [detect_language(row.text) for row in rows]
    return Sentences(
        texts=texts,
        roles=[row.role.value for row in rows],
        vectors=encode_sentences(texts, languages, engine.encoder),
        owners=np.array([row.startup_id for row in rows], dtype=np.int64),
    )


def _read_of_profiles(session: Session, engine: Engine) -> Sentences:
    rows = session.execute(
        select(
            ProfileCorrection.provider_id, ProfileCorrection.sentence, ProfileCorrection.role
        ).order_by(ProfileCorrection.id)
    ).all()
    texts = [row.sentence for row in rows]
    return Sentences(
        texts=texts,
        roles=[row.role.value for row in rows],
        vectors=engine.encoder.encode(texts, role=ENCODER_ROLES[PROFILE]),
        owners=np.array([row.provider_id for row in rows], dtype=np.int64),
    )


def _write_model(model: RoleModel) -> bytes:
    return model.weights.astype("<f8").tobytes()


def _read_models(stored: RolesVersion) -> dict[str, RoleModel]:
    """The models of `stored` by side. Raises ValueError for numbers that are no such model."""
    written = {NEED: stored.need_model, PROFILE: stored.profile_model}
    models = {}
    for side, numbers in written.items():
        if numbers is None:
            continue
        weights = np.frombuffer(numbers, dtype="<f8").reshape(-1, len(ROLES[side]))
        if not np.isfinite(weights).all():
            raise ValueError(f"{stored.version} holds what are no numbers")
        models[side] = RoleModel(ROLES[side], side == NEED, weights.astype(np.float64))
    return models


_KIND = Kind(RolesVersion, SHIPPED_ROLES, "roles_activated", _read_models)
