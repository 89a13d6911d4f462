"""The background: shipped texts of unrelated topics against which a cosine gets its meaning.

The texts are written for this purpose (`background/texts.jsonl`): for each topic a need and a
profile, in Chinese and in English. From them come, for the encoder in use, the mean vector of each
language and role, which is subtracted because embeddings crowd into a cone, and the distribution
of unrelated pairs, against which strengths are calibrated. Beside them stand sentences of which it
is known what they do in a need or a profile (`background/roles.tsv`): from these the encoder's
model of roles is fitted. And beside these, profiles of trades that have nothing to do with
technology (`background/trades.tsv`): a need that one of them answers better than anybody in a list
is not for that list.
"""

import hashlib
import json
import logging
import os
import tempfile
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.encoders.contract import Part, Role, TextEncoder
from matching.text.roles import NEED_ROLES, PROFILE_ROLES, RoleModel
from matching.text.tokens import list_tokens
from matching.text.words import LANGUAGES, list_words

log = logging.getLogger(__name__)

_TEXTS = Path(__file__).parent / "background" / "texts.jsonl"
_ROLES = Path(__file__).parent / "background" / "roles.tsv"
_TRADES = Path(__file__).parent / "background" / "trades.tsv"
NEED, PROFILE = "need", "profile"
# Both sides are descriptions; docs/matching.md has the measurement of the prompts.
ENCODER_ROLES: Mapping[str, Role] = {NEED: "query", PROFILE: "passage"}
# What sentences of each side do.
ROLES: Mapping[str, tuple[str, ...]] = {NEED: NEED_ROLES, PROFILE: PROFILE_ROLES}


@dataclass(frozen=True, slots=True)
class BackgroundText:
    """One shipped text: the need or the profile of a topic, in one language."""

    topic: str
    role: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class RoleText:
    """One shipped sentence of a need or a profile (`side`), and what it does there (`role`)."""

    side: str
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Cohort:
    """The background texts of one role: n centred unit vectors (n, d) and what they are of."""

    vectors: NDArray[np.float32]
    languages: NDArray[np.str_]
    topics: NDArray[np.str_]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Readers:
    """Models of roles that were learned, by side ("need" or "profile"): one or both."""

    version: str
    models: Mapping[str, RoleModel]


@dataclass(frozen=True, slots=True)
class Background:
    """What the shipped texts say about one encoder.

    `version` names the texts, `parts` are the stretches of the encoder's vectors. `means` has the
    mean vector (d,) of each (role, language). `word_counts` has, for each word or term, in how many
    of the background profiles it occurs. `readers` tell the roles of a need's and of a profile's
    sentences. `trades` are the profiles of other trades, from which nothing is measured.
    """

    version: str
    fingerprint: str
    parts: tuple[Part, ...]
    means: Mapping[tuple[str, str], NDArray[np.float32]]
    needs: Cohort
    profiles: Cohort
    trades: Cohort
    word_counts: Mapping[str, int]
    readers: Mapping[str, RoleModel]

    def read_by(self, learned: Readers) -> "Background":
        """The same, where the sentences of the sides that were learned are read by these models.

        Their version stands behind that of the texts: lists that were read so are told apart.
        """
        return replace(
            self,
            version=f"{self.version}+{learned.version}",
            readers={**self.readers, **learned.models},
        )

    def centre(
        self, vectors: NDArray[np.float32], role: str, languages: Sequence[str]
    ) -> NDArray[np.float32]:
        """(n, d) unit vectors of `role`, (n,) languages → unit vectors less their mean.

        Each part by itself: vectors of different models lie in cones of different widths, and the
        narrower would otherwise lose the weight that its share gives it.
        """
        if not len(vectors):
            return vectors
        means = np.stack([self.means[role, language] for language in languages])
        return _centre(vectors, means, self.parts)


@cache
def read_texts() -> tuple[BackgroundText, ...]:
    """The shipped texts, in the order of the file."""
    with _TEXTS.open(encoding="utf-8") as lines:
        return tuple(BackgroundText(**json.loads(line)) for line in lines if line.strip())


@cache
def read_role_texts() -> tuple[RoleText, ...]:
    """The shipped sentences with their roles, in the order of the file."""
    with _ROLES.open(encoding="utf-8") as lines:
        return tuple(RoleText(*line.rstrip("\n").split("\t")) for line in lines if line.strip())


@cache
def read_trades() -> tuple[BackgroundText, ...]:
    """The shipped profiles of other trades, in the order of the file: Chinese, then English."""
    with _TRADES.open(encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if line.strip()]
    return tuple(
        BackgroundText(trade, PROFILE, language, text)
        for trade, *both in rows
        for language, text in zip(("zh", "en"), both, strict=True)
    )


@cache
def read_version() -> str:
    """The first 12 hex digits of the SHA-256 of the shipped texts and sentences."""
    shipped = b"".join(path.read_bytes() for path in (_TEXTS, _ROLES, _TRADES))
    return hashlib.sha256(shipped).hexdigest()[:12]


