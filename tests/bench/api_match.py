"""What looking for matches costs a program, over what the page does for a founder who presses.

Both look for the matches of stored needs among 1,000 mentors with the bundled encoder, store them,
and read what is shown of them: the program over HTTP, with its token and an Idempotency-Key; the
baseline by the same actions and queries, without any request. They take turns, and no need is asked
twice.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.access import make_actor
from app.clock import now
from app.extensions import db
from app.matches import actions
from app.matches.queries.runs import list_kinds
from app.needs.queries import find_need
from app.settings import Settings
from app.transactions import writing
from app.web.engine import get_engine
from matching.encoders.bundle import prepare_bundled
from matching.encoders.choice import BUNDLED, open_encoder
from models.orm import new_public_id
from models.people import Person
from tests.app.web.programs import Program
from tests.bench.match_overhead import make_needs
from tests.bench.served_site import MENTORS, REPOSITORY, fill
from tests.bench.taking_turns import compare

ROUNDS = 30
WARM_UP = 5


def measure() -> dict[str, object]:
    """Seconds a request as `value`, seconds of the page's own work as `baseline`."""
    root = REPOSITORY / "instance" / "encoder"
    prepare_bundled(root)
    texts = make_needs(2 * (WARM_UP + ROUNDS))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "encoder").symlink_to(root)
        (founder,) = fill(folder, open_encoder(BUNDLED, cache_root=root), [texts])
        app = create_app(
            Settings(
                instance_path=folder,
                database_url=f"sqlite:///{folder}/yinqiao.db",
                secret_key="only for a measurement",
                requests_per_minute=1_000_000,
            )
        )
        with app.app_context():
            person = db.session.scalars(select(Person).where(Person.email == founder.email)).one()
            db.session.expunge_all()
        program = Program(app, person)

        def ask(number: int) -> None:
            path = f"/needs/{founder.needs[2 * number]}/matches"
            answer: Any = program.post(path, Idempotency_Key=new_public_id())
            if answer.status_code != 201:
                raise RuntimeError(answer.text)

        compared = compare(
            ask,
            lambda number: _look_alone(app, person.id, founder.needs[2 * number + 1]),
            rounds=ROUNDS,
            warm_up=WARM_UP,
        )
        with app.app_context():
            db.engine.dispose()
    return {"name": "api_match", **compared, "profiles": MENTORS}


def _look_alone(app: Flask, person_id: int, public_id: str) -> None:
    with app.app_context():
        session = db.session
        actor = make_actor(session.get_one(Person, person_id))
        need = find_need(session, public_id)
        if need is None:
            raise LookupError(public_id)
        found = actions.find_suggestions(
            session, get_engine(), need, at=now(), seed=actions.draw_seed()
        )
        with writing(session):
            run = actions.store_suggestions(
                session, need=need, suggestions=found, actor=actor, at=now()
            )
        kinds = list_kinds(session, run, need, actor)
        if not any(kind.suggestions for kind in kinds):
            raise RuntimeError("a need found nobody")


if __name__ == "__main__":
    print(json.dumps(measure()))
