"""Where else a person is named: in what others were told, and in the record of acts.

Names are looked for as whole values: they are often short, and part of other words.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from app.leaving import ERASED, Leaving, mentions_one_of
from app.scopes import SCOPES
from models import vocabulary
from models.audit import AuditEntry, AuditSeal
from models.notices import Notice, OutboxMail
from models.orm import Base

_CODES = {
    *SCOPES,
    *(
        code.value
        for codes in vars(vocabulary).values()
        if isinstance(codes, type) and issubclass(codes, StrEnum)
        for code in codes
    ),
}


# So many at once: databases bound how deep a condition may be.
_WORDS_TOGETHER = 200


def choose_names(words: Collection[str]) -> set[str]:
    """Those of `words` by which somebody can be known: no number, no code, no single character.

    People choose their own names, and what others are told holds numbers and codes as well.
    """
    return {word for word in words if len(word) > 1 and not word.isdigit() and word not in _CODES}


def remove_told(session: Session, leaving: Leaving, paths: Collection[str]) -> int:
    """Notices and mails to the person, and those that lead to `paths`, are gone; how many."""
    removed = 0
    for table, to_them in (
        (Notice, [leaving.is_person(Notice.person_id)]),
        (
            OutboxMail,
            [leaving.is_person(OutboxMail.person_id), OutboxMail.address == leaving.email],
        ),
    ):
        removed += _delete(session, table, or_(table.path.in_(paths), *to_them))
    return removed


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody who stays and has a name of whoever leaves: what leads to them tells of them."""

    name: str
    paths: frozenset[str]
    public_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """By what is found whatever tells of somebody who left.

    Their address and `names`, the `words` by which they were known or which they wrote, the `paths`
    of what was theirs; what leads to one of `namesakes` is about those.
    """

    email: str
    names: frozenset[str]
    words: frozenset[str]
    paths: frozenset[str]
    namesakes: tuple[Namesake, ...]

    def list_words_at(self, path: str) -> frozenset[str]:
        """The words that mean the person in what leads to `path`."""
        return self.words - {each.name for each in self.namesakes if path in each.paths}


def replace_told(
    session: Session, words: Collection[str], email: str, namesakes: Sequence[Namesake] = ()
) -> int:
    """What others were told, and the record of acts, name nobody by `words`; how many rows did.

    A row that leads to one of `namesakes` keeps their name: it is about them.
    """
    changed, names = 0, sorted(choose_names(words) | {email})
    told = set(names)
    for table, column in (
        (Notice, Notice.facts),
        (OutboxMail, OutboxMail.facts),
        (AuditEntry, AuditEntry.detail),
    ):
        for start in range(0, len(names), _WORDS_TOGETHER):
            some = names[start : start + _WORDS_TOGETHER]
            for row in session.scalars(select(table).where(mentions_one_of(column, some))):
                facts = getattr(row, column.key)
                replaced = _replace(facts, told - _list_spared(row, namesakes), email)
                if replaced != facts:
                    setattr(row, column.key, replaced)
                    changed += 1
                    if isinstance(row, AuditEntry):
                        _open_seals(session, [row.id])
    # Sent mails keep no calendar, and what leads to the person's own things is gone: one that
    # waits still asks them to a time of others, by their address.
    for mail in session.scalars(select(OutboxMail).where(OutboxMail.calendar.is_not(None))):
        # Long lines are folded (RFC 5545, 3.1), also within an address.
        if has_address((mail.calendar or "").replace("\r\n ", ""), email):
            mail.calendar = mail.calendar_method = None
            changed += 1
    session.flush()
    return changed


def _list_spared(row: Base, namesakes: Sequence[Namesake]) -> frozenset[str]:
    """The names of those whom `row` is about."""
    return frozenset(one.name for one in namesakes if _is_about(row, one))


def _is_about(row: Base, namesake: Namesake) -> bool:
    match row:
        case AuditEntry():
            return row.subject_public_id in namesake.public_ids
        case Notice() | OutboxMail():
            return row.path in namesake.paths
        case _:
            return False


def remove_records(session: Session, leaving: Leaving, subjects: Sequence[str]) -> None:
    """The record keeps which acts there were, without what was said in those of the person or
    about `subjects`, the public ids of what goes."""
    theirs = or_(
        leaving.is_person(AuditEntry.actor_id),
        leaving.is_person(AuditEntry.on_behalf_of_id),
        AuditEntry.subject_public_id.in_(subjects),
    )
    _open_seals(session, session.scalars(select(AuditEntry.id).where(theirs)).all())
    for column, salt in (
        (AuditEntry.actor_id, AuditSeal.actor_salt),
        (AuditEntry.on_behalf_of_id, AuditSeal.behalf_salt),
    ):
        ids = session.scalars(select(AuditEntry.id).where(leaving.is_person(column))).all()
        session.execute(update(AuditSeal).where(AuditSeal.entry_id.in_(ids)).values({salt: ""}))
    session.execute(update(AuditEntry).where(theirs).values(detail={}))


def _open_seals(session: Session, entry_ids: Collection[int]) -> None:
    """The seals of these entries no longer tell what was said; the chain holds."""
    session.execute(update(AuditSeal).where(AuditSeal.entry_id.in_(entry_ids)).values(salt=""))


def _delete(
    session: Session,
    table: type[Notice] | type[OutboxMail],
    condition: ColumnElement[bool],
) -> int:
    return len(session.scalars(delete(table).where(condition).returning(table.id)).all())


def has_address(text: str, email: str) -> bool:
    """Whether `text` has `email` in it, and not only as a part of a longer address."""
    return bool(email) and bool(
        re.search(
            rf"(?<![a-z0-9_.+-]){re.escape(email)}(?![a-z0-9_-]|\.[a-z0-9])", text, re.IGNORECASE
        )
    )


def _replace(facts: Mapping[str, str], words: Collection[str], email: str) -> dict[str, str]:
    return {
        key: ERASED if value in words or email in value else value for key, value in facts.items()
    }
