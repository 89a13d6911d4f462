"""What somebody with bad intentions tries: each of these once worked, or nearly."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import can_view_provider, is_permitted, make_actor
from app.accounts.views.entering import get_account_key
from app.extensions import db
from app.home.queries import list_provider_parts
from app.pools.queries import list_own_mentors
from app.words.localisation import is_time_zone
from models.engagements import CoachingSession
from models.pools import PoolEntry
from models.vocabulary import Side
from tests.factories import (
    AT,
    act_as,
    admit,
    log_in,
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.posting import post


@pytest.mark.permissions
class TestOperatorReachesForAForeignMentor:
    def test_inviting_a_mentor_lends_no_rights(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            operator, mentor = make_person(db.session), make_person(db.session)
            incubator = make_incubator(db.session, operator=operator)
            provider = make_mentor(db.session, person=mentor)
            admit(db.session, make_incubator(db.session), provider)
            paths = (
                f"/incubators/{incubator.public_id}/mentors/{provider.public_id}",
                f"/acting/{mentor.public_id}",
                f"/providers/{provider.public_id}/edit",
            )
            log_in(client, operator)
            db.session.commit()
        invite, act, edit = paths

        assert post(client, invite).status_code == 303
        assert post(client, act).status_code == 404
        assert client.get(edit).status_code == 403

    def test_a_stand_in_invites_nobody_to_act_for_the_mentor(self, session: Session) -> None:
        # Whoever joins a mentor's profile acts for it in every pool, and not only in this one.
        operator, mentor = make_person(session), make_person(session)
        incubator = make_incubator(session, operator=operator)
        provider = make_mentor(session, person=mentor)
        admit(session, incubator, provider)
        session.refresh(provider)

        stand_in = make_actor(operator, on_behalf_of=mentor, within_incubator_id=incubator.id)

        assert is_permitted(stand_in, "provider:edit", provider)
        assert not is_permitted(stand_in, "provider:invite", provider)
        assert is_permitted(act_as(mentor), "provider:invite", provider)

    def test_a_stand_in_applies_with_no_mentor_beyond_the_pool(self, session: Session) -> None:
        operator, person = make_person(session), make_person(session)
        incubator = make_incubator(session, operator=operator)
        looked_after, beyond = make_mentor(session, person=person), make_mentor(session)
        make_mentor(session, person=person)
        admit(session, incubator, looked_after)
        admit(session, make_incubator(session), beyond)

        stand_in = make_actor(operator, on_behalf_of=person, within_incubator_id=incubator.id)

        assert [m.id for m in list_own_mentors(session, stand_in)] == [looked_after.id]
        assert len(list_own_mentors(session, act_as(person))) == 2

    def test_a_stand_in_reads_of_no_other_pool(self, session: Session) -> None:
        operator, person = make_person(session), make_person(session)
        incubator = make_incubator(session, operator=operator, name="Own (example)")
        provider = make_mentor(session, person=person)
        admit(session, incubator, provider)
        admit(session, make_incubator(session, name="Another (example)"), provider)

        stand_in = make_actor(operator, on_behalf_of=person, within_incubator_id=incubator.id)

        assert [
            [pool.name for pool in part.pools]
            for actor in (stand_in, act_as(person))
            for part in list_provider_parts(session, actor)
        ] == [["Own (example)"], ["Another (example)", "Own (example)"]]

    @pytest.mark.privacy
    @pytest.mark.parametrize(
        ("state", "is_seen"),
        [
            ("invited", False),
            ("declined", False),
            ("retired", False),
            ("applied", True),
            ("admitted", True),
            ("paused", True),
        ],
    )
    def test_a_draft_is_seen_by_the_pools_it_was_shown_to(
        self, session: Session, state: str, is_seen: bool
    ) -> None:
        operator = make_person(session)
        incubator = make_incubator(session, operator=operator)
        draft = make_mentor(session, state="draft")
        admit(session, incubator, draft, state)
        session.refresh(draft)

        assert can_view_provider(act_as(operator), draft) is is_seen

    @pytest.mark.privacy
    def test_the_pool_shows_of_a_draft_that_was_merely_invited_its_name_alone(
        self, app: Flask, client: FlaskClient
    ) -> None:
        with app.app_context():
            operator = make_person(db.session)
            incubator = make_incubator(db.session, operator=operator)
            for name, entry_state in (("Invited mentor", "invited"), ("Applicant", "applied")):
                draft = make_mentor(
                    db.session, name=name, headline=f"Draft of {name}", state="draft"
                )
                admit(db.session, incubator, draft, entry_state)
            log_in(client, operator)
            db.session.commit()

        page = client.get("/pool").text

        assert "Invited mentor" in page
        assert "Draft of Applicant" in page
        assert "Draft of Invited mentor" not in page

    @pytest.mark.privacy
    def test_a_draft_cannot_be_invited_by_its_address(
        self, app: Flask, client: FlaskClient
    ) -> None:
        with app.app_context():
            operator = make_person(db.session)
            incubator = make_incubator(db.session, operator=operator)
            draft = make_mentor(db.session, person=make_person(db.session), state="draft")
            path = f"/incubators/{incubator.public_id}/mentors/{draft.public_id}"
            log_in(client, operator)
            db.session.commit()

        assert post(client, path).status_code == 404
        with app.app_context():
            assert db.session.scalars(select(PoolEntry)).all() == []


@pytest.mark.fuzz
class TestForgedRequests:
    @pytest.mark.parametrize("zone", ["posix/Asia/Shanghai", "Factory", "localtime", "America"])
    def test_no_time_zone_that_pages_cannot_be_shown_in(self, zone: str) -> None:
        assert not is_time_zone(zone)
        assert is_time_zone("Asia/Shanghai")
        assert is_time_zone("UTC")

    @pytest.mark.parametrize("source", ["http://[", "http://[::1", "//", "null"])
    def test_a_nonsensical_origin_is_another_site(self, client: FlaskClient, source: str) -> None:
        answer = client.post("/startups/new", data={"name": "x"}, headers={"Origin": source})

        assert answer.status_code in (303, 400)

    def test_the_last_moment_of_the_calendar_is_no_time_for_a_session(
        self, app: Flask, client: FlaskClient
    ) -> None:
        with app.app_context():
            mentor = make_person(db.session, time_zone="UTC")
            provider = make_mentor(db.session, person=mentor)
            need = make_need(db.session, make_startup(db.session))
            accepted = make_engagement(db.session, need, provider, state="accepted")
            path = f"/engagements/{accepted.public_id}/sessions"
            log_in(client, mentor)
            db.session.commit()

        answer = post(client, path, on="9999-12-31", clock="23:45", minutes="60", place="Room 1")

        assert answer.status_code == 422
        assert "Choose a day within the next two years." in answer.text

    @pytest.mark.parametrize("number", ["0", "-1", "9" * 5000, "²", "9" * 9])
    def test_any_number_of_a_page_is_answered(
        self, app: Flask, client: FlaskClient, number: str
    ) -> None:
        with app.app_context():
            log_in(client, make_person(db.session))
            db.session.commit()

        for path in ("/engagements", "/providers"):
            assert client.get(path, query_string={"page": number}).status_code == 200

    def test_a_number_of_any_length_confirms_nothing(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            founder = make_person(db.session)
            need = make_need(db.session, make_startup(db.session, founder=founder))
            accepted = make_engagement(db.session, need, make_mentor(db.session), state="accepted")
            proposed = CoachingSession(
                engagement=accepted,
                starts_at=AT - timedelta(days=1),
                ends_at=AT,
                place="Room 1",
                link="",
                proposed_by_side=Side.PROVIDER,
                created_at=AT,
            )
            db.session.add(proposed)
            db.session.flush()
            path = f"/sessions/{proposed.public_id}/confirm"
            log_in(client, founder)
            db.session.commit()

        assert post(client, path, sequence="9" * 5000).status_code < 500

    def test_an_entry_for_calendars_names_the_site_and_not_what_the_request_calls_it(
        self, app: Flask, client: FlaskClient
    ) -> None:
        with app.app_context():
            founder = make_person(db.session)
            need = make_need(db.session, make_startup(db.session, founder=founder))
            accepted = make_engagement(db.session, need, make_mentor(db.session), state="accepted")
            planned = CoachingSession(
                engagement=accepted,
                starts_at=AT,
                ends_at=AT + timedelta(hours=1),
                place="Room 1",
                link="",
                proposed_by_side=Side.PROVIDER,
                created_at=AT,
            )
            db.session.add(planned)
            db.session.flush()
            path = f"/sessions/{planned.public_id}/session.ics"
            log_in(client, founder)
            db.session.commit()

        # The request is for http://localhost, the site is called otherwise.
        entry = client.get(path).text.replace("\r\n ", "")

        assert "http://127.0.0.1:8000/engagements/" in entry
        assert "//localhost" not in entry

    def test_an_account_has_one_count_of_failures_however_it_is_typed(self, app: Flask) -> None:
        keys = set()
        for email in (
            "a@example.org",
            " A@example.org\n",
            "a\u200b@exam\u200bple.org",
            "a\0@example.org",
        ):
            with app.test_request_context("/log-in", method="POST", data={"email": email}):
                keys.add(get_account_key())

        assert len(keys) == 1

    @pytest.mark.parametrize("path", ["/log-in", "/startups/new"])
    def test_a_form_beyond_what_anybody_types_is_not_even_read(
        self, app: Flask, client: FlaskClient, path: str
    ) -> None:
        with app.app_context():
            log_in(client, make_person(db.session))
            db.session.commit()

        # As many fields as fit would take gigabytes to hold.
        answer = client.post(
            path, data="a=&" * 1_000_000, content_type="application/x-www-form-urlencoded"
        )

        assert answer.status_code == 413
        assert "That is more than can be sent at once." in answer.text

    def test_a_forged_registration_without_a_password_is_shown_again(
        self, client: FlaskClient
    ) -> None:
        answer = post(client, "/register", name="Somebody", email="a@example.org")

        assert answer.status_code == 422


def test_acting_asks_only_for_incubators_that_there_are(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        operator, founder = make_person(db.session), make_person(db.session)
        incubator = make_incubator(db.session, operator=operator)
        make_startup(db.session, founder=founder, incubator_id=incubator.id)
        path, public_id = f"/acting/{founder.public_id}", incubator.public_id
        log_in(client, operator)
        db.session.commit()

    assert post(client, path, incubator="a\0b").status_code == 404
    assert post(client, path, incubator=public_id).status_code == 303
