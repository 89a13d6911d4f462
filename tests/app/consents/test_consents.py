"""Consents: asked one by one, kept step by step, and what is shown rests on them."""

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation, can_view_provider, is_permitted, make_actor
from app.consents import words as consent_words
from app.consents.actions import give_consent, lapse_consents, tell_of_notice, withdraw_consent
from app.consents.errors import ConsentReworded
from app.consents.jobs import ask_again
from app.consents.queries import get_asked
from app.consents.words import CONSENTS, ConsentWords
from app.errors import NotFound, NotPermitted
from app.extensions import db
from app.privacy.gathering import find_mine, gather
from app.profiles.queries import ProviderFilter, find_provider, select_providers
from app.retention import list_kept
from app.rooms import ROOMS
from app.words.privacy_notice import NOTICE_VERSION
from models.audit import AuditEntry
from models.consents import ConsentPurpose, ConsentStep, PrivacyNoticeShown
from models.notices import Notice
from models.people import Person
from models.providers import Provider
from tests.app.consents.wordings import fingerprint, say_notice
from tests.app.web.test_api_walk import Site
from tests.factories import (
    AT,
    act_as,
    admit,
    log_in,
    make_incubator,
    make_mentor,
    make_person,
    make_startup,
)
from tests.posting import post

pytestmark = [pytest.mark.privacy]

LIST, OTHERS = ConsentPurpose.OPEN_LIST, ConsentPurpose.OTHER_INCUBATORS

# What the words of each version are, by hash. A change in substance is another version, and who
# agreed before is asked again; a mere correction of the wording is one more hash of the version.
KNOWN_WORDS = {
    (LIST, 1): {"29dcf719cb32"},
    (OTHERS, 1): {"bf69ee19e668"},
}
# The page *Privacy* of each version, with its table of periods.
KNOWN_NOTICES = {1: "96b84f0b8378", 2: "5a6de4359ff3", 3: "47c76e1bcb70"}


def make_closed(session: Session) -> tuple[Person, Provider]:
    person = make_person(session)
    return person, make_mentor(session, person=person, open_to_all=False)


def list_seen(session: Session, viewer: Person) -> list[Provider]:
    query = select_providers(viewer=make_actor(viewer), chosen=ProviderFilter())
    return list(session.scalars(query))


@pytest.mark.permissions
@pytest.mark.parametrize("purpose", list(ConsentPurpose))
def test_nobody_else_sees_a_mentor_without_the_consent_for_it(
    session: Session, purpose: ConsentPurpose
) -> None:
    person, mentor = make_closed(session)
    founder, operator, own = (make_person(session) for _ in range(3))
    make_startup(session, founder=founder, incubator=make_incubator(session))
    make_incubator(session, operator=operator)
    admit(session, make_incubator(session, operator=own), mentor)
    session.expire_all()
    meant = {LIST: {founder, operator}, OTHERS: {operator}}[purpose]

    def look() -> set[Person]:
        seen = set()
        for viewer in (founder, operator, own):
            listed = mentor in list_seen(session, viewer)
            assert listed == can_view_provider(act_as(viewer), mentor)
            seen |= {viewer} if listed else set()
        return seen

    assert look() == {own}
    revision = mentor.revision
    version = CONSENTS[purpose].version
    give_consent(
        session, provider=mentor, purpose=purpose, version=version, actor=act_as(person), at=AT
    )
    assert look() == {own} | meant
    session.commit()
    assert mentor.revision > revision
    # Given twice is given once.
    give_consent(
        session, provider=mentor, purpose=purpose, version=version, actor=act_as(person), at=AT
    )
    withdraw_consent(session, provider=mentor, purpose=purpose, actor=act_as(person), at=AT)
    withdraw_consent(session, provider=mentor, purpose=purpose, actor=act_as(person), at=AT)
    assert look() == {own}
    steps = get_asked(session, mentor, purpose).steps
    assert [(step.is_given, step.version) for step in steps] == [(False, version), (True, version)]
    other = {LIST: OTHERS, OTHERS: LIST}[purpose]
    assert not get_asked(session, mentor, other).steps
    kinds = session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all()
    assert kinds == ["consent_given", "consent_withdrawn"]
    given = gather(session, find_mine(session, person))
    rows = [row for tables in given.values() for row in tables.get("consent_step", [])]
    assert [row["is_given"] for row in rows] == [True, False]


