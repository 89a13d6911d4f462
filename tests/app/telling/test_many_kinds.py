"""Things of several kinds are read in the order that was asked for, with all beside them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.telling.many_kinds import Asked, read_many_kinds
from models.engagements import Engagement
from models.needs import Need
from models.organisations import Incubator, Startup
from tests.app.engagements.test_queries import count_queries
from tests.factories import make_engagement, make_mentor, make_need, make_startup


def test_each_query_gets_its_rows_in_its_order_and_nothing_is_asked_again(
    session: Session,
) -> None:
    mentor = make_mentor(session)
    startups = [make_startup(session, name=name) for name in ("Beta", "Gamma", "Alpha")]
    for startup in startups:
        make_engagement(session, make_need(session, startup), mentor)
    make_need(session, startups[0], state="draft")
    session.flush()
    session.expunge_all()
    counted = (
        select(Startup, func.count(Need.id), Incubator)
        .join(Need)
        .outerjoin(Startup.incubator)
        .group_by(Startup.id, Startup.name, Incubator.id)
        .order_by(Startup.name.desc())
    )
    asked = [
        Asked(select(Engagement).order_by(Engagement.id.desc()).limit(2), (Engagement.startup,)),
        Asked(None, (Need.conditions,)),
        Asked(select(Need).where(Need.state == "closed")),
        Asked(counted, (Startup.needs,)),
    ]
    with count_queries(session) as seen:
        engagements, none, empty, rows = read_many_kinds(session, asked)
        assert [each.startup.name for each in engagements] == ["Alpha", "Gamma"]
        assert (none, empty) == ([], [])
        said = [(startup.name, count, incubator) for startup, count, incubator in rows]
        assert said == [("Gamma", 1, None), ("Beta", 2, None), ("Alpha", 1, None)]
        assert [len(startup.needs) for startup, *_ in rows] == [1, 2, 1]
        assert all(need.id for startup, *_ in rows for need in startup.needs)
    assert len(seen) == 2
    with count_queries(session) as seen:
        assert read_many_kinds(session, [Asked(None)]) == [[]]
    assert seen == []
