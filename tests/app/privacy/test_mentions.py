"""By which of their words somebody can be known, and by which nobody."""

import pytest
from sqlalchemy.orm import Session

from app.privacy.mentions import choose_names, replace_told
from app.privacy.queries import get_holdings
from models.notices import Notice
from models.vocabulary import Role
from tests.factories import AT, join, make_mentor, make_person

pytestmark = pytest.mark.privacy


def test_numbers_codes_and_single_characters_are_no_names() -> None:
    words = ["1", "2026", "x", "", "李", Role.MENTOR.value, "needs:read", "李明", "Anna", "Q3 plan"]
    assert choose_names(words) == {"李明", "Anna", "Q3 plan"}


def test_more_words_than_a_condition_can_hold_are_looked_for(session: Session) -> None:
    reader = make_person(session)
    told = Notice(
        person_id=reader.id,
        kind="engagement_accepted",
        facts={"reason": "第 1234 条说明", "count": "1"},
        path="",
        created_at=AT,
    )
    session.add(told)
    session.flush()
    words = [f"第 {number} 条说明" for number in range(1, 1500)] + ["1"]
    assert replace_told(session, words, "who.left@example.org") == 1
    assert "1234" not in told.facts["reason"]
    assert told.facts["count"] == "1"


def test_who_helps_a_mentor_and_takes_their_name_takes_no_profile_along(session: Session) -> None:
    mentor = make_person(session, name="Li Ming")
    profile = make_mentor(session, person=mentor, name="Li Ming")
    helper = make_person(session, name="Li Ming")
    join(session, helper, Role.MENTOR, provider=profile)
    session.expire_all()
    assert get_holdings(session, helper.email).providers == ()
    assert get_holdings(session, mentor.email).providers == (profile,)
