"""Processes on one database agree: the next search after a commit knows of it in every one."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.access import Installation
from app.engagements.actions import engagements
from app.pools.actions.entries import change_entry
from app.privacy.actions import erase_person
from app.profiles import actions as profiles
from app.profiles.encoding import encode_profile, encode_values
from app.ranking.weights import activate_weights
from app.rooms import ERASINGS
from app.transactions import writing
from matching.engine import Engine
from matching.ranking.weights import SHIPPED
from matching.records import Query
from models.engagements import Engagement
from models.learned import WeightsVersion
from models.orm import new_public_id
from models.people import Person
from models.pools import PoolEntry
from models.providers import Provider
from models.revisions import delete_provider
from tests.app.engagements.scenes import Scene, ask, make_scene
from tests.app.profiles.samples import MENTOR
from tests.factories import AT, act_as, act_for, make_need, make_person
from tests.faults.process import AnotherProcess, House
from tests.faults.writer import open_engine

pytestmark = [pytest.mark.concurrency, pytest.mark.faults]

WORDS = "silicon-carbide line with a yield of 40 %. Who reads defect maps?"

# From the end of the commit to the end of the search.
SECONDS = 1.0

# After so long a search during changes gives up.
_PATIENCE_SECONDS = 160

Step = Callable[[Session, Engine], None]


@pytest.fixture(scope="module")
def others() -> Iterator[list[AnotherProcess]]:
    with ExitStack() as stack:
        yield [stack.enter_context(AnotherProcess()) for _ in range(2)]


def get_scene(session: Session) -> Scene:
    """The people and organisations of `make_scene`, which come first of their kind."""
    people = session.scalars(select(Person).order_by(Person.id)).all()
    entry = session.scalars(select(PoolEntry).order_by(PoolEntry.id)).one()
    startup = people[1].memberships[0].startup
    assert startup is not None
    need = startup.needs[0]
    return Scene(*people[:3], entry.incubator, startup, need, entry.provider)


def publish_another(session: Session, matching: Engine) -> None:
    encoded = encode_values(matching, MENTOR)
    with writing(session):
        person = make_person(session, email=f"{new_public_id()}@example.org")
        mentor = profiles.create_provider(
            session, values=MENTOR, member=person, actor=act_as(person), at=AT
        )
        profiles.publish_provider(
            session, provider=mentor, encoded=encoded, actor=act_as(person), at=AT
        )


def edit(session: Session, matching: Engine) -> None:
    provider = get_scene(session).provider
    summary = "Cuts glass with lasers. " + MENTOR.summary
    values = replace(MENTOR, name=provider.name, open_to_all=False, capacity=1, summary=summary)
    encoded = encode_values(matching, values)
    with writing(session):
        profiles.edit_provider(
            session,
            provider=provider,
            values=values,
            encoded=encoded,
            version=None,
            actor=act_for(provider),
            at=AT,
        )


def pause(session: Session, matching: Engine) -> None:
    with writing(session):
        scene = get_scene(session)
        profiles.pause_provider(session, provider=scene.provider, actor=scene.by_mentor, at=AT)


def resume(session: Session, matching: Engine) -> None:
    provider = get_scene(session).provider
    encoded = encode_profile(matching, provider)
    with writing(session):
        profiles.publish_provider(
            session, provider=provider, encoded=encoded, actor=act_for(provider), at=AT
        )


def take_the_only_place(session: Session, matching: Engine) -> None:
    with writing(session):
        scene = get_scene(session)
        engagement = ask(session, scene)
        engagements.accept(session, engagement=engagement, actor=scene.by_mentor, at=AT)


def free_the_place(session: Session, matching: Engine) -> None:
    with writing(session):
        (engagement,) = session.scalars(select(Engagement))
        engagements.cancel(
            session,
            engagement=engagement,
            reason="Over",
            actor=get_scene(session).by_founder,
            at=AT,
        )


def let_a_request_expire(session: Session, matching: Engine) -> None:
    with writing(session):
        scene = get_scene(session)
        need = make_need(session, scene.startup, title="Another need")
        ask(session, replace(scene, need=need)).answer_due_at = AT
        engagements.expire_due(session, actor=Installation.CLOCK, at=AT, limit=1)


def step_out_of_the_pool(session: Session, matching: Engine) -> None:
    change_standing_in_pool(session, "pause")


def step_into_the_pool(session: Session, matching: Engine) -> None:
    change_standing_in_pool(session, "resume")


def change_standing_in_pool(session: Session, action: str) -> None:
    with writing(session):
        scene = get_scene(session)
        change_entry(
            session,
            entry=scene.provider.pool_entries[0],
            action=action,
            reason="A holiday",
            actor=scene.by_operator,
            at=AT,
        )


def let_other_weights_rank(session: Session, matching: Engine) -> None:
    values = asdict(SHIPPED) | {"whole": SHIPPED.words, "words": SHIPPED.whole}
    del values["version"]
    quality = {"against": SHIPPED.version, "difference": 0.0}
    with writing(session):
        version = WeightsVersion(
            version="learned-1", made_at=AT, values=values, trained_on={}, quality=quality
        )
        session.add(version)
        session.flush()
        activate_weights(session, version="learned-1", forced=True, actor=None, at=AT)


def remove_last(session: Session, matching: Engine) -> None:
    with writing(session):
        last = session.scalars(select(Provider).order_by(Provider.id.desc())).first()
        assert last is not None
        delete_provider(session, last)


def erase(session: Session, matching: Engine) -> None:
    with writing(session):
        erase_person(
            session,
            email=get_scene(session).mentor.email,
            rooms=ERASINGS,
            actor=Installation.COMMAND_LINE,
            at=AT,
        )


STEPS: tuple[Step, ...] = (
    publish_another,
    edit,
    pause,
    resume,
    take_the_only_place,
    free_the_place,
    let_a_request_expire,
    step_out_of_the_pool,
    step_into_the_pool,
    let_other_weights_rank,
    remove_last,
    erase,
)


def take(house: House, step: Step) -> float:
    """Take `step` there; the moment at which it was committed, by the clock of the machine."""
    moments: list[float] = []
    with Session(house.database) as session:
        event.listen(session, "after_commit", lambda _: moments.append(time.monotonic()))
        step(session, house.matching)
    return moments[-1]


def search(house: House, pool: int) -> tuple[str, float]:
    """The whole answer of the engine there, and when it was there."""
    return answer(house.matching, pool), time.monotonic()


def answer(matching: Engine, pool: int) -> str:
    found = matching.match(Query(WORDS, kind="mentor", pool=pool), limit=50)
    return repr(found)


def test_the_next_search_of_every_process_knows_what_was_committed(
    others: list[AnotherProcess],
    fresh_engine: DatabaseEngine,
    fresh_database_url: str,
    tmp_path: Path,
) -> None:
    with Session(fresh_engine) as session, writing(session):
        pool = make_scene(session, capacity=1).incubator.id
    writer, reader = others
    for process in others:
        process.move_into(fresh_database_url, tmp_path)
    matching = open_engine(fresh_engine, None)
    before = answer(matching, pool)
    assert reader.ask(search, pool)[0] == before
    slowest = 0.0
    for step in STEPS:
        committed_at = writer.ask(take, step)
        seen, seen_at = reader.ask(search, pool)
        after = answer(open_engine(fresh_engine, None), pool)
        assert after != before, f"{step.__name__} changes nothing that a search could show"
        assert seen == after, step.__name__
        assert seen_at - committed_at < SECONDS, step.__name__
        slowest = max(slowest, seen_at - committed_at)
        # Who wrote it knows it too, and so does a process that had been searching before.
        assert writer.ask(search, pool)[0] == answer(matching, pool) == after
        before = after
    # `pytest -s` shows it; docs/matching.md quotes it.
    print(f"the slowest was known {slowest * 1000:.0f} ms after its commit")


def search_until(house: House, pool: int, revision: int, threads: int) -> dict[int, set[str]]:
    """What `threads` threads of one engine were answered, by revision, until `revision` is seen."""
    answers: dict[int, set[str]] = {}
    lock = threading.Lock()
    deadline = time.monotonic() + _PATIENCE_SECONDS

    def go_on() -> None:
        seen = 0
        while seen < revision and time.monotonic() < deadline:
            found = house.matching.match(Query(WORDS, kind="mentor", pool=pool), limit=50)
            seen = found.versions.revision
            with lock:
                answers.setdefault(seen, set()).add(repr(found))

    with ThreadPoolExecutor(threads) as pool_of_threads:
        for running in [pool_of_threads.submit(go_on) for _ in range(threads)]:
            running.result()
    return answers


def test_threads_of_two_processes_that_search_during_changes_see_whole_revisions(
    others: list[AnotherProcess], fresh_engine: DatabaseEngine, fresh_database_url: str
) -> None:
    with Session(fresh_engine) as session, writing(session):
        pool = make_scene(session).incubator.id
    chance = Random(7)  # noqa: S311
    matching = open_engine(fresh_engine, None)
    rounds = 20
    for process in others:
        process.move_into(fresh_database_url)
        process.begin(search_until, pool, 1 + rounds, 3)
    expected = {1: answer(open_engine(fresh_engine, None), pool)}
    for number in range(rounds):
        steps = [publish_another, edit_two, edit_two, pause_or_resume_any, remove_last]
        with Session(fresh_engine) as session:
            (publish_another if number < 4 else chance.choice(steps))(session, matching)
        expected[number + 2] = answer(open_engine(fresh_engine, None), pool)
    for process in others:
        found = process.finish()
        assert max(found) == max(expected)
        for revision, answers in found.items():
            assert answers == {expected[revision]}


def edit_two(session: Session, matching: Engine) -> None:
    """Two providers change in one transaction: a search knows of both or of neither."""
    mentors = session.scalars(select(Provider).order_by(Provider.version, Provider.id)).all()
    changed = mentors[:2]
    values = [
        replace(MENTOR, name=each.name, summary=f"Version {each.version}. {MENTOR.summary}")
        for each in changed
    ]
    encoded = [encode_values(matching, each) for each in values]
    with writing(session):
        for each, said, text in zip(changed, values, encoded, strict=True):
            profiles.edit_provider(
                session,
                provider=each,
                values=said,
                encoded=text,
                version=None,
                actor=act_for(each),
                at=AT,
            )


def pause_or_resume_any(session: Session, matching: Engine) -> None:
    """A standing changes alone; resumed, the text is stored again."""
    provider = session.scalars(select(Provider).order_by(Provider.version, Provider.id)).first()
    assert provider is not None
    if provider.state == "published":
        with writing(session):
            profiles.pause_provider(session, provider=provider, actor=act_for(provider), at=AT)
        return
    encoded = encode_profile(matching, provider)
    with writing(session):
        profiles.publish_provider(
            session, provider=provider, encoded=encoded, actor=act_for(provider), at=AT
        )
