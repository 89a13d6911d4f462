"""Providers by the hundred thousand, made of the passages of real ones, for measuring growth.

A made provider is a real one of the demonstration or the shipped background, less some of its
sentences and with some of another. Each of its passages has the real text; its vector is the real
embedding, moved: `x = t·b + √(1 − t²)·n`, where a part of the noise `n` is a random mixture of
real embeddings (so that it lies where texts lie) and the rest has no direction. How near `t` keeps
a passage to its origin is drawn from the distances of real neighbours and fitted once, so that a
made passage has its nearest neighbour where a real one has it. `describe_neighbours` tells how
well: the quantiles of both are part of what `match_growth` prints. Wholes and sentences are fitted
each by themselves. Needs are real ones of the demonstration, of which no provider is made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.demo.reading import read_providers, read_startups
from matching.background import ENCODER_ROLES, PROFILE, Background, list_texts
from matching.encoders.contract import Part, TextEncoder
from matching.records import Change, Passage, ProviderRecord, Standing
from matching.text.passages import WHOLE, split_passages
from matching.text.words import detect_language

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]

KIND = "centre"
# A field that each so-many-th provider has: the hard condition on it leaves 10, 1 and 0.1 %.
RARE_FIELDS = {10: "one_in_10", 100: "one_in_100", 1000: "one_in_1000"}
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_MADE_AT_ONCE = 2_000
_MIXED = 4
# Mixtures of real embeddings lie near each other; too many of them bring strangers together.
_BLURRED = np.float32(1.5)
_KEPT_SHARE = 0.7
_FITTED_ORIGINS = 16
_PROBES = 300
_LEAST_KEPT, _MOST_KEPT = 0.05, 0.98


@dataclass(frozen=True, slots=True)
class RealProviders:
    """n passages of real profiles: their texts, centred vectors (n, d), whose and what they are."""

    texts: tuple[str, ...]
    vectors: Vectors
    providers: Numbers
    are_whole: NDArray[np.bool_]
    are_chinese: NDArray[np.bool_]


def list_needs() -> list[str]:
    """The needs of the demonstration's startups, in its order."""
    return [need.text for startup in read_startups() for need in startup.needs.values()]


def read_real(encoder: TextEncoder, background: Background) -> RealProviders:
    """The profiles of the demonstration and of the background, encoded as the engine does it."""
    profiles = [
        "\n".join((p.values.headline, p.values.summary, p.values.can_help_with))
        for p in read_providers()
    ] + [text.text for text in list_texts(PROFILE)]
    passages = [(at, p) for at, text in enumerate(profiles) for p in split_passages(text)]
    texts = tuple(profiles[at][p.start : p.end] for at, p in passages)
    languages = [detect_language(text) for text in texts]
    vectors = encoder.encode(texts, role=ENCODER_ROLES[PROFILE])
    return RealProviders(
        texts=texts,
        vectors=background.centre(vectors, PROFILE, languages),
        providers=np.array([at for at, _ in passages]),
        are_whole=np.array([p.role == WHOLE for _, p in passages]),
        are_chinese=np.array([language == "zh" for language in languages]),
    )


