"""Every action checks the permission of whoever acts, itself: found by walking all rooms."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import (
    PERMISSIONS,
    VIEW_PERMISSION,
    Installation,
    is_permitted,
)
from app.errors import DomainError, NotFound, NotPermitted
from app.web.guard import requires
from models.lifecycle import ActionNotAllowed
from models.orm import Base, create_engine_for
from tests.databases import SqliteDatabases
from tests.rules.authority import (
    list_action_modules,
    list_actions,
    list_unchecked,
    list_without_scene,
)
from tests.rules.authority_scenes import SCENES
from tests.rules.authority_world import list_strangers, make_world
from tests.rules.kept_world import KeptWorld, count_changes

pytestmark = pytest.mark.permissions

# What only the installation itself does.
OWN = {
    "consent:lapse",
    "privacy_notice:tell",
    "commissioner:mind",
    "product:mind",
    "session:keep_reply",
    "arrangement:mind",
    "engagement:expire",
    "engagement:remind",
    "enquiry:list_unanswered",
    "enquiry:remind",
    "financing:end",
    "incubator:found",
    "order:expire",
    "queue:settle",
    "room:suspend",
    "slot:tell_next",
    "voucher:lapse",
    "workspace:end_invitations",
}
SHARED = {
    "document:decide",
    "document:delete",
    "enquiry:answer",
    "person:erase",
    "second_factor:remove",
}

ACTIONS = list_actions(list_action_modules())

_PLANTED = '''
"""Planted by a test."""

from app.access import require


def take_over(session, *, thing, actor, at):
    thing.owner_id = actor.person_id


def take_over_properly(session, *, thing, actor, at):
    _take(session, thing, actor)


def _take(session, thing, actor):
    require(actor, "need:edit", thing)


def ask_about_another(session, *, thing, actor, at):
    require(thing.owner, "need:edit", thing)
'''


@pytest.fixture
def planted(tmp_path: Path) -> ModuleType:
    path = tmp_path / "planted.py"
    path.write_text(_PLANTED, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("app.planted.actions", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def kept(sqlite_databases: SqliteDatabases) -> Iterator[KeptWorld]:
    """A world, the strangers to it, and all rows there are: dear to make, so made once."""
    url = sqlite_databases.create()
    engine = create_engine_for(url)
    kept = KeptWorld(engine)
    with Session(engine) as session:
        world = make_world(session)
        strangers = list_strangers(session, world)
        session.commit()
        kept.remember((world, strangers, read_everything(session)))
    yield kept
    engine.dispose()
    sqlite_databases.drop(url)


def read_everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    session.flush()
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }


def test_every_action_asks_for_a_permission() -> None:
    assert len(ACTIONS) > 40
    assert list_unchecked(ACTIONS) == []


def test_every_action_has_a_scene() -> None:
    assert list_without_scene(ACTIONS, SCENES) == []


def test_an_action_without_a_check_is_named(planted: ModuleType) -> None:
    assert [sentence.split()[0] for sentence in list_unchecked(list_actions([planted]))] == [
        "app.planted.actions.ask_about_another",
        "app.planted.actions.take_over",
    ]


def test_an_action_without_a_scene_is_named(planted: ModuleType) -> None:
    (sentence,) = [
        said for said in list_without_scene(list_actions([planted]), []) if "take_over " in said
    ]
    assert sentence.startswith("app.planted.actions.take_over has no scene")


@pytest.mark.parametrize("name", sorted(SCENES))
def test_an_action_refuses_whoever_has_no_right(kept: KeptWorld, name: str) -> None:
    shown = SCENES[name]
    let_in = []
    with kept.enter() as (session, (world, strangers, before)):
        unchanged = count_changes(session)
        for stranger, actor in strangers.items():
            if stranger in shown.as_well:
                continue
            try:
                shown.call(session, world, actor)
            except (NotFound, NotPermitted):
                pass
            else:
                let_in.append(f"{name} lets in {stranger}")
            if count_changes(session) != unchanged:
                changed = f"{name} changed something for {stranger}"
                assert read_everything(session) == before, changed
    assert let_in == []


def test_what_is_changed_is_noticed(kept: KeptWorld) -> None:
    with kept.enter() as (session, (world, _, before)):
        unchanged = count_changes(session)
        assert read_everything(session) == before
        with session.begin_nested() as nested:
            world.scene.need.title = "Another"
            assert count_changes(session) > unchanged
            assert read_everything(session) != before
            nested.rollback()
        assert count_changes(session) > unchanged
    with kept.enter() as (session, (_, _, before)):
        assert read_everything(session) == before


@pytest.mark.parametrize("name", sorted(SCENES))
def test_the_same_scene_lets_in_whoever_has_the_right(kept: KeptWorld, name: str) -> None:
    shown = SCENES[name]
    with kept.enter() as (session, (world, _, _)):
        try:
            shown.call(session, world, shown.right(world))
        except (DomainError, ActionNotAllowed) as error:
            # Another rule may still forbid it: what is shown is that the right one is let in.
            assert not isinstance(error, (NotFound, NotPermitted))


def test_people_never_have_what_the_installation_has(session: Session) -> None:
    world = make_world(session)
    people = (world.founder, world.mentor, world.operator, world.stand_in)
    own = {name: rule for name, rule in PERMISSIONS.items() if isinstance(rule, Installation)}
    assert set(own) == OWN
    for permission, rule in own.items():
        assert [actor for actor in people if is_permitted(actor, permission)] == []
        assert [each for each in Installation if is_permitted(each, permission)] == [rule]


def test_the_installation_has_nothing_else() -> None:
    had = {name for each in Installation for name in PERMISSIONS if is_permitted(each, name)}
    assert had == OWN | SHARED


def test_no_route_can_ask_for_what_the_installation_has() -> None:
    with pytest.raises(ValueError, match="incubator:found"):
        requires("incubator:found")


def test_what_may_be_known_of_is_said_by_a_rule_for_people() -> None:
    assert [p for p in VIEW_PERMISSION.values() if isinstance(PERMISSIONS[p], Installation)] == []
