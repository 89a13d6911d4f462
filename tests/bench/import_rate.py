"""How fast a file of 10,000 mentors is imported, over how fast their texts alone are encoded.

The file is read, planned, confirmed and applied as the pages and the worker do it, into a SQLite
database on disk: every profile is encoded, published, admitted to the pool and recorded. After
every second turn of the worker the baseline encodes the passages of that turn in one call of the
same encoder. A profile has a line, a description of two sentences and an offer, which makes five
passages with the whole; longer ones spend more of their time on encoding, which favours the import.
"""

import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import make_actor
from app.database import upgrade_schema
from app.imports.actions import confirm_import, continue_imports, preview_import
from app.imports.planning import plan_file
from app.imports.reading import read_table
from app.imports.recognising import recognise_table
from app.ranking.indexing import DatabaseChangeSource
from app.transactions import writing
from matching.encoders.bundle import prepare_bundled
from matching.encoders.choice import BUNDLED, open_encoder
from matching.encoders.contract import TextEncoder
from matching.engine import Engine
from matching.text.passages import SENTENCE, split_passages
from models.imports import ImportKind
from models.orm import create_engine_for
from models.providers import Provider, ProviderPassage
from tests.app.imports.files import make_xlsx
from tests.bench.encode_speed import make_texts
from tests.factories import make_incubator, make_person

REPOSITORY = Path(__file__).resolve().parents[2]
PROFILES = 10_000
AT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
HEADER = (
    *("name", "email", "headline", "summary", "can_help_with"),
    *("fields", "place", "languages", "help_modes", "hours_per_month"),
)
SAID_BY_ALL = ("integrated_circuits", "310115", "zh, en", "technical_review", "6")

Profile = tuple[str, str, str]


def measure() -> dict[str, object]:
    """Profiles a second, imported as `value`, only encoded as `baseline`.

    `preparing_share` is the part of the import's time that went by before anything was applied.
    """
    encoder_root = REPOSITORY / "instance" / "encoder"
    prepare_bundled(encoder_root)
    encoder = open_encoder(BUNDLED, cache_root=encoder_root)
    profiles = make_profiles(PROFILES)
    file = make_xlsx([HEADER, *make_cells(profiles)])
    encoder.encode(make_texts(200, seed=4), role="passage")
    with tempfile.TemporaryDirectory() as folder:
        database = create_engine_for(f"sqlite:///{folder}/import.db")
        upgrade_schema(database)
        engine = Engine(encoder, DatabaseChangeSource(database))
        with Session(database) as session:
            start = time.perf_counter()
            _confirm(session, file)
            preparing = time.perf_counter() - start
            applying, encoding = _apply(session, engine, profiles)
            passages = session.scalar(select(func.count()).select_from(ProviderPassage))
            published = session.scalar(select(func.count()).where(Provider.state == "published"))
            if published != PROFILES:
                raise RuntimeError(f"only {published} profiles were published")
        database.dispose()
    value, baseline = PROFILES / (preparing + applying), encoding
    return {
        "name": "import_rate",
        "value": round(value, 1),
        "unit": "profiles/s",
        "baseline": round(baseline, 1),
        "ratio": round(value / baseline, 3),
        "profiles": PROFILES,
        "passages": passages,
        "preparing_share": round(preparing / (preparing + applying), 3),
    }


def make_profiles(count: int) -> list[Profile]:
    """Line, description and offer of `count` mentors; no sentence is said twice."""
    sentences: dict[str, None] = {}
    for text in make_texts(3 * count, seed=3):
        spans = (p for p in split_passages(text) if p.role == SENTENCE)
        sentences |= dict.fromkeys(text[span.start : span.end] for span in spans)
    said = iter(sentences)
    return [(next(said), f"{next(said)} {next(said)}", next(said)) for _ in range(count)]


def make_cells(profiles: list[Profile]) -> list[tuple[str, ...]]:
    """The rows of the file below its header."""
    return [
        (f"Mentor {number}", f"mentor{number}@example.org", *profile, *SAID_BY_ALL)
        for number, profile in enumerate(profiles)
    ]


def _confirm(session: Session, file: bytes) -> None:
    """The file as an operator brings it in and confirms it."""
    with writing(session):
        operator = make_person(session)
        incubator = make_incubator(session, operator=operator)
    table = recognise_table(ImportKind.MENTORS, read_table(file))
    plans = plan_file(session, incubator=incubator, kind=ImportKind.MENTORS, rows=table.rows)
    actor = make_actor(operator)
    with writing(session):
        batch = preview_import(
            session,
            incubator=incubator,
            kind=ImportKind.MENTORS,
            filename="mentors.xlsx",
            plans=plans,
            unknown_columns=table.unknown_columns,
            actor=actor,
            at=AT,
        )
    with writing(session):
        confirm_import(session, batch=batch, sends_invitations=False, actor=actor, at=AT)


def _apply(session: Session, engine: Engine, profiles: list[Profile]) -> tuple[float, float]:
    """Seconds of all the worker's turns, and profiles a second where they are only encoded."""
    applying = encoding = 0.0
    done = turns = encoded = 0
    while True:
        start = time.perf_counter()
        turn = continue_imports(session, engine=engine, at=AT)
        applying += time.perf_counter() - start
        if turn == 0:
            return applying, encoded / encoding
        if turns % 2 == 0:
            encoding += _encode(engine.encoder, _list_pieces(profiles[done : done + turn]))
            encoded += turn
        done += turn
        turns += 1


def _list_pieces(profiles: list[Profile]) -> list[str]:
    """The passages of the profiles' texts, as the import cuts them."""
    texts = ["\n".join(profile) for profile in profiles]
    return [text[p.start : p.end] for text in texts for p in split_passages(text)]


def _encode(encoder: TextEncoder, pieces: list[str]) -> float:
    start = time.perf_counter()
    encoder.encode(pieces, role="passage")
    return time.perf_counter() - start


if __name__ == "__main__":
    print(json.dumps(measure()))