class Mover:
    """Moves the embeddings of one role as far as real ones of that role lie apart."""

    def __init__(
        self,
        real: RealProviders,
        chosen: NDArray[np.bool_],
        copies: int,
        parts: Sequence[Part],
    ) -> None:
        self._parts = parts
        self.vectors = real.vectors[chosen]
        self.nearest = find_nearest(self.vectors, self.vectors, real.providers[chosen])
        self._nearness = 0.5
        self._fit(copies)

    def move(self, origins: Numbers, generator: np.random.Generator) -> Vectors:
        """(n,) positions in `vectors` → (n, d) vectors as centring leaves them, moved copies."""
        middle = float(np.median(self.nearest))
        drawn = generator.choice(self.nearest, len(origins)) ** 2 / middle
        clipped = np.clip(self._nearness * drawn, _LEAST_KEPT**2, _MOST_KEPT**2)
        kept: Vectors = clipped.astype(np.float32)[:, np.newaxis]
        size = (len(origins), self.vectors.shape[1])
        mixed: Vectors = np.zeros(size, dtype=np.float32)
        for _ in range(_MIXED):
            share = generator.standard_normal((len(origins), 1), dtype=np.float32)
            mixed += share * self.vectors[generator.integers(0, len(self.vectors), len(origins))]
        blurred = generator.standard_normal(size, dtype=np.float32)
        noise = normalise(normalise(mixed) + _BLURRED * normalise(blurred))
        moved = np.sqrt(kept) * self.vectors[origins]
        moved += np.sqrt(1 - kept) * noise
        for part, own in cut_parts(moved, self._parts):
            own[:] = normalise(own) * np.float32(np.sqrt(part.share))
        return moved

    def _fit(self, copies: int) -> None:
        """Choose the nearness by halving, so that medians of nearest neighbours agree.

        Some origins with as many copies as they will have stand for all: the nearest neighbour of
        a copy is another copy of the same origin.
        """
        generator = np.random.default_rng(1)
        few = generator.choice(len(self.vectors), _FITTED_ORIGINS, replace=False)
        origins = np.repeat(few, copies)
        low, high = 0.0, 1.0
        for _ in range(6):
            self._nearness = (low + high) / 2
            made = self.move(origins, np.random.default_rng(2))
            probes = generator.choice(len(made), min(len(made), _PROBES), replace=False)
            nearest = find_nearest(made[probes], made, np.arange(len(made)), probes)
            if np.median(nearest) < np.median(self.nearest):
                low = self._nearness
            else:
                high = self._nearness


