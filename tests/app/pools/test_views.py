from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from models.organisations import Incubator
from models.pools import PoolEntry
from tests.factories import admit, log_in, make_incubator, make_mentor, make_person, make_startup
from tests.posting import post


@pytest.fixture
def pool(app: Any) -> dict[str, str]:
    """An operator with a mentor and a startup, and the public ids to ask for them."""
    with app.app_context():
        session = db.session
        operator, person = make_person(session), make_person(session)
        incubator = make_incubator(session, operator=operator)
        entry = admit(session, incubator, make_mentor(session, person=person, name="Wafer mentor"))
        entry.private_note = "pays attention to detail, slow to answer"
        make_startup(session, incubator_id=incubator.id, name="Hosted startup (example)")
        db.session.commit()
        return {
            "operator": operator.public_id,
            "mentor": person.public_id,
            "incubator": incubator.public_id,
            "entry": entry.public_id,
        }


def _log_in(app: Any, client: Any, public_id: str) -> None:
    from models.people import Person

    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.public_id == public_id)).one()
        log_in(client, person)


def test_everyone_can_read_the_selection_standard(client: Any, pool: dict[str, str]) -> None:
    page = client.get(f"/incubators/{pool['incubator']}").text

    assert "Ten years of practice; two hours a month; no paid brokerage." in page
    assert "slow to answer" not in page


def test_the_operator_sees_the_pool_and_the_startups(
    app: Any, client: Any, pool: dict[str, str]
) -> None:
    _log_in(app, client, pool["operator"])

    assert "Wafer mentor" in client.get("/pool").text
    assert "Hosted startup (example)" in client.get("/incubator/startups").text


@pytest.mark.permissions
def test_nobody_else_sees_the_pool(app: Any, client: Any, pool: dict[str, str]) -> None:
    with app.app_context():
        stranger = make_person(db.session)
        make_incubator(db.session, operator=stranger)
        db.session.commit()
        stranger_id = stranger.public_id
    _log_in(app, client, stranger_id)

    asked = {
        "pool": client.get(f"/pool?incubator={pool['incubator']}").status_code,
        "entry": client.get(f"/pool-entries/{pool['entry']}").status_code,
        "edit": client.get(f"/incubators/{pool['incubator']}/edit").status_code,
        "decide": post(
            client, f"/pool-entries/{pool['entry']}/decide/pause", reason="why"
        ).status_code,
    }

    assert asked == {"pool": 404, "entry": 404, "edit": 403, "decide": 404}


@pytest.mark.privacy
def test_the_mentor_does_not_read_the_private_note(
    app: Any, client: Any, pool: dict[str, str]
) -> None:
    _log_in(app, client, pool["operator"])
    assert "slow to answer" in client.get(f"/pool-entries/{pool['entry']}").text

    other = app.test_client()
    _log_in(app, other, pool["mentor"])
    page = other.get(f"/pool-entries/{pool['entry']}")

    assert page.status_code == 200
    assert "slow to answer" not in page.text


def test_pausing_needs_a_reason_and_keeps_what_was_typed(
    app: Any, client: Any, pool: dict[str, str]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    _log_in(app, client, pool["operator"])
    address = f"/pool-entries/{pool['entry']}/decide/pause"

    too_long = client.post(address, data={"reason": "x" * 1001})
    missing = client.post(address, data={"reason": "   "})
    with app.app_context():
        assert db.session.scalars(select(PoolEntry.state)).all() == ["admitted"]
    done = client.post(address, data={"reason": "On leave until May"})

    assert (too_long.status_code, missing.status_code, done.status_code) == (422, 422, 303)
    assert "x" * 1001 in too_long.text
    with app.app_context():
        entry = db.session.scalars(select(PoolEntry)).one()
        assert (entry.state, entry.reason) == ("paused", "On leave until May")


@pytest.mark.fuzz
@pytest.mark.parametrize("action", ["explode", "accept_invitation", "apply", "../admit"])
def test_an_unknown_step_is_not_found(
    app: Any, client: Any, pool: dict[str, str], action: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    _log_in(app, client, pool["operator"])

    answer = client.post(f"/pool-entries/{pool['entry']}/decide/{action}", data={"reason": "r"})

    assert answer.status_code == 404


def test_inviting_somebody_again_says_so_beside_the_address(
    app: Any, client: Any, pool: dict[str, str]
) -> None:
    _log_in(app, client, pool["operator"])
    mentor = {"email": "new@example.org", "name": "New mentor"}
    startup = {"startup_name": "Wafers (example)", "name": "Founder", "email": "f@example.org"}
    for path, fields in (("mentors", mentor), ("startups", startup)):
        address = f"/incubators/{pool['incubator']}/{path}/new"
        assert post(client, address, **fields).status_code == 303

        again = post(client, address, **fields)

        assert again.status_code == 409
        assert "An invitation to this address is still open." in again.text
        assert f'value="{fields["email"]}"' in again.text


def test_what_was_typed_over_an_older_version_stays_and_can_be_sent_again(
    app: Any, client: Any, pool: dict[str, str]
) -> None:
    _log_in(app, client, pool["operator"])
    address = f"/incubators/{pool['incubator']}/edit"
    typed = {
        "name": "Renamed (example)",
        "kind": "accelerator",
        "place_code": "370212",
        "service_officer": "",
        "introduction": "Written with care",
        "selection_standard": "Five years",
    }

    late = post(client, address, **typed, version="999")

    assert late.status_code == 409
    assert "Written with care" in late.text
    with app.app_context():
        incubator = db.session.scalars(select(Incubator)).one()
        assert incubator.introduction == "Hosts teams that build devices."
        version = incubator.version
    assert f'name="version" type="hidden" value="{version}"' in late.text
    assert post(client, address, **typed, version=str(version)).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Incubator.introduction)).one() == "Written with care"


def test_what_only_the_database_notices_is_a_conflict_in_words(
    app: Any, client: Any, monkeypatch: pytest.MonkeyPatch, pool: dict[str, str]
) -> None:
    _log_in(app, client, pool["operator"])

    def lose_a_race(*args: object, **kwargs: object) -> None:
        raise IntegrityError("INSERT", {}, Exception("unique"))

    monkeypatch.setattr("app.pools.actions.entries.note_privately", lose_a_race)

    answer = post(client, f"/pool-entries/{pool['entry']}/note", note="A note")

    assert answer.status_code == 409
    assert "Someone changed this after you opened the page." in answer.text
