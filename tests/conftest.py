"""What every test may ask for.

`session`    a session on a migrated database; what it writes is taken back afterwards
`engine`     the engine below it, for the length of the test run; leave nothing in it
`fresh_engine`, `fresh_database_url`  a database of this test alone, for whatever commits
`app`, `client`       the application on such a database

Whoever uses one of these runs twice, on SQLite and on PostgreSQL (the second carries the marker
`postgres`). Tests in a browser run on SQLite alone. A test about one database says
`@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)`.
"""

import gc
import os
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Before numpy is loaded, which reads them once. The processes of a test run share the cores, and
# threads of a library that wait for each other by counting take them from the other processes:
# small products took ten times the processor time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import hypothesis
import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from models.audit import AuditEntry
from models.notices import Notice, OutboxMail
from models.orm import create_engine_for
from tests.applications import share_what_is_compiled
from tests.databases import Databases, PostgresDatabases, SqliteDatabases, run_postgres
from tests.network import forbid_network

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from app.settings import Settings

# What tests tell that want to see what happens to a notice without words.
UNWORDED = {"no such kind", "kind_of_an_older_release", "no_such_act", "no_such_kind_yet"}

# A machine that does something else meanwhile may be slow, and that is no fault of the code.
hypothesis.settings.register_profile("yinqiao", deadline=None)
hypothesis.settings.load_profile("yinqiao")

# Markers of tests of which one may take a minute.
LONG_KINDS = ("browser", "quality", "faults", "fuzz")

# How often the garbage collector looks: seldom at what is young, and at what is older only after
# each file of tests.
_COLLECTING = (5_000, 20, 1_000)

DIALECTS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs a database on both kinds, unless the test names one or drives a browser."""
    if "dialect" not in metafunc.fixturenames:
        return
    if any("dialect" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")):
        return
    in_browser = "browser" in metafunc.fixturenames
    dialects = ("sqlite",) if in_browser else DIALECTS
    metafunc.parametrize("dialect", dialects, indirect=True, scope="session")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Who runs the files of a run that is spread by files."""
    if config.getvalue("dist") != "loadfile":
        return None
    from tests.scheduling import ByFileAndSite

    return ByFileAndSite(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, so that it can be chosen or left out; put long files first.

    Begun last, a file that takes minutes keeps one process busy while the others have nothing left.
    What a site is made of for browsers takes a minute, once: the first file that needs it comes at
    once, the others after all that can be done meanwhile.
    """
    long_files, on_a_site = set(), []
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if any(item.get_closest_marker(kind) for kind in LONG_KINDS):
            long_files.add(item.path)
        if "prepared_instance" in getattr(item, "fixturenames", ()):
            on_a_site.append(item.path)
    waiting = set(on_a_site) - set(on_a_site[:1])
    items.sort(key=lambda item: (item.path not in long_files, item.path in waiting))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Whatever is made while tests are collected stays: to look through it finds no garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep from the garbage collector what stays: the modules, and the tests themselves.

    It would go through a million objects every few tests, for a fifth of the processor time.
    """
    if any("app" in getattr(item, "fixturenames", ()) for item in session.items):
        import app.application  # noqa: F401  (what the first of them would load)
    _keep_for_good()
    gc.set_threshold(*_COLLECTING)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """After a file of tests, the same for what it has loaded, such as an encoder.

    What it has only forgotten to close comes to light here, beside the file that is to blame.
    """
    if nextitem is not None and nextitem.path != item.path:
        _keep_for_good()


def _keep_for_good() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """No test reaches another machine."""
    with pytest.MonkeyPatch.context() as patch:
        forbid_network(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Applications share what they compile."""
    with pytest.MonkeyPatch.context() as patch:
        share_what_is_compiled(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_notice_without_words() -> Iterator[None]:
    """Whoever is told something is told it in words: also where a kind is put together."""

    @cache
    def list_worded() -> frozenset[str]:
        from app.declaration import gather_words
        from app.rooms import ROOMS

        return frozenset(gather_words(ROOMS).notices)

    def check(mapper: object, connection: object, row: "Notice | OutboxMail") -> None:
        assert row.kind in list_worded() or row.kind in UNWORDED, (
            f"a notice without wording: {row.kind}"
        )

    for told in (Notice, OutboxMail):
        event.listen(told, "before_insert", check)
    yield
    for told in (Notice, OutboxMail):
        event.remove(told, "before_insert", check)


@pytest.fixture(scope="session", autouse=True)
def no_act_without_words() -> Iterator[None]:
    """Whatever operators read of in the record of their incubator is told in words."""

    def check(mapper: object, connection: object, row: AuditEntry) -> None:
        from app.home.words import ACTS

        if row.incubator_id is not None:
            assert row.kind in ACTS or row.kind in UNWORDED, f"an act without words: {row.kind}"

    event.listen(AuditEntry, "before_insert", check)
    yield
    event.remove(AuditEntry, "before_insert", check)


@pytest.fixture(autouse=True)
def no_connection_left() -> Iterator[None]:
    """Whatever engine a test used, such as that of an application of its own, is closed.

    A connection that is only forgotten would be found by the garbage collector, as an error in
    some later test.
    """
    used: set[Engine] = set()

    def remember(connection: Connection) -> None:
        used.add(connection.engine)

    event.listen(Engine, "engine_connect", remember)
    yield
    event.remove(Engine, "engine_connect", remember)
    for engine in used:
        engine.dispose()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this test run share; see `tests.sharing`."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def dialect(request: pytest.FixtureRequest) -> str:
    """The kind of database this test runs on: sqlite or postgres."""
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """Copies of a migrated SQLite file."""
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """A PostgreSQL server, started when the first test needs it."""
    with run_postgres() as databases:
        yield databases


@pytest.fixture(scope="session")
def databases(dialect: str, request: pytest.FixtureRequest) -> Databases:
    """Makes databases of the kind that this test runs on."""
    made: Databases = request.getfixturevalue(f"{dialect}_databases")
    return made


@pytest.fixture(scope="session")
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated database for the length of the test run, empty between tests."""
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """The engine of `database_url`."""
    engine = create_engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session inside a transaction that is taken back; inside it, commits are savepoints."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture
def fresh_database_url(databases: Databases) -> Iterator[str]:
    """A migrated database of this test alone, for whatever commits or has several processes."""
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture
def fresh_engine(fresh_database_url: str) -> Iterator[Engine]:
    """The engine of `fresh_database_url`."""
    engine = create_engine_for(fresh_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def settings(fresh_database_url: str, tmp_path: Path) -> "Settings":
    """The settings of an application that shares nothing with another test's."""
    from app.settings import Settings

    return Settings(
        instance_path=tmp_path / "instance",
        database_url=fresh_database_url,
        secret_key="only for tests",
        encoder="hashing",
        testing=True,
    )


@pytest.fixture
def app(settings: "Settings") -> "Iterator[Flask]":
    """The application. No context is open: one would hide a forgotten commit."""
    from app import create_app
    from app.extensions import db

    app = create_app(settings)
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    """Somebody without an account, in front of a browser."""
    return app.test_client()
