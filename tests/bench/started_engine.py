"""`python -m tests.bench.started_engine FOLDER ENCODERS TIME`: one start, for cold_start.

Opens an engine on what `cold_start` has laid out in FOLDER and prints how long after TIME (seconds
since the epoch) imports were done, the index was ready and the first match was answered. It imports
what a server needs for matching and nothing else.
"""

import json
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.ranking.indexing import DatabaseChangeSource
from matching.encoders.choice import BUNDLED, open_encoder
from matching.encoders.contract import Part, Progress, Role, TextEncoder
from matching.engine import Engine
from matching.index.snapshot import SnapshotFolder
from matching.records import Query
from models.orm import create_engine_for


class KnownEncoder:
    """The encoder by name, with the vectors of some texts: nothing is ever loaded."""

    def __init__(self, encoder: TextEncoder, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        self._encoder = encoder
        self._vectors = vectors

    @property
    def fingerprint(self) -> str:
        """That of the encoder itself."""
        return self._encoder.fingerprint

    @property
    def dimensions(self) -> int:
        """Those of the encoder itself."""
        return self._encoder.dimensions

    @property
    def parts(self) -> tuple[Part, ...]:
        """Those of the encoder itself."""
        return self._encoder.parts

    def encode(
        self, texts: Sequence[str], *, role: Role, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """The known vectors. Raises ValueError when others are asked for."""
        if unknown := [text for text in texts if text not in self._vectors]:
            raise ValueError(f"the vectors of {len(unknown)} texts are not known")
        return np.stack([self._vectors[text] for text in texts])


class NotingEncoder(KnownEncoder):
    """The encoder itself, which notes in `noted` what it was asked and what it said."""

    def __init__(self, encoder: TextEncoder) -> None:
        self.noted: dict[str, NDArray[np.float32]] = {}
        super().__init__(encoder, self.noted)

    def encode(
        self, texts: Sequence[str], *, role: Role, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """What the encoder says."""
        vectors = self._encoder.encode(texts, role=role, progress=progress)
        self.noted.update(zip(texts, vectors, strict=True))
        return vectors


def start_engine(folder: Path, encoders: Path, since: float) -> dict[str, object]:
    """Start, ask the one need, and say when what was done; wait for a snapshot that is written."""
    imports = time.time() - since
    with np.load(folder / "need.npz", allow_pickle=False) as known:
        need = str(known["need"])
        vectors = dict(zip(known["texts"].tolist(), known["vectors"], strict=True))
    database = create_engine_for(f"sqlite:///{folder / 'yinqiao.db'}")
    source = DatabaseChangeSource(database)
    engine = Engine(
        KnownEncoder(open_encoder(BUNDLED, cache_root=encoders), vectors),
        source,
        cache_folder=folder,
        snapshots=SnapshotFolder(folder / "index", source.read_identity),
    )
    engine.catch_up()
    ready = time.time() - since
    found = engine.match(Query(need, kind="centre"))
    first_match = time.time() - since
    for thread in threading.enumerate():
        if thread.name == "snapshot":
            thread.join()
    saved = time.time() - since
    database.dispose()
    return {
        "imports": imports,
        "ready": ready,
        "first_match": first_match,
        "saving": saved - ready,
        "providers": found.considered,
        "answer": [(result.provider_id, result.score) for result in found.results],
    }


if __name__ == "__main__":
    print(json.dumps(start_engine(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))))
