"""Two whole tenants in one database, each typed text of each row with a word of its own in it."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Enum, String, update
from sqlalchemy.orm import Session

from models.engagements import CoachingSession
from models.orm import Base, TextList
from models.people import Person
from models.vocabulary import Role, Side
from tests.factories import (
    AT,
    admit,
    join,
    make_engagement,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.rules.authority_world import World, make_world

# What the application itself writes, or reads back: names for machines, which no person types.
_OURS = re.compile(
    r"public_id$|_hash$|sha256|media_type|_code$|_table$|_version$|fingerprint$|_key$|^url$|^code$|^link$"
    r"|^(email|locale|time_zone|kind|state|path|role|dtype|address|subject|issuer|browser)$"
)


class Row(NamedTuple):
    """Whose a row with a public id is, its state, and its table."""

    whose: str
    state: str
    table: str


class Marked:
    """The rows by public id, and by the number in a word the column and whose row it stands in.

    Without `has_words` texts stay as they are: with theirs some are longer than PostgreSQL takes.
    """

    def __init__(self, *, has_words: bool = True) -> None:
        self._has_words = has_words
        self.rows: dict[str, Row] = {}
        self.sources: dict[str, tuple[str, str]] = {}
        self._last: dict[str, int] = {}

    def mark(self, session: Session, whose: str) -> None:
        """The rows that are new since the last call are `whose`, and get their words."""
        session.flush()
        for table in Base.metadata.sorted_tables:
            if "id" not in table.columns:
                continue
            typed = [column.name for column in table.columns if _is_typed(column)]
            if not self._has_words or table.name.endswith(("_section", "_passage")):
                # What a machine made of texts, which is compared with them.
                typed = []
            since = self._last.get(table.name, 0)
            for row in session.execute(table.select().where(table.c.id > since)).mappings().all():
                self._last[table.name] = max(self._last.get(table.name, 0), row["id"])
                if "public_id" in table.columns:
                    state = str(row["state"]) if "state" in table.columns else ""
                    self.rows[row["public_id"]] = Row(whose, state, table.name)
                values = {
                    name: self._add_word(row[name], f"{table.name}.{name}", whose)
                    for name in typed
                    if row[name] and not _is_figure(row[name])
                }
                if values:
                    session.execute(update(table).where(table.c.id == row["id"]).values(values))

    def _add_word(self, value: Any, column: str, whose: str) -> Any:
        number = str(len(self.sources) + 1)
        self.sources[number] = (column, whose)
        word = f"qz{number}zq"
        return [f"{value[0]} {word}", *value[1:]] if isinstance(value, list) else f"{value} {word}"


class Somebody(NamedTuple):
    """A person, for whom they act, and within which incubator."""

    person: Person
    other: Person | None = None
    within: int | None = None


def settle(session: Session, marked: Marked) -> Mapping[str, Somebody]:
    """Two worlds, and beside the first a startup and a mentor of the same tenant; by role."""
    here = make_world(session)
    _meet(session, here)
    founder, mentor = here.scene.founder, here.scene.mentor
    # Somebody acts for both in that world: here each has a person of their own.
    investor, centre = make_person(session), make_person(session)
    join(session, investor, Role.INVESTOR, provider=here.other_fund)
    join(session, centre, Role.CENTRE, provider=here.order.engagement.provider)
    marked.mark(session, "here")
    beside = make_startup(session, founder=make_person(session), incubator=here.scene.incubator)
    colleague = make_mentor(session, person=make_person(session), open_to_all=False)
    admit(session, here.scene.incubator, colleague)
    make_engagement(session, make_need(session, beside), colleague, state="accepted")
    make_engagement(session, make_need(session, beside), colleague)
    founder_next = beside.memberships[0].person
    mentor_next = colleague.memberships[0].person
    both = make_person(session)
    join(session, both, Role.FOUNDER, startup=beside)
    join(session, both, Role.MENTOR, provider=here.scene.provider)
    marked.mark(session, "next")
    away = make_world(session)
    _meet(session, away)
    marked.mark(session, "away")
    nobody, regulator = make_person(session), make_person(session)
    join(session, regulator, Role.REGULATOR, place_code="310000")
    session.flush()
    session.expire_all()
    operator, incubator = here.scene.operator, here.scene.incubator
    other = away.scene
    return {
        "nobody": Somebody(nobody),
        "founder": Somebody(founder),
        "founder_next": Somebody(founder_next),
        "founder_away": Somebody(other.founder),
        "mentor": Somebody(mentor),
        "mentor_next": Somebody(mentor_next),
        "founder_and_mentor": Somebody(both),
        "investor": Somebody(investor),
        "centre": Somebody(centre),
        "operator": Somebody(operator),
        "operator_away": Somebody(other.operator),
        "for_founder": Somebody(operator, founder, incubator.id),
        "for_mentor": Somebody(operator, mentor, incubator.id),
        "for_founder_away": Somebody(other.operator, founder, other.incubator.id),
        "regulator": Somebody(regulator),
    }


def _meet(session: Session, world: World) -> None:
    """Talks with the fund and appointments at the centre: to come, over, and held."""
    for engagement in (world.deal, world.order.engagement):
        for days, state in ((3, "proposed"), (-1, "confirmed"), (-2, "held")):
            starts_at = AT + timedelta(days=days)
            time = CoachingSession(
                engagement_id=engagement.id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=1),
                place="Room 3",
                state=state,
                proposed_by_side=Side.PROVIDER,
                created_at=AT,
            )
            session.add(time)


def _is_figure(value: Any) -> bool:
    """Whether the text is read as a number again."""
    first = value[0] if isinstance(value, list) else value
    return str(first).replace(".", "").replace("-", "").isdecimal()


def _is_typed(column: Any) -> bool:
    if isinstance(column.type, Enum) or column.foreign_keys or _OURS.search(column.name):
        return False
    return isinstance(column.type, (String, TextList))
