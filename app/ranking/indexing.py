"""The bridge between the database and the matching engine.

`DatabaseChangeSource` reads committed rows through a connection of its own and turns them into
records; `Matching` keeps the engine of one process, made on first use. `store_passages` puts
what the engine encoded beside the profile that it came from.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, load_only, selectinload

from app.ranking.corrections import locate_corrections, read_corrections
from app.ranking.further_texts import read_further_texts
from app.ranking.roles import read_active_roles
from app.ranking.stored_passages import StoredPassages, group_passages, write_passage
from app.ranking.track_records import (
    count_recent_answers,
    count_taken_places,
    list_answer_hours,
    list_ratings,
)
from app.ranking.weights import read_active_weights
from app.settings import Settings
from matching.encoders.batching import BatchingEncoder
from matching.encoders.choice import open_encoder
from matching.encoders.contract import TextEncoder
from matching.encoders.cross import open_reranker
from matching.engine import Engine
from matching.index.snapshot import SnapshotFolder
from matching.records import (
    Change,
    Passage,
    ProviderRecord,
    Removal,
    Service,
    Standing,
    StandingChange,
)
from models.funds import Mandate
from models.profile_text import Section
from models.providers import Centre, Provider, ProviderPassage
from models.revisions import ProviderTombstone, get_database_identity, get_latest_revision

log = logging.getLogger(__name__)

# What could not be loaded is tried again after so many seconds, when somebody asks how it is.
_WARMED_AGAIN_SECONDS = 60.0

# How many providers are read at once while an index catches up.
CHUNK = 500

# All that a standing is made of in the provider's own row: texts can be long.
_STANDING_COLUMNS = (
    "kind",
    "state",
    "revision",
    "fields",
    "place_code",
    "remote",
    "languages",
    "capacity",
    "open_to_all",
    "exposure",
    "is_newcomer",
    "uses_history",
)


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

    def read_identity(self) -> str:
        """What tells this database from every other one."""
        with Session(self._engine) as session:
            return get_database_identity(session)

    def changes_after(self, revision: int, fingerprint: str) -> Iterator[Change]:
        """The newest committed state of every provider that changed after `revision`.

        Ascending by revision. Rows are read in one snapshot per call, in chunks of `CHUNK`; text
        and vectors only of those whose text changed after `revision`.
        """
        with Session(self._engine) as session:
            removals = session.execute(
                select(ProviderTombstone.provider_id, ProviderTombstone.revision)
                .where(ProviderTombstone.revision > revision)
                .order_by(ProviderTombstone.revision)
            ).all()
            changed = session.execute(
                select(Provider.id, Provider.text_revision)
                .where(Provider.revision > revision)
                .order_by(Provider.revision, Provider.id)
            ).all()
            pending = [Removal(id=r.provider_id, revision=r.revision) for r in removals]
            for start in range(0, len(changed), CHUNK):
                chunk = changed[start : start + CHUNK]
                # A provider without any text yet has no revision of it: it is read as it is.
                known = {row.id for row in chunk if 0 < row.text_revision <= revision}
                ids = [row.id for row in chunk]
                for change in _read_changes(session, ids, known, fingerprint):
                    while pending and pending[0].revision <= change.revision:
                        yield pending.pop(0)
                    yield change
                session.expunge_all()
            yield from pending


def _read_changes(
    session: Session, ids: Sequence[int], known: Collection[int], fingerprint: str
) -> list[Change]:
    """The providers with these ids, in their order, those whose text is `known` without it."""
    loaded = [getattr(Provider, name) for name in _STANDING_COLUMNS]
    providers = session.scalars(
        select(Provider)
        .where(Provider.id.in_(ids))
        .options(
            load_only(*loaded),
            selectinload(Provider.mentor),
            selectinload(Provider.investor),
            selectinload(Provider.centre).selectinload(Centre.services),
            selectinload(Provider.pool_entries),
        )
    ).all()
    history = _read_history(session, ids)
    mandates = _read_mandates(session, ids)
    unknown = [i for i in ids if i not in known]
    rows = session.execute(
        select(Provider.id, Provider.published_text).where(Provider.id.in_(unknown))
    )
    texts = {row[0]: row[1] for row in rows}
    passages = _read_passages(session, unknown, fingerprint)
    corrected = read_corrections(session, unknown)
    further = read_further_texts(session, unknown, corrected=corrected, fingerprint=fingerprint)
    changes: dict[int, Change] = {}
    for provider in providers:
        standing = _make_standing(provider, history)
        if (mandate := mandates.get(provider.id)) is not None:
            standing = _take_mandate(standing, mandate)
        kind, revision = provider.kind.value, provider.revision
        if provider.id in known:
            changes[provider.id] = StandingChange(provider.id, revision, kind, standing)
            continue
        own = passages.get(provider.id, StoredPassages())
        changes[provider.id] = ProviderRecord(
            id=provider.id,
            revision=revision,
            kind=kind,
            text=texts[provider.id],
            passages=own.passages,
            standing=standing,
            vectors=own.vectors,
            corrected=locate_corrections(
                texts[provider.id], own.passages, corrected.get(provider.id, {})
            ),
            texts=further.get(provider.id, ()),
        )
    return [changes[i] for i in ids if i in changes]


def _read_passages(
    session: Session, ids: Sequence[int], fingerprint: str
) -> Mapping[int, StoredPassages]:
    """The passages of each provider, without vectors of another encoder than `fingerprint`."""
    # Rows and not objects: an index of a hundred thousand passages reads them all.
    rows = session.execute(
        select(
            ProviderPassage.provider_id,
            ProviderPassage.role,
            ProviderPassage.start,
            ProviderPassage.end,
            ProviderPassage.vector,
            ProviderPassage.dtype,
            ProviderPassage.fingerprint,
        )
        .where(ProviderPassage.provider_id.in_(ids))
        .order_by(ProviderPassage.provider_id, ProviderPassage.ordinal)
    )
    return group_passages(rows, fingerprint)


def _read_history(session: Session, ids: Sequence[int]) -> _History:
    return _History(
        taken=count_taken_places(session, ids),
        answers=count_recent_answers(session, ids),
        answer_hours=list_answer_hours(session, ids),
        rating={i: mean for i, (mean, _count) in list_ratings(session, ids).items()},
    )


def _read_mandates(session: Session, ids: Sequence[int]) -> Mapping[int, Mandate]:
    """The published mandate of each of these providers that has one."""
    found = session.scalars(
        select(Mandate).where(Mandate.provider_id.in_(ids), Mandate.state == "published")
    )
    return {mandate.provider_id: mandate for mandate in found}


def _take_mandate(standing: Standing, mandate: Mandate) -> Standing:
    """What a fund has published stands in the place of what its profile says of its money."""
    return replace(
        standing,
        fields=frozenset(code.value for code in mandate.fields),
        funding_stages=frozenset(code.value for code in mandate.stages),
        instruments=frozenset(code.value for code in mandate.instruments),
        ticket_min_yuan=mandate.ticket_min_yuan,
        ticket_max_yuan=mandate.ticket_max_yuan,
    )


def _make_standing(provider: Provider, history: _History) -> Standing:
    """What conditions and the ranking ask of `provider` besides its text."""
    taken = history.taken.get(provider.id, 0)
    answered, requests = history.answers.get(provider.id, (0, 0))
    mentor, investor, centre = provider.mentor, provider.investor, provider.centre
    said = Standing(
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
        instruments=frozenset(i.value for i in investor.instruments) if investor else frozenset(),
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
    )
    if not provider.uses_history:
        return said
    return replace(
        said,
        recent_requests=requests,
        unanswered_requests=requests - answered,
        answer_hours=history.answer_hours.get(provider.id),
        rating=history.rating.get(provider.id),
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
        session.execute(insert(ProviderPassage), rows)


def _make_passage_row(
    provider_id: int, ordinal: int, passage: Passage, text: StoredText
) -> dict[str, object]:
    return {
        "provider_id": provider_id,
        "section": _find_section(passage, text.sections),
    } | write_passage(ordinal, passage, text.fingerprint)


def _find_section(passage: Passage, sections: Sequence[Section]) -> str:
    if passage.role == "whole":
        return ""
    return next((s.name for s in sections if s.start <= passage.start < s.end), "")


def open_snapshots(cache_folder: Path, source: DatabaseChangeSource) -> SnapshotFolder:
    """Where the processes that share `cache_folder` leave snapshots of their indexes."""
    return SnapshotFolder(cache_folder / "index", source.read_identity)


def forget_snapshots(cache_folder: Path, database: DatabaseEngine) -> None:
    """No snapshot in `cache_folder` is of an earlier state than what is committed now."""
    source = DatabaseChangeSource(database)
    snapshots = open_snapshots(cache_folder, source)
    snapshots.forget_before(source.read_identity(), source.latest_revision())


class Matching:
    """The engine of one process, made when it is first needed: forks must not share it."""

    def __init__(self, settings: Settings, database: DatabaseEngine) -> None:
        self._settings = settings
        self._database = database
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._warming = threading.Lock()
        self._warmed_at = -math.inf
        self._parts = {"encoder": "cold", "index": "cold"}

    @property
    def parts(self) -> Mapping[str, str]:
        """How encoder and index are: cold, loading, loaded or failed."""
        return dict(self._parts)

    def begin_warming(self) -> threading.Thread | None:
        """Encoder and index are loaded by a thread; None where they are, or were just tried."""
        with self._lock:
            is_due = time.monotonic() - self._warmed_at > _WARMED_AGAIN_SECONDS
            if not is_due or set(self._parts.values()) == {"loaded"}:
                return None
            self._warmed_at = time.monotonic()
        thread = threading.Thread(target=self.warm_up, name="warm-up", daemon=True)
        thread.start()
        return thread

    def warm_up(self) -> None:
        """Load encoder and index while nobody waits; whoever searches meanwhile waits for both.

        What cannot be loaded is told in the log and in `parts`: the pages work without.
        """
        with self._warming:
            steps: dict[str, Callable[[], object]] = {
                "encoder": lambda: self.get_engine().encode_text("引桥"),
                "index": lambda: self.get_engine().catch_up(),
            }
            self._parts = dict.fromkeys(steps, "loading")
            for part, load in steps.items():
                try:
                    load()
                except Exception:
                    log.exception("the %s could not be loaded", part)
                    self._parts[part] = "failed"
                else:
                    self._parts[part] = "loaded"

    def get_engine(self) -> Engine:
        """The engine; the encoder itself is not loaded before a text has to be encoded."""
        with self._lock:
            if self._engine is None:
                source = DatabaseChangeSource(self._database)
                self._engine = Engine(
                    BatchingEncoder(open_configured_encoder(self._settings)),
                    source,
                    read_weights=partial(read_active_weights, self._database),
                    read_roles=partial(read_active_roles, self._database),
                    cache_folder=self._settings.cache_path,
                    snapshots=open_snapshots(self._settings.cache_path, source),
                    reader=open_reranker(self._settings.reranker),
                )
            return self._engine


def open_configured_encoder(settings: Settings) -> TextEncoder:
    """The encoder that the settings name. Raises EncoderMissing."""
    return open_encoder(settings.encoder, cache_root=settings.encoder_root)
