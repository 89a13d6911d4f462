"""A data room by its actions, pages and operations: who may have what, and what is kept of it."""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access import Installation, make_actor
from app.clock import now, today
from app.datarooms import carrying_out
from app.datarooms.actions import keeping, questioning, visiting
from app.datarooms.erasing import ERASING
from app.datarooms.errors import (
    AgreementMissing,
    AgreementOutdated,
    AgreementUnfit,
    DownloadNeeded,
    GrantUnfit,
    NotOwnDocument,
    QuestionUnfit,
    RoomClosed,
)
from app.datarooms.jobs import look_for_conflicts
from app.datarooms.marking import mark_file
from app.datarooms.queries.questions import list_asked
from app.datarooms.queries.rooms import count_accepted, find_room, visit_room
from app.datarooms.values import GrantValues
from app.engagements.errors import ConflictOfInterest, OwnConflictOfInterest
from app.errors import ChangedMeanwhile, NotFound, NotPermitted, OutOfOrder
from app.extensions import db
from app.vault.storage.choice import get_store
from app.vault.storage.folder import FolderStore
from models.datarooms import DataRoom, RoomAcceptance, RoomGrant, RoomQuestion, RoomVisit, VisitKind
from models.engagements import Engagement
from models.lifecycle import ActionNotAllowed
from models.log_ins import LogIn
from models.notices import Notice
from models.people import Person
from models.vocabulary import FileType, Role
from tests.app.datarooms.files import make_image, make_pdf, read_pages
from tests.app.funds.scenes import Scene, make_scene
from tests.app.funds.test_erasing import leave
from tests.app.profiles.page_forms import read_action, send
from tests.app.vault.scenes import keep
from tests.app.web.programs import Program
from tests.factories import AT, join, log_in, make_engagement, make_investor, make_person
from tests.waiting import make_lister

list_waiting = make_lister("datarooms")

pytestmark = [
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]

ON = today(AT)


class Room:
    """A scene with a room: one text at the top, one file in a folder."""

    def __init__(self, session: Session, store: Any) -> None:
        self.session = session
        self.scene: Scene = make_scene(session)
        scene = self.scene
        self.engagement = make_engagement(session, scene.need, scene.fund, state="accepted")
        self.text = keep(
            session, store, scene.startup, scene.founder, name="a.txt", content=b"Zzsecret\n" * 50
        )
        self.file = keep(session, store, scene.startup, scene.founder, title="Plan")
        self.by = {"actor": scene.by_founder, "at": AT}
        self.top = keeping.put_document(
            session, startup=scene.startup, document=self.text, folder="", **self.by
        )
        self.inside = keeping.put_document(
            session, startup=scene.startup, document=self.file, folder="Finance", **self.by
        )

    def agree_on(self, text: str = "Keep it secret.") -> Any:
        return keeping.publish_agreement(
            self.session, startup=self.scene.startup, text=text, **self.by
        )

    def let_in(self, **values: Any) -> RoomGrant:
        chosen = {
            "read_items": frozenset({self.top.public_id}),
            "download_folders": frozenset({"Finance"}),
        }
        return keeping.let_in(
            self.session,
            engagement=self.engagement,
            values=GrantValues(**chosen | values),
            **self.by,
        )

    def accept(self, number: int = 1, actor: Any = None) -> RoomAcceptance:
        return visiting.accept_agreement(
            self.session,
            engagement=self.engagement,
            number=number,
            actor=actor or self.scene.by_fund,
            at=AT,
        )

    def have(self, item: Any, kind: VisitKind, at: Any = AT, actor: Any = None, **more: Any) -> Any:
        return visiting.open_item(
            self.session,
            engagement=self.engagement,
            item=item,
            kind=kind,
            actor=actor or self.scene.by_fund,
            at=at,
            **more,
        )

    def come_into_conflict(self) -> None:
        join(self.session, self.scene.founder, Role.INVESTOR, provider=self.scene.fund)


@pytest.fixture
def room(session: Session, tmp_path: Path) -> Room:
    return Room(session, FolderStore(tmp_path))


def list_kinds(session: Session) -> list[str]:
    session.flush()
    return [notice.kind for notice in session.scalars(select(Notice).order_by(Notice.id))]


