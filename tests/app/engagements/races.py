"""Steps taken at the same moment, each in a thread and a connection of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.transactions import writing
from models.engagements import Engagement
from tests.app.engagements.scenes import Scene, make_scene
from tests.factories import make_engagement, make_need

Step = Callable[[Session], object]


def run_at_once(engine: Engine, *steps: Step) -> list[type[Exception] | None]:
    """Take every step in a thread and a connection of its own; what each of them raised.

    All have read before any writes, as requests have whose pages were open at the same time.
    """
    barrier = threading.Barrier(len(steps))
    outcomes: list[type[Exception] | None] = [None] * len(steps)

    def take(number: int, step: Step) -> None:
        with Session(engine) as session:
            session.scalar(select(func.count()).select_from(Engagement))
            barrier.wait(20)
            try:
                with writing(session):
                    step(session)
            except Exception as error:
                outcomes[number] = type(error)

    threads = [
        threading.Thread(target=take, args=(number, step)) for number, step in enumerate(steps)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


@dataclass(frozen=True, slots=True)
class Setting:
    """A committed scene whose provider has one place, and who acts in it."""

    engine: Engine
    session: Session
    scene: Scene
    by_founder: Actor
    by_mentor: Actor
    provider_id: int

    def run_at_once(self, *steps: Step) -> list[type[Exception] | None]:
        """`run_at_once`; what the test has read is of before."""
        outcomes = run_at_once(self.engine, *steps)
        self.session.rollback()
        return outcomes

    def ask_again(self) -> int:
        """Another request is stored; gives its id."""
        with writing(self.session):
            need = make_need(self.session, self.scene.startup)
            return make_engagement(self.session, need, self.scene.provider).id

    def get_state(self, engagement_id: int) -> str:
        return self.session.get_one(Engagement, engagement_id).state


@contextmanager
def open_setting(engine: Engine) -> Iterator[Setting]:
    """A committed scene on a database of its own."""
    with Session(engine) as session:
        with writing(session):
            scene = make_scene(session, capacity=1)
            actors = scene.by_founder, scene.by_mentor
            provider_id = scene.provider.id
        yield Setting(engine, session, scene, *actors, provider_id)


def widen(setting: Setting) -> None:
    """The provider has places enough."""
    with writing(setting.session):
        setting.scene.provider.capacity = 100
