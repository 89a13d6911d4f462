"""Lists of providers: who sees whom, what the filters leave, and what a row says."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.access import Actor, can_view_provider
from app.profiles import queries
from app.profiles.queries import PAGE_SIZE, ProviderFilter, ProviderOrder
from models.providers import Provider
from models.vocabulary import Field, ProviderKind
from tests.factories import (
    AT,
    act_as,
    admit,
    make_centre,
    make_engagement,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

STRANGER = Actor(person_id=0)


def list_names(session: Session, viewer: Actor = STRANGER, **chosen: Any) -> list[str]:
    page = queries.list_providers(session, viewer=viewer, chosen=ProviderFilter(**chosen))
    assert page.count == len(page.rows)
    return [row.provider.name for row in page.rows]


@pytest.mark.permissions
def test_the_list_shows_exactly_what_the_table_of_permissions_allows(session: Session) -> None:
    operator, founder, outsider, mentor_person = (make_person(session) for _ in range(4))
    host = make_incubator(session, operator=operator)
    elsewhere = make_incubator(session)
    make_startup(session, founder=founder, incubator=host)
    make_startup(session, founder=outsider, incubator=elsewhere)
    for state in ("draft", "published", "paused"):
        for open_to_all in (True, False):
            make_mentor(session, state=state, open_to_all=open_to_all)
            for entry_state in ("admitted", "invited", "retired"):
                mentor = make_mentor(session, state=state, open_to_all=open_to_all)
                admit(session, host, mentor, entry_state)
        make_investor(session, state=state, open_to_all=False)
        make_centre(session, state=state, open_to_all=False)
        make_mentor(session, state=state, open_to_all=False, person=mentor_person)
        make_mentor(session, state=state, open_to_all=False, shown_to_incubators=True)
    session.expire_all()
    everyone = session.query(Provider).all()
    seen = {}
    for person in (operator, founder, outsider, mentor_person, make_person(session)):
        viewer = act_as(person)
        shown = set(list_names(session, viewer))
        allowed = {
            p.name for p in everyone if p.state == "published" and can_view_provider(viewer, p)
        }
        assert shown == allowed
        seen[person.id] = shown
    closed = {
        p.name
        for p in everyone
        if p.kind is ProviderKind.MENTOR and not p.open_to_all and p.state == "published"
    }
    # Of those who are neither in the pool nor shown to other incubators, an operator sees nobody.
    assert len(closed) == 6
    assert len(seen[operator.id] & closed) == 2
    assert len(seen[founder.id] & closed) == 1
    assert len(seen[mentor_person.id] & closed) == 1
    assert seen[outsider.id] & closed == set()


def test_filters_narrow_the_list(session: Session) -> None:
    make_mentor(session, name="A", fields=[Field.FUTURE_MATERIALS], place_code="310115")
    make_mentor(session, name="B", fields=[Field.ADVANCED_MATERIALS], place_code="320583")
    make_investor(session, name="C", place_code="320500")
    make_centre(session, name="D", place_code=None)
    assert list_names(session) == ["A", "B", "C", "D"]
    assert list_names(session, kind=ProviderKind.MENTOR) == ["A", "B"]
    assert list_names(session, field=Field.FUTURE_MATERIALS) == ["A"]
    assert list_names(session, field=Field.INTEGRATED_CIRCUITS) == ["C", "D"]
    assert list_names(session, place_code="320500") == ["B", "C"]
    assert list_names(session, place_code="320000") == ["B", "C"]
    assert list_names(session, place_code="320583") == ["B"]
    assert list_names(session, kind=ProviderKind.INVESTOR, place_code="310000") == []


@pytest.mark.fuzz
def test_text_is_found_literally_in_name_and_published_text(session: Session) -> None:
    make_mentor(session, name="Laser", summary="Cuts 100% of the glass, line_by_line.")
    make_mentor(session, name="Etching", headline="刻蚀均匀性", summary="Etches evenly.")
    assert list_names(session, text="lASER") == ["Laser"]
    assert list_names(session, text="刻蚀") == ["Etching"]
    assert list_names(session, text="100%") == ["Laser"]
    assert list_names(session, text="%") == ["Laser"]
    assert list_names(session, text="line_by") == ["Laser"]
    # Words are found whatever stands between them, signs alone as they stand.
    assert list_names(session, text="line-by") == ["Laser"]
    assert list_names(session, text="line-buy") == []
    assert list_names(session, text="_-") == []
    assert list_names(session, text="' OR 1=1 --") == []
    assert list_names(session, text="\\") == []


def test_drafts_never_published_are_not_found_by_their_text(session: Session) -> None:
    make_mentor(session, state="draft", name="Secret draft")
    assert list_names(session, text="Secret") == []


def test_newest_first_follows_publication(session: Session) -> None:
    for name, days in (("old", 1), ("new", 3), ("middle", 2)):
        make_mentor(session, name=name).published_at = AT + timedelta(days=days)
    session.flush()
    assert list_names(session, order=ProviderOrder.NEWEST) == ["new", "middle", "old"]


def test_pages_hold_every_row_once(session: Session) -> None:
    for number in range(PAGE_SIZE + 3):
        make_mentor(session, name=f"{number:03}")
    pages = [
        queries.list_providers(session, viewer=STRANGER, chosen=ProviderFilter(), number=n)
        for n in (1, 2, 3, 0)
    ]
    assert [page.number for page in pages] == [1, 2, 2, 1]
    assert [len(page.rows) for page in pages] == [PAGE_SIZE, 3, 3, PAGE_SIZE]
    assert {page.count for page in pages} == {PAGE_SIZE + 3}
    names = [row.provider.name for page in pages[:2] for row in page.rows]
    assert names == [f"{number:03}" for number in range(PAGE_SIZE + 3)]


def test_an_empty_list_has_one_page(session: Session) -> None:
    page = queries.list_providers(session, viewer=STRANGER, chosen=ProviderFilter(), number=9)
    assert (page.rows, page.count, page.number, page.last) == ((), 0, 1, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_as_many_queries_for_many_rows_as_for_one(session: Session, rows: int) -> None:
    for _ in range(rows):
        make_mentor(session)
    session.flush()
    session.expunge_all()
    statements: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *a: statements.append(a[2]))
    page = queries.list_providers(session, viewer=STRANGER, chosen=ProviderFilter())
    shown = [
        (row.provider.name, row.free_places, row.answer_hours, row.provider.fields)
        for row in page.rows
    ]
    assert len(shown) == rows
    assert len(statements) == 4


def test_accepted_and_active_engagements_take_places(session: Session) -> None:
    mentor, other = make_mentor(session, capacity=2), make_mentor(session, capacity=2)
    startup = make_startup(session)
    states = ("requested", "accepted", "declined", "active", "completed", "cancelled")
    for state in states:
        make_engagement(session, make_need(session, startup), mentor, state=state)
    assert queries.count_free_places(session, mentor) == 0
    assert queries.count_free_places(session, other) == 2
    make_engagement(session, make_need(session, startup), mentor, state="active")
    assert queries.count_free_places(session, mentor) == 0
    page = queries.list_providers(session, viewer=STRANGER, chosen=ProviderFilter())
    assert {row.provider.id: row.free_places for row in page.rows} == {mentor.id: 0, other.id: 2}


def test_answer_time_is_the_median_of_what_was_answered(session: Session) -> None:
    mentor, silent = make_mentor(session), make_mentor(session)
    startup = make_startup(session)
    for hours in (1, 4, 100):
        make_engagement(
            session,
            make_need(session, startup),
            mentor,
            state="declined",
            answered_at=AT + timedelta(hours=hours),
        )
    make_engagement(session, make_need(session, startup), mentor)
    make_engagement(session, make_need(session, startup), silent)
    assert queries.get_answer_hours(session, mentor) == 4
    assert queries.get_answer_hours(session, silent) is None


def test_a_published_profile_is_read_as_it_was_published(session: Session) -> None:
    mentor = make_mentor(session, headline="Wafer process and yield at six inches")
    mentor.headline = "Not yet published"
    session.flush()
    sections = queries.list_sections(mentor)
    assert [section.name for section in sections] == [
        "headline",
        "summary",
        "can_help_with",
        "topics",
    ]
    assert sections[0].sentences == ("Wafer process and yield at six inches",)
    assert all(s in mentor.published_text for section in sections for s in section.sentences)


def test_a_draft_is_read_as_it_would_be(session: Session) -> None:
    mentor = make_mentor(session, state="draft")
    sections = queries.list_sections(mentor)
    assert [s for section in sections if section.name == "summary" for s in section.sentences] == [
        "Ran a silicon-carbide line for ten years.",
        "Raised its yield from 40 to 75 %.",
    ]
    assert (
        queries.list_sections(
            Provider(
                kind=ProviderKind.MENTOR,
                headline="",
                summary="",
                can_help_with="",
                topics=[],
                published_text="",
            )
        )
        == ()
    )


def test_only_incubators_without_the_mentor_can_invite(session: Session) -> None:
    operator = make_person(session)
    first = make_incubator(session, operator=operator, name="B (example)")
    second = make_incubator(session, operator=operator, name="A (example)")
    make_incubator(session)
    mentor = make_mentor(session)

    def list_inviting(provider: Provider) -> list[str]:
        found = queries.list_incubators_without(session, provider=provider, viewer=act_as(operator))
        return [incubator.name for incubator in found]

    assert list_inviting(mentor) == [second.name, first.name]
    admit(session, first, mentor, "invited")
    session.expire_all()
    assert list_inviting(mentor) == [second.name]
    assert list_inviting(make_investor(session)) == []
    assert list_inviting(make_mentor(session, state="paused")) == []


def test_members_and_needs_are_those_of_one_organisation(session: Session) -> None:
    founder, mentor_person = make_person(session), make_person(session)
    startup = make_startup(session, founder=founder)
    make_startup(session, founder=make_person(session))
    mentor = make_mentor(session, person=mentor_person)
    need = make_need(session, startup)
    draft = make_need(session, startup, state="draft")
    make_need(session, make_startup(session))
    assert [m.person_id for m in queries.list_members(session, startup=startup)] == [founder.id]
    assert [m.person_id for m in queries.list_members(session, provider=mentor)] == [
        mentor_person.id
    ]
    assert queries.list_members(session) == []
    assert queries.list_needs_of(session, startup) == [draft, need]
    assert queries.list_open_needs(session, viewer=act_as(founder)) == [need]
    assert queries.list_open_needs(session, viewer=act_as(mentor_person)) == []
