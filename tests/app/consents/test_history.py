"""A ranking that knows nothing of earlier matches, for a startup, and of a provider's own."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consents.actions import choose_history
from app.extensions import db
from app.matches.actions import find_suggestions, store_suggestions
from app.transactions import writing
from matching.ranking.weights import WITHOUT_HISTORY
from matching.records import MatchResult
from models.audit import AuditEntry
from models.matches import MatchRun
from models.revisions import mark_changed
from models.vocabulary import ProviderKind
from tests.app.profiles.samples import make_engine
from tests.app.web.test_api_walk import Site
from tests.factories import (
    AT,
    act_as,
    log_in,
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.posting import post

pytestmark = pytest.mark.privacy


def test_a_list_without_history_knows_of_none_and_says_so(fresh_engine: DatabaseEngine) -> None:
    engine = make_engine(fresh_engine)
    with Session(fresh_engine) as session:
        with writing(session):
            founder, owner = make_person(session), make_person(session)
            startup = make_startup(session, founder=founder, incubator=make_incubator(session))
            need = make_need(session, startup)
            silent = make_mentor(session, person=owner, capacity=50, exposure=9)
            plain = make_mentor(session)
            for _ in range(6):
                make_engagement(session, make_need(session, startup), silent, state="expired")
            mark_changed(session, silent.id, standing_only=True)

        def look() -> tuple[MatchRun, dict[int, MatchResult]]:
            found = find_suggestions(session, engine, need, at=AT, seed=7)
            with writing(session):
                run = store_suggestions(
                    session, need=need, suggestions=found, actor=act_as(founder), at=AT
                )
            results = found.by_kind[ProviderKind.MENTOR].results
            return run, {each.provider_id: each for each in results}

        run, counted = look()
        assert run.uses_history
        assert counted[silent.id].features["silence"] > 0
        assert [each.code for each in counted[silent.id].against].count("silence") == 1
        assert counted[silent.id].score < counted[plain.id].score

        with writing(session):
            choose_history(
                session, organisation=startup, is_used=False, actor=act_as(founder), at=AT
            )
        run, without = look()
        assert not run.uses_history
        assert run.weights_version == WITHOUT_HISTORY.version
        one, other = without[silent.id], without[plain.id]
        assert one.score == pytest.approx(other.score, abs=0.05)
        assert one.score > counted[silent.id].score
        assert {name: one.features[name] for name in ("record", "exposure", "silence")} == {
            "record": 0.5,
            "exposure": 0.0,
            "silence": 0.0,
        }
        assert "silence" not in [each.code for each in one.against]
        # The same again is the same again.
        assert look()[1] == without

        # What counts for the startup, a provider may leave out of itself.
        with writing(session):
            choose_history(
                session, organisation=startup, is_used=True, actor=act_as(founder), at=AT
            )
            choose_history(session, organisation=silent, is_used=False, actor=act_as(owner), at=AT)
        _, own = look()
        assert own[silent.id].features["silence"] == 0
        assert own[silent.id].features["exposure"] > 0
        kinds = session.scalars(select(AuditEntry.kind)).all()
        assert kinds.count("history_left_out") == 2 and kinds.count("history_used") == 1


def test_the_page_of_a_need_explains_and_switches(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        founder = make_person(db.session)
        startup = make_startup(db.session, founder=founder)
        need = make_need(db.session, startup)
        run = MatchRun(
            need=need,
            run_at=AT - timedelta(days=1),
            need_version=need.version,
            encoder_fingerprint="",
            background_version="",
            weights_version="",
            index_revision=0,
        )
        db.session.add(run)
        db.session.commit()
        path, switch = f"/needs/{need.public_id}", f"/startups/{startup.public_id}/history"
        log_in(client, founder)
    page = client.get(path).text
    assert "How this list was made" in page and "Earlier matches counted." in page
    sent = post(client, switch, is_used="no", back_to=path)
    assert (sent.status_code, sent.headers["Location"]) == (303, path)
    page = client.get(path).text
    assert "You have chosen otherwise meanwhile" in page and "Let earlier matches count" in page
    assert "Earlier matches are left out" in client.get("/account/privacy").text


@pytest.mark.api
@pytest.mark.permissions
def test_programs_choose_for_their_own_alone(app: Flask) -> None:
    site = Site(app)
    path = f"/providers/{site.provider}/history"
    assert site.mentor.post(path, {"uses_history": False}).json == {"uses_history": False}
    assert site.mentor.post(path, {"uses_history": True}).json == {"uses_history": True}
    assert site.stranger.post(path, {"uses_history": False}).status_code == 403
    assert site.operator.post(path, {"uses_history": False}).status_code == 403
