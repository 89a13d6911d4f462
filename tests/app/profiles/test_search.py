"""A published profile is found by the next search, in every process; a paused one by none."""

from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context

import pytest
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.errors import ChangedMeanwhile
from app.profiles import actions
from app.profiles.encoding import encode_profile, encode_values
from app.profiles.values import ProviderValues
from app.transactions import writing
from matching.engine import Engine
from matching.records import Query
from models.orm import create_engine_for
from models.providers import Provider
from models.vocabulary import ProviderKind
from tests.app.profiles.samples import BY_KIND, MENTOR, make_engine
from tests.factories import AT, act_as, act_for, make_person


def add(database: DatabaseEngine, matching: Engine, values: ProviderValues) -> int:
    """The id of a profile that was created and published in one transaction, open to all."""
    encoded = encode_values(matching, values)
    with Session(database) as session:
        with writing(session):
            person = make_person(session)
            provider = actions.create_provider(
                session, values=values, member=person, actor=act_as(person), at=AT
            )
            actions.publish_provider(
                session, provider=provider, encoded=encoded, actor=act_as(person), at=AT
            )
            provider.open_to_all = True
        return provider.id


def change(database: DatabaseEngine, act: Callable[[Session, Provider], None]) -> None:
    with Session(database) as session:
        provider = session.scalars(select(Provider)).one()
        with writing(session):
            act(session, provider)


def find(matching: Engine, text: str) -> list[int]:
    return [r.provider_id for r in matching.match(Query(text=text)).results]


@pytest.mark.parametrize("kind", list(ProviderKind))
def test_what_is_published_is_found_by_the_next_search_of_every_engine(
    fresh_engine: DatabaseEngine, kind: ProviderKind
) -> None:
    first, second = make_engine(fresh_engine), make_engine(fresh_engine)
    assert find(first, "silicon-carbide line") == find(second, "silicon-carbide line") == []
    identity = add(fresh_engine, first, BY_KIND[kind])
    assert find(first, "silicon-carbide line") == find(second, "silicon-carbide line")
    assert find(second, "silicon-carbide line") == [identity]


def test_an_edit_is_found_by_its_new_text_with_evidence_from_it(
    fresh_engine: DatabaseEngine,
) -> None:
    writer, other = make_engine(fresh_engine), make_engine(fresh_engine)
    identity = add(fresh_engine, writer, MENTOR)
    assert find(other, "silicon-carbide line") == [identity]
    values = replace(
        MENTOR, summary="Cut glass with lasers for years. Ran forty machines in two shifts."
    )
    encoded = encode_values(writer, values)
    change(
        fresh_engine,
        lambda session, provider: actions.edit_provider(
            session,
            provider=provider,
            values=values,
            encoded=encoded,
            version=None,
            actor=act_for(provider),
            at=AT,
        ),
    )
    (result,) = other.match(Query(text="We cut glass with lasers for years.")).results
    with Session(fresh_engine) as session:
        text = session.get_one(Provider, identity).published_text
    shown = [text[pair.provider_start : pair.provider_end] for pair in result.evidence]
    assert shown[0] == "Cut glass with lasers for years."


def test_what_is_paused_is_found_by_no_search_until_it_is_resumed(
    fresh_engine: DatabaseEngine,
) -> None:
    first, second = make_engine(fresh_engine), make_engine(fresh_engine)
    identity = add(fresh_engine, first, MENTOR)
    assert find(first, "wafer process") == find(second, "wafer process") == [identity]
    change(
        fresh_engine,
        lambda session, provider: actions.pause_provider(
            session, provider=provider, actor=act_for(provider), at=AT
        ),
    )
    assert find(first, "wafer process") == find(second, "wafer process") == []
    with Session(fresh_engine) as session:
        encoded = encode_profile(first, session.scalars(select(Provider)).one())
    change(
        fresh_engine,
        lambda session, provider: actions.publish_provider(
            session, provider=provider, encoded=encoded, actor=act_for(provider), at=AT
        ),
    )
    assert find(first, "wafer process") == find(second, "wafer process") == [identity]


def test_what_was_taken_back_is_found_by_nobody(fresh_engine: DatabaseEngine) -> None:
    matching = make_engine(fresh_engine)
    encoded = encode_values(matching, MENTOR)
    with Session(fresh_engine) as session:
        with pytest.raises(ZeroDivisionError), writing(session):
            person = make_person(session)
            provider = actions.create_provider(
                session, values=MENTOR, member=person, actor=act_as(person), at=AT
            )
            actions.publish_provider(
                session, provider=provider, encoded=encoded, actor=act_as(person), at=AT
            )
            raise ZeroDivisionError
        assert session.scalars(select(Provider)).all() == []
    assert find(matching, "wafer process") == []


def _search_elsewhere(url: str, text: str) -> list[int]:
    database = create_engine_for(url)
    try:
        return find(make_engine(database), text)
    finally:
        database.dispose()


@pytest.mark.concurrency
def test_another_process_finds_it_too(
    fresh_database_url: str, fresh_engine: DatabaseEngine
) -> None:
    identity = add(fresh_engine, make_engine(fresh_engine), MENTOR)
    with get_context("spawn").Pool(1) as pool:
        assert pool.apply(_search_elsewhere, (fresh_database_url, "wafer process")) == [identity]


@pytest.mark.concurrency
def test_of_two_edits_of_one_version_one_is_refused(fresh_engine: DatabaseEngine) -> None:
    """Both have read the profile before either writes: the later one must not undo the other."""
    matching = make_engine(fresh_engine)
    add(fresh_engine, matching, MENTOR)
    drafts = [replace(MENTOR, headline=f"Headline {n}") for n in (1, 2)]
    encoded = [encode_values(matching, values) for values in drafts]
    sessions = [Session(fresh_engine), Session(fresh_engine)]
    providers = [session.scalars(select(Provider)).one() for session in sessions]
    versions = [provider.version for provider in providers]

    def edit(n: int) -> None:
        with writing(sessions[n]):
            actions.edit_provider(
                sessions[n],
                provider=providers[n],
                values=drafts[n],
                encoded=encoded[n],
                version=versions[n],
                actor=act_for(providers[n]),
                at=AT,
            )

    try:
        edit(0)
        with pytest.raises((ChangedMeanwhile, StaleDataError)):
            edit(1)
    finally:
        for session in sessions:
            session.close()
    with Session(fresh_engine) as session:
        provider = session.scalars(select(Provider)).one()
        assert provider.headline == "Headline 1"
        assert provider.published_text.startswith("Headline 1\n")
