"""Keeping the record of who did what, and showing that nobody changed it.

Entries are sealed a moment after their commit, in one chain for the installation, so that no act
waits for another. Whoever can write into the database could write the chain anew: its last seal,
kept elsewhere, shows that.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.access import Acting
from app.events import Subject, announce
from models.audit import AuditEntry, AuditSeal

_SALT_BYTES = 16
_READ_TOGETHER = 1000


def record(
    session: Session,
    *,
    actor: Acting | None,
    kind: str,
    subject: Subject,
    at: datetime,
    incubator_id: int | None = None,
    detail: Mapping[str, str] | None = None,
) -> None:
    """An entry says that `actor` did `kind` (past tense) to `subject`; None is the clock.

    `incubator_id` is the tenant whose operators may read the entry, and whose webhooks are told.
    """
    session.add(
        AuditEntry(
            happened_at=at,
            actor_id=actor.person_id if actor else None,
            on_behalf_of_id=actor.on_behalf_of_id if actor else None,
            incubator_id=incubator_id,
            kind=kind,
            subject_table=subject.__tablename__,
            subject_public_id=subject.public_id,
            detail=dict(detail or {}),
        )
    )
    announce(session, act=kind, incubator_id=incubator_id, subject=subject, at=at)


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What a look at the chain found, by the numbers of seals.

    `changed` are entries that no longer say what was sealed, or seals that do not follow from those
    before; `removed` have no entry any more; `missing` are numbers without a seal. `emptied` is how
    many lost who and what was said to an erasure, `unsealed` how many entries wait for their seal.
    `last` is the last number and seal, for keeping elsewhere.
    """

    sealed: int
    unsealed: int
    emptied: int
    changed: tuple[int, ...]
    removed: tuple[int, ...]
    missing: tuple[int, ...]
    is_known_there: bool
    last: tuple[int, str]

    @property
    def is_whole(self) -> bool:
        """Whether nobody changed anything, as far as the chain can tell."""
        return self.is_known_there and not (self.changed or self.removed or self.missing)


def seal_entries(session: Session, *, limit: int) -> int:
    """The oldest entries without a seal have one, at most `limit`; returns how many.

    Two callers at once: the second fails with IntegrityError, and nothing of its is kept.
    """
    last = session.scalar(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))
    number, seal = (last.number, last.seal) if last else (0, "")
    waiting = (
        select(AuditEntry)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.number.is_(None))
        .order_by(AuditEntry.id)
        .limit(limit)
    )
    entries = session.scalars(waiting).all()
    for entry in entries:
        number += 1
        said = (entry.actor_id, entry.on_behalf_of_id, entry.detail)
        salts = [secrets.token_hex(_SALT_BYTES) for _ in said]
        hashes = [_hash([salt, part]) for salt, part in zip(salts, said, strict=True)]
        told = _hash([*hashes])
        seal = _hash_seal(seal, number, entry, told)
        session.add(
            AuditSeal(
                number=number,
                entry_id=entry.id,
                actor_salt=salts[0],
                behalf_salt=salts[1],
                salt=salts[2],
                actor_hash=hashes[0],
                behalf_hash=hashes[1],
                words_hash=hashes[2],
                told_hash=told,
                seal=seal,
            )
        )
    session.flush()
    return len(entries)


def verify_record(session: Session, *, known: tuple[int, str] | None = None) -> RecordReport:
    """Every seal is computed once more from its entry and the seal before.

    `known` is a number and a seal that were kept elsewhere: they have to be in the chain.
    """
    changed: list[int] = []
    removed: list[int] = []
    missing: list[int] = []
    emptied = sealed = number = 0
    before, is_known_there = "", known is None
    query = select(AuditSeal).options(joinedload(AuditSeal.entry)).order_by(AuditSeal.number)
    for row in session.scalars(query.execution_options(yield_per=_READ_TOGETHER)):
        missing += range(number + 1, row.number)
        number, sealed = row.number, sealed + 1
        is_known_there = is_known_there or known == (row.number, row.seal)
        emptied += "" in (row.salt, row.actor_salt, row.behalf_salt)
        if row.entry is None:
            removed.append(row.number)
        elif _is_changed(row, row.entry, before):
            changed.append(row.number)
        before = row.seal
    entries = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    return RecordReport(
        sealed=sealed,
        unsealed=entries - (sealed - len(removed)),
        emptied=emptied,
        changed=tuple(changed),
        removed=tuple(removed),
        missing=tuple(missing),
        is_known_there=is_known_there,
        last=(number, before),
    )


def _is_changed(row: AuditSeal, entry: AuditEntry, before: str) -> bool:
    if _is_told_otherwise(row, entry):
        return True
    return _hash_seal(before, row.number, entry, row.told_hash) != row.seal


def _is_told_otherwise(row: AuditSeal, entry: AuditEntry) -> bool:
    """Whether somebody else acts, or in other words, than what was sealed, where that is left."""
    if row.words_hash is None:
        # Sealed before the parts had salts of their own.
        told = _hash([row.salt, entry.actor_id, entry.on_behalf_of_id, entry.detail])
        return bool(row.salt) and told != row.told_hash
    people = (
        (row.actor_salt, row.actor_hash, entry.actor_id),
        (row.behalf_salt, row.behalf_hash, entry.on_behalf_of_id),
    )
    for salt, sealed, person_id in people:
        # Whoever was erased is nobody: nobody else stands there.
        if person_id is not None if not salt else _hash([salt, person_id]) != sealed:
            return True
    if row.salt and _hash([row.salt, entry.detail]) != row.words_hash:
        return True
    return _hash([row.actor_hash, row.behalf_hash, row.words_hash]) != row.told_hash


def _hash_seal(before: str, number: int, entry: AuditEntry, told_hash: str) -> str:
    return _hash(
        [
            before,
            number,
            entry.id,
            entry.happened_at.astimezone(UTC).isoformat(),
            entry.incubator_id,
            entry.kind,
            entry.subject_table,
            entry.subject_public_id,
            told_hash,
        ]
    )


def _hash(parts: list[object]) -> str:
    """SHA-256 in hex over `parts` in one form of JSON."""
    written = json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
