"""After an erasure nothing tells who the person was: in no table, file, index or process."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import delete, make_url, select, update
from sqlalchemy.orm import Session

from app import access
from app.audit import record
from app.engagements.actions import engagements, sessions
from app.engagements.addresses import address_of_engagement
from app.leaving import ERASED
from app.privacy.actions import erase_person
from app.rooms import ERASINGS
from app.telling.notices import send_mail
from app.transactions import writing
from matching.records import Query
from models.audit import AuditEntry
from models.engagements import CoachingSession, Engagement, EngagementEvent, Feedback
from models.imports import ImportRow
from models.matches import MatchEvidence, MatchRun
from models.needs import Need
from models.notices import Notice, OutboxMail
from models.organisations import Startup
from models.people import Membership, Person
from models.providers import Provider, ProviderPassage
from models.revisions import ProviderTombstone
from models.vocabulary import Role
from tests.app.engagements import scenes as live
from tests.app.engagements.scenes import LATER, Scene, ask, hold, judge, make_accepted, plan
from tests.app.imports.files import COMPLETE_MENTOR
from tests.app.imports.scenes import House as ImportHouse
from tests.app.imports.scenes import apply, preview
from tests.app.privacy.scenes import (
    CODE,
    EMAIL,
    MENTOR,
    NAME,
    WORDS,
    Installation,
    lay_mail,
    live_through,
    make_scene,
    reload,
    suggest,
)
from tests.app.privacy.traces import (
    find_bytes,
    find_in_engine,
    find_in_files,
    find_vectors,
    read_vectors,
)
from tests.factories import (
    AT,
    act_as,
    join,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.faults.process import AnotherProcess, House

pytestmark = pytest.mark.privacy


def test_nothing_of_a_mentor_is_left_but_that_somebody_was_there(
    installation: Installation, another_process: AnotherProcess, fresh_database_url: str
) -> None:
    with Session(installation.database) as session, writing(session):
        scene = make_scene(session)
        need_id, provider_id = scene.need.id, scene.provider.id
    suggest(installation, need_id)
    with Session(installation.database) as session, writing(session):
        live_through(session, reload(session))
    about_them, about_others = (
        lay_mail(installation, number, f"{name} accepted.")
        for number, name in ((1, NAME), (2, "A"))
    )
    another_process.move_into(fresh_database_url, installation.settings.cache_path)
    assert another_process.ask(search, "zyzzyvology of wafers") == [provider_id]
    assert another_process.ask(look_into_index, WORDS, [provider_id]) != []
    assert installation.matching.save_snapshot()
    cache = installation.settings.cache_path
    assert {"Zyzzyvology", "quokkaline"} <= {word for word, _file in find_in_files(cache, WORDS)}
    # What is looked for could be found: all of it is there.
    there = {word for word, _where in installation.find_words()}
    assert there == set(WORDS) - {"Needword", "Startupword", "Placeword", "Shareholderword"}

    erasure = installation.erase()

    assert installation.find_words() == set()
    # Nor does a process bring it back that has not searched since.
    another_process.ask(save_snapshot)
    assert installation.find_words() == set()
    assert not about_them.exists()
    assert about_others.exists()
    assert installation.matching.match(Query("zyzzyvology", all_published=True)).results == ()
    assert find_in_engine(installation.matching, WORDS, [provider_id]) == []
    assert another_process.ask(search, "wafers for ten years") == []
    assert another_process.ask(look_into_index, WORDS, [provider_id]) == []
    assert erasure.removed["accounts"] == erasure.removed["providers"] == 1
    assert erasure.removed["engagements emptied"] == 3


def test_reports_still_count_what_happened(installation: Installation) -> None:
    with Session(installation.database) as session, writing(session):
        make_scene(session)
    with Session(installation.database) as session, writing(session):
        live_through(session, reload(session))
    installation.erase()
    with Session(installation.database) as session:
        shell = session.scalars(select(Provider)).one()
        assert (shell.name, shell.state, shell.published_text) == (ERASED, "paused", "")
        assert shell.memberships == shell.passages == shell.pool_entries == []
        states = session.scalars(select(Engagement.state).order_by(Engagement.id)).all()
        assert states == ["completed", "declined", "declined"]
        assert session.scalars(select(Feedback.rating)).all() == [4, 4]
        assert session.scalars(select(CoachingSession.state)).all() == ["held"]
        kinds = session.scalars(select(EngagementEvent.kind).order_by(EngagementEvent.id)).all()
        assert kinds[-1] == "declined"
        entry = session.scalars(select(AuditEntry).where(AuditEntry.kind == "erased_person")).one()
        assert entry.actor_id is None
        assert entry.detail["engagements emptied"] == "3"


def test_the_startup_is_told_that_what_was_open_is_over(installation: Installation) -> None:
    with Session(installation.database) as session, writing(session):
        scene = make_scene(session)
        founder_id = scene.founder.id
        ask(session, scene)
        another = make_need(session, scene.startup, title="Another")
        running = make_accepted(session, replace(scene, need=another))
        plan(session, running, scene.by_mentor, place="Placeword")
    installation.erase()
    with Session(installation.database) as session:
        told = session.scalars(select(Notice).where(Notice.person_id == founder_id)).all()
        kinds = sorted(notice.kind for notice in told)
        assert kinds == ["engagement_cancelled", "engagement_declined", "session_cancelled"]
        assert {notice.facts["provider"] for notice in told} == {ERASED}
        assert session.scalars(select(CoachingSession.state)).all() == ["cancelled"]
    assert installation.find_words() == set()


def search(house: House, words: str) -> list[int]:
    found = house.matching.match(Query(words, all_published=True))
    return [result.provider_id for result in found.results]


def save_snapshot(house: House) -> bool:
    return house.matching.save_snapshot()


def look_into_index(house: House, words: tuple[str, ...], gone: list[int]) -> list[str]:
    return find_in_engine(house.matching, words, gone)


def test_who_was_never_asked_leaves_a_tombstone_alone(installation: Installation) -> None:
    with Session(installation.database) as session, writing(session):
        mentor = make_person(session, name=NAME, email=EMAIL)
        provider_id = make_mentor(session, person=mentor, **MENTOR).id
        other_id = make_mentor(session).id
        vectors = session.scalars(
            select(ProviderPassage.vector).where(ProviderPassage.provider_id == provider_id)
        ).all()
    assert installation.matching.match(Query("wafers for ten years", all_published=True)).results
    kept = read_vectors(installation.matching, other_id)
    gone = read_vectors(installation.matching, provider_id)
    assert find_vectors(installation.matching, gone) != []
    installation.erase()
    assert find_in_engine(installation.matching, WORDS, [provider_id]) == []
    assert find_vectors(installation.matching, gone) == []
    assert find_vectors(installation.matching, kept) != []
    with Session(installation.database) as session:
        assert session.scalars(select(Provider.id)).all() == [other_id]
        assert session.scalars(select(ProviderTombstone.provider_id)).all() == [provider_id]
        assert session.scalars(select(Person)).all() == []
    assert installation.find_words() == set()
    if installation.database.dialect.name == "sqlite":
        file = Path(make_url(str(installation.database.url)).database or "")
        folder = file.parent
        assert find_in_files(folder, WORDS) == set()
        assert find_bytes(folder, vectors) == set()


def test_a_founder_takes_the_startup_along_with_what_it_asked_for(
    installation: Installation,
) -> None:
    with Session(installation.database) as session, writing(session):
        founder = make_person(session, name=NAME, email=EMAIL)
        startup = make_startup(
            session,
            founder=founder,
            name="Startupword (example)",
            description="Startupword makes wafers.",
            topics=["Topicword"],
            credit_code=CODE,
            affiliations=["Affiliateword Fund"],
            shareholders=["Shareholderword Holding"],
        )
        mentor = make_person(session, name="Mentor")
        provider = make_mentor(session, person=mentor)
        text = "Needword: our silicon-carbide yield stays at 40 %. Needword once more."
        need = make_need(session, startup, title="Needword", text=text)
        asked = make_need(session, startup, title="Needword again", text=text + " And again.")
        ids = need.id, asked.id
        scene = Scene(founder, founder, mentor, make_incubator(session), startup, asked, provider)
        ask(session, scene, message="Messageword")
    for need_id in ids:
        suggest(installation, need_id)
    with Session(installation.database) as session:
        slices = session.scalars(select(MatchEvidence.need_slice)).all()
        assert any("Needword" in each for each in slices)
    installation.erase()
    assert installation.find_words() == set()
    with Session(installation.database) as session:
        assert session.scalars(select(MatchRun)).all() == []
        shell = session.scalars(select(Startup)).one()
        assert (shell.name, shell.state, shell.memberships) == (ERASED, "paused", [])
        assert set(session.scalars(select(Need.state))) == {"closed"}
        assert session.scalars(select(Engagement.state)).all() == ["withdrawn"]
        # The provider, who stays, is told.
        told = session.scalars(select(Notice).order_by(Notice.id)).all()
        assert [notice.kind for notice in told] == ["engagement_withdrawn"]


def test_an_organisation_with_other_members_stays_without_the_words_of_who_left(
    installation: Installation,
) -> None:
    with Session(installation.database) as session, writing(session):
        leaving = make_person(session, name=NAME, email=EMAIL)
        staying = make_person(session, name="Colleague")
        founder = make_person(session, name="Founder")
        fund = make_investor(session, person=leaving, name="Fund (example)")
        join(session, staying, Role.INVESTOR, provider=fund)
        startup = make_startup(session, founder=founder)
        need = make_need(session, startup)
        scene = Scene(founder, founder, leaving, make_incubator(session), startup, need, fund)
        held = hold(session, scene, make_accepted(session, scene))
        judge(session, held, scene.by_mentor, comment="Commentword", private_note="Noteword")
        judge(session, held, scene.by_founder, comment="What the founder said")
        refused = ask(session, scene, need=make_need(session, startup, title="Another"))
        engagements.decline(
            session, engagement=refused, reason="Reasonword", actor=act_as(leaving), at=AT
        )
        running = make_accepted(session, replace(scene, need=make_need(session, startup)))
        coming = plan(session, running, scene.by_founder, LATER + timedelta(days=1))
        sessions.confirm(session, coaching_session=coming, actor=act_as(leaving), at=AT)
        elsewhere = plan(session, running, scene.by_founder, LATER + timedelta(days=2))
        sessions.confirm(session, coaching_session=elsewhere, actor=act_as(staying), at=AT)
        uid, people = coming.public_id, {founder.email, staying.email}
        text, fund_id = fund.published_text, fund.id
    assert "Reasonword" in {word for word, _where in installation.find_words()}
    installation.erase()
    assert installation.find_words() == set()
    with Session(installation.database) as session:
        fund = session.get_one(Provider, fund_id)
        assert (fund.state, fund.published_text) == ("published", text)
        assert [m.person.name for m in fund.memberships] == ["Colleague"]
        said = session.execute(select(Feedback.rating, Feedback.comment).order_by(Feedback.id))
        assert said.all() == [(4, ""), (4, "What the founder said")]
        assert session.scalars(select(Engagement.reason)).all() == [""] * 3
        # The time that they were to come to stands, and is no longer theirs in calendars.
        mails = session.scalars(
            select(OutboxMail).where(OutboxMail.kind == "session_person_left")
        ).all()
        assert {each.address for each in mails} == people
        for each in mails:
            (event,) = Calendar.from_ical(each.calendar or "").events
            assert (event["uid"], each.calendar_method) == (f"{uid}@yinqiao", "REQUEST")
            assert (int(event["sequence"]), len(event["attendee"])) == (1, 2)
    found = installation.matching.match(Query(need_text(), all_published=True)).results
    assert [result.provider_id for result in found] == [fund_id]


def need_text() -> str:
    return "Our silicon-carbide yield stays at 40 %."


def test_an_imported_mentor_who_never_had_an_account_can_go(installation: Installation) -> None:
    with Session(installation.database) as session:
        with writing(session):
            operator = make_person(session)
            house = ImportHouse(make_incubator(session, operator=operator), operator)
        row = {"邮箱": EMAIL, "导师姓名": NAME, "能帮什么": "Importword 看缺陷图。"}
        apply(session, house, dict(COMPLETE_MENTOR) | row, invites=True)
        session.commit()
        (provider_id,) = session.scalars(select(Provider.id))
    erasure = installation.erase(EMAIL.upper())
    assert erasure.removed["import rows"] == erasure.removed["invitations"] == 1
    assert "accounts" not in erasure.removed
    assert installation.find_words() == set()
    assert find_in_engine(installation.matching, WORDS, [provider_id]) == []
    with Session(installation.database) as session:
        assert session.scalars(select(Provider)).all() == []


def test_rows_whose_address_could_not_be_read_go_with_whom_they_name(
    installation: Installation,
) -> None:
    with Session(installation.database) as session, writing(session):
        operator = make_person(session)
        house = ImportHouse(make_incubator(session, operator=operator), operator)
        for address in (f"{EMAIL.upper()}。", f"{EMAIL} / 13800000000", ""):
            row = {"邮箱": address, "导师姓名": NAME, "能帮什么": "Importword"}
            preview(session, house, dict(COMPLETE_MENTOR) | row)
        namesake = {"邮箱": "other@example.org", "导师姓名": NAME}
        preview(session, house, dict(COMPLETE_MENTOR) | namesake)
        make_person(session, name=NAME, email=EMAIL)
    with Session(installation.database) as session, writing(session):
        erasure = erase_person(
            session,
            email=EMAIL,
            rooms=ERASINGS,
            actor=access.Installation.COMMAND_LINE,
            at=AT,
        )
        assert erasure.removed == {"accounts": 1, "import rows": 3}
        assert session.scalars(select(ImportRow.email)).all() == ["other@example.org"]


def test_an_address_that_stands_only_in_a_row_that_could_not_be_read_is_known(
    installation: Installation,
) -> None:
    with Session(installation.database) as session, writing(session):
        operator = make_person(session)
        house = ImportHouse(make_incubator(session, operator=operator), operator)
        row = {"邮箱": f"{EMAIL}。", "导师姓名": NAME}
        preview(session, house, dict(COMPLETE_MENTOR) | row)
    with Session(installation.database) as session, writing(session):
        assert erase_person(
            session,
            email=EMAIL,
            rooms=ERASINGS,
            actor=access.Installation.COMMAND_LINE,
            at=AT,
        ).removed == {"import rows": 1}
    assert installation.find_words() == set()


def test_an_incubator_without_another_operator_is_named(installation: Installation) -> None:
    with Session(installation.database) as session, writing(session):
        operator = make_person(session, name=NAME, email=EMAIL)
        make_incubator(session, operator=operator, name="Alone (example)")
        shared = make_incubator(session, operator=operator)
        join(session, make_person(session), Role.OPERATOR, incubator=shared)
    assert installation.erase().unattended == ("Alone (example)",)
    assert installation.find_words() == set()


def test_whoever_had_no_account_takes_nothing_with_them_that_is_nobodys(
    installation: Installation,
) -> None:
    """What the clock did, and mails to people without an account, refer to nobody either."""
    with Session(installation.database) as session, writing(session):
        operator = make_person(session)
        incubator = make_incubator(session, operator=operator)
        record(
            session,
            actor=act_as(operator),
            kind="edited_incubator",
            subject=incubator,
            at=AT,
            detail={"said": "kept"},
        )
        send_mail(
            session,
            address="somebody@example.org",
            locale="en",
            person=None,
            kind="registration_begun",
            facts={"link": "/register/x"},
            path="",
            at=AT,
        )
        row = {"邮箱": EMAIL, "导师姓名": NAME}
        preview(session, ImportHouse(incubator, operator), dict(COMPLETE_MENTOR) | row)

    erasure = installation.erase()

    assert erasure.removed == {"import rows": 1}
    with Session(installation.database) as session:
        assert session.scalars(select(OutboxMail.address)).all() == ["somebody@example.org"]
        kept = select(AuditEntry.detail).where(AuditEntry.kind == "edited_incubator")
        assert session.scalars(kept).one() == {"said": "kept"}


def test_times_that_nobody_is_left_to_cancel_go_from_the_calendars_of_the_other_side(
    session: Session,
) -> None:
    scene = live.make_scene(session)
    coming = plan(session, make_accepted(session, scene), scene.by_founder)
    sessions.confirm(session, coaching_session=coming, actor=scene.by_mentor, at=AT)
    preview(
        session, ImportHouse(scene.incubator, scene.operator), {"邮箱": EMAIL, "导师姓名": NAME}
    )
    session.execute(update(ImportRow).values(provider_id=scene.provider.id))
    # Whoever met the startup for the profile acts for it no more.
    session.execute(delete(Membership).where(Membership.provider_id == scene.provider.id))
    session.expire_all()
    by_command = access.Installation.COMMAND_LINE
    erase_person(session, email=EMAIL, rooms=ERASINGS, actor=by_command, at=AT)
    mails = session.scalars(select(OutboxMail).where(OutboxMail.calendar.is_not(None)))
    told = [(each.address, each.calendar_method, each.kind) for each in mails]
    assert told == [(scene.founder.email, "CANCEL", "session_cancelled")]
    assert coming.state == "cancelled"


def test_a_namesake_keeps_what_others_were_told_of_them(session: Session) -> None:
    """Two startups have one name and the same mentor. One of them leaves."""
    mentor = make_person(session, name="Mentor who stays")
    provider = make_mentor(session, person=mentor)
    leaver, other = (make_person(session, email=f"{n}@example.org", name=n) for n in ("a", "b"))
    going, staying = (
        make_startup(session, founder=founder, name="Bridge Devices (example)")
        for founder in (leaver, other)
    )
    theirs, others = (
        engagements.request(
            session,
            need=make_need(session, startup),
            provider=provider,
            match=None,
            message="Could you look at our wafers, please?",
            released=[],
            actor=act_as(founder),
            at=AT,
        )
        for startup, founder in ((going, leaver), (staying, other))
    )
    for about, path in ((going, ""), (staying, address_of_engagement(others))):
        send_mail(
            session,
            address=mentor.email,
            locale="en",
            kind="engagement_requested",
            facts={"startup": about.name},
            path=path,
            person=mentor,
            at=AT,
        )
    session.flush()
    erase_person(
        session,
        email=leaver.email,
        rooms=ERASINGS,
        actor=access.Installation.COMMAND_LINE,
        at=AT,
    )
    assert theirs.startup.name != staying.name == "Bridge Devices (example)"
    told = session.scalars(select(OutboxMail).where(OutboxMail.person_id == mentor.id)).all()
    by_path: dict[bool, set[str]] = {}
    for mail in told:
        by_path.setdefault(mail.path == address_of_engagement(others), set()).update(
            fact for fact in mail.facts.values() if fact in (ERASED, staying.name)
        )
    assert by_path == {True: {staying.name}, False: {ERASED}}
