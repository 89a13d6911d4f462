"""After an erasure nothing tells who the person was: in no table, file, index or process."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import make_url, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.actions import invite
from app.engagements import actions as engagements
from app.errors import NotFound
from app.mail import FolderTransport
from app.matches.actions import find_suggestions, store_suggestions
from app.person_commands import person
from app.privacy.actions import Erasure, erase_person
from app.privacy.blanking import ERASED
from app.privacy.erasing import carry_out_erasure, rehearse_erasure
from app.settings import Settings
from app.transactions import writing
from matching.engine import Engine
from matching.records import Query
from models.audit import AuditEntry
from models.engagements import CoachingSession, Engagement, EngagementEvent, Feedback
from models.matches import Match, MatchEvidence, MatchRun
from models.needs import Need
from models.notices import Notice
from models.organisations import Incubator, Startup
from models.people import Person
from models.providers import Provider, ProviderPassage
from models.revisions import ProviderTombstone
from models.vocabulary import Role
from tests.app.engagements.scenes import Scene, ask, hold, judge, make_accepted, plan
from tests.app.imports.files import COMPLETE_MENTOR
from tests.app.imports.scenes import House as ImportHouse
from tests.app.imports.scenes import apply, preview
from tests.app.privacy.traces import (
    find_bytes,
    find_in_engine,
    find_in_files,
    find_in_tables,
    find_vectors,
    read_vectors,
)
from tests.factories import (
    AT,
    act_as,
    admit,
    join,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.faults.process import AnotherProcess, House
from tests.faults.writer import open_engine

pytestmark = pytest.mark.privacy

NAME = "魁札林 Quetzalina Xyloth"
EMAIL = "quetzalina.xyloth@example.org"
SUMMARY = "Zyzzyvology of wafers for ten years. Raised the yield of quokkaline from 40 to 75 %."
WORDS = (
    "Quetzalina",
    "quetzalina.xyloth",
    "魁札林",
    "Zyzzyvology",
    "quokkaline",
    "Messageword",
    "Reasonword",
    "Commentword",
    "Noteword",
    "Placeword",
    "Employerword",
    "Topicword",
    "Affiliateword",
    "Importword",
    "Applicationword",
    "Needword",
    "Startupword",
)
MENTOR = {
    "name": NAME,
    "headline": "Zyzzyvology",
    "summary": SUMMARY,
    "topics": ["Topicword"],
    "affiliations": ["Affiliateword Fund"],
    "mentor": {"employer": "Employerword Institute", "years_of_experience": 30},
}


@pytest.fixture(scope="module")
def another_process() -> Iterator[AnotherProcess]:
    with AnotherProcess() as process:
        yield process


@dataclass(frozen=True, slots=True)
class Installation:
    """A database with an engine and a folder of its own."""

    database: DatabaseEngine
    matching: Engine
    settings: Settings

    def erase(self, email: str = EMAIL) -> Erasure:
        with Session(self.database) as session:
            done = carry_out_erasure(session, self.database, self.settings, email=email, at=AT)
        assert done.is_overwritten
        return done.erasure

    def find_words(self) -> set[tuple[str, str]]:
        with self.database.connect() as connection:
            found = find_in_tables(connection, WORDS)
        return found | find_in_files(self.settings.instance_path, WORDS)


@pytest.fixture
def installation(fresh_engine: DatabaseEngine, settings: Settings) -> Installation:
    settings.instance_path.mkdir(parents=True)
    matching = open_engine(fresh_engine, settings.cache_path)
    return Installation(fresh_engine, matching, settings)


def make_scene(session: Session) -> Scene:
    """A mentor of whom much is known, who was asked by a startup in whose incubator's pool it is.

    The incubator had imported the mentor, then invited them.
    """
    operator = make_person(session, name="Operator")
    founder = make_person(session, name="Founder")
    incubator = make_incubator(session, operator=operator, service_officer=NAME)
    startup = make_startup(session, founder=founder, incubator=incubator)
    mentor = make_person(session, name=NAME, email=EMAIL)
    provider = make_mentor(session, person=mentor, **MENTOR)
    admit(session, incubator, provider).application = "Applicationword"
    need = make_need(session, startup, text="Our yield stays at 40 %. We need ten years of wafers.")
    return Scene(operator, founder, mentor, incubator, startup, need, provider)


def suggest(installation: Installation, need_id: int) -> None:
    with Session(installation.database) as session:
        need = session.get_one(Need, need_id)
        found = find_suggestions(session, installation.matching, need)
        with writing(session):
            founder = need.startup.memberships[0].person
            store_suggestions(session, need=need, suggestions=found, actor=act_as(founder), at=AT)


def live_through(session: Session, scene: Scene) -> None:
    """Everything that leaves a trace: sessions, feedback, a request that is open, mails, files."""
    engagement = make_accepted(
        session, scene, message="Messageword to the mentor", match=find_match(session, scene)
    )
    held = hold(session, scene, engagement)
    judge(session, held, scene.by_mentor, comment="Commentword", private_note="Noteword")
    judge(session, held, scene.by_founder, comment=f"{NAME} helped. Commentword")
    other = make_need(session, scene.startup, title="Another need")
    ask(session, scene, need=other, message="Messageword again")
    declined = ask(session, scene, need=make_need(session, scene.startup, title="A third need"))
    engagements.decline(
        session, engagement=declined, reason="Reasonword", actor=scene.by_mentor, at=AT
    )
    house = ImportHouse(scene.incubator, scene.operator)
    row = {"邮箱": EMAIL, "导师姓名": NAME, "能帮什么": "Importword"}
    preview(session, house, dict(COMPLETE_MENTOR) | row)
    invite(
        session,
        email="newcomer@example.org",
        role=Role.MENTOR,
        provider_id=scene.provider.id,
        actor=scene.by_mentor,
        at=AT,
    )


def lay_mail(installation: Installation, number: int, said: str) -> Path:
    """A mail as it is laid into the folder where no mail server is set, base64 and all."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "Told"
    message["Message-ID"] = f"<outbox-{number}@example.org>"
    message.set_content(said + " 引桥\n")
    folder = installation.settings.instance_path / "mail"
    FolderTransport(folder).send(message)
    return folder / f"outbox-{number}.eml"


