"""The engine sees what is committed, as one snapshot, with the standing that conditions ask for."""

import pytest
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy.orm import Session

from app.ranking import indexing
from app.ranking.indexing import DatabaseChangeSource
from matching.encoders.hashing import HashingEncoder
from matching.engine import Engine
from matching.records import Change, ProviderRecord, Query, Removal, StandingChange
from models.orm import begin_writing
from models.providers import Provider
from models.revisions import delete_provider, mark_changed
from tests.factories import (
    admit,
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_startup,
)

FINGERPRINT = HashingEncoder().fingerprint


def read_all(engine: DatabaseEngine, after: int = 0) -> list[Change]:
    return list(DatabaseChangeSource(engine).changes_after(after, FINGERPRINT))


def test_a_provider_becomes_a_record_with_its_text_vectors_and_standing(
    fresh_engine: DatabaseEngine,
) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        incubator = make_incubator(session)
        mentor = make_mentor(session, capacity=3, open_to_all=False)
        admit(session, incubator, mentor)
        startup = make_startup(session, incubator_id=incubator.id)
        make_engagement(session, make_need(session, startup), mentor, state="accepted")
        make_engagement(session, make_need(session, startup), mentor, state="requested")
        session.commit()
        identity, pool, text = mentor.id, incubator.id, mentor.published_text

    (record,) = read_all(fresh_engine)

    assert isinstance(record, ProviderRecord)
    assert (record.id, record.kind, record.text) == (identity, "mentor", text)
    assert record.standing.pools == frozenset({pool})
    # Accepted engagements take a place, requests do not.
    assert (record.standing.capacity, record.standing.free_capacity) == (3, 2)
    assert record.passages[0].role == "whole"
    assert record.vectors is not None
    assert record.vectors.shape == (len(record.passages), 256)


def test_vectors_of_another_encoder_are_left_out(fresh_engine: DatabaseEngine) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        make_mentor(session)
        session.commit()

    (record,) = DatabaseChangeSource(fresh_engine).changes_after(0, "another encoder")

    assert isinstance(record, ProviderRecord)
    assert record.vectors is None
    assert {p.vector is None for p in record.passages} == {True}


def test_a_deleted_provider_leaves_a_removal(fresh_engine: DatabaseEngine) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        mentor = make_mentor(session)
        session.commit()
        identity = mentor.id
        begin_writing(session)
        delete_provider(session, session.get_one(Provider, identity))
        session.commit()

    assert read_all(fresh_engine) == [Removal(id=identity, revision=2)]


def test_text_and_vectors_are_not_read_again_where_only_the_standing_changed(
    fresh_engine: DatabaseEngine,
) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        busy, edited = make_mentor(session).id, make_mentor(session).id
        session.commit()
        begin_writing(session)
        mark_changed(session, busy, standing_only=True)
        mark_changed(session, edited)
        mark_changed(session, edited, standing_only=True)
        session.commit()

    first, second = read_all(fresh_engine, after=1)
    assert isinstance(first, StandingChange)
    assert (first.id, first.revision, first.kind) == (busy, 2, "mentor")
    assert isinstance(second, ProviderRecord)
    assert (second.id, second.revision) == (edited, 2)
    # Whoever has not seen the text is told all.
    assert {type(change) for change in read_all(fresh_engine)} == {ProviderRecord}
    unseen = read_all(fresh_engine)[0]
    assert isinstance(unseen, ProviderRecord)
    assert unseen.standing == first.standing


@pytest.mark.privacy
def test_whoever_gets_the_number_of_a_deleted_provider_comes_after_the_removal(
    fresh_engine: DatabaseEngine,
) -> None:
    with Session(fresh_engine) as session:
        begin_writing(session)
        gone = make_mentor(session)
        session.commit()
        identity = gone.id
        begin_writing(session)
        delete_provider(session, session.get_one(Provider, identity))
        session.commit()
        begin_writing(session)
        make_mentor(session, id=identity)
        session.commit()

    removal, record = read_all(fresh_engine, after=1)
    assert removal == Removal(id=identity, revision=2)
    assert isinstance(record, ProviderRecord)
    assert (record.id, record.revision) == (identity, 3)


@pytest.mark.concurrency
def test_what_is_committed_while_changes_are_read_comes_with_the_next_reading(
    fresh_engine: DatabaseEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "CHUNK", 1)
    with Session(fresh_engine) as session:
        begin_writing(session)
        first, second = make_mentor(session).id, make_mentor(session).id
        third = make_mentor(session, state="draft").id
        session.commit()

    changes = DatabaseChangeSource(fresh_engine).changes_after(0, FINGERPRINT)
    read = [next(changes)]
    with Session(fresh_engine) as session:
        begin_writing(session)
        # The one that is still to be read changes together with one that is not.
        mark_changed(session, second)
        mark_changed(session, third)
        session.commit()
    read += list(changes)

    assert [(change.id, change.revision) for change in read] == [(first, 1), (second, 1)]
    later = read_all(fresh_engine, after=1)
    assert [(change.id, change.revision) for change in later] == [(second, 2), (third, 2)]


def test_the_next_search_finds_what_another_connection_committed(
    fresh_engine: DatabaseEngine,
) -> None:
    engine = Engine(HashingEncoder(), DatabaseChangeSource(fresh_engine))
    query = Query(text="silicon carbide wafer yield", all_published=True)
    assert engine.match(query).results == ()
    with Session(fresh_engine) as session:
        begin_writing(session)
        mentor = make_mentor(session)
        session.commit()
        identity = mentor.id

    assert [result.provider_id for result in engine.match(query).results] == [identity]
