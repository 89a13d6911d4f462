"""How many places of providers are free, on every page that says it, counted from engagements."""

from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT
from models.providers import Provider
from tests.app.home.page_figures import read_facts, read_rows, strip, visit
from tests.app.web.programs import Program
from tests.factories import (
    admit,
    log_in,
    make_centre,
    make_engagement,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

pytestmark = [
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
    pytest.mark.parametrize("seed", [3, 8]),
]


def say_free(provider: Provider, taken: int) -> str:
    free = provider.capacity - taken
    if free <= 0:
        return "No place free at present"
    return f"{free} of {provider.capacity} place{'s' * (provider.capacity > 1)} free"


def test_free_places_add_up_wherever_they_are_said(
    app: Flask, client: FlaskClient, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311  (no secret)
    with app.app_context():
        session = db.session
        operator, founder, helper = (make_person(session) for _ in range(3))
        incubator = make_incubator(session, operator=operator)
        startup = make_startup(session, incubator=incubator, founder=founder)
        need = make_need(session, startup)
        makers = [make_mentor] * 5 + [make_investor, make_centre] * 2
        for number, make in enumerate(makers):
            values = {"capacity": chance.randrange(1, 5), "name": f"Provider {number}."}
            person = helper if number in (0, 5, 6) else None
            provider = make(session, person=person, **values)
            admit(session, incubator, provider)
            # Also more than there are places: the capacity was made smaller since.
            for _each in range(chance.randrange(9)):
                other = make_need(session, make_startup(session))
                state = chance.choice(ENGAGEMENT.states)
                make_engagement(session, other, provider, state=state)
        log_in(client, founder)
        providers = session.scalars(select(Provider).order_by(Provider.id)).all()
        taken = {
            provider.id: sum(
                each.provider_id == provider.id and each.state in ("accepted", "active")
                for each in session.scalars(select(Engagement))
            )
            for provider in providers
        }
        session.commit()
        assert {taken[each.id] >= each.capacity for each in providers} == {True, False}
        # Cards with lists in them.
        cards = [strip(c) for c in visit(client, "/providers").split('<li class="card-row">')]
        program = Program(app, founder)
        for provider in providers:
            words = say_free(provider, taken[provider.id])
            (card,) = (each for each in cards if provider.name in each)
            assert words in card
            address = f"/providers/{provider.public_id}"
            assert read_facts(visit(client, address))["Free capacity"] == words
            free = max(0, provider.capacity - taken[provider.id])
            with app.app_context():
                assert program.get(address).json["free_places"] == free
                asked = program.get(
                    f"/needs/{need.public_id}/outlook?provider={provider.public_id}"
                )
            assert asked.json["free_places"] == free
        session.commit()
        log_in(client, operator)
        rows = {row[0]: " ".join(row) for row in read_rows(visit(client, "/pool"))}
        for provider in providers:
            free = max(0, provider.capacity - taken[provider.id])
            (row,) = (row for name, row in rows.items() if provider.name in name)
            assert f"{free} of {provider.capacity}" in row
        session.commit()
        log_in(client, helper)
        page = strip(visit(client, "/dashboard"))
        for provider in (providers[0], providers[5], providers[6]):
            free = max(0, provider.capacity - taken[provider.id])
            places = "place" if free == 1 else "places"
            assert f"{free} free {places} of {provider.capacity}" in page
