"""Slots in people's calendars: who has them there, and what programs are told of every change."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.clock import now
from app.telling.coming import list_coming
from app.verification.actions import slots
from app.verification.actions.quoting import cancel_order
from app.verification.queries.coming import CALENDAR, feed_slots
from models.instruments import Instrument, Slot
from models.notices import OutboxMail
from models.verification import VerificationOrder
from tests.app.verification.scenes import Scene, bring_to
from tests.app.verification.test_api import make_programs
from tests.app.verification.test_slot_pages import ordered
from tests.app.verification.test_slots import Bench, another_order, bench, make_span
from tests.app.verification.test_views import Site, site
from tests.factories import AT, act_as, make_person

__all__ = ["bench", "ordered", "site"]

pytestmark = pytest.mark.verification


def list_mails(session: Session) -> list[tuple[str, str, str, int, str]]:
    """To whom, by which method, which entry, its number and whether it stands: of each mail."""
    found = []
    mails = session.scalars(
        select(OutboxMail).where(OutboxMail.calendar.is_not(None)).order_by(OutboxMail.id)
    )
    for mail in mails:
        (event,) = Calendar.from_ical(mail.calendar or "").events
        row: tuple[Any, ...] = (mail.address, mail.calendar_method, event["uid"])
        found.append((*map(str, row), int(event["sequence"]), str(event["status"])))
        assert len(event["attendee"]) == 3
        assert "Breakdown" not in (mail.calendar or ""), "what is tested is for the two sides alone"
    return found


@pytest.mark.privacy
def test_a_slot_stands_in_the_calendars_of_both_sides_and_follows_every_change(
    bench: Bench,
) -> None:
    session, scene = bench.session, bench.scene
    slot = bench.book(make_span(3, 9))
    both = [scene.by_founder, scene.by_analyst, scene.by_reviewer]
    stranger = act_as(make_person(session))
    others = [scene.funds.by_operator, scene.funds.by_fund, stranger]

    def see(viewer: Actor) -> list[tuple[str, int, str]]:
        entries = feed_slots(session, viewer, AT)
        assert [each.starts_at for each in entries] == [
            each.starts_at for each in list_coming(session, [CALENDAR], viewer, AT)
        ]
        return [(each.uid, each.sequence, str(each.status)) for each in entries]

    uid = slot.public_id
    assert [see(viewer) for viewer in both] == [[(uid, 0, "CONFIRMED")]] * 3
    assert [see(viewer) for viewer in others] == [[], [], []]
    moved = slots.move_slot(session, slot=slot, span=make_span(4, 9), actor=scene.by_analyst, at=AT)
    assert [see(viewer) for viewer in both] == [[(uid, 1, "CONFIRMED")]] * 3
    bench.cancel(moved)
    assert [see(viewer) for viewer in both] == [[], [], []]
    # What an order that ends had booked goes from calendars as well, each by itself.
    order = another_order(bench, "Breakdown at heat")
    freed = bench.book(make_span(5, 9), order)
    cancel_order(session, order=order, reason="Too late", actor=scene.by_founder, at=AT)
    people = {scene.funds.founder.email, scene.analyst.email, scene.reviewer.email}
    mails = list_mails(session)
    expected = [
        ("REQUEST", uid, 0, "CONFIRMED"),
        ("REQUEST", uid, 1, "CONFIRMED"),
        ("CANCEL", uid, 2, "CANCELLED"),
        ("REQUEST", freed.public_id, 0, "CONFIRMED"),
        ("CANCEL", freed.public_id, 1, "CANCELLED"),
    ]
    whole = [(f"{row[2].split('@')[0]}", *row[3:]) for row in mails[::3]]
    assert [(mails[3 * n][1], *row) for n, row in enumerate(whole)] == expected
    for n in range(len(expected)):
        assert {mail[0] for mail in mails[3 * n : 3 * n + 3]} == people
        assert len({mail[1:] for mail in mails[3 * n : 3 * n + 3]}) == 1
    kinds = {kind: len(bench.list_notices(kind)) for kind in ("slot_moved", "slot_moved_own")}
    assert kinds == {"slot_moved": 1, "slot_moved_own": 2}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_pages_feed_and_programs_show_a_slot_until_it_is_over(site: Site, ordered: str) -> None:
    begins = (now() - timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    with site.open() as session:
        order = session.scalars(
            select(VerificationOrder).where(VerificationOrder.public_id == ordered)
        ).one()
        instrument = Instrument(
            provider_id=order.engagement.provider_id,
            name="Ageing chamber",
            created_at=AT,
            updated_at=AT,
        )
        first, second = (
            Slot(
                instrument=instrument,
                order=order,
                state=state,
                place=1,
                starts_at=begins,
                ends_at=begins + timedelta(days=2),
                booked_at=AT,
                ended_at=AT if state == "moved" else None,
            )
            for state in ("moved", "booked")
        )
        session.add_all([first, second])
        session.flush()
        second.follows_id = first.id
        ids = first.public_id, second.public_id
        number, sides = second.id, [order.engagement.provider.name, order.engagement.startup.name]
    for who, other in zip(("founder", "analyst"), sides, strict=True):
        site.enter(who)
        for path in ("/calendar", "/dashboard"):
            page = site.read(path)
            assert "Leakage" in page and "Ageing chamber" in page and other in page, (who, path)
            assert f"/orders/{ordered}/slots" in page
        assert f"/slots/{ids[1]}/slot.ics" in site.read("/calendar")
        # Of both the entry is that of the first, at the time of the last.
        for each in ids:
            (event,) = Calendar.from_ical(site.read(f"/slots/{each}/slot.ics")).events
            assert (event["uid"], event["sequence"]) == (f"{ids[0]}@yinqiao", 1)
            assert (event.start, event["status"]) == (begins, "CONFIRMED")
            assert f"/orders/{ordered}/slots" in event["description"]
        made = site.press("/calendar/connections", "/calendar/connections/feed")
        address = made.text.split("<code>")[1].split("</code>")[0]
        feed = site.read("/calendar/feed/" + address.rsplit("/", 1)[1])
        assert [event["uid"] for event in Calendar.from_ical(feed).events] == [f"{ids[0]}@yinqiao"]
    for who in ("operator", "fund", "outsider"):
        site.enter(who)
        assert site.client.get(f"/slots/{ids[1]}/slot.ics").status_code == 404
        assert "Leakage" not in site.read("/calendar")
    site.enter("founder", "zh_Hans_CN")
    assert "机时" in site.read("/calendar") and "进行中" in site.read("/dashboard")
    with site.open() as session:
        session.get_one(Slot, number).ends_at = now()
    assert "Leakage" not in site.read("/calendar")


@pytest.mark.api
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_programs_list_the_slots_of_their_person(app: Flask) -> None:
    def book(session: Session, scene: Scene) -> VerificationOrder:
        order = bring_to(session, scene, "ordered")
        instrument = Instrument(provider=scene.centre, name="Oven", created_at=AT, updated_at=AT)
        for n, state in enumerate(("booked", "used", "booked")):
            begins = AT + timedelta(days=n)
            session.add(
                Slot(
                    instrument=instrument,
                    order=order,
                    state=state,
                    place=1,
                    starts_at=begins,
                    ends_at=begins + timedelta(hours=1),
                    booked_at=begins,
                    ended_at=begins if state == "used" else None,
                )
            )
        session.flush()
        return order

    programs, ids = make_programs(app, book)
    for who, count in {"founder": 3, "analyst": 3, "reviewer": 3, "fund": 0}.items():
        items = programs[who].get("/slots").json["items"]
        assert [each["order"] for each in items] == [ids["order"]] * count, who
    assert programs["operator"].get("/slots").status_code == 403
    booked = programs["founder"].get("/slots?state=booked").json["items"]
    assert [each["state"] for each in booked] == ["booked", "booked"]
    assert booked[0]["booked_at"] > booked[1]["booked_at"]
    path = f"/slots/{booked[0]['id']}"
    assert programs["analyst"].get(path).json == booked[0]
    assert programs["operator"].get(path).status_code == 404
