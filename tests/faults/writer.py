"""A process that changes a database without pause, through the application's own actions.

It tells through a pipe what it is about to commit and what is committed, one line each, and it
never ends by itself: whoever started it kills it.
"""

import json
import os
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NoReturn

import pytest
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.access import Installation
from app.engagements.actions import engagements
from app.errors import DomainError
from app.imports.actions import apply_import
from app.matches import actions as matches
from app.needs import actions as needs
from app.privacy.actions import erase_person
from app.profiles import actions as profiles
from app.profiles.encoding import encode_profile, encode_values
from app.profiles.values import ProviderValues
from app.ranking.indexing import DatabaseChangeSource, open_snapshots
from app.ranking.weights import read_active_weights
from app.rooms import ERASINGS
from app.transactions import writing
from matching.encoders.hashing import HashingEncoder
from matching.engine import Engine
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE, ActionNotAllowed
from models.needs import Need
from models.organisations import Incubator, Startup
from models.orm import create_engine_for
from models.people import Membership, Person
from models.providers import Provider
from models.revisions import delete_provider
from models.vocabulary import NeedKind, ProviderKind, Role
from tests.app.engagements.scenes import make_scene
from tests.app.imports.files import COMPLETE_MENTOR
from tests.app.imports.scenes import House, confirm, preview
from tests.app.profiles.samples import BY_KIND
from tests.applications import share_dialects
from tests.databases import SqliteDatabases
from tests.factories import AT, act_as, act_for, make_person
from tests.faults.state import read_state
from tests.matching.memory_source import read_background

WORDS = tuple(
    word
    for line in (
        "wafer epitaxy yield defect trench gate oxide laser bearing spindle anode electrolyte",
        "catheter trial pilot voucher audit 良率 外延 缺陷 轴承 激光 导管 试验 负极 电池 基金 样机",
    )
    for word in line.split()
)

# What a process calls itself, so that PostgreSQL can be asked whether it is still at work.
APPLICATION_NAME = "yinqiao-writer"

# Providers beyond this number are removed rather than added: reading all rows must stay quick.
_PROVIDERS_KEPT = 15

# Steps enough that each kind is among them, those that choose people too.
_REHEARSED = 80

# How the addresses begin of those mentors who have an account of their own.
_ERASABLE = "erasable"


def connect(url: str) -> DatabaseEngine:
    """The database, with connections that carry `APPLICATION_NAME` where there is such a thing."""
    if url.startswith("sqlite"):
        return create_engine_for(url)
    return create_engine_for(url, connect_args={"application_name": APPLICATION_NAME})


def open_engine(database: DatabaseEngine, cache_folder: Path | None) -> Engine:
    """A matching engine as each process has one; the background is the one of all tests."""
    source = DatabaseChangeSource(database)
    return Engine(
        HashingEncoder(),
        source,
        background=read_background(),
        read_weights=partial(read_active_weights, database),
        cache_folder=cache_folder,
        snapshots=open_snapshots(cache_folder, source) if cache_folder else None,
    )


def write_until_killed(url: str, cache_folder: Path, seed: int, pipe: int) -> NoReturn:
    """Change the database at `url` and save the index to `cache_folder`, on and on.

    Lines on `pipe`: `started`; `committing` with the state of the database after that commit;
    `committed`; `saving` and `saved` around a snapshot of the index; `failed` with a traceback.
    """

    def tell(mark: str, facts: Any = None) -> None:
        # One write of less than PIPE_BUF bytes is whole, whenever the process is killed.
        os.write(pipe, f"{mark} {json.dumps(facts)}\n".encode())

    def tell_before_commit(session: Session) -> None:
        if not session.in_nested_transaction():
            session.flush()
            tell("committing", read_state(session.connection()))

    tell("started")
    try:
        # Heard after the giving of revisions, which the models listen for, so that it is included.
        event.listen(Session, "before_commit", tell_before_commit)
        event.listen(Session, "after_commit", lambda session: tell("committed"))
        writer = _Writer(connect(url), cache_folder, Random(seed), tell)  # noqa: S311
        while True:
            writer.take_a_step()
    except BaseException:
        tell("failed", traceback.format_exc()[-3000:])
    os._exit(1)


def rehearse(folder: Path) -> None:
    """Take some steps on a database in `folder`, so that writers forked afterwards find their SQL
    compiled and the tables of places and terms read. Nothing is left open."""
    share_dialects(pytest.MonkeyPatch())
    databases = SqliteDatabases(folder)
    url = databases.create()
    database = connect(url)
    with Session(database) as session, writing(session):
        make_scene(session)
    writer = _Writer(database, folder / "cache", Random(0), lambda *_: None)  # noqa: S311
    for _ in range(_REHEARSED):
        writer.take_a_step()
    database.dispose()


