"""A human looks at a list of matches: asking, answering, being late, and who takes part."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.clock import now
from app.commands.cli import main
from app.enquiries import queries
from app.enquiries.actions import answering, asking
from app.enquiries.errors import (
    ConcernOfOthers,
    EnquiryOpen,
    NoListYet,
    NotItsPool,
    NotRecomputed,
)
from app.enquiries.jobs import recall_enquiries
from app.enquiries.rules import ANSWER_WITHIN, MOST_A_DAY
from app.errors import NotFound, NotPermitted, ReasonMissing, TooOften
from app.extensions import db
from app.settings import Settings
from models.audit import AuditEntry
from models.enquiries import EnquiryConcern, EnquiryOutcome, ListEnquiry
from models.lifecycle import ActionNotAllowed
from models.matches import Match
from models.notices import Notice, OutboxMail
from models.people import Person
from models.vocabulary import ProviderKind, Role, Strength
from tests.app.engagements.scenes import Scene, make_scene
from tests.app.lived_history import make_run
from tests.app.web.programs import Program
from tests.factories import (
    AT,
    act_as,
    join,
    log_in,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.posting import post
from tests.waiting import make_lister

list_waiting = make_lister("enquiries")

pytestmark = [pytest.mark.privacy, pytest.mark.trust]

CONTACT = "privacy@example.org"


def ask_about_list(session: Session, scene: Scene, **changes: Any) -> ListEnquiry:
    given = {
        "need": scene.need,
        "run": queries.find_list(session, scene.need) or make_run(session, scene.need),
        "concern": EnquiryConcern.HOW_MADE,
        "words": "Why is nobody from optics in it?",
        "contact": CONTACT,
        "actor": scene.by_founder,
        "at": AT,
    } | changes
    return asking.ask_about_list(session, **given)


def ask_about_places(session: Session, scene: Scene, **changes: Any) -> ListEnquiry:
    given = {
        "provider": scene.provider,
        "incubator": scene.incubator,
        "concern": EnquiryConcern.NOT_SUGGESTED,
        "words": "I know wafers and am in no list.",
        "contact": CONTACT,
        "actor": scene.by_mentor,
        "at": AT,
    } | changes
    return asking.ask_about_places(session, **given)


def answer(session: Session, scene: Scene, enquiry: ListEnquiry, **changes: Any) -> None:
    given = {
        "enquiry": enquiry,
        "outcome": EnquiryOutcome.EXPLAINED,
        "answer": "Nobody of them has a free place.",
        "actor": scene.by_operator,
        "at": AT,
    } | changes
    answering.answer_enquiry(session, **given)


def list_told(session: Session) -> Iterator[tuple[str, int]]:
    session.flush()
    for row in session.scalars(select(Notice).order_by(Notice.id)):
        if row.kind.startswith("enquiry_"):
            yield row.kind, row.person_id


def test_a_founder_asks_and_an_operator_answers(session: Session) -> None:
    scene = make_scene(session)
    enquiry = ask_about_list(session, scene, about=scene.provider)

    assert (enquiry.incubator, enquiry.due_at) == (scene.incubator, AT + ANSWER_WITHIN)
    with pytest.raises(EnquiryOpen):
        ask_about_list(session, scene)
    (waiting,) = list_waiting(session, scene.by_operator, AT)
    assert (waiting.title, waiting.due_at) == (scene.startup.name, enquiry.due_at)
    assert list(list_waiting(session, scene.by_founder, AT)) == []
    for refused in ("", "  \n"):
        with pytest.raises(ReasonMissing):
            answer(session, scene, enquiry, answer=refused)
    # That a list is new is not only said.
    recomputed = {"outcome": EnquiryOutcome.RECOMPUTED, "at": AT + timedelta(days=2)}
    with pytest.raises(NotRecomputed):
        answer(session, scene, enquiry, **recomputed)
    make_run(session, scene.need, run_at=AT + timedelta(days=1))
    answer(session, scene, enquiry, **recomputed)

    assert (enquiry.state, enquiry.outcome) == ("answered", EnquiryOutcome.RECOMPUTED)
    assert enquiry.remind_at is None
    assert list(list_waiting(session, scene.by_operator, AT)) == []
    with pytest.raises(ActionNotAllowed):
        answer(session, scene, enquiry)
    assert list(list_told(session)) == [
        ("enquiry_to_answer", scene.operator.id),
        ("enquiry_recomputed", scene.founder.id),
    ]
    recorded = session.scalars(
        select(AuditEntry).where(AuditEntry.subject_public_id == enquiry.public_id)
    ).all()
    assert [(each.kind, each.detail) for each in recorded] == [
        ("enquiry_asked", {}),
        ("enquiry_answered", {"outcome": "recomputed"}),
    ]
    # Answered, it can be asked again.
    again = ask_about_list(session, scene, at=AT + timedelta(days=3))
    asking.withdraw_enquiry(session, enquiry=again, actor=scene.by_founder, at=AT)
    found = queries.list_of_need(session, scene.need, scene.by_founder)
    assert [each.state for each in found] == ["withdrawn", "answered"]


def test_a_provider_asks_those_in_whose_pool_it_is(session: Session) -> None:
    scene = make_scene(session)
    elsewhere = make_incubator(session, operator=make_person(session))
    with pytest.raises(NotItsPool):
        ask_about_places(session, scene, incubator=elsewhere)
    with pytest.raises(ConcernOfOthers):
        ask_about_places(session, scene, concern=EnquiryConcern.HOW_MADE)
    run = make_run(session, scene.need)
    run.matches.append(
        Match(
            provider_id=scene.provider.id,
            kind=ProviderKind.MENTOR,
            rank=1,
            score=0.5,
            strength=Strength.WEAK,
        )
    )
    make_run(session, scene.need)
    make_run(session, make_need(session, make_startup(session, incubator=elsewhere)))
    make_run(session, scene.need, run_at=AT - timedelta(days=91))
    session.flush()

    enquiry = ask_about_places(session, scene)

    places = queries.count_places(session, scene.provider, scene.incubator, at=AT)
    assert (places.lists, places.stood) == (2, 1)
    with pytest.raises(NotRecomputed):
        answer(session, scene, enquiry, outcome=EnquiryOutcome.RECOMPUTED)
    answer(session, scene, enquiry, outcome=EnquiryOutcome.UNCHANGED)
    assert list(list_told(session))[-1] == ("enquiry_unchanged", scene.mentor.id)
    assert list(queries.list_of_provider(session, scene.provider)) == [enquiry]
    with pytest.raises(ConcernOfOthers):
        ask_about_list(session, scene, concern=EnquiryConcern.NOT_SUGGESTED)


def test_who_has_no_incubator_asks_whoever_runs_the_installation(session: Session) -> None:
    scene = make_scene(session)
    unattended = make_incubator(session)
    founder = make_person(session)
    for incubator in (None, unattended):
        startup = make_startup(session, founder=founder, incubator=incubator)
        need = make_need(session, startup)
        with pytest.raises(NoListYet):
            ask_about_list(session, scene, need=need, run=None, actor=act_as(founder))
        asked = {"need": need, "run": make_run(session, need), "actor": act_as(founder)}
        enquiry = ask_about_list(session, scene, **asked)
        assert enquiry.incubator is None
        session.flush()
        mail = session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
        assert mail is not None
        assert (mail.address, mail.kind) == (CONTACT, "enquiry_to_installation")
        assert mail.facts["id"] == enquiry.public_id
        with pytest.raises(NotFound):
            answer(session, scene, enquiry)
        by_command = {"actor": Installation.COMMAND_LINE}
        assert list(queries.list_unanswered(session, **by_command)) == [enquiry]
        answer(session, scene, enquiry, **by_command)
        assert list(list_told(session))[-1] == ("enquiry_explained", founder.id)
    with pytest.raises(NotPermitted):
        queries.list_unanswered(session, actor=scene.by_operator)


def test_nobody_answers_themselves_or_looks_at_what_is_anothers(session: Session) -> None:
    scene = make_scene(session)
    join(session, scene.operator, Role.FOUNDER, startup=scene.startup)
    session.expire_all()
    both = act_as(scene.operator)
    enquiry = ask_about_list(session, scene)
    with pytest.raises(NotPermitted):
        answer(session, scene, enquiry, actor=both)
    assert list(list_waiting(session, both, AT)) == []
    with pytest.raises(NotPermitted):
        answer(session, scene, enquiry, actor=scene.by_founder)
    with pytest.raises(NotFound):
        asking.withdraw_enquiry(session, enquiry=enquiry, actor=scene.by_mentor, at=AT)
    hidden = make_mentor(session, open_to_all=False)
    other = make_need(session, scene.startup, title="Other")
    with pytest.raises(NotFound):
        ask_about_list(session, scene, need=other, run=make_run(session, other), about=hidden)
    # A list of another need is none of this one.
    with pytest.raises(NotFound):
        ask_about_list(session, scene, need=other, run=make_run(session, scene.need))
    # Nobody asks in another's name.
    with pytest.raises(NotPermitted):
        ask_about_list(session, scene, need=other, actor=scene.by_operator_for(scene.founder))


def test_who_asks_and_takes_back_has_to_stop_for_the_day(session: Session) -> None:
    scene = make_scene(session)
    for number in range(MOST_A_DAY):
        asked = ask_about_list(session, scene, at=AT + timedelta(hours=number))
        asking.withdraw_enquiry(
            session, enquiry=asked, actor=scene.by_founder, at=AT + timedelta(hours=number)
        )
    with pytest.raises(TooOften):
        ask_about_list(session, scene, at=AT + timedelta(hours=MOST_A_DAY))
    # It is nobody else's limit, and the first of them is over a day later.
    ask_about_places(session, scene, at=AT + timedelta(hours=MOST_A_DAY))
    ask_about_list(session, scene, at=AT + timedelta(days=1))


def test_who_has_to_answer_is_reminded_until_it_is_done(session: Session) -> None:
    scene = make_scene(session)
    enquiry = ask_about_list(session, scene)
    clock: dict[str, Any] = {"contact": CONTACT, "actor": Installation.CLOCK, "limit": 9}

    def remind(days: int) -> int:
        return answering.remind_of_enquiries(session, at=AT + timedelta(days=days), **clock)

    assert [remind(days) for days in (9, 10, 10, 13, 14, 20, 21)] == [0, 1, 0, 0, 1, 0, 1]
    assert not enquiry.is_late(AT + timedelta(days=13))
    assert enquiry.is_late(AT + timedelta(days=14))
    # The last operator has gone: the installation is told instead.
    session.delete(scene.operator)
    session.flush()
    session.expire_all()
    assert remind(28) == 1
    mails = session.scalars(select(OutboxMail.address).where(OutboxMail.address == CONTACT)).all()
    assert len(mails) == 1
    answer(session, scene, enquiry, actor=Installation.COMMAND_LINE)
    assert remind(40) == 0
    assert [kind for kind, _ in list_told(session)] == ["enquiry_explained"]


@pytest.fixture
def site(app: Flask) -> Scene:
    with app.app_context():
        scene = make_scene(db.session)
        run = make_run(db.session, scene.need)
        run.matches.append(
            Match(
                provider_id=scene.provider.id,
                kind=ProviderKind.MENTOR,
                rank=1,
                score=0.9,
                strength=Strength.STRONG,
            )
        )
        db.session.commit()
        for each in (scene.founder, scene.mentor, scene.operator, scene.need, scene.provider):
            db.session.refresh(each)
        db.session.refresh(scene.incubator)
        db.session.expunge_all()
    return scene


def test_the_pages_lead_from_the_list_to_the_answer_on_it(
    app: Flask, client: FlaskClient, site: Scene
) -> None:
    need, path = f"/needs/{site.need.public_id}", f"/needs/{site.need.public_id}/enquiries"
    log_in(client, site.founder)
    assert f'href="{path}"' in client.get(need).text
    page = client.get(f"{path}?about={site.provider.public_id}").text
    assert f'<option selected value="{site.provider.public_id}">' in page
    assert "within 14 days" in page or "within 2 weeks" in page
    typed = {"concern": "somebody_misplaced", "about": site.provider.public_id}
    refused = post(client, path, **typed, words=" ")
    assert refused.status_code == 422 and "Please say what somebody shall look at." in refused.text
    words = "He sells <b>lasers</b>"
    assert post(client, path, **typed, words=words).status_code == 303
    twice = post(client, path, **typed, words="Once more")
    assert twice.status_code == 409 and "Once more" in twice.text
    with app.app_context():
        public_id = db.session.scalars(select(ListEnquiry.public_id)).one()
    shown = client.get(need).text
    assert "He sells &lt;b&gt;lasers&lt;/b&gt;" in shown and "It will be answered until:" in shown
    question = f"/enquiries/{public_id}"
    assert f'action="{question}/answer"' not in client.get(question).text

    log_in(client, site.operator)
    assert question in client.get("/dashboard").text
    assert question in client.get(f"/incubators/{site.incubator.public_id}/enquiries").text
    assert f'action="{question}/answer"' in client.get(question).text
    said = {"answer": "You were shown him by his second text."}
    refused = post(client, f"{question}/answer", outcome="recomputed", **said)
    assert refused.status_code == 409 and said["answer"] in refused.text
    assert post(client, f"{question}/answer", outcome="corrected", **said).status_code == 303

    log_in(client, site.founder)
    shown = client.get(need).text
    assert said["answer"] in shown and "Something was corrected" in shown
    log_in(client, site.mentor)
    assert client.get(question).status_code == 404


def test_a_provider_asks_from_its_profile_and_reads_the_answer(
    app: Flask, client: FlaskClient, site: Scene
) -> None:
    path = f"/providers/{site.provider.public_id}/enquiries"
    log_in(client, site.mentor)
    assert f'href="{path}"' in client.get(f"/providers/{site.provider.public_id}").text
    assert f'href="{path}"' in client.get("/account/privacy").text
    asked = {"concern": "wrongly_suggested", "incubator": site.incubator.public_id}
    assert post(client, path, **asked, words="Not my field").status_code == 303
    with app.app_context():
        public_id = db.session.scalars(select(ListEnquiry.public_id)).one()
    assert "Not my field" in client.get(path).text
    assert post(client, f"/enquiries/{public_id}/withdraw").status_code == 303
    assert "Taken back" in client.get(path).text
    # Whoever runs the site is asked by choosing no incubator, and no other can be chosen.
    assert post(client, path, concern="why_suggested", incubator="", words="How").status_code == 303
    log_in(client, site.founder)
    assert client.get(path).status_code in (403, 404)


def test_programs_ask_and_answer(app: Flask, site: Scene) -> None:
    founder, operator = Program(app, site.founder), Program(app, site.operator)
    path = f"/needs/{site.need.public_id}/enquiries"
    body = {"concern": "somebody_missing", "words": "Where is she"}
    for wrong in ({"run": "0" * 16}, {"about": "0" * 16}):
        assert founder.post(path, body | wrong, Idempotency_Key="c").status_code == 404
    made = founder.post(path, body, Idempotency_Key="a").get_json()
    assert (made["state"], made["need"], made["about"]) == ("open", site.need.public_id, None)
    assert founder.post(path, body, Idempotency_Key="b").get_json()["code"] == "enquiry_open"
    (listed,) = operator.get(f"/incubators/{site.incubator.public_id}/enquiries").get_json()[
        "items"
    ]
    assert listed == made
    answered = operator.post(
        f"/enquiries/{made['id']}/answer", {"outcome": "explained", "answer": "Away"}
    ).get_json()
    assert (answered["outcome"], answered["answer"]) == ("explained", "Away")
    assert founder.get(path).get_json()["items"] == [answered]
    mentor = Program(app, site.mentor)
    own = f"/providers/{site.provider.public_id}/enquiries"
    body = {"concern": "not_suggested", "words": "Why"}
    asked = mentor.post(own, body, Idempotency_Key="a").get_json()
    assert asked["incubator"] is None
    assert mentor.post(f"/enquiries/{asked['id']}/withdraw").status_code == 200
    assert [each["state"] for each in mentor.get(own).get_json()["items"]] == ["withdrawn"]


def test_the_worker_recalls_what_is_due(app: Flask, site: Scene) -> None:
    with app.app_context():
        founder = db.session.get_one(Person, site.founder.id)
        need = db.session.merge(site.need)
        asking.ask_about_list(
            db.session,
            need=need,
            run=queries.find_list(db.session, need),
            concern=EnquiryConcern.HOW_MADE,
            words="Why",
            contact="",
            actor=act_as(founder),
            at=now(),
        )
        db.session.commit()
    late = now() + ANSWER_WITHIN
    assert (recall_enquiries(app, now()), recall_enquiries(app, late)) == (0, 1)
    assert recall_enquiries(app, late) == 0


def test_commands_list_what_waits_and_answer_it(
    app: Flask, site: Scene, settings: Settings
) -> None:
    founder = Program(app, site.founder)
    asked = founder.post(
        f"/needs/{site.need.public_id}/enquiries",
        {"concern": "how_made", "words": "Why\nnobody else"},
        Idempotency_Key="a",
    ).get_json()["id"]

    code, said = run(settings, "list", "--json")
    assert code == 0, said
    (told,) = json.loads(said)
    assert (told["id"], told["words"]) == (asked, "Why\nnobody else")
    assert told["incubator"] == site.incubator.name
    assert asked in run(settings, "list")[1]
    nothing = ("answer", asked, "--outcome", "explained", "--answer", " ")
    assert run(settings, *nothing)[0] == 2
    words = ("answer", asked, "--outcome", "explained", "--answer", "Nobody is free")
    assert [run(settings, *words)[0] for _twice in range(2)] == [0, 1]
    assert json.loads(run(settings, "list", "--json")[1]) == []


def run(settings: Settings, *words: str) -> tuple[int, str]:
    environment = {
        "YINQIAO_INSTANCE_PATH": str(settings.instance_path),
        "YINQIAO_DATABASE_URL": settings.database_url,
        "YINQIAO_ENCODER": "hashing",
    }
    result = CliRunner(env=environment).invoke(main, ["enquiry", *words])
    return result.exit_code, result.output