def test_who_agreed_may_have_what_was_given_and_nothing_else(room: Room) -> None:
    with pytest.raises(AgreementMissing):
        room.let_in()
    agreement = room.agree_on()
    assert agreement.sha256 == hashlib.sha256(b"Keep it secret.").hexdigest()
    room.let_in()
    with pytest.raises(AgreementOutdated):
        room.have(room.top, VisitKind.READ)
    with pytest.raises(AgreementOutdated):
        room.accept(2)
    accepted = room.accept()
    assert (accepted.sha256, room.accept().id) == (agreement.sha256, accepted.id)
    assert room.have(room.top, VisitKind.READ).document is room.text
    with pytest.raises(NotPermitted):
        room.have(room.top, VisitKind.DOWNLOADED)
    assert room.have(room.inside, VisitKind.DOWNLOADED).document is room.file
    with pytest.raises(ChangedMeanwhile):
        room.have(room.inside, VisitKind.READ, sha256="0" * 64)
    room.file.versions[-1].file_type = FileType.DOCX
    with pytest.raises(DownloadNeeded):
        room.have(room.inside, VisitKind.READ)
    visits = room.session.scalars(select(RoomVisit).order_by(RoomVisit.id)).all()
    assert [(v.kind, v.document, v.document_number, v.sha256) for v in visits] == [
        (VisitKind.READ, room.text, 1, room.text.versions[0].sha256),
        (VisitKind.DOWNLOADED, room.file, 1, room.file.versions[0].sha256),
    ]
    kinds = list_kinds(room.session)
    assert kinds == ["room_opened", "room_accepted"]

    room.let_in(read_items=frozenset())
    with pytest.raises(NotFound):
        room.have(room.top, VisitKind.READ)
    room.file.state = "reported"
    with pytest.raises(NotFound):
        room.have(room.inside, VisitKind.DOWNLOADED)


def test_a_changed_agreement_is_asked_for_again(room: Room) -> None:
    room.agree_on()
    room.let_in()
    room.accept()
    with pytest.raises(AgreementUnfit):
        room.agree_on()
    room.agree_on("Keep it very secret.")
    assert list_kinds(room.session)[-1] == "room_agreement_changed"
    seen = visit_room(room.session, room.engagement, room.scene.by_fund, ON)
    assert (seen.accepted, seen.items) == (None, [])
    with pytest.raises(AgreementOutdated):
        room.have(room.top, VisitKind.READ)
    room.accept(2)
    room.have(room.top, VisitKind.READ)
    found = find_room(room.session, room.scene.startup)
    assert count_accepted(room.session, found) == {found.grants[0].id: 1}
    assert len(room.session.scalars(select(RoomAcceptance)).all()) == 2


def test_each_person_accepts_for_themselves(room: Room) -> None:
    room.agree_on()
    room.let_in()
    room.accept()
    colleague = make_person(room.session)
    join(room.session, colleague, Role.INVESTOR, provider=room.scene.fund)
    with pytest.raises(AgreementOutdated):
        room.have(room.top, VisitKind.READ, actor=make_actor(colleague))


def test_whoever_acts_for_two_investors_accepts_for_each(room: Room) -> None:
    person = make_person(room.session)
    join(room.session, person, Role.INVESTOR, provider=room.scene.fund)
    other = make_investor(room.session, person=person, name="Second fund (example)")
    room.agree_on()
    room.let_in()
    actor = make_actor(person)
    first = room.accept(actor=actor)
    room.engagement = make_engagement(room.session, room.scene.need, other, state="accepted")
    grant = room.let_in()
    with pytest.raises(AgreementOutdated):
        room.have(room.top, VisitKind.READ, actor=actor)
    second = room.accept(actor=actor)
    assert (first.grant_id, second.grant_id) != (grant.id, grant.id)
    assert second.grant is grant
    assert room.have(room.top, VisitKind.READ, actor=actor).number == 1


