"""The bridge between the database and the matching engine.

`DatabaseChangeSource` reads committed rows through a connection of its own and turns them into
records; `get_engine` gives this process its engine, made on first use. `store_passages` puts
what the engine encoded beside the profile that it came from.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from flask import Flask, current_app
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, selectinload

from app.settings import Settings
from app.track_records import (
    count_recent_answers,
    count_taken_places,
    list_answer_hours,
    list_ratings,
)
from app.weights import read_active_weights
from matching.encoder import TextEncoder
from matching.encoder_choice import open_encoder
from matching.engine import Engine
from matching.records import Change, Passage, ProviderRecord, Removal, Service, Standing
from models.profile_text import Section
from models.providers import Centre, Provider, ProviderPassage
from models.revisions import ProviderTombstone, get_latest_revision

# How many providers are read at once while an index catches up.
CHUNK = 500

VECTOR_DTYPE = "float32"


@dataclass(frozen=True, slots=True)
class _History:
    """What happened to some providers, by provider id."""

    taken: Mapping[int, int]
    answers: Mapping[int, tuple[int, int]]
    answer_hours: Mapping[int, float]
    rating: Mapping[int, float]


class DatabaseChangeSource:
    """Committed changes of providers, in the order of their revisions."""

    def __init__(self, engine: DatabaseEngine) -> None:
        # One snapshot for all that is read in one go: a provider that changes while the changes
        # are read would otherwise bring a revision whose other providers were not read. A
        # transaction of SQLite is such a snapshot by itself.
        self._engine = (
            engine
            if engine.dialect.name == "sqlite"
            else engine.execution_options(isolation_level="REPEATABLE READ")
        )

    def latest_revision(self) -> int:
        """The highest committed revision."""
        with Session(self._engine) as session:
            return get_latest_revision(session)

    def changes_after(self, revision: int, fingerprint: str) -> Iterator[Change]:
        """The newest committed state of every provider that changed after `revision`.

        Ascending by revision. Rows are read in one snapshot per call, in chunks of `CHUNK`.
        """
        with Session(self._engine) as session:
            removals = session.execute(
                select(ProviderTombstone.provider_id, ProviderTombstone.revision)
                .where(ProviderTombstone.revision > revision)
                .order_by(ProviderTombstone.revision)
            ).all()
            changed = session.execute(
                select(Provider.id, Provider.revision)
                .where(Provider.revision > revision)
                .order_by(Provider.revision, Provider.id)
            ).all()
            pending = [Removal(id=r.provider_id, revision=r.revision) for r in removals]
            for start in range(0, len(changed), CHUNK):
                ids = [row.id for row in changed[start : start + CHUNK]]
                for record in self._read(session, ids, fingerprint):
                    while pending and pending[0].revision <= record.revision:
                        yield pending.pop(0)
                    yield record
                session.expunge_all()
            yield from pending

    def _read(self, session: Session, ids: Sequence[int], fingerprint: str) -> list[ProviderRecord]:
        providers = session.scalars(
            select(Provider)
            .where(Provider.id.in_(ids))
            .options(
                selectinload(Provider.mentor),
                selectinload(Provider.investor),
                selectinload(Provider.centre).selectinload(Centre.services),
                selectinload(Provider.passages),
                selectinload(Provider.pool_entries),
            )
        ).all()
        history = _read_history(session, ids)
        by_id = {p.id: make_record(p, fingerprint, history) for p in providers}
        return [by_id[i] for i in ids if i in by_id]


def _read_history(session: Session, ids: Sequence[int]) -> _History:
    return _History(
        taken=count_taken_places(session, ids),
        answers=count_recent_answers(session, ids),
        answer_hours=list_answer_hours(session, ids),
        rating={i: mean for i, (mean, _count) in list_ratings(session, ids).items()},
    )


def make_record(provider: Provider, fingerprint: str, history: _History) -> ProviderRecord:
    """`provider` as matching sees it, without vectors of another encoder than `fingerprint`."""
    taken = history.taken.get(provider.id, 0)
    answered, requests = history.answers.get(provider.id, (0, 0))
    mentor, investor, centre = provider.mentor, provider.investor, provider.centre
    return ProviderRecord(
        id=provider.id,
        revision=provider.revision,
        kind=provider.kind.value,
        text=provider.published_text,
        passages=tuple(
            Passage(
                role=p.role,
                start=p.start,
                end=p.end,
                vector=np.frombuffer(p.vector, dtype=np.dtype(p.dtype).newbyteorder("<")).astype(
                    np.float32
                )
                if p.fingerprint == fingerprint
                else None,
            )
            for p in provider.passages
        ),
        standing=Standing(
            published=provider.state == "published",
            pools=frozenset(e.incubator_id for e in provider.pool_entries if e.state == "admitted"),
            open_to_all=provider.open_to_all,
            fields=frozenset(f.value for f in provider.fields),
            place_code=provider.place_code,
            remote=provider.remote,
            languages=frozenset(language.value for language in provider.languages),
            capacity=provider.capacity,
            free_capacity=max(0, provider.capacity - taken),
            hours_per_month=mentor.hours_per_month if mentor else None,
            seat=mentor.seat.value if mentor and mentor.seat else None,
            funding_stages=frozenset(s.value for s in investor.funding_stages)
            if investor
            else frozenset(),
            instruments=frozenset(i.value for i in investor.instruments)
            if investor
            else frozenset(),
            ticket_min_yuan=investor.ticket_min_yuan if investor else None,
            ticket_max_yuan=investor.ticket_max_yuan if investor else None,
            services=tuple(
                Service(s.gate.value, s.lead_time_days, s.price_yuan, s.free_slots)
                for s in centre.services
            )
            if centre
            else (),
            accepts_vouchers=centre.accepts_vouchers if centre else False,
            recent_exposure=provider.exposure,
            is_newcomer=provider.is_newcomer,
            recent_requests=requests,
            unanswered_requests=requests - answered,
            answer_hours=history.answer_hours.get(provider.id),
            rating=history.rating.get(provider.id),
        ),
    )


@dataclass(frozen=True, slots=True)
class StoredText:
    """What is stored beside a profile: its passages, which carry vectors of the encoder with
    `fingerprint`, and the sections of its text that they stand in."""

    passages: Sequence[Passage]
    sections: Sequence[Section]
    fingerprint: str


def store_passages(
    session: Session,
    *,
    provider: Provider,
    passages: Sequence[Passage],
    sections: Sequence[Section],
    fingerprint: str,
) -> None:
    """Replace the passages of `provider` by `passages`, which carry vectors. Flushes."""
    session.flush()
    session.execute(delete(ProviderPassage).where(ProviderPassage.provider_id == provider.id))
    insert_passages(session, {provider.id: StoredText(passages, sections, fingerprint)})
    session.expire(provider, ["passages"])


def insert_passages(session: Session, texts: Mapping[int, StoredText]) -> None:
    """The passages of providers that have none yet are stored, by provider id, in one statement.

    Raises ValueError for a passage without a vector.
    """
    # Rows and not objects: a profile has a dozen, which nobody changes afterwards.
    rows = [
        _make_passage_row(provider_id, ordinal, passage, text)
        for provider_id, text in texts.items()
        for ordinal, passage in enumerate(text.passages)
    ]
    if rows:
        session.execute(insert(ProviderPassage.__table__), rows)


def _make_passage_row(
    provider_id: int, ordinal: int, passage: Passage, text: StoredText
) -> dict[str, object]:
    if passage.vector is None:
        raise ValueError("a passage without its vector cannot be stored")
    return {
        "provider_id": provider_id,
        "ordinal": ordinal,
        "role": passage.role,
        "section": _find_section(passage, text.sections),
        "passage_start": passage.start,
        "passage_end": passage.end,
        "vector": passage.vector.astype(np.dtype(VECTOR_DTYPE).newbyteorder("<")).tobytes(),
        "dtype": VECTOR_DTYPE,
        "fingerprint": text.fingerprint,
    }


def _find_section(passage: Passage, sections: Sequence[Section]) -> str:
    if passage.role == "whole":
        return ""
    return next((s.name for s in sections if s.start <= passage.start < s.end), "")


class Matching:
    """The engine of one process, made when it is first needed: forks must not share it."""

    def __init__(self, settings: Settings, database: DatabaseEngine) -> None:
        self._settings = settings
        self._database = database
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    def get_engine(self) -> Engine:
        """The engine; the encoder itself is not loaded before a text has to be encoded."""
        with self._lock:
            if self._engine is None:
                self._engine = Engine(
                    open_configured_encoder(self._settings),
                    DatabaseChangeSource(self._database),
                    read_weights=partial(read_active_weights, self._database),
                    cache_folder=self._settings.cache_path,
                )
            return self._engine


def open_configured_encoder(settings: Settings) -> TextEncoder:
    """The encoder that the settings name. Raises EncoderMissing."""
    return open_encoder(settings.encoder, cache_root=settings.encoder_root)


def register_matching(app: Flask, settings: Settings, database: DatabaseEngine) -> None:
    """Give `app` its engine, unmade."""
    app.extensions["yinqiao_matching"] = Matching(settings, database)


def get_engine() -> Engine:
    """The matching engine of this process."""
    matching = current_app.extensions["yinqiao_matching"]
    if not isinstance(matching, Matching):
        raise RuntimeError("this application has no matching engine")
    return matching.get_engine()
