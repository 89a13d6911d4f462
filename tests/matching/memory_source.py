"""A source of changes in memory, and the numbers of an engine computed the slow, plain way."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from matching.background import Background, prepare_background
from matching.encoders.hashing import HashingEncoder
from matching.engine import Engine
from matching.index.snapshot import SnapshotFolder
from matching.ranking.calibration import Calibration, calibrate
from matching.ranking.weights import SHIPPED
from matching.records import (
    Change,
    Passage,
    ProviderRecord,
    Query,
    Removal,
    Standing,
    StandingChange,
)
from matching.text.passages import WHOLE, split_passages
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
        self, provider_id: int, text: str, kind: str = "mentor", standing: Standing | None = None
    ) -> None:
        self.revision += 1
        passages = split_passages(text)
        if self._with_vectors and passages:
            pieces = [text[p.start : p.end] for p in passages]
            vectors = self._encoder.encode(pieces, role="passage")
            passages = tuple(
                Passage(p.role, p.start, p.end, vector)
                for p, vector in zip(passages, vectors, strict=True)
            )
        self._text_revisions[provider_id] = self.revision
        self.states[provider_id] = ProviderRecord(
            provider_id, self.revision, kind, text, passages, standing or Standing()
        )

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
    return calibrate(read_background(), SHIPPED)


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


def compute_by_hand(source: MemorySource, query: Query) -> Mapping[int, float]:
    """The meaning of every provider for the query, pair by pair, without any index."""
    encoder = HashingEncoder()
    background, calibration, weights = read_background(), read_calibration(), SHIPPED

    def read(text: str, role: str) -> tuple[np.ndarray, np.ndarray]:
        passages = split_passages(text) or (Passage(WHOLE, 0, len(text)),)
        pieces = [text[p.start : p.end] for p in passages]
        raw = encoder.encode(pieces, role="query" if role == "need" else "passage")
        centred = background.centre(raw, role, [detect_language(piece) for piece in pieces])
        return centred[0], centred[1:] if len(centred) > 1 else centred

    need_whole, need_sentences = read(query.text, "need")
    found = {}
    for record in source.list_records():
        whole, sentences = read(record.text, "profile")
        scale = calibration.scale.apply
        best = [max(float(a @ b) for b in sentences) for a in need_sentences]
        back = np.mean([max(float(a @ b) for a in need_sentences) for b in sentences])
        found[record.id] = (
            weights.whole * float(scale(np.array(float(need_whole @ whole))))
            + weights.late * float(np.mean(scale(np.array(best))))
            + weights.back * float(scale(np.array(back)))
        ) / (1 - weights.words)
    return found