class _Writer:
    """The steps, chosen by chance. Each reads what is there and goes on from it."""

    def __init__(
        self,
        database: DatabaseEngine,
        cache_folder: Path,
        chance: Random,
        tell: Callable[..., None],
    ) -> None:
        self._database = database
        self._chance = chance
        self._tell = tell
        self._matching = open_engine(database, cache_folder)
        self._steps: tuple[tuple[Callable[[Session], None], int], ...] = (
            (self._publish, 6),
            (self._edit, 5),
            (self._pause_or_resume, 4),
            (self._remove, 1),
            (self._erase, 1),
            (self._state_need, 2),
            (self._suggest, 3),
            (self._request, 3),
            (self._accept, 3),
            (self._cancel, 2),
            (self._import, 2),
            (self._save_index, 6),
        )

    def take_a_step(self) -> None:
        """One thing is done, or the rules forbid it and nothing is."""
        steps, weights = zip(*self._steps, strict=True)
        (step,) = self._chance.choices(steps, weights)
        with Session(self._database) as session:
            try:
                step(session)
            except (DomainError, ActionNotAllowed):
                session.rollback()

    def _save_index(self, session: Session) -> None:
        self._matching.catch_up()
        self._tell("saving")
        if self._matching.save_snapshot():
            self._tell("saved")

    def _say(self) -> str:
        return " ".join(self._chance.choices(WORDS, k=8)).capitalize() + "."

    def _write_values(self, kind: ProviderKind) -> ProviderValues:
        return replace(
            BY_KIND[kind],
            name=f"{kind.value} {self._chance.randrange(10**6)}",
            summary=BY_KIND[kind].summary + " " + self._say() + " " + self._say(),
            can_help_with=self._say(),
            capacity=self._chance.randint(1, 3),
        )

    def _choose(self, session: Session, table: type[Any], *conditions: Any) -> Any:
        ids = session.scalars(select(table.id).where(*conditions).order_by(table.id)).all()
        if not ids:
            raise DomainError
        return session.get_one(table, self._chance.choice(ids))

    def _get_person(self, session: Session, role: Role) -> Person:
        return session.scalars(
            select(Person).join(Membership).where(Membership.role == role).order_by(Person.id)
        ).first() or self._choose(session, Person)

    def _publish(self, session: Session) -> None:
        if session.scalar(select(func.count(Provider.id))) >= _PROVIDERS_KEPT:
            return self._remove(session)
        kind = self._chance.choice(list(ProviderKind))
        values = self._write_values(kind)
        encoded = encode_values(self._matching, values)
        with writing(session):
            if kind is ProviderKind.MENTOR:
                number = self._chance.randrange(10**6)
                member = make_person(session, email=f"{_ERASABLE}{number}@example.org")
            else:
                member = self._get_person(session, Role.MENTOR)
            provider = profiles.create_provider(
                session, values=values, member=member, actor=act_as(member), at=AT
            )
            profiles.publish_provider(
                session, provider=provider, encoded=encoded, actor=act_as(member), at=AT
            )
        return None

    def _edit(self, session: Session) -> None:
        provider = self._choose(session, Provider, Provider.memberships.any())
        values = self._write_values(provider.kind)
        encoded = encode_values(self._matching, values)
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

    def _pause_or_resume(self, session: Session) -> None:
        provider = self._choose(session, Provider, Provider.memberships.any())
        encoded = encode_profile(self._matching, provider)
        with writing(session):
            if provider.state == "published":
                profiles.pause_provider(session, provider=provider, actor=act_for(provider), at=AT)
            else:
                profiles.publish_provider(
                    session, provider=provider, encoded=encoded, actor=act_for(provider), at=AT
                )

    def _remove(self, session: Session) -> None:
        provider = self._choose(session, Provider)
        with writing(session):
            delete_provider(session, provider)

    def _erase(self, session: Session) -> None:
        person = self._choose(session, Person, Person.email.startswith(_ERASABLE))
        with writing(session):
            erase_person(
                session,
                email=person.email,
                rooms=ERASINGS,
                actor=Installation.COMMAND_LINE,
                at=AT,
            )

    def _state_need(self, session: Session) -> None:
        startup = self._choose(session, Startup, Startup.memberships.any())
        stated = needs.StatedNeed(
            kind=self._chance.choice(list(NeedKind)), title=self._say(), text=self._say()
        )
        with writing(session):
            needs.state_need(
                session, startup=startup, stated=stated, opens=True, actor=act_for(startup), at=AT
            )

    def _suggest(self, session: Session) -> None:
        need = self._choose(session, Need, Need.startup.has(Startup.memberships.any()))
        found = matches.find_suggestions(session, self._matching, need, at=AT)
        with writing(session):
            matches.store_suggestions(
                session, need=need, suggestions=found, actor=act_for(need.startup), at=AT
            )

    def _request(self, session: Session) -> None:
        need, provider = self._choose(session, Need), self._choose(session, Provider)
        founder = self._get_person(session, Role.FOUNDER)
        with writing(session):
            engagements.request(
                session,
                need=need,
                provider=provider,
                match=None,
                message=self._say(),
                released=[],
                actor=act_as(founder),
                at=AT,
            )

    def _accept(self, session: Session) -> None:
        engagement = self._choose(session, Engagement, Engagement.state == "requested")
        mentor = self._get_person(session, Role.MENTOR)
        with writing(session):
            engagements.accept(session, engagement=engagement, actor=act_as(mentor), at=AT)

    def _cancel(self, session: Session) -> None:
        engagement = self._choose(session, Engagement, Engagement.state.in_(ENGAGEMENT_TAKES_PLACE))
        founder = self._get_person(session, Role.FOUNDER)
        with writing(session):
            engagements.cancel(
                session, engagement=engagement, reason="Over", actor=act_as(founder), at=AT
            )

    def _import(self, session: Session) -> None:
        incubator = self._choose(session, Incubator)
        house = House(incubator, self._get_person(session, Role.OPERATOR))
        rows = [
            dict(COMPLETE_MENTOR)
            | {
                "导师姓名": f"导师{self._chance.randrange(10**6)}",
                "邮箱": f"mentor{self._chance.randrange(10**6)}@example.org",
                "能帮什么": self._say(),
            }
            for _ in range(3)
        ]
        with writing(session):
            batch = preview(session, house, *rows)
        confirm(session, house, batch)
        apply_import(session, batch=batch, engine=self._matching, at=AT)
