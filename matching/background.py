"""The background: shipped texts of unrelated topics against which a cosine gets its meaning.

The texts are written for this purpose (`background/texts.jsonl`): for each topic a need and a
profile, in Chinese and in English. From them come, for the encoder in use, the mean vector of each
language and role, which is subtracted because embeddings crowd into a cone, and the distribution
of unrelated pairs, against which strengths are calibrated.
"""

import hashlib
import json
import logging
import os
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.encoder import Role, TextEncoder
from matching.words import LANGUAGES, detect_language, list_words

log = logging.getLogger(__name__)

_TEXTS = Path(__file__).parent / "background" / "texts.jsonl"
NEED, PROFILE = "need", "profile"
# Both sides are descriptions; docs/matching.md has the measurement of the prompts.
ENCODER_ROLES: Mapping[str, Role] = {NEED: "query", PROFILE: "passage"}


@dataclass(frozen=True, slots=True)
class BackgroundText:
    """One shipped text: the need or the profile of a topic, in one language."""

    topic: str
    role: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Background:
    """What the shipped texts say about one encoder.

    `version` names the texts. `means` has the mean vector (d,) of each (role, language).
    `word_counts` has, for each word, in how many of `size` background profiles it occurs.
    """

    version: str
    fingerprint: str
    means: Mapping[tuple[str, str], NDArray[np.float32]]
    word_counts: Mapping[str, int]
    size: int

    def centre(
        self, vectors: NDArray[np.float32], role: str, languages: list[str]
    ) -> NDArray[np.float32]:
        """(n, d) unit vectors of `role`, (n,) languages → unit vectors less their mean."""
        if not len(vectors):
            return vectors
        means = np.stack([self.means[role, language] for language in languages])
        moved = vectors - means
        norms = np.linalg.norm(moved, axis=1, keepdims=True)
        centred: NDArray[np.float32] = (moved / np.maximum(norms, 1e-9)).astype(np.float32)
        return centred


@cache
def read_texts() -> tuple[BackgroundText, ...]:
    """The shipped texts, in the order of the file."""
    with _TEXTS.open(encoding="utf-8") as lines:
        return tuple(BackgroundText(**json.loads(line)) for line in lines if line.strip())


@cache
def read_version() -> str:
    """The first 12 hex digits of the SHA-256 of the shipped texts."""
    return hashlib.sha256(_TEXTS.read_bytes()).hexdigest()[:12]


def prepare_background(encoder: TextEncoder, cache_folder: Path | None = None) -> Background:
    """The background for `encoder`, read from `cache_folder` or computed and kept there.

    A cached file that is damaged or of another version is computed again. Encoding some three
    hundred short texts takes a second or two.
    """
    name = f"background-{read_version()}-{encoder.fingerprint[:16]}.npz"
    path = None if cache_folder is None else cache_folder / name
    means = None if path is None else _load_means(path, encoder.dimensions)
    if means is None:
        means = _compute_means(encoder)
        if path is not None:
            _save_means(path, means)
    profiles = [text.text for text in read_texts() if text.role == PROFILE]
    counts = Counter(word for text in profiles for word in set(list_words(text)))
    return Background(read_version(), encoder.fingerprint, means, counts, len(profiles))


def _compute_means(encoder: TextEncoder) -> dict[tuple[str, str], NDArray[np.float32]]:
    means = {}
    for role, encoder_role in ENCODER_ROLES.items():
        texts = [text.text for text in read_texts() if text.role == role]
        vectors = encoder.encode(texts, role=encoder_role)
        languages = np.array([detect_language(text) for text in texts])
        for language in LANGUAGES:
            chosen = vectors[languages == language]
            means[role, language] = chosen.mean(axis=0, dtype=np.float64).astype(np.float32)
    return means


def _load_means(path: Path, dimensions: int) -> dict[tuple[str, str], NDArray[np.float32]] | None:
    if not path.exists():
        return None
    try:
        with np.load(path) as stored:
            means = {
                (role, language): stored[f"{role}-{language}"].astype(np.float32)
                for role in ENCODER_ROLES
                for language in LANGUAGES
            }
    except (OSError, ValueError, KeyError, EOFError) as error:
        log.warning("background cache %s is damaged and is made again: %s", path.name, error)
        return None
    is_sound = all(m.shape == (dimensions,) and np.isfinite(m).all() for m in means.values())
    return means if is_sound else None


def _save_means(path: Path, means: Mapping[tuple[str, str], NDArray[np.float32]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            arrays = {f"{role}-{language}": mean for (role, language), mean in means.items()}
            np.savez(file, allow_pickle=False, **arrays)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