@pytest.mark.permissions
def test_only_who_answers_for_the_mentor_decides_and_for_the_words_that_hold(
    session: Session,
) -> None:
    person, mentor = make_closed(session)
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)
    admit(session, incubator, mentor)
    session.expire_all()
    stand_in = make_actor(operator, on_behalf_of=person, within_incubator_id=incubator.id)
    assert is_permitted(stand_in, "provider:edit", mentor)
    for actor in (act_as(operator), act_as(make_person(session)), stand_in):
        asked = {"provider": mentor, "purpose": LIST, "actor": actor, "at": AT}
        with pytest.raises((NotFound, NotPermitted)):
            give_consent(session, **asked, version=1)
        with pytest.raises((NotFound, NotPermitted)):
            withdraw_consent(session, **asked)
    with pytest.raises(ConsentReworded):
        give_consent(
            session,
            provider=mentor,
            purpose=LIST,
            version=CONSENTS[LIST].version + 1,
            actor=act_as(person),
            at=AT,
        )
    assert not session.scalars(select(ConsentStep)).all()
    assert not mentor.open_to_all


def test_words_that_change_in_substance_are_asked_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, mentor = make_closed(session)
    unclaimed = make_mentor(session)
    agreed = make_closed(session)
    for who, whom in ((person, mentor), agreed):
        for purpose in ConsentPurpose:
            give_consent(
                session, provider=whom, purpose=purpose, version=1, actor=act_as(who), at=AT
            )
    # Who is shown without any consent is shown no more; nobody answers, so nobody is told.
    assert lapse_consents(session, actor=Installation.CLOCK, at=AT, limit=9) == 1
    assert not unclaimed.open_to_all
    assert lapse_consents(session, actor=Installation.CLOCK, at=AT, limit=9) == 0

    words = CONSENTS[LIST]
    reworded = ConsentWords(2, words.title, words.asked, words.if_not, words.withdrawal)
    changed = {**CONSENTS, LIST: reworded}
    for module in ("words", "queries", "actions"):
        monkeypatch.setattr(f"app.consents.{module}.CONSENTS", changed)
    # One agrees to the new words before the worker comes by.
    give_consent(
        session, provider=agreed[1], purpose=LIST, version=2, actor=act_as(agreed[0]), at=AT
    )
    assert get_asked(session, mentor, LIST).is_asked_again
    assert lapse_consents(session, actor=Installation.CLOCK, at=AT, limit=9) == 1
    assert (mentor.open_to_all, mentor.shown_to_incubators) == (False, True)
    assert agreed[1].open_to_all
    told = session.scalars(select(Notice).where(Notice.kind == "consents_lapsed")).all()
    assert [(each.person_id, each.path) for each in told] == [(person.id, "/account/privacy")]
    give_consent(session, provider=mentor, purpose=LIST, version=2, actor=act_as(person), at=AT)
    assert mentor.open_to_all
    assert [step.version for step in get_asked(session, mentor, LIST).steps] == [2, 1]


