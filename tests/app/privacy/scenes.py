"""A person of whom much is known, in an installation that can be looked through."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import access
from app.accounts.actions import invite
from app.engagements.actions import engagements
from app.matches.actions import find_suggestions, store_suggestions
from app.privacy.actions import Erasure
from app.privacy.carrying_out import carry_out_erasure
from app.rooms import ERASINGS
from app.settings import Settings
from app.telling.mail import FolderTransport
from app.transactions import writing
from matching.engine import Engine
from models.credit_code import complete_credit_code
from models.matches import Match
from models.needs import Need
from models.organisations import Incubator, Startup
from models.people import Person
from models.providers import Provider
from models.vocabulary import Role
from tests.app.engagements.scenes import Scene, ask, hold, judge, make_accepted
from tests.app.imports.files import COMPLETE_MENTOR
from tests.app.imports.scenes import House as ImportHouse
from tests.app.imports.scenes import preview
from tests.app.privacy.traces import (
    find_in_files,
    find_in_tables,
)
from tests.factories import (
    AT,
    act_as,
    admit,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

NAME = "魁札林 Quetzalina Xyloth"
EMAIL = "quetzalina.xyloth@example.org"
SUMMARY = "Zyzzyvology of wafers for ten years. Raised the yield of quokkaline from 40 to 75 %."
CODE = complete_credit_code("91310115MA7C0001")
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
    "Advisedword",
    "Shareholderword",
    "Importword",
    "Applicationword",
    "Needword",
    "Startupword",
    CODE,
)
MENTOR = {
    "name": NAME,
    # A mentor has none; an investor or a centre who goes in the same way has.
    "credit_code": CODE,
    "headline": "Zyzzyvology",
    "summary": SUMMARY,
    "topics": ["Topicword"],
    "affiliations": ["Affiliateword Fund"],
    "advised": ["Advisedword Labs"],
    "mentor": {"employer": f"Employerword Institute {CODE}", "years_of_experience": 30},
}


@dataclass(frozen=True, slots=True)
class Installation:
    """A database with an engine and a folder of its own."""

    database: DatabaseEngine
    matching: Engine
    settings: Settings

    def erase(self, email: str = EMAIL) -> Erasure:
        with Session(self.database) as session:
            done = carry_out_erasure(
                session,
                self.database,
                self.settings,
                email=email,
                rooms=ERASINGS,
                actor=access.Installation.COMMAND_LINE,
                at=AT,
            )
        assert done.is_overwritten
        return done.erasure

    def find_words(self) -> set[tuple[str, str]]:
        with self.database.connect() as connection:
            found = find_in_tables(connection, WORDS)
        return found | find_in_files(self.settings.instance_path, WORDS)


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
        found = find_suggestions(session, installation.matching, need, at=AT)
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