def test_it_ends_with_the_day_with_a_revocation_and_with_the_request(room: Room) -> None:
    room.agree_on()
    for day in (ON - timedelta(days=1), date.max):
        with pytest.raises(GrantUnfit):
            room.let_in(until=day)
    grant = room.let_in(until=ON)
    room.accept()
    room.have(room.top, VisitKind.READ)
    with pytest.raises(RoomClosed):
        room.have(room.top, VisitKind.READ, at=AT + timedelta(days=1))
    keeping.revoke_access(room.session, grant=grant, **room.by)
    with pytest.raises(RoomClosed):
        room.have(room.top, VisitKind.READ)
    with pytest.raises(ActionNotAllowed):
        keeping.revoke_access(room.session, grant=grant, **room.by)
    room.let_in()
    room.have(room.top, VisitKind.READ)
    room.engagement.state = "cancelled"
    room.session.flush()
    with pytest.raises(RoomClosed):
        room.have(room.top, VisitKind.READ)
    with pytest.raises(GrantUnfit):
        room.let_in()


def test_a_later_conflict_shuts_out_at_once_and_keeps_the_history(room: Room) -> None:
    room.agree_on()
    grant = room.let_in()
    room.accept()
    room.have(room.top, VisitKind.READ)
    assert not keeping.suspend_in_conflict(
        room.session, grant=grant, actor=Installation.CLOCK, at=AT
    )
    room.come_into_conflict()
    # Another connection revokes it just before the clock comes by.
    room.session.execute(
        update(RoomGrant).values(state="closed").execution_options(synchronize_session=False)
    )
    assert not keeping.suspend_in_conflict(
        room.session, grant=grant, actor=Installation.CLOCK, at=AT
    )
    grant.state = "open"
    room.session.flush()
    with pytest.raises(OwnConflictOfInterest) as refused:
        room.have(room.top, VisitKind.READ)
    # By whom they are connected is the startup's to know.
    assert not refused.value.facts
    assert visit_room(room.session, room.engagement, room.scene.by_fund, ON) is None
    assert keeping.suspend_in_conflict(room.session, grant=grant, actor=Installation.CLOCK, at=AT)
    assert grant.state == "suspended"
    assert set(list_kinds(room.session)[-2:]) == {"room_suspended", "room_conflict_found"}
    with pytest.raises(ConflictOfInterest):
        keeping.resume_access(room.session, grant=grant, **room.by)
    assert len(room.session.scalars(select(RoomVisit)).all()) == 1


def test_a_question_is_answered_for_one_and_then_for_all(room: Room) -> None:
    session, scene = room.session, room.scene
    room.agree_on()
    room.let_in()

    def ask(item: Any = None, page: int | None = 3, text: str = "Zzwhy") -> RoomQuestion:
        return questioning.ask_question(
            session,
            engagement=room.engagement,
            item=item or room.top,
            page=page,
            text=text,
            actor=scene.by_fund,
            at=AT,
        )

    with pytest.raises(AgreementOutdated):
        ask()
    room.accept()
    for wrong in ({"page": 0}, {"page": 10_001}, {"text": ""}, {"text": "x" * 2001}):
        with pytest.raises(QuestionUnfit):
            ask(**wrong)
    question = ask()
    assert (question.document, question.document_number, question.page) == (room.text, 1, 3)
    (waits,) = list_waiting(session, scene.by_founder, AT)
    assert waits.kind == "room_questions"
    with pytest.raises(OutOfOrder):
        questioning.publish_answer(session, question=question, text="Why", **room.by)
    questioning.answer_question(session, question=question, answer="Zzso", **room.by)
    assert list_waiting(session, scene.by_founder, AT) == []
    assert list_kinds(session)[-2:] == ["room_asked", "room_answered"]
    assert "Zz" not in str([notice.facts for notice in session.scalars(select(Notice))])
    questioning.publish_answer(session, question=question, text="Common", **room.by)

    def look() -> Any:
        visited = visit_room(session, room.engagement, scene.by_fund, ON)
        return list_asked(session, room.engagement, visited)

    assert [each.common_text for each in look().common] == ["Common"]
    questioning.withdraw_answer(session, question=question, **room.by)
    with pytest.raises(OutOfOrder):
        questioning.withdraw_answer(session, question=question, **room.by)
    assert (list(look().common), look().own) == ([], [question])
    room.let_in(read_items=frozenset())
    assert list(look().own) == []
    with pytest.raises(NotFound):
        ask()