def find_match(session: Session, scene: Scene) -> Match | None:
    return session.scalar(select(Match).where(Match.provider_id == scene.provider.id))


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
    assert there == set(WORDS) - {"Needword", "Startupword", "Placeword"}

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


def reload(session: Session) -> Scene:
    """The scene of `make_scene` as `session` sees it."""
    people = {person.name: person for person in session.scalars(select(Person))}
    return Scene(
        people["Operator"],
        people["Founder"],
        people[NAME],
        session.scalars(select(Incubator)).one(),
        session.scalars(select(Startup)).one(),
        session.scalars(select(Need).order_by(Need.id)).first() or Need(),
        session.scalars(select(Provider)).one(),
    )


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
            affiliations=["Affiliateword Fund"],
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
        assert session.scalars(select(Engagement.reason)).all() == ["", ""]
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


def test_an_incubator_without_another_operator_is_named(installation: Installation) -> None:
    with Session(installation.database) as session, writing(session):
        operator = make_person(session, name=NAME, email=EMAIL)
        make_incubator(session, operator=operator, name="Alone (example)")
        shared = make_incubator(session, operator=operator)
        join(session, make_person(session), Role.OPERATOR, incubator=shared)
    assert installation.erase().unattended == ("Alone (example)",)
    assert installation.find_words() == set()


def test_a_rehearsal_counts_and_changes_nothing(installation: Installation) -> None:
    with Session(installation.database) as session, writing(session):
        make_scene(session)
    before = installation.find_words()
    with Session(installation.database) as session:
        rehearsed = rehearse_erasure(session, email=EMAIL, at=AT)
    assert installation.find_words() == before
    assert installation.erase() == rehearsed