def test_each_version_is_that_of_its_words(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        for purpose, words in consent_words.CONSENTS.items():
            said = (words.title, words.asked, words.if_not, words.withdrawal)
            known = KNOWN_WORDS[purpose, words.version]
            assert fingerprint(*map(str, said)) in known, (
                f"the words of {purpose} changed: raise their version where that is one in "
                "substance, and write the hash down here"
            )
        notice = fingerprint(say_notice(list_kept(ROOMS, app.extensions["yinqiao_settings"])))
    assert KNOWN_NOTICES[NOTICE_VERSION] == notice, (
        "the page on privacy says something else: raise NOTICE_VERSION in "
        f"app/words/privacy_notice.py, and write {notice} down here"
    )
    assert list(KNOWN_NOTICES) == list(range(1, NOTICE_VERSION + 1))


def test_whoever_knows_an_earlier_notice_is_told_once(session: Session) -> None:
    knows, old, unclaimed = make_person(session), make_person(session), make_person(session)
    unclaimed.password_hash = None
    gone = make_person(session, deactivated_at=AT)
    session.add(PrivacyNoticeShown(person_id=knows.id, version=NOTICE_VERSION, shown_at=AT))
    session.flush()
    later = AT + timedelta(days=1)
    assert tell_of_notice(session, actor=Installation.CLOCK, at=later, limit=9) == 1
    assert tell_of_notice(session, actor=Installation.CLOCK, at=later, limit=9) == 0
    told = session.scalars(select(Notice.person_id)).all()
    assert told == [old.id] and gone.id not in told


def test_the_page_asks_each_by_itself_and_takes_it_back_as_easily(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        person, mentor = make_closed(db.session)
        public_id, name = mentor.public_id, mentor.name
        stranger_id = make_person(db.session).id
        db.session.commit()
        log_in(client, person)

    def read() -> str:
        return unescape(client.get("/account/privacy").get_data(as_text=True))

    page = read()
    # Nothing is agreed to beforehand, and no box could be.
    assert page.count("You do not agree") == 2
    assert "checkbox" not in page and "checked" not in page
    for words in CONSENTS.values():
        for said in (words.title, words.asked, words.if_not, words.withdrawal):
            assert str(said) in page
    path = f"/providers/{public_id}/consents/open_list"
    stale = post(client, f"{path}/give", version="7")
    assert stale.status_code == 303 and "has changed. Read it again" in read()
    for version in ("", "x"):
        assert post(client, f"{path}/give", version=version).status_code == 303
    assert read().count("You do not agree") == 2
    assert post(client, f"{path}/give", version="1").status_code == 303
    assert read().count("You agree<") == 1
    assert "Agreed to version 1" in read()
    assert post(client, f"{path}/withdraw").status_code == 303
    assert read().count("You do not agree") == 2
    assert "Withdrawn, version 1" in read() and name in read()
    assert post(client, f"/providers/{public_id}/consents/all/give").status_code == 404
    with app.app_context():
        log_in(client, db.session.get_one(Person, stranger_id))
    assert post(client, f"{path}/give", version="1").status_code == 404
    assert "you act for no mentor" in read()
    assert f"Version {NOTICE_VERSION}" in client.get("/privacy").get_data(as_text=True)
    # The worker does both by itself.
    assert ask_again(app, AT) >= 1


def test_whoever_leaves_takes_their_consent_along(session: Session) -> None:
    from app.consents.erasing import ERASING
    from app.leaving import Leaving

    person, mentor = make_closed(session)
    give_consent(session, provider=mentor, purpose=LIST, version=1, actor=act_as(person), at=AT)
    leaving = Leaving(person.email, person, (), (), (person.name,), act_as(person), AT)
    assert ERASING.find(session, leaving).counts == {"consents": 1}
    ERASING.erase(session, leaving)
    session.expire_all()
    assert not mentor.open_to_all
    assert not session.scalars(select(ConsentStep)).all()
    with pytest.raises(NotFound):
        withdraw_consent(
            session, provider=mentor, purpose=LIST, actor=act_as(make_person(session)), at=AT
        )


@pytest.mark.api
def test_programs_read_give_and_withdraw(app: Flask) -> None:
    site = Site(app)
    with app.app_context():
        provider = find_provider(db.session, site.provider)
        provider.open_to_all = False
        db.session.commit()
    both = site.mentor.get("/me/consents").json
    assert [each["purpose"] for each in both["consents"]] == ["open_list", "other_incubators"]
    assert both["notice_version"] == NOTICE_VERSION
    sent, path = {"purpose": "open_list"}, f"/providers/{site.provider}/consents"
    given = site.mentor.post(path, {**sent, "version": 1})
    assert (given.status_code, given.json["holds"]) == (200, True)
    assert [step["is_given"] for step in given.json["steps"]] == [True]
    stale = site.mentor.post(path, {**sent, "version": 9})
    assert (stale.status_code, stale.json["code"]) == (409, "consent_reworded")
    assert site.stranger.post(f"{path}/withdraw", sent).status_code == 403
    gone = site.mentor.post(f"{path}/withdraw", sent)
    assert (gone.status_code, gone.json["holds"]) == (200, False)
    # No form of the profile gives it.
    path = f"/providers/{site.provider}"
    tag = site.mentor.get(path).headers["ETag"]
    refused = site.mentor.patch(path, {"open_to_all": True}, If_Match=tag)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/open_to_all")