def test_an_answer_for_all_is_told_to_whoever_may_read_it_and_outlives_the_asker(
    room: Room,
) -> None:
    session, scene = room.session, room.scene
    room.agree_on()
    room.let_in()
    room.accept()
    # One who may read it and has agreed, one who has not agreed, one without the document.
    engagements, readers = [], []
    for number, rights in enumerate(({room.top.public_id}, {room.top.public_id}, set())):
        person = make_person(session, name=f"Reader {number}")
        fund = make_investor(session, person=person, name=f"Fund {number}")
        engagement = make_engagement(session, scene.need, fund, state="accepted")
        values = GrantValues(read_items=frozenset(rights), read_folders=frozenset({"Finance"}))
        keeping.let_in(session, engagement=engagement, values=values, **room.by)
        if number != 1:
            visiting.accept_agreement(
                session, engagement=engagement, number=1, actor=make_actor(person), at=AT
            )
        engagements.append(engagement)
        readers.append(person)
    question = questioning.ask_question(
        session,
        engagement=room.engagement,
        item=room.top,
        page=None,
        text="Zzwhy",
        actor=scene.by_fund,
        at=AT,
    )
    questioning.answer_question(session, question=question, answer="So it is.", **room.by)
    questioning.publish_answer(session, question=question, text="How is it?", **room.by)
    told = select(Notice.person_id).where(Notice.kind == "room_answer_shared")
    assert session.scalars(told).all() == [readers[0].id]

    leaving = leave(session, scene, scene.investor)
    assert list(ERASING.erase(session, replace(leaving, startups=()))) == ["Zzwhy"]
    session.expire_all()
    visited = visit_room(session, engagements[0], make_actor(readers[0]), ON)
    (shown,) = list_asked(session, engagements[0], visited).common
    assert (shown.common_text, shown.answer, shown.text) == ("How is it?", "So it is.", "")
    assert (shown.grant, shown.asked_by_id) == (None, None)
    questioning.withdraw_answer(session, question=shown, **room.by)


@pytest.mark.privacy
def test_what_somebody_asked_or_answered_goes_with_them(room: Room) -> None:
    session, scene = room.session, room.scene
    room.agree_on()
    room.let_in()
    room.accept()
    question = questioning.ask_question(
        session,
        engagement=room.engagement,
        item=room.top,
        page=None,
        text="Zzwhy",
        actor=scene.by_fund,
        at=AT,
    )
    questioning.answer_question(session, question=question, answer="Zzso", **room.by)
    leaving = replace(leave(session, scene, scene.investor), startups=(), providers=())
    assert list(ERASING.erase(session, leaving)) == ["Zzwhy", "Zzso"]
    assert (question.text, question.answer) == ("", "")
    question.state = "asked"
    session.flush()
    assert list_waiting(session, scene.by_founder, AT) == [], "no words are left to answer"


def test_only_own_documents_are_put_in_once(room: Room, tmp_path: Path) -> None:
    other = keep(
        room.session,
        FolderStore(tmp_path),
        room.scene.incubator,
        room.scene.operator,
        title="Theirs",
    )
    for document in (room.text, other):
        with pytest.raises(NotOwnDocument):
            keeping.put_document(
                room.session,
                startup=room.scene.startup,
                document=document,
                folder="",
                **room.by,
            )
    keeping.take_out(room.session, item=room.top, **room.by)
    room.session.expire_all()
    assert len(find_room(room.session, room.scene.startup).items) == 1


@pytest.mark.permissions
def test_nobody_stands_in_and_no_operator_looks(room: Room) -> None:
    room.agree_on()
    grant = room.let_in()
    scene = room.scene
    stand_in = make_actor(
        scene.operator, on_behalf_of=scene.founder, within_incubator_id=scene.incubator.id
    )
    for actor in (stand_in, scene.by_operator, scene.by_outsider):
        for step in (
            lambda a: keeping.revoke_access(room.session, grant=grant, actor=a, at=AT),
            lambda a: room.accept(actor=a),
            lambda a: room.have(room.top, VisitKind.READ, actor=a),
        ):
            with pytest.raises((NotFound, NotPermitted)):
                step(actor)


