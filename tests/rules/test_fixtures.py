"""The ground that other tests stand on: isolation, both databases, no network."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, make_url, select
from sqlalchemy.orm import Session

from models.organisations import Incubator
from models.vocabulary import IncubatorKind
from tests.browser_setup import VARIABLE, NoBrowser, get_browser
from tests.network import NetworkForbidden


def add_incubator(session: Session) -> None:
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    session.add(
        Incubator(
            name="桥头孵化器（示例）",
            kind=IncubatorKind.INCUBATOR,
            place_code="310115",
            created_at=at,
            updated_at=at,
        )
    )


# The name is unique: were the first one's row kept, the second would fail.
@pytest.mark.parametrize("order", ["first", "second"])
def test_what_a_session_commits_is_gone_in_the_next_test(
    session: Session, engine: Engine, order: str
) -> None:
    add_incubator(session)
    session.commit()
    add_incubator(session)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Incubator)) == 1
    with engine.connect() as outside:
        assert outside.scalar(select(func.count()).select_from(Incubator)) == 0


def test_a_fresh_database_takes_real_commits(fresh_engine: Engine, dialect: str) -> None:
    assert fresh_engine.dialect.name == {"sqlite": "sqlite", "postgres": "postgresql"}[dialect]
    with Session(fresh_engine) as writer:
        add_incubator(writer)
        writer.commit()
    with Session(fresh_engine) as reader:
        assert reader.scalars(select(Incubator.place_code)).all() == ["310115"]


def test_fresh_databases_are_not_the_shared_one(fresh_database_url: str, database_url: str) -> None:
    assert make_url(fresh_database_url).database != make_url(database_url).database


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_test_can_ask_for_one_database(dialect: str) -> None:
    assert dialect == "sqlite"


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443)])
def test_other_machines_cannot_be_reached(address: tuple[str, int]) -> None:
    with pytest.raises(NetworkForbidden):
        socket.create_connection(address, timeout=1)
    with socket.socket() as plain, pytest.raises(NetworkForbidden):
        plain.connect(address)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), timeout=5) as sender:
            sender.sendall(b"bridge")
        receiver, _ = server.accept()
        with receiver:
            assert receiver.recv(6) == b"bridge"


def test_a_browser_that_does_not_run_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "no-browser"))
    with pytest.raises(NoBrowser, match="no-browser"):
        get_browser()
