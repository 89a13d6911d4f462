"""Revisions: ascending in the order of commits, given to what was committed and to nothing else."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from multiprocessing import get_context

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.orm import begin_writing, create_engine_for
from models.providers import Provider
from models.revisions import (
    ProviderTombstone,
    delete_provider,
    get_latest_revision,
    mark_changed,
    withdraw_provider,
)
from models.vocabulary import ProviderKind
from tests.factories import AT


def add_provider(session: Session, name: str = "Mentor (example)") -> Provider:
    provider = Provider(kind=ProviderKind.MENTOR, name=name, created_at=AT, updated_at=AT)
    session.add(provider)
    session.flush()
    return provider


def commit_one(engine: Engine) -> int:
    """The id of a provider that is committed and marked."""
    with Session(engine) as session:
        begin_writing(session)
        provider = add_provider(session)
        mark_changed(session, provider.id)
        identity = provider.id
        session.commit()
    return identity


def read_revisions(engine: Engine) -> dict[int, int]:
    with Session(engine) as session:
        rows = session.execute(select(Provider.id, Provider.revision))
        return {row.id: row.revision for row in rows}


def test_nothing_written_is_revision_zero(fresh_engine: Engine) -> None:
    with Session(fresh_engine) as session:
        assert get_latest_revision(session) == 0


def test_each_commit_takes_the_next_number(fresh_engine: Engine) -> None:
    first, second = commit_one(fresh_engine), commit_one(fresh_engine)
    assert read_revisions(fresh_engine) == {first: 1, second: 2}
    with Session(fresh_engine) as session:
        assert get_latest_revision(session) == 2


def test_what_is_changed_together_takes_one_number(fresh_engine: Engine) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        providers = [add_provider(session, name) for name in ("a", "b", "c")]
        for provider in providers:
            mark_changed(session, provider.id)
            mark_changed(session, provider.id)
        session.commit()
    assert sorted(read_revisions(fresh_engine).values()) == [1, 1, 1]


def test_a_commit_that_changes_no_provider_takes_none(fresh_engine: Engine) -> None:
    commit_one(fresh_engine)
    with Session(fresh_engine) as session:
        begin_writing(session)
        add_provider(session, "unmarked")
        session.commit()
        assert get_latest_revision(session) == 1


def test_what_is_not_committed_is_not_seen(fresh_engine: Engine) -> None:
    identity = commit_one(fresh_engine)
    with Session(fresh_engine) as writer, Session(fresh_engine) as reader:
        begin_writing(writer)
        mark_changed(writer, identity)
        writer.get_one(Provider, identity).name = "Changed"
        writer.flush()
        assert get_latest_revision(reader) == 1
        reader.rollback()
        writer.commit()
        assert get_latest_revision(reader) == 2


def test_a_rollback_forgets_what_was_marked(fresh_engine: Engine) -> None:
    identity = commit_one(fresh_engine)
    with Session(fresh_engine) as session:
        begin_writing(session)
        mark_changed(session, identity)
        session.rollback()
        begin_writing(session)
        add_provider(session, "unmarked")
        session.commit()
        assert get_latest_revision(session) == 1
    assert read_revisions(fresh_engine)[identity] == 1


def test_a_savepoint_taken_back_forgets_nothing_of_its_transaction(fresh_engine: Engine) -> None:
    identity = commit_one(fresh_engine)
    with Session(fresh_engine) as session:
        begin_writing(session)
        mark_changed(session, identity)
        inner = session.begin_nested()
        add_provider(session, "taken back")
        inner.rollback()
        session.commit()
    assert read_revisions(fresh_engine) == {identity: 2}


def test_a_released_savepoint_takes_no_number_yet(fresh_engine: Engine) -> None:
    identity = commit_one(fresh_engine)
    with Session(fresh_engine) as session:
        begin_writing(session)
        with session.begin_nested():
            mark_changed(session, identity)
        assert get_latest_revision(session) == 1
        session.commit()
        assert get_latest_revision(session) == 2


def test_a_deletion_leaves_a_tombstone_without_text(fresh_engine: Engine) -> None:
    kept, gone = commit_one(fresh_engine), commit_one(fresh_engine)
    with Session(fresh_engine) as session:
        begin_writing(session)
        mark_changed(session, gone)
        delete_provider(session, session.get_one(Provider, gone))
        session.commit()
    with Session(fresh_engine) as session:
        tombstones = session.scalars(select(ProviderTombstone)).all()
        assert [(t.provider_id, t.revision) for t in tombstones] == [(gone, 3)]
    assert read_revisions(fresh_engine) == {kept: 1}
    assert set(ProviderTombstone.__table__.columns.keys()) == {"provider_id", "revision"}


def test_a_deletion_taken_back_leaves_nothing(fresh_engine: Engine) -> None:
    identity = commit_one(fresh_engine)
    with Session(fresh_engine) as session:
        begin_writing(session)
        delete_provider(session, session.get_one(Provider, identity))
        session.flush()
        session.rollback()
        begin_writing(session)
        session.commit()
        assert session.scalars(select(ProviderTombstone)).all() == []
        assert get_latest_revision(session) == 1


def test_the_version_that_guards_edits_is_not_touched(fresh_engine: Engine) -> None:
    identity = commit_one(fresh_engine)
    with Session(fresh_engine) as session:
        before = session.get_one(Provider, identity).version
        begin_writing(session)
        mark_changed(session, identity)
        session.commit()
        assert session.get_one(Provider, identity).version == before


@pytest.mark.concurrency
def test_a_later_number_is_never_seen_before_an_earlier_one(fresh_engine: Engine) -> None:
    """Readers look while writers of different length commit: what a reader saw stays complete.

    With a sequence of the database in place of the counter's row, a long transaction would
    publish its smaller number after a reader had already gone past it.
    """
    identities = [commit_one(fresh_engine) for _ in range(4)]
    stop = threading.Event()
    seen_late: list[tuple[int, int]] = []

    def write(identity: int, pause: float) -> None:
        for _ in range(8):
            with Session(fresh_engine) as session:
                begin_writing(session)
                mark_changed(session, identity)
                session.flush()
                time.sleep(pause)
                session.commit()

    def read() -> None:
        known: dict[int, int] = {}
        passed = 0
        while not stop.is_set():
            with Session(fresh_engine) as session:
                now_at = get_latest_revision(session)
            with Session(fresh_engine) as session:
                found = {r.id: r.revision for r in session.scalars(select(Provider))}
            for identity, revision in found.items():
                if known.get(identity) != revision and revision <= passed:
                    seen_late.append((identity, revision))
            known, passed = found, now_at

    with ThreadPoolExecutor(5) as pool:
        reader = pool.submit(read)
        writers = [
            pool.submit(write, identity, pause)
            for identity, pause in zip(identities, (0.0, 0.002, 0.01, 0.03), strict=True)
        ]
        for writer in writers:
            writer.result(timeout=120)
        stop.set()
        reader.result(timeout=60)
    assert seen_late == []
    with Session(fresh_engine) as session:
        assert get_latest_revision(session) == 4 + 4 * 8


def _commit_in_process(url: str, identity: int, times: int) -> list[int]:
    """Mark one provider so many times; returns the revisions that this process gave it."""
    engine = create_engine_for(url)
    given = []
    try:
        for _ in range(times):
            with Session(engine) as session:
                begin_writing(session)
                mark_changed(session, identity)
                session.commit()
                given.append(session.get_one(Provider, identity).revision)
    finally:
        engine.dispose()
    return given


@pytest.mark.concurrency
def test_processes_never_share_a_number(fresh_database_url: str, fresh_engine: Engine) -> None:
    identities = [commit_one(fresh_engine) for _ in range(2)]
    with get_context("spawn").Pool(2) as pool:
        given = pool.starmap(
            _commit_in_process, [(fresh_database_url, identity, 15) for identity in identities]
        )
    assert sorted(given[0] + given[1]) == list(range(3, 33))
    assert all(a < b for numbers in given for a, b in pairwise(numbers))


def test_whoever_gets_the_number_of_a_deleted_provider_is_known_for_themselves(
    fresh_engine: Engine,
) -> None:
    """SQLite gives the largest number again; PostgreSQL does not, and is told to here."""
    gone = commit_one(fresh_engine)
    for _ in range(2):
        with Session(fresh_engine) as session:
            begin_writing(session)
            delete_provider(session, session.get_one(Provider, gone))
            session.commit()
            tombstones = select(ProviderTombstone.provider_id, ProviderTombstone.revision)
            deleted = (gone, get_latest_revision(session))
            assert [tuple(row) for row in session.execute(tombstones)] == [deleted]
            begin_writing(session)
            provider = Provider(
                id=gone, kind=ProviderKind.MENTOR, name="Another", created_at=AT, updated_at=AT
            )
            session.add(provider)
            session.flush()
            mark_changed(session, gone)
            session.commit()
            # Whoever read neither deletion nor successor reads both, in this order.
            assert [tuple(row) for row in session.execute(tombstones)] == [deleted]
            assert session.get_one(Provider, gone).revision == deleted[1] + 1


def test_a_withdrawn_provider_keeps_its_row_and_leaves_a_tombstone(fresh_engine: Engine) -> None:
    withdrawn, other = commit_one(fresh_engine), commit_one(fresh_engine)
    with Session(fresh_engine) as session:
        begin_writing(session)
        # Whatever else the same transaction says of it.
        mark_changed(session, withdrawn)
        withdraw_provider(session, session.get_one(Provider, withdrawn))
        session.commit()
        tombstones = select(ProviderTombstone.provider_id, ProviderTombstone.revision)
        assert [tuple(row) for row in session.execute(tombstones)] == [(withdrawn, 3)]
    assert read_revisions(fresh_engine) == {withdrawn: 0, other: 2}
