"""What an erasure does with where somebody was met."""

import pytest
from sqlalchemy.orm import Session

from app.calendars.erasing import ERASING
from app.leaving import Leaving
from models.people import Person
from models.vocabulary import Role
from tests.app.calendars.scenes import open_hours
from tests.app.engagements.scenes import make_scene
from tests.factories import AT, join, make_person

pytestmark = [pytest.mark.engagements, pytest.mark.privacy]


def erase(session: Session, person: Person) -> list[str]:
    return list(ERASING.erase(session, Leaving(person.email, person, (), (), (), None, AT)))


def test_where_the_first_to_join_was_met_goes_with_them(session: Session) -> None:
    scene = make_scene(session)
    second = make_person(session, name="Second")
    join(session, second, Role.MENTOR, provider=scene.provider)
    hours = open_hours(session, scene, place="+86 21 5555 0100", host_id=None)
    assert erase(session, second) == []
    assert hours.place == "+86 21 5555 0100"
    # Without an account that works, nobody is met.
    scene.mentor.deactivated_at = AT
    session.flush()
    assert erase(session, scene.mentor) == ["+86 21 5555 0100", "https://meet.example.org/wafers"]
    assert (hours.place, hours.link) == ("", "")
