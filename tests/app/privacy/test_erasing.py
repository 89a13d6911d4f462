"""How somebody is erased: once, wholly or not at all, and by a command that asks to be sure."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import ObjectDeletedError

from app import access
from app.commands.person import person
from app.engagements.actions import engagements
from app.errors import NotFound
from app.pools.errors import ProviderNotAvailable
from app.privacy.actions import erase_person
from app.privacy.carrying_out import rehearse_erasure
from app.rooms import ERASINGS
from app.transactions import writing
from models.needs import Need
from models.people import Person
from models.providers import Provider
from models.vocabulary import Role
from tests.app.engagements.scenes import ask
from tests.app.privacy.scenes import (
    EMAIL,
    NAME,
    Installation,
    make_scene,
)
from tests.factories import (
    AT,
    join,
    make_investor,
    make_need,
    make_person,
)

pytestmark = pytest.mark.privacy


def test_a_rehearsal_counts_and_changes_nothing(installation: Installation) -> None:
    with Session(installation.database) as session, writing(session):
        make_scene(session)
    before = installation.find_words()
    with Session(installation.database) as session:
        rehearsed = rehearse_erasure(session, email=EMAIL, rooms=ERASINGS, at=AT)
    assert installation.find_words() == before
    assert installation.erase() == rehearsed


def test_an_error_half_way_erases_nothing(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(installation.database) as session, writing(session):
        make_scene(session)
    before = installation.find_words()

    def fail(*arguments: object) -> None:
        raise ConnectionError("the database went away")

    monkeypatch.setattr("app.privacy.blanking.remove_account", fail)
    with pytest.raises(ConnectionError):
        installation.erase()
    assert installation.find_words() == before


def test_nobody_is_erased_twice_or_by_an_unknown_address(installation: Installation) -> None:
    with Session(installation.database) as session, writing(session):
        make_person(session, name=NAME, email=EMAIL)
    installation.erase()
    with pytest.raises(NotFound):
        installation.erase()


def test_the_command_asks_to_be_sure_and_says_what_went(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(installation.database) as session, writing(session):
        make_scene(session)
    url = installation.database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("YINQIAO_DATABASE_URL", url)
    monkeypatch.setenv("YINQIAO_INSTANCE_PATH", str(installation.settings.instance_path))
    before = installation.find_words()
    unsure = CliRunner().invoke(person, ["erase", EMAIL])
    assert unsure.exit_code == 1
    assert "Nothing has changed" in unsure.output
    assert installation.find_words() == before
    sure = CliRunner().invoke(person, ["erase", EMAIL, "--yes"])
    assert (sure.exit_code, "1 providers" in sure.output) == (0, True), sure.output
    assert installation.find_words() == set()
    again = CliRunner().invoke(person, ["erase", EMAIL, "--yes"])
    assert (again.exit_code, again.output) == (1, "Error: Nothing is known of this address.\n")


@pytest.mark.concurrency
def test_of_two_who_erase_the_same_person_at_once_one_finds_nobody(
    installation: Installation,
) -> None:
    with Session(installation.database) as session, writing(session):
        make_scene(session)
    both_have_read = threading.Barrier(2)

    def erase() -> str:
        with Session(installation.database) as session:
            assert session.scalars(select(Person).where(Person.email == EMAIL)).one()
            both_have_read.wait(20)
            try:
                with writing(session):
                    erase_person(
                        session,
                        email=EMAIL,
                        rooms=ERASINGS,
                        actor=access.Installation.COMMAND_LINE,
                        at=AT,
                    )
            except NotFound:
                return "nobody"
            return "erased"

    with ThreadPoolExecutor(2) as pool:
        outcomes = [running.result(30) for running in [pool.submit(erase) for _ in range(2)]]
    assert sorted(outcomes) == ["erased", "nobody"]


@pytest.mark.concurrency
def test_who_joins_while_another_is_erased_keeps_the_organisation_or_is_refused(
    installation: Installation,
) -> None:
    with Session(installation.database) as session, writing(session):
        leaving = make_person(session, name=NAME, email=EMAIL)
        colleague_id = make_person(session, name="Colleague").id
        fund_id = make_investor(session, person=leaving).id
    both_have_read = threading.Barrier(2)

    def join_it() -> str:
        with Session(installation.database) as session:
            both_have_read.wait(20)
            try:
                with writing(session):
                    fund = session.get(Provider, fund_id)
                    if fund is None:
                        return "refused"
                    colleague = session.get_one(Person, colleague_id)
                    join(session, colleague, Role.INVESTOR, provider=fund)
            except IntegrityError:
                return "refused"
            return "joined"

    def erase() -> None:
        both_have_read.wait(20)
        with Session(installation.database) as session, writing(session):
            erase_person(
                session,
                email=EMAIL,
                rooms=ERASINGS,
                actor=access.Installation.COMMAND_LINE,
                at=AT,
            )

    with ThreadPoolExecutor(2) as pool:
        erasing, joining = pool.submit(erase), pool.submit(join_it)
        erasing.result(30)
        outcome = joining.result(30)
    with Session(installation.database) as session:
        left = session.scalars(select(Provider.id)).all()
        assert (outcome, left) in (("joined", [fund_id]), ("refused", []))


@pytest.mark.concurrency
@pytest.mark.parametrize("was_asked_before", [False, True])
def test_who_is_being_erased_cannot_be_asked(
    installation: Installation, was_asked_before: bool
) -> None:
    with Session(installation.database) as session, writing(session):
        scene = make_scene(session)
        need_id, provider_id, by_founder = scene.need.id, scene.provider.id, scene.by_founder
        if was_asked_before:
            ask(session, replace(scene, need=make_need(session, scene.startup, title="Before")))

    def request() -> str:
        with Session(installation.database) as session:
            # The page with the form was open before.
            need, provider = session.get_one(Need, need_id), session.get_one(Provider, provider_id)
            asking.set()
            try:
                with writing(session):
                    engagements.request(
                        session,
                        need=need,
                        provider=provider,
                        match=None,
                        message=NAME,
                        released=[],
                        actor=by_founder,
                        at=AT,
                    )
            except (ProviderNotAvailable, ObjectDeletedError):
                return "refused"
            return "asked"

    asking = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        with Session(installation.database) as session, writing(session):
            erase_person(
                session,
                email=EMAIL,
                rooms=ERASINGS,
                actor=access.Installation.COMMAND_LINE,
                at=AT,
            )
            running = pool.submit(request)
            assert asking.wait(20)
            # Long enough for the request to reach the row that is locked.
            time.sleep(0.3)
            assert not running.done()
        assert running.result(30) == "refused"
    assert installation.find_words() == set()
