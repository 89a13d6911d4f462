"""A source of changes in memory, and the numbers of an engine computed the slow, plain way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from matching.background import Background, prepare_background
from matching.encoders.hashing import HashingEncoder
from matching.encoding import word_passages
from matching.engine import Engine
from matching.index.snapshot import SnapshotFolder
from matching.ranking.calibration import Calibration, calibrate
from matching.ranking.needs import read_need
from matching.ranking.weights import SHIPPED
from matching.records import (
    Change,
    FurtherText,
    Passage,
    ProviderRecord,
    Query,
    Removal,
    Standing,
    StandingChange,
)
from matching.text.passages import WHOLE, split_passages
from matching.text.roles import weigh_sentences
from matching.text.words import detect_language


class MemorySource:
    """Providers as a database would keep them: one revision a change, tombstones for the removed.

    `vectors` says whether passages come with stored vectors, as they do unless the encoder changed.
    """

    def __init__(self, *, vectors: bool = True) -> None:
        self.states: dict[int, Change] = {}
        self.revision = 0
        self.identity = "0123456789abcdef"
        self._text_revisions: dict[int, int] = {}
        self._encoder = HashingEncoder()
        self._with_vectors = vectors

    def put(
        self,
        provider_id: int,
        text: str,
        kind: str = "mentor",
        standing: Standing | None = None,
        further: Mapping[int, str] | None = None,
    ) -> None:
        """`further` are the texts that the provider has besides, by their ids."""
        self.revision += 1
        self._text_revisions[provider_id] = self.revision
        self.states[provider_id] = ProviderRecord(
            provider_id,
            self.revision,
            kind,
            text,
            self._make_passages(text),
            standing or Standing(),
            texts=tuple(
                FurtherText(number, said, self._make_passages(said))
                for number, said in (further or {}).items()
            ),
        )

    def _make_passages(self, text: str) -> tuple[Passage, ...]:
        passages = split_passages(text)
        if self._with_vectors and passages:
            pieces = [text[p.start : p.end] for p in passages]
            vectors = self._encoder.encode(pieces, role="passage")
            passages = tuple(
                Passage(p.role, p.start, p.end, vector)
                for p, vector in zip(passages, vectors, strict=True)
            )
        return passages

    def change_standing(self, provider_id: int, standing: Standing) -> None:
        record = self.states[provider_id]
        assert isinstance(record, ProviderRecord)
        self.revision += 1
        self.states[provider_id] = replace(record, revision=self.revision, standing=standing)

    def remove(self, provider_id: int) -> None:
        self.revision += 1
        self.states[provider_id] = Removal(provider_id, self.revision)

    def list_records(self) -> list[ProviderRecord]:
        return [state for state in self.states.values() if isinstance(state, ProviderRecord)]

    def read_identity(self) -> str:
        return self.identity

    def latest_revision(self) -> int:
        return self.revision

    def changes_after(self, revision: int, fingerprint: str) -> Iterator[Change]:
        assert fingerprint == self._encoder.fingerprint
        later = [state for state in self.states.values() if state.revision > revision]
        for change in sorted(later, key=lambda change: change.revision):
            if isinstance(change, ProviderRecord) and self._text_revisions[change.id] <= revision:
                yield StandingChange(change.id, change.revision, change.kind, change.standing)
            else:
                yield change


@cache
def read_background() -> Background:
    return prepare_background(HashingEncoder())


@cache
def read_calibration() -> Calibration:
    return calibrate(read_background())


def make_engine(source: MemorySource, folder: Path | None = None) -> Engine:
    """An engine on `source`; with a `folder` it starts from the snapshot there, if there is one."""
    return Engine(
        HashingEncoder(),
        source,
        background=read_background(),
        cache_folder=folder,
        snapshots=None
        if folder is None
        else SnapshotFolder(folder / "index", source.read_identity),
    )


def compute_by_hand(source: MemorySource, query: Query) -> Mapping[int, Sequence[float]]:
    """The meaning of every provider's texts for the query, pair by pair, without any index."""
    encoder = HashingEncoder()
    background, calibration, weights = read_background(), read_calibration(), SHIPPED
    need = read_need(query, encoder, background)
    assert need is not None
    assert need.whole.vectors.pulls is not None
    low, scale = calibration.scale.low, calibration.scale.apply
    asked = list(
        zip(
            need.whole.vectors.sentences,
            need.whole.vectors.shares,
            need.whole.vectors.pulls,
            strict=True,
        )
    )

    def measure(text: str) -> float:
        passages = split_passages(text) or (Passage(WHOLE, 0, len(text)),)
        pieces = word_passages(text, passages)
        raw = encoder.encode(pieces, role="passage")
        languages = [detect_language(text[p.start : p.end]) for p in passages]
        centred = background.centre(raw, "profile", languages)
        start = 1 if len(centred) > 1 else 0
        said = [text[p.start : p.end] for p in passages[start:]]
        worths, _, _ = weigh_sentences(background.readers["profile"], said, raw[start:])
        own = list(zip(centred[start:], (worths * 255).round() / 255, strict=True))
        late = sum(
            share * scale(max((float(a @ b) - low) * worth**0.5 for b, worth in own) + low)
            for a, share, _ in asked
        )
        back = sum(
            worth * max((float(a @ b) - low) * pull for a, _, pull in asked) for b, worth in own
        ) / sum(worth for _, worth in own)
        return (
            weights.whole * float(scale(np.array(float(need.whole.vectors.whole @ centred[0]))))
            + weights.late * float(late)
            + weights.back * float(scale(np.array(back + low)))
        ) / (1 - weights.words)

    return {
        record.id: [measure(said) for said in (record.text, *(t.text for t in record.texts))]
        for record in source.list_records()
    }