def prepare_background(encoder: TextEncoder, cache_folder: Path | None = None) -> Background:
    """The background for `encoder`; its vectors are read from `cache_folder` or computed and kept.

    A cached file that is damaged or of another version is made again. Encoding some nine hundred
    short texts takes a few seconds.
    """
    name = f"background-{read_version()}-{encoder.fingerprint[:16]}.npz"
    path = None if cache_folder is None else cache_folder / name
    stored = None if path is None else _load_vectors(path, encoder.dimensions)
    if stored is None:
        stored = {
            role: encoder.encode(_list_all_texts(role), role=encoder_role)
            for role, encoder_role in ENCODER_ROLES.items()
        }
        if path is not None:
            _save_vectors(path, stored)
    texts = {role: list_texts(role) for role in ENCODER_ROLES}
    ends = {role: len(texts[role]) + len(list_role_texts(role)) for role in texts}
    return build_background(
        encoder,
        texts,
        {role: stored[role][: len(texts[role])] for role in texts},
        {role: _fit_reader(role, stored[role][len(texts[role]) : ends[role]]) for role in texts},
        stored[PROFILE][ends[PROFILE] :],
    )


def build_background(
    encoder: TextEncoder,
    texts: Mapping[str, Sequence[BackgroundText]],
    vectors: Mapping[str, NDArray[np.float32]],
    readers: Mapping[str, RoleModel] | None = None,
    trades: NDArray[np.float32] | None = None,
) -> Background:
    """The background of some shipped texts, by role, with the (n, d) vectors that `encoder` gave.

    Each role needs texts in both languages. `readers` are fitted to all shipped sentences, and
    `trades`, the vectors of `read_trades`, encoded, here if they are not given.
    """
    if readers is None:
        readers = {
            role: _fit_reader(
                role, encoder.encode([text.text for text in list_role_texts(role)], role=own)
            )
            for role, own in ENCODER_ROLES.items()
        }
    if trades is None:
        trades = encoder.encode([text.text for text in read_trades()], role=ENCODER_ROLES[PROFILE])
    languages = {role: np.array([text.language for text in texts[role]]) for role in texts}
    means = {
        (role, language): vectors[role][languages[role] == language].mean(axis=0, dtype=np.float64)
        for role in texts
        for language in LANGUAGES
    }
    return Background(
        version=read_version(),
        fingerprint=encoder.fingerprint,
        parts=encoder.parts,
        means=means,
        needs=_make_cohort(texts[NEED], vectors[NEED], means, encoder.parts),
        profiles=_make_cohort(texts[PROFILE], vectors[PROFILE], means, encoder.parts),
        trades=_make_cohort(read_trades(), trades, means, encoder.parts),
        word_counts=Counter(
            token for text in texts[PROFILE] for token in set(list_tokens(text.text))
        ),
        readers=readers,
    )


@cache
def count_common_words() -> Mapping[str, int]:
    """How many of the shipped texts have each word: what people write whatever it is about."""
    return Counter(word for text in read_texts() for word in set(list_words(text.text)))


def list_texts(role: str) -> tuple[BackgroundText, ...]:
    """The shipped texts of one role, in the order of the file."""
    return tuple(text for text in read_texts() if text.role == role)


def list_role_texts(side: str) -> tuple[RoleText, ...]:
    """The shipped sentences of a need or of a profile, in the order of the file."""
    return tuple(text for text in read_role_texts() if text.side == side)


def _list_all_texts(role: str) -> list[str]:
    """What is encoded for one role: the texts, the sentences of that side, then other trades."""
    texts = [text.text for text in list_texts(role)]
    texts += [text.text for text in list_role_texts(role)]
    return texts + [text.text for text in read_trades() if text.role == role]


def _fit_reader(role: str, vectors: NDArray[np.float32]) -> RoleModel:
    own = list_role_texts(role)
    return RoleModel.fit(
        ROLES[role],
        [text.text for text in own],
        [text.role for text in own],
        vectors,
        has_cues=role == NEED,
    )


def _make_cohort(
    texts: Sequence[BackgroundText],
    vectors: NDArray[np.float32],
    means: Mapping[tuple[str, str], NDArray[np.float32]],
    parts: Sequence[Part],
) -> Cohort:
    own_means = np.stack([means[text.role, text.language] for text in texts])
    return Cohort(
        vectors=_centre(vectors, own_means, parts),
        languages=np.array([text.language for text in texts]),
        topics=np.array([text.topic for text in texts]),
        texts=tuple(text.text for text in texts),
    )


def _centre(
    vectors: NDArray[np.float32], means: NDArray[np.float32], parts: Sequence[Part]
) -> NDArray[np.float32]:
    """(n, d) vectors less (n, d) means, each part of the length that its share gives it."""
    centred = np.empty_like(vectors)
    end = 0
    for part in parts:
        start, end = end, end + part.dimensions
        moved = vectors[:, start:end] - means[:, start:end]
        norms = np.linalg.norm(moved, axis=1, keepdims=True)
        centred[:, start:end] = moved * (np.sqrt(part.share) / np.maximum(norms, 1e-9))
    return centred


def _load_vectors(path: Path, dimensions: int) -> dict[str, NDArray[np.float32]] | None:
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file) as stored:
            vectors = {role: stored[role].astype(np.float32) for role in ENCODER_ROLES}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        log.warning("background cache %s is damaged and is made again: %s", path.name, error)
        return None
    is_sound = all(
        array.shape == (len(_list_all_texts(role)), dimensions) and np.isfinite(array).all()
        for role, array in vectors.items()
    )
    return vectors if is_sound else None


def _save_vectors(path: Path, vectors: Mapping[str, NDArray[np.float32]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **vectors)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