@pytest.mark.privacy
def test_a_room_goes_with_its_startup_and_a_grant_with_its_investor(room: Room) -> None:
    room.agree_on()
    room.let_in()
    room.accept()
    room.have(room.top, VisitKind.READ)
    leaving = leave(room.session, room.scene, room.scene.investor)
    assert ERASING.find(room.session, leaving).counts["grants of data rooms"] == 1
    ERASING.erase(room.session, leaving)
    for table in (RoomGrant, RoomVisit, RoomAcceptance):
        assert room.session.scalars(select(table)).all() == []
    leaving = leave(room.session, room.scene, room.scene.founder)
    assert ERASING.find(room.session, leaving).counts["data rooms"] == 1
    ERASING.erase(room.session, leaving)
    room.session.expire_all()
    assert find_room(room.session, room.scene.startup) is None


@dataclass
class Site:
    app: Flask
    client: FlaskClient
    people: dict[str, int]
    startup: str
    engagement: str
    text: str
    items: tuple[str, str]

    @contextmanager
    def open(self) -> Any:
        with self.app.app_context():
            yield db.session
            db.session.commit()

    def enter(self, who: str) -> None:
        with self.open() as session:
            person = session.get_one(Person, self.people[who])
            person.locale = "en"
            log_in(self.client, person)

    def program(self, who: str) -> Program:
        with self.app.app_context():
            person = db.session.get_one(Person, self.people[who])
            db.session.expunge_all()
        return Program(self.app, person)

    def read(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    def press(self, page: str, action: str, /, **typed: Any) -> Any:
        return send(self.client, action, read_action(self.read(page), action), typed)


@pytest.fixture
def site(app: Flask, client: FlaskClient) -> Site:
    with app.app_context():
        made = Room(db.session, get_store())
        scene = made.scene
        people = {
            "founder": scene.founder.id,
            "fund": scene.investor.id,
            "outsider": scene.outsider.id,
        }
        found = Site(
            app,
            client,
            people,
            scene.startup.public_id,
            made.engagement.public_id,
            made.text.public_id,
            (made.top.public_id, made.inside.public_id),
        )
        db.session.commit()
    return found


def test_a_room_is_kept_and_visited_on_pages(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questioning, "QUESTIONS_LIMIT", 1)
    site.enter("founder")
    room = f"/startups/{site.startup}/room"
    assert site.press(room, f"{room}/agreement", text="").status_code == 422
    assert site.press(room, f"{room}/agreement", text="Zzagree <b>").status_code == 303
    assert site.press(room, f"{room}/grants").status_code == 422
    given = site.press(
        room,
        f"{room}/grants",
        read=[f"item:{site.items[0]}"],
        download=["folder:Finance"],
        until="2001-01-01",
    )
    assert given.status_code == 422
    given = site.press(
        room, f"{room}/grants", read=[f"item:{site.items[0]}"], download=["folder:Finance"]
    )
    assert given.status_code == 303
    visit = f"/engagements/{site.engagement}/room"
    site.enter("fund")
    page = site.read(visit)
    assert "Zzagree &lt;b&gt;" in page
    assert "a.txt" not in page
    with site.open() as session:
        session.execute(update(LogIn).values(confirmed_at=now() - timedelta(hours=1)))
    asked = site.press(visit, f"{visit}/accept")
    assert (asked.status_code, 'name="password"' in asked.text) == (403, True)
    site.enter("fund")
    assert site.press(visit, f"{visit}/accept").status_code == 303
    text = site.read(f"{visit}/{site.items[0]}")
    assert text.count("Zzsecret") == 50
    with site.open() as session:
        email = session.get_one(Person, site.people["fund"]).email
    assert text.count(email) >= 2
    answer = site.client.get(f"{visit}/{site.items[1]}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert site.client.get(f"{visit}/{site.items[0]}/file").status_code == 403
    assert site.client.get(f"{visit}/nothing").status_code == 404
    assert site.press(visit, f"{visit}/questions", text="").status_code == 422
    assert site.press(visit, f"{visit}/questions", text="Zzwhy", page="4").status_code == 303
    more = site.press(visit, f"{visit}/questions", text="Zzmore", page="5")
    kept = read_action(more.text, f"{visit}/questions")
    assert (more.status_code, kept["text"], kept["page"]) == (409, "Zzmore", "5")
    site.enter("founder")
    with site.open() as session:
        question = f"/room-questions/{session.scalars(select(RoomQuestion.public_id)).one()}"
    questions = f"{room}/questions"
    assert "Zzwhy" in site.read(questions)
    assert site.press(questions, f"{question}/answer", text="").status_code == 422
    assert site.press(questions, f"{question}/answer", text="Zzso").status_code == 303
    assert site.press(questions, f"{question}/publish", text="Zzcommon").status_code == 303
    site.enter("fund")
    page = site.read(visit)
    assert all(word in page for word in ("Zzwhy", "Zzso", "Zzcommon"))
    site.enter("founder")
    assert site.press(questions, f"{question}/withdraw").status_code == 303
    visits = site.read(f"{room}/visits")
    assert visits.count("First fund (example)") == 2
    with site.open() as session:
        grant = session.scalars(select(RoomGrant.public_id)).one()
    assert site.press(room, f"/room-grants/{grant}/revoke").status_code == 303
    assert site.press(room, f"/room-items/{site.items[0]}/remove").status_code == 303
    put = site.press(room, f"{room}/documents", document=site.text, folder="New")
    assert put.status_code == 303
    site.enter("fund")
    assert "This room is not open to you" in site.read(visit)
    assert site.client.get(room).status_code == 404
    site.enter("outsider")
    assert site.client.get(visit).status_code == 404


@pytest.mark.api
def test_programs_keep_and_visit_rooms_but_accept_nothing(site: Site) -> None:
    founder, fund = site.program("founder"), site.program("fund")
    room, visit = f"/startups/{site.startup}/room", f"/engagements/{site.engagement}/room"
    assert [each["folder"] for each in founder.get(room).json["items"]] == ["", "Finance"]
    said = founder.post(f"{room}/agreement", {"text": "Keep it."}).json["agreements"]
    assert said[0]["sha256"] == hashlib.sha256(b"Keep it.").hexdigest()
    body = {"engagement": site.engagement, "download_items": list(site.items)}
    (grant,) = founder.post(f"{room}/grants", body).json["grants"]
    assert (grant["state"], len(grant["rights"])) == ("open", 2)
    assert fund.get(visit).json["items"] == []
    assert fund.post(f"{visit}/accept", {"number": 1}).status_code == 404
    assert fund.get(f"{visit}/{site.items[0]}/file").status_code == 409
    with site.open() as session:
        row = session.scalars(select(RoomGrant)).one()
        agreement = row.room.agreement
        session.add(
            RoomAcceptance(
                agreement=agreement,
                grant=row,
                person_id=site.people["fund"],
                sha256=agreement.sha256,
                accepted_at=AT,
            )
        )
    assert [each["can_download"] for each in fund.get(visit).json["items"]] == [True, True]
    assert fund.get(f"{visit}/{site.items[0]}/file").data == b"Zzsecret\n" * 50
    body = {"item": site.items[0], "page": 2, "text": "Zzwhy"}
    (own,) = fund.post(f"{visit}/questions", body).json["own"]
    question = f"/room-questions/{own['id']}"
    assert founder.get(f"{room}/questions").json["items"] == [own]
    assert founder.post(f"{question}/publish", {"text": "Zz"}).status_code == 409
    assert founder.post(f"{question}/answer", {"text": "So"}).json["state"] == "answered"
    assert fund.post(f"{question}/answer", {"text": "So"}).status_code == 404
    founder.post(f"{question}/publish", {"text": "Common"})
    (common,) = fund.get(f"{visit}/questions").json["common"]
    assert (common["question"], common["answer"]) == ("Common", "So")
    assert founder.post(f"{question}/withdraw").json["published_at"] is None
    (seen,) = founder.get(f"{room}/visits").json["items"]
    assert (seen["kind"], seen["number"]) == ("downloaded", 1)
    assert founder.post(f"/room-items/{site.items[0]}/remove").status_code == 200
    put = founder.post(f"{room}/documents", {"document": site.text, "folder": "Zz"})
    assert [each["folder"] for each in put.json["items"]] == ["Finance", "Zz"]
    revoked = founder.post(f"/room-grants/{grant['id']}/revoke").json["grants"][0]
    assert revoked["state"] == "closed"
    assert founder.post(f"/room-grants/{grant['id']}/resume").status_code == 409
    assert fund.get(visit).status_code == 404


def test_pdfs_and_images_are_shown_with_a_mark_or_not_at_all(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.open() as session:
        founder = session.get_one(Person, site.people["founder"])
        email = session.get_one(Person, site.people["fund"]).email
        room = session.scalars(select(DataRoom)).one()
        by = {"startup": room.startup, "actor": make_actor(founder), "at": now()}
        files = {
            "计划.pdf": make_pdf(b"BT /F1 12 Tf 20 100 Td (Zzsecret) Tj ET"),
            "a.png": make_image((300, 200)),
            "locked.pdf": make_pdf(b"", password="x"),
        }
        paths = []
        for name, content in files.items():
            document = keep(session, get_store(), room.startup, founder, name=name, content=content)
            item = keeping.put_document(session, document=document, folder="Shown", **by)
            paths.append(f"/engagements/{site.engagement}/room/{item.public_id}")
        keeping.publish_agreement(session, text="Keep it.", **by)
        engagement = session.scalars(select(Engagement)).one()
        values = GrantValues(read_folders=frozenset({"Shown"}))
        grant = keeping.let_in(
            session, engagement=engagement, values=values, actor=by["actor"], at=now()
        )
        session.add(
            RoomAcceptance(
                agreement=room.agreement,
                grant=grant,
                person_id=site.people["fund"],
                sha256=room.agreement.sha256,
                accepted_at=AT,
            )
        )
    pdf, image, locked = paths
    site.enter("fund")
    assert "Read the marked PDF" in site.read(f"/engagements/{site.engagement}/room")
    answer = site.client.get(pdf)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    (said,) = read_pages(answer.data)
    assert said.count(email) > 3
    assert "Zzsecret" in said
    assert '<img class="img-fluid" src="data:image/jpeg;base64,' in site.read(image)
    assert site.client.get(f"{pdf}/file").status_code == 403
    refused = site.client.get(locked)
    assert (refused.status_code, "is encrypted" in refused.text) == (409, True)
    fund = site.program("fund")
    assert email in read_pages(fund.get(f"{pdf}/marked").data)[0]
    assert fund.get(f"{image}/marked").data.startswith(b"\xff\xd8")
    assert fund.get(f"{locked}/marked").json["code"] == "file_locked"

    def count_visits() -> int:
        with site.open() as session:
            return len(session.scalars(select(RoomVisit)).all())

    assert count_visits() == 4, "what was refused was not seen"

    # The startup takes it back while the file is being marked.
    def mark_slowly(*said: Any) -> Any:
        with site.open() as session:
            session.execute(update(RoomGrant).values(state="closed"))
        return mark_file(*said)

    monkeypatch.setattr(carrying_out, "mark_file", mark_slowly)
    assert site.client.get(pdf).status_code == 409
    assert count_visits() == 4


def test_the_clock_suspends_what_is_in_conflict(site: Site) -> None:
    founder = site.program("founder")
    room = f"/startups/{site.startup}/room"
    founder.post(f"{room}/agreement", {"text": "Keep it."})
    founder.post(f"{room}/grants", {"engagement": site.engagement, "read_folders": ["Finance"]})
    assert look_for_conflicts(site.app, AT) == 0
    with site.open() as session:
        grant = session.scalars(select(RoomGrant)).one()
        person = session.get_one(Person, site.people["founder"])
        join(session, person, Role.INVESTOR, provider=grant.provider)
    assert look_for_conflicts(site.app, AT) == 1
    assert look_for_conflicts(site.app, AT) == 0
    with site.open() as session:
        assert session.scalars(select(RoomGrant.state)).one() == "suspended"