class MadeProviders:
    """`count` published centres as a source of changes; nothing of them is held."""

    def __init__(
        self, real: RealProviders, background: Background, count: int, *, seed: int = 20
    ) -> None:
        self._real = real
        self._background = background
        self._count = count
        self._seed = seed
        # Where each passage stands among those of its role, and the sentences of each provider.
        self._places = np.where(
            real.are_whole, np.cumsum(real.are_whole) - 1, np.cumsum(~real.are_whole) - 1
        )
        wholes = np.flatnonzero(real.are_whole)
        self._wholes = wholes
        self._sentences = [
            np.flatnonzero((real.providers == real.providers[at]) & ~real.are_whole)
            for at in wholes
        ]
        self._alike = {
            flag: np.flatnonzero(real.are_chinese[wholes] == flag) for flag in (True, False)
        }

    @cached_property
    def movers(self) -> dict[bool, Mover]:
        """What moves wholes (True) and sentences (False)."""
        copies = max(2, self._count // len(self._wholes))
        parts = self._background.parts
        return {
            flag: Mover(self._real, self._real.are_whole == flag, copies, parts)
            for flag in (True, False)
        }

    def count_passages(self) -> int:
        """How many passages all of them have. Makes their texts, not their vectors."""
        return sum(
            len(own) for first in range(0, self._count, _MADE_AT_ONCE) for own in self._list(first)
        )

    def latest_revision(self) -> int:
        """One revision a provider."""
        return self._count

    def changes_after(self, revision: int, fingerprint: str) -> Iterator[Change]:
        """The providers after `revision`, the same ones whenever they are asked for."""
        for first in range(0, self._count, _MADE_AT_ONCE):
            if first + _MADE_AT_ONCE > revision:
                made = self._make(first)
                yield from (record for record in made if record.revision > revision)

    def _list(self, first: int) -> list[Numbers]:
        """The real passages of the providers from `first`, a few thousand at most."""
        generator = np.random.default_rng([self._seed, first])
        last = min(first + _MADE_AT_ONCE, self._count)
        return [self._choose(generator) for _ in range(first, last)]

    def _make(self, first: int) -> list[ProviderRecord]:
        chosen = self._list(first)
        generator = np.random.default_rng([self._seed, first, 1])
        flat = np.concatenate(chosen)
        vectors = np.empty((len(flat), self._real.vectors.shape[1]), dtype=np.float32)
        for flag, mover in self.movers.items():
            at = np.flatnonzero(self._real.are_whole[flat] == flag)
            vectors[at] = mover.move(self._places[flat[at]], generator)
        vectors = self._undo_centring(vectors, self._real.are_chinese[flat])
        ends = np.cumsum([len(own) for own in chosen])
        return [
            self._describe(number + 1, own, vectors[end - len(own) : end])
            for number, (own, end) in enumerate(zip(chosen, ends.tolist(), strict=True), first)
        ]

    def _choose(self, generator: np.random.Generator) -> Numbers:
        """The real passages of a new provider: a whole, most of its sentences, some of another."""
        at = int(generator.integers(len(self._wholes)))
        own = self._sentences[at]
        kept = own[generator.random(len(own)) < _KEPT_SHARE]
        alike = self._alike[bool(self._real.are_chinese[self._wholes[at]])]
        other = self._sentences[int(generator.choice(alike))]
        added = generator.choice(other, min(len(other), int(generator.integers(1, 3))), False)
        return np.concatenate([self._wholes[at : at + 1], kept, np.setdiff1d(added, kept)])

    def _undo_centring(self, vectors: Vectors, are_chinese: NDArray[np.bool_]) -> Vectors:
        """Vectors as an encoder gives them, of which centring makes (n, d) `vectors`."""
        parts, means = self._background.parts, self._background.means
        found = np.empty_like(vectors)
        for language, flags in (("zh", are_chinese), ("en", ~are_chinese)):
            whole_mean = np.asarray(means[PROFILE, language], dtype=np.float32)[np.newaxis]
            raw = np.empty((int(flags.sum()), vectors.shape[1]), dtype=np.float32)
            cut = zip(
                cut_parts(vectors[flags], parts),
                cut_parts(whole_mean, parts),
                cut_parts(raw, parts),
                strict=True,
            )
            for (part, own), (_, means_of_part), (_, target) in cut:
                directions, mean = normalise(own), means_of_part[0]
                along = directions @ mean
                lengths = -along + np.sqrt(along**2 + part.share - float(mean @ mean))
                target[:] = lengths[:, np.newaxis] * directions + mean
            found[flags] = raw
        return found

    def _describe(self, number: int, own: Numbers, vectors: Vectors) -> ProviderRecord:
        passages, pieces, start = [], [self._real.texts[at] for at in own[1:]], 0
        for piece in pieces:
            passages.append(Passage("sentence", start, start + len(piece)))
            start += len(piece) + 1
        return ProviderRecord(
            id=number,
            revision=number,
            kind=KIND,
            text="\n".join(pieces),
            passages=(Passage(WHOLE, 0, start - 1), *passages),
            standing=Standing(
                capacity=1 + number % 5,
                free_capacity=1 + number % 5,
                fields=frozenset(
                    field for every, field in RARE_FIELDS.items() if number % every == 0
                ),
            ),
            vectors=vectors,
        )


def cut_parts(vectors: Vectors, parts: Sequence[Part]) -> Iterator[tuple[Part, Vectors]]:
    """Each part of an encoder's vectors with its columns of (n, d) `vectors`, not copied."""
    end = 0
    for part in parts:
        start, end = end, end + part.dimensions
        yield part, vectors[:, start:end]


def describe_neighbours(mover: Mover, made: Vectors) -> dict[str, list[float]]:
    """Quantiles of the cosine with the nearest neighbour: of the real ones, and of (n, d) `made`.

    A sample of the made ones is looked up among all of them.
    """
    probes = np.random.default_rng(3).choice(len(made), min(len(made), _PROBES), replace=False)
    nearest = find_nearest(made[probes], made, np.arange(len(made)), probes)
    return {
        "real": np.quantile(mover.nearest, QUANTILES).round(3).tolist(),
        "made": np.quantile(nearest, QUANTILES).round(3).tolist(),
    }


def find_nearest(
    probes: Vectors, vectors: Vectors, groups: Numbers, own: Sequence[int] | Numbers | None = None
) -> NDArray[np.float32]:
    """(p,) cosine of each probe with the nearest of (n, d) `vectors` that is of another group.

    `groups` is (n,); `own` has the group of each probe, by default that of its position.
    """
    own = groups if own is None else np.asarray(own)
    best = np.full(len(probes), -1.0, dtype=np.float32)
    for start in range(0, len(vectors), 1 << 15):
        products = probes @ vectors[start : start + (1 << 15)].T
        same = own[:, np.newaxis] == groups[np.newaxis, start : start + (1 << 15)]
        best = np.maximum(best, np.where(same, np.float32(-1), products).max(axis=1))
    return best


def normalise(vectors: Vectors) -> Vectors:
    """(n, d) → the same directions with unit length."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Vectors = vectors / np.maximum(lengths, np.float32(1e-9))
    return found
