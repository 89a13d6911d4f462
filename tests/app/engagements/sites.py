"""A committed world with each kind of provider, a browser and a program for everybody."""

from typing import Any

from flask import Flask

from app.extensions import db
from models.people import Person
from models.vocabulary import ProviderKind
from tests.app.web.programs import Program
from tests.factories import (
    log_in,
    make_centre,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)


class Site:
    """A founder with a need, and somebody of each kind of provider, each with a browser."""

    def __init__(self, app: Flask) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.app = app
        with app.app_context():
            session = db.session
            founder, mentor, investor, centre = (make_person(session) for _ in range(4))
            operator = make_person(session)
            incubator = make_incubator(session, operator=operator)
            self.incubator = incubator.public_id
            startup = make_startup(session, founder=founder, incubator=incubator)
            self.need = make_need(session, startup).public_id
            makers = {
                ProviderKind.MENTOR: (make_mentor, mentor),
                ProviderKind.INVESTOR: (make_investor, investor),
                ProviderKind.CENTRE: (make_centre, centre),
            }
            self.providers = {
                kind: make(session, person=person).public_id
                for kind, (make, person) in makers.items()
            }
            session.commit()
            self.ids = {"founder": founder.id, "operator": operator.id} | {
                kind: person.id for kind, (_, person) in makers.items()
            }

    def browse(self, who: str) -> Any:
        client = self.app.test_client()
        with self.app.app_context():
            person = db.session.get_one(Person, self.ids[who])
            db.session.expunge(person)
        log_in(client, person)
        return client

    def program(self, who: str) -> Program:
        with self.app.app_context():
            person = db.session.get_one(Person, self.ids[who])
            db.session.expunge(person)
        return Program(self.app, person)

    def ask(self, kind: ProviderKind, **values: Any) -> Any:
        form = {"message": "Please", "released": ["startup_name", "need_text"]} | values
        address = f"/needs/{self.need}/request/{self.providers[kind]}"
        return self.browse("founder").post(address, data=form)
