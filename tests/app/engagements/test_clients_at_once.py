"""Many programs at once through gunicorn with several processes: nobody loses what they were told.

64 on PostgreSQL, 8 on SQLite. One served site for all scenes; afterwards the rows are counted.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, func, make_url, select
from sqlalchemy.orm import Session

from app.clock import now
from app.transactions import writing
from app.workspace.trace import MOST_KEPT
from models.engagements import CoachingSession, Engagement, EngagementEvent, SessionQuarter
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.orm import create_engine_for
from models.providers import Provider
from models.workspace import AgendaPoint, SessionMinutes
from tests.app.calendars.scenes import open_hours
from tests.app.engagements.clients import Ask, Told, ask, ask_at_once, make_token
from tests.app.engagements.scenes import Scene
from tests.bench.served_site import serve
from tests.databases import Databases
from tests.factories import (
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

pytestmark = [pytest.mark.concurrency, pytest.mark.engagements]

CLIENTS = {"postgres": 64, "sqlite": 8}
SECRET_KEY = "0123456789 only for the tests of many clients"
REQUESTS = 4
WRITERS = 4


@dataclass(frozen=True, slots=True)
class Founder:
    """A program of a founder: the token, the need, and the engagement with the busy mentor."""

    token: str
    need: str
    engagement: str


@dataclass(frozen=True, slots=True)
class Site:
    """Where it answers, its database, and who asks there. Ids are public ones."""

    port: int
    engine: Engine
    founders: list[Founder]
    mentor: str
    rare_mentor: str
    rare_provider: str
    requests: list[str]
    held: str

    def ask_at_once(self, *wanted: Ask) -> list[Told]:
        """All of `wanted` are answered, none by a failure of the server."""
        told = ask_at_once(self.port, wanted)
        assert [each for each in told if each.status >= 500 or each.status == 429] == []
        return told

    def count(self, told: list[Told], won: int) -> Counter[str]:
        """How often each code was told; `won` were not refused."""
        codes = Counter(each.code for each in told)
        assert codes.pop("", 0) == won
        return codes


@pytest.fixture(scope="module")
def site(
    databases: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("served")
    url = databases.create()
    engine = create_engine_for(url)
    with Session(engine) as session, writing(session):
        world = fill(session, CLIENTS[dialect])
    more = {
        "YINQIAO_DATABASE_URL": make_url(url).render_as_string(hide_password=False),
        "YINQIAO_ENCODER": "hashing",
        "YINQIAO_SECRET_KEY": SECRET_KEY,
    }
    with serve(folder, processes=2, threads=12, more=more) as port:
        yield Site(port, engine, **world)
    engine.dispose()
    databases.drop(url)


def fill(session: Session, number: int) -> dict[str, object]:
    """As many founders, a mentor who coaches all of them, and one who has one place."""
    operator, busy, rare = make_person(session), make_person(session), make_person(session)
    incubator = make_incubator(session, operator=operator)
    mentor = make_mentor(session, person=busy, capacity=100)
    rare_mentor = make_mentor(session, person=rare, capacity=1)
    founders, engagements = [], []
    for _ in range(number):
        founder = make_person(session)
        startup = make_startup(session, founder=founder, incubator=incubator)
        need = make_need(session, startup)
        engagement = make_engagement(
            session, need, mentor, state="accepted", requested_by=founder, answered_at=now()
        )
        token = make_token(session, founder, SECRET_KEY)
        founders.append(Founder(token, need.public_id, engagement.public_id))
        engagements.append(engagement)
    scene = Scene(operator, founder, busy, incubator, startup, need, mentor)
    open_hours(session, scene, horizon_days=60)
    over = now().replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
    held = CoachingSession(
        engagement=engagements[0],
        state="held",
        starts_at=over - timedelta(hours=1),
        ends_at=over,
        place="Room 2",
        proposed_by_side="provider",
        created_at=over,
    )
    session.add(held)
    requests = [
        make_engagement(
            session,
            make_need(session, engagement.startup),
            mentor,
            requested_by=engagement.requested_by,
            answer_due_at=now() + timedelta(days=3),
        ).public_id
        for engagement in engagements[:REQUESTS]
    ]
    session.flush()
    return {
        "founders": founders,
        "mentor": make_token(session, busy, SECRET_KEY),
        "rare_mentor": make_token(session, rare, SECRET_KEY),
        "rare_provider": rare_mentor.public_id,
        "requests": requests,
        "held": held.public_id,
    }


def test_one_free_time_is_booked_by_one(site: Site) -> None:
    first = site.founders[0]
    window = {"since": now().isoformat(), "until": (now() + timedelta(days=14)).isoformat()}
    free = ask(
        site.port,
        Ask(first.token, "GET", f"/engagements/{first.engagement}/free-times?{urlencode(window)}"),
    )
    starts_at = datetime.fromisoformat(free.body["starts"][0])
    # Every other one wants the hour that begins in the middle of it.
    wanted = [
        starts_at + number % 2 * timedelta(minutes=30) for number in range(len(site.founders))
    ]
    told = site.ask_at_once(
        *(
            Ask(
                each.token,
                "POST",
                f"/engagements/{each.engagement}/book",
                {"starts_at": at.isoformat(), "minutes": 60},
            )
            for each, at in zip(site.founders, wanted, strict=True)
        )
    )
    assert set(site.count(told, won=1)) == {"time_already_taken"}
    with Session(site.engine) as session:
        booked = session.scalars(
            select(CoachingSession).where(CoachingSession.state == "confirmed")
        ).one()
        won = next(each.body for each in told if each.status == 201)
        assert booked.public_id == won["id"]
        quarters = session.scalars(select(SessionQuarter)).all()
        # An hour of the mentor and one of the founder, and nothing of anybody else.
        assert Counter(each.coaching_session_id for each in quarters) == {booked.id: 8}


def test_the_last_place_is_given_to_one_of_those_who_ask(site: Site) -> None:
    # Each of them asks twice at once: a double click.
    asked = site.ask_at_once(
        *(
            Ask(
                each.token,
                "POST",
                "/engagements",
                {"need": each.need, "provider": site.rare_provider},
            )
            for each in site.founders[::2]
            for _ in range(2)
        )
    )
    half = len(site.founders) // 2
    assert site.count(asked, won=half) == {"already_requested": half}
    made = [each.body["id"] for each in asked if each.status == 201]
    told = site.ask_at_once(
        *(Ask(site.rare_mentor, "POST", f"/engagements/{each}/accept", {}) for each in made)
    )
    assert site.count(told, won=1) == {"own_places_taken": half - 1}
    with Session(site.engine) as session:
        rows = session.scalars(
            select(Engagement)
            .join(Engagement.provider)
            .where(Provider.public_id == site.rare_provider)
        ).all()
        assert len(rows) == len({each.need_id for each in rows}) == half
        taken = [each.public_id for each in rows if each.state in ENGAGEMENT_TAKES_PLACE]
        assert taken == [each.body["id"] for each in told if each.status == 200]


def test_a_request_is_answered_once(site: Site) -> None:
    ways = [
        ("accept", {}, "accepted"),
        ("decline", {"reason": "No time", "code": "no_time"}, "declined"),
        ("withdraw", {}, "withdrawn"),
    ]
    wanted, ends = [], []
    for number in range(len(site.founders)):
        which = number % REQUESTS
        way, body, end = ways[(which + number // REQUESTS) % len(ways)]
        who = site.founders[which].token if way == "withdraw" else site.mentor
        wanted.append(Ask(who, "POST", f"/engagements/{site.requests[which]}/{way}", body))
        ends.append(end)
    told = site.ask_at_once(*wanted)
    assert set(site.count(told, won=REQUESTS)) == {"out_of_order"}
    with Session(site.engine) as session:
        for which, public_id in enumerate(site.requests):
            (end,) = (
                ends[number]
                for number in range(which, len(told), REQUESTS)
                if told[number].status == 200
            )
            row = session.scalars(select(Engagement).where(Engagement.public_id == public_id)).one()
            assert row.state == end
            assert session.scalars(
                select(EngagementEvent.kind).where(EngagementEvent.engagement_id == row.id)
            ).all() == [end]


def test_no_minutes_are_overwritten_unread(site: Site) -> None:
    founder = site.founders[0]
    path = f"/sessions/{site.held}/minutes"
    writers = [(founder.token, site.mentor)[number % 2] for number in range(len(site.founders))]
    told = site.ask_at_once(
        *(
            Ask(token, "POST", path, {"text": f"Line {number}", "version": 0})
            for number, token in enumerate(writers)
        )
    )
    assert set(site.count(told, won=1)) == {"changed_meanwhile"}
    # Who was refused reads what is there, adds to it and writes again, until all have.
    left = {f"More {number}": writers[number] for number in range(WRITERS)}
    while left:
        read = ask(
            site.port, Ask(founder.token, "GET", f"/engagements/{founder.engagement}/workspace")
        )
        (meeting,) = read.body["minutes"]
        told = site.ask_at_once(
            *(
                Ask(
                    token,
                    "POST",
                    path,
                    {"text": f"{meeting['minutes']}\n{line}", "version": meeting["version"]},
                )
                for line, token in left.items()
            )
        )
        site.count(told, won=1)
        winner = [each.status for each in told].index(200)
        del left[list(left)[winner]]
    with Session(site.engine) as session:
        minutes = session.scalars(select(SessionMinutes)).one()
        first, *more = minutes.text.split("\n")
        assert first.startswith("Line ")
        assert sorted(more) == [f"More {number}" for number in range(WRITERS)]
        assert minutes.version == 1 + WRITERS


def test_an_agenda_keeps_what_all_put_there_and_no_more_than_it_holds(site: Site) -> None:
    founder = site.founders[-1]
    path = f"/engagements/{founder.engagement}/agenda"
    room = len(site.founders) // 2
    with Session(site.engine) as session, writing(session):
        engagement = session.scalars(
            select(Engagement).where(Engagement.public_id == founder.engagement)
        ).one()
        session.add_all(
            AgendaPoint(engagement=engagement, side="startup", text=f"Old {number}", added_at=now())
            for number in range(MOST_KEPT - room)
        )
    texts = [f"Point {number}" for number in range(len(site.founders))]
    told = site.ask_at_once(
        *(
            Ask((founder.token, site.mentor)[number % 2], "POST", path, {"text": text})
            for number, text in enumerate(texts)
        )
    )
    assert site.count(told, won=room) == {"too_many_kept": len(texts) - room}
    put = {text for text, each in zip(texts, told, strict=True) if each.status == 200}
    with Session(site.engine) as session:
        there = session.scalars(select(AgendaPoint.text)).all()
        assert len(there) == MOST_KEPT
        assert set(there) >= put
        (public_id,) = session.scalars(
            select(AgendaPoint.public_id).where(AgendaPoint.text == min(put))
        )
    note = ask(
        site.port,
        Ask(founder.token, "POST", f"/engagements/{founder.engagement}/notes", {"text": "For us"}),
    ).body["notes"][0]["id"]
    for removal in (f"/agenda-points/{public_id}/remove", f"/pair-notes/{note}/remove"):
        both = (founder.token, site.mentor) * 4
        told = site.ask_at_once(*(Ask(token, "POST", removal, {}) for token in both))
        assert set(site.count(told, won=1)) == {"not_found"}
    with Session(site.engine) as session:
        assert session.scalar(select(func.count()).select_from(AgendaPoint)) == MOST_KEPT - 1
