"""Two funds that want the last of a financing at the same moment, with real connections."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.financings.actions import committing
from app.financings.errors import NoPlaceLeft, NotEnoughLeft
from app.transactions import writing
from models.engagements import Engagement
from models.financings import Financing
from tests.app.engagements.races import Setting, Step
from tests.app.financings.scenes import consider, make_scene, open_one
from tests.factories import AT

pytestmark = [pytest.mark.concurrency, pytest.mark.funds]


def test_exactly_one_has_the_last_of_it(fresh_engine: Engine) -> None:
    with Session(fresh_engine) as session:
        for changes, loser in (({}, NotEnoughLeft), ({"places": 1}, NoPlaceLeft)):
            with writing(session):
                scene = make_scene(session)
                financing = open_one(session, scene, **changes)
                amounts = [1_500_000, 1_500_000] if not changes else [100_000, 100_000]
                steps: list[Step] = []
                for engagement, amount in zip((scene.first, scene.second), amounts, strict=True):
                    consider(session, scene, engagement, amount)
                    steps.append(committing_to(engagement.id, amount, scene.act(engagement)))
                number = financing.id
            setting = Setting(fresh_engine, session, scene, scene.by_founder, scene.by_first, 0)
            outcomes = setting.run_at_once(*steps)
            assert sorted(map(str, outcomes)) == sorted([str(None), str(loser)])
            after = session.get_one(Financing, number)
            assert (after.taken_yuan, after.taken_places) == (amounts[0], 1)


def committing_to(engagement_id: int, amount: int, actor: object) -> Step:
    return lambda session: committing.commit(
        session,
        engagement=session.get_one(Engagement, engagement_id),
        amount_yuan=amount,
        actor=actor,
        at=AT,
    )
