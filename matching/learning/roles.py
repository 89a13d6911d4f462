"""Learns what sentences do from what their owners said, and says how good it proves.

Whoever corrects how a sentence is read says what it does. Such sentences stand beside the shipped
ones in the fit of the role models (`matching.text.roles`); nothing else is learned here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.background import NEED, ROLES
from matching.learning.gains import measure_gain
from matching.text.roles import RoleModel

Figures = NDArray[np.float64]
Rows = NDArray[np.int64]

# Of fewer, chance decides: owners who corrected something, and sentences that they corrected.
LEAST_OWNERS = 10
LEAST_SENTENCES = 30
# All sentences of one owner count together at most so many times as much as those of the median
# one: whoever corrects every sentence must not decide for everybody.
MOST_OF_ONE_OWNER = 2.0
FOLDS = 5
METRIC = "sentences read as their owners say"

_SEED = 20261128
_DECIMALS = 4


class TooFewCorrections(Exception):
    """Too few to learn from: `owners` who corrected something, and `sentences` of theirs."""

    def __init__(self, owners: int, sentences: int) -> None:
        super().__init__(
            f"{sentences} corrected sentences of {owners} owners are too few; "
            f"it takes at least {LEAST_SENTENCES} sentences and {LEAST_OWNERS} owners"
        )
        self.owners = owners
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Sentences:
    """n sentences of needs or of profiles, with the roles that they have.

    `vectors` are (n, d) of unit length, as the encoder gives them; `owners` (n,) says whose they
    are.
    """

    texts: Sequence[str]
    roles: Sequence[str]
    vectors: NDArray[np.float32]
    owners: Rows


@dataclass(frozen=True, slots=True)
class RoleQuality:
    """Shares in [0, 1] of sentences that are read as they are meant.

    `learned` and `active` are of corrected sentences, averaged over their owners, where `learned`
    reads those of owners from whom it learned nothing; `difference` is the first less the second,
    with its 95 % interval `low` to `high` from resampled owners. `shipped_learned` and
    `shipped_active` are of the shipped sentences, each read by models that were fitted to the
    others, with and without the corrected ones.
    """

    learned: float
    active: float
    difference: float
    low: float
    high: float
    owners: int
    sentences: int
    shipped_learned: float
    shipped_active: float


@dataclass(frozen=True, slots=True)
class LearnedRoles:
    """A model fitted on everything, and the quality of models fitted on the others' sentences."""

    model: RoleModel
    quality: RoleQuality


def learn_roles(
    side: str, shipped: Sentences, corrected: Sentences, active: RoleModel
) -> LearnedRoles:
    """A model of what sentences of `side` ("need" or "profile") do, from both kinds of sentences.

    Quality is cross-validated: the sentences of an owner are read by a model to which it has
    contributed nothing. Raises TooFewCorrections.
    """
    # Every process of the application would load it at its start, for a third of that time.
    from sklearn.model_selection import GroupKFold, StratifiedKFold

    owners = np.unique(corrected.owners)
    if len(owners) < LEAST_OWNERS or len(corrected.texts) < LEAST_SENTENCES:
        raise TooFewCorrections(len(owners), len(corrected.texts))
    counts = _limit_owners(corrected.owners)
    read = np.zeros(len(corrected.texts))
    for taught, asked in GroupKFold(FOLDS, shuffle=True, random_state=_SEED).split(
        counts, groups=corrected.owners
    ):
        model = _fit(side, shipped, None, corrected, taught, counts)
        read[asked] = _find_right(model, corrected, asked)
    shipped_roles = np.array(shipped.roles)
    kept = {True: np.zeros(len(shipped_roles)), False: np.zeros(len(shipped_roles))}
    everyone = np.arange(len(corrected.texts))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=_SEED)
    for taught, asked in folds.split(shipped_roles, shipped_roles):
        for is_learned, others in ((True, everyone), (False, everyone[:0])):
            model = _fit(side, shipped, taught, corrected, others, counts)
            kept[is_learned][asked] = _find_right(model, shipped, asked)
    return LearnedRoles(
        model=_fit(side, shipped, None, corrected, everyone, counts),
        quality=RoleQuality(
            *measure_gain(
                corrected.owners,
                np.ones(len(read)),
                read,
                _find_right(active, corrected, everyone),
            ),
            sentences=len(read),
            shipped_learned=round(float(kept[True].mean()), _DECIMALS),
            shipped_active=round(float(kept[False].mean()), _DECIMALS),
        ),
    )


def _limit_owners(owners: Rows) -> Figures:
    """(n,) how often each sentence counts: once, or less where its owner has very many."""
    _, positions = np.unique(owners, return_inverse=True)
    totals = np.bincount(positions)
    shares: Figures = np.minimum(1.0, MOST_OF_ONE_OWNER * np.median(totals) / totals)
    return shares[positions]


def _fit(
    side: str,
    shipped: Sentences,
    chosen: Rows | None,
    corrected: Sentences,
    taught: Rows,
    counts: Figures,
) -> RoleModel:
    """Fitted to the `chosen` of the shipped sentences, None for all, and `taught` corrected."""
    own = np.arange(len(shipped.texts)) if chosen is None else chosen
    return RoleModel.fit(
        ROLES[side],
        [shipped.texts[at] for at in own] + [corrected.texts[at] for at in taught],
        [shipped.roles[at] for at in own] + [corrected.roles[at] for at in taught],
        np.concatenate([shipped.vectors[own], corrected.vectors[taught]]),
        has_cues=side == NEED,
        counts=np.concatenate([np.ones(len(own)), counts[taught]]),
    )


def _find_right(model: RoleModel, sentences: Sentences, asked: Rows) -> Figures:
    """1 for each of the sentences `asked` about that the model reads as it is meant, else 0."""
    figures = model.read([sentences.texts[at] for at in asked], sentences.vectors[asked])
    meant = np.array([model.roles.index(sentences.roles[at]) for at in asked], dtype=np.int64)
    right: Figures = (figures.argmax(axis=1) == meant).astype(np.float64)
    return right
