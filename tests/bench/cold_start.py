"""How long a new process takes until it can search 100,000 passages, and until its first answer.

From the start of the interpreter, imports included, without the encoder: its model is not loaded,
and the vectors of the one need that is asked are known. `value` starts from a snapshot, verified
file by file; the baseline reads all providers from the database (SQLite) and builds the index from
them. Both read files that the system has in its cache. Profiles are those of `match_growth`.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.database import upgrade_schema
from app.ranking.indexing import StoredText, insert_passages
from matching.background import prepare_background
from matching.encoders.choice import BUNDLED, open_encoder, prepare_encoder
from matching.ranking.needs import read_need
from matching.records import Passage, ProviderRecord, Query
from models.orm import begin_writing, create_engine_for
from models.providers import Centre, Provider
from models.revisions import RevisionCounter
from models.vocabulary import CentreKind, ProviderKind
from tests.bench.made_vectors import MadeProviders, list_needs, read_real
from tests.bench.started_engine import NotingEncoder
from tests.factories import AT

REPOSITORY = Path(__file__).resolve().parents[2]
PASSAGES = 100_000
STARTS = 3
_STORED_AT_ONCE = 500


def measure() -> dict[str, object]:
    """Seconds to ready from the snapshot as `value`, from the database as `baseline`."""
    encoders = REPOSITORY / "instance" / "encoder"
    prepare_encoder(BUNDLED, cache_root=encoders)
    encoder = open_encoder(BUNDLED, cache_root=encoders)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        background = prepare_background(encoder, folder)
        real = read_real(encoder, background)
        each = MadeProviders(real, background, 2_000).count_passages() / 2_000
        source = MadeProviders(real, background, round(PASSAGES / each))
        database = create_engine_for(f"sqlite:///{folder / 'yinqiao.db'}")
        upgrade_schema(database)
        passages = _store(database, source, encoder.fingerprint)
        database.dispose()
        need = list_needs()[0]
        noting = NotingEncoder(encoder)
        read_need(Query(need, kind="centre"), noting, background)
        texts, vectors = zip(*noting.noted.items(), strict=True)
        np.savez(folder / "need.npz", allow_pickle=False, need=need, texts=texts, vectors=vectors)
        built = _start(folder, encoders)
        started = [_start(folder, encoders) for _ in range(STARTS)]
        if any(each["answer"] != built["answer"] for each in started):
            raise RuntimeError("an index from the snapshot answers otherwise than a built one")
        size = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
    value = median(each["ready"] for each in started)
    return {
        "name": "cold_start",
        "value": round(value, 3),
        "unit": "s",
        "baseline": round(built["ready"], 3),
        "ratio": round(value / built["ready"], 3),
        "first_match": round(median(each["first_match"] for each in started), 3),
        "imports": round(median(each["imports"] for each in started), 3),
        "saving": round(built["saving"], 3),
        "snapshot_megabytes": round(size / 1e6),
        "passages": passages,
        "providers": built["providers"],
    }


def _store(database: DatabaseEngine, source: MadeProviders, fingerprint: str) -> int:
    """Keep the providers as the application would have; how many passages they have."""
    passages = 0
    with Session(database) as session:
        chunk: list[ProviderRecord] = []
        for change in source.changes_after(0, fingerprint):
            if isinstance(change, ProviderRecord):
                chunk.append(change)
            if len(chunk) == _STORED_AT_ONCE:
                passages += _store_chunk(session, chunk, fingerprint)
                chunk = []
        passages += _store_chunk(session, chunk, fingerprint)
        begin_writing(session)
        session.execute(update(RevisionCounter).values(value=source.latest_revision()))
        session.commit()
    return passages


def _store_chunk(session: Session, chunk: list[ProviderRecord], fingerprint: str) -> int:
    begin_writing(session)
    rows = [
        {
            "id": record.id,
            "kind": ProviderKind.CENTRE,
            "state": "published",
            "name": f"Centre {record.id} (example)",
            "published_text": record.text,
            "published_at": AT,
            "open_to_all": True,
            "capacity": record.standing.capacity,
            "revision": record.revision,
            "text_revision": record.revision,
            "created_at": AT,
            "updated_at": AT,
        }
        for record in chunk
    ]
    if rows:
        session.execute(insert(Provider), rows)
        centres = [{"provider_id": r["id"], "centre_kind": CentreKind.PILOT_LINE} for r in rows]
        session.execute(insert(Centre), centres)
    stored = {}
    for record in chunk:
        if record.vectors is None:
            raise ValueError("a made provider has its vectors in one array")
        own = zip(record.passages, record.vectors, strict=True)
        with_vectors = [Passage(p.role, p.start, p.end, vector) for p, vector in own]
        stored[record.id] = StoredText(with_vectors, (), fingerprint)
    insert_passages(session, stored)
    session.commit()
    return sum(len(record.passages) for record in chunk)


def _start(folder: Path, encoders: Path) -> dict[str, Any]:
    """What a fresh process says of its start."""
    command = [sys.executable, "-m", "tests.bench.started_engine", str(folder), str(encoders)]
    done = subprocess.run(  # noqa: S603
        [*command, str(time.time())], cwd=REPOSITORY, check=True, stdout=subprocess.PIPE
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    print(json.dumps(measure()))