def test_an_error_half_way_erases_nothing(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(installation.database) as session, writing(session):
        make_scene(session)
    before = installation.find_words()

    def fail(*arguments: object) -> None:
        raise ConnectionError("the database went away")

    monkeypatch.setattr("app.privacy.blanking.remove_account", fail)
    with pytest.raises(ConnectionError):
        installation.erase()
    assert installation.find_words() == before


def test_nobody_is_erased_twice_or_by_an_unknown_address(installation: Installation) -> None:
    with Session(installation.database) as session, writing(session):
        make_person(session, name=NAME, email=EMAIL)
    installation.erase()
    with pytest.raises(NotFound):
        installation.erase()


def test_the_command_asks_to_be_sure_and_says_what_went(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(installation.database) as session, writing(session):
        make_scene(session)
    url = installation.database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("YINQIAO_DATABASE_URL", url)
    monkeypatch.setenv("YINQIAO_INSTANCE_PATH", str(installation.settings.instance_path))
    before = installation.find_words()
    unsure = CliRunner().invoke(person, ["erase", EMAIL])
    assert unsure.exit_code == 1
    assert "Nothing has changed" in unsure.output
    assert installation.find_words() == before
    sure = CliRunner().invoke(person, ["erase", EMAIL, "--yes"])
    assert (sure.exit_code, "1 providers" in sure.output) == (0, True), sure.output
    assert installation.find_words() == set()
    again = CliRunner().invoke(person, ["erase", EMAIL, "--yes"])
    assert (again.exit_code, again.output) == (1, "Error: Nothing is known of this address.\n")


@pytest.mark.concurrency
def test_of_two_who_erase_the_same_person_at_once_one_finds_nobody(
    installation: Installation,
) -> None:
    with Session(installation.database) as session, writing(session):
        make_scene(session)
    both_have_read = threading.Barrier(2)

    def erase() -> str:
        with Session(installation.database) as session:
            assert session.scalars(select(Person).where(Person.email == EMAIL)).one()
            both_have_read.wait(20)
            try:
                with writing(session):
                    erase_person(session, email=EMAIL, actor=None, at=AT)
            except NotFound:
                return "nobody"
            return "erased"

    with ThreadPoolExecutor(2) as pool:
        outcomes = [running.result(30) for running in [pool.submit(erase) for _ in range(2)]]
    assert sorted(outcomes) == ["erased", "nobody"]


@pytest.mark.concurrency
def test_who_joins_while_another_is_erased_keeps_the_organisation_or_is_refused(
    installation: Installation,
) -> None:
    with Session(installation.database) as session, writing(session):
        leaving = make_person(session, name=NAME, email=EMAIL)
        colleague_id = make_person(session, name="Colleague").id
        fund_id = make_investor(session, person=leaving).id
    both_have_read = threading.Barrier(2)

    def join_it() -> str:
        with Session(installation.database) as session:
            both_have_read.wait(20)
            try:
                with writing(session):
                    fund = session.get(Provider, fund_id)
                    if fund is None:
                        return "refused"
                    colleague = session.get_one(Person, colleague_id)
                    join(session, colleague, Role.INVESTOR, provider=fund)
            except IntegrityError:
                return "refused"
            return "joined"

    def erase() -> None:
        both_have_read.wait(20)
        with Session(installation.database) as session, writing(session):
            erase_person(session, email=EMAIL, actor=None, at=AT)

    with ThreadPoolExecutor(2) as pool:
        erasing, joining = pool.submit(erase), pool.submit(join_it)
        erasing.result(30)
        outcome = joining.result(30)
    with Session(installation.database) as session:
        left = session.scalars(select(Provider.id)).all()
        assert (outcome, left) in (("joined", [fund_id]), ("refused", []))
