"""Which organisations a startup or a provider is connected with, and by which topics it competes.

Both exist to find conflicts of interest by an index: what is compared is stored as a key beside
what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self, overload

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship, validates

from models.credit_code import (
    CreditCode,
    CreditCodeType,
    make_credit_code_index,
    split_credit_code,
)
from models.erasure import erasure_empties
from models.folding import fold
from models.organisation_names import KEY_LIMIT, make_name_key, make_other_key
from models.orm import Base, code_type
from models.vocabulary import AffiliationKind

NAME_LIMIT = 120


class Affiliation(Base):
    """One organisation that a startup or a provider names, and what it is to them.

    `name` stands as it was typed; `name_key` is what it is looked up by, after `credit_code`, the
    code that may stand behind the name; `other_key` is that of a name that it had before, or has in
    another language, where the name says so.
    """

    __tablename__ = "affiliation"
    __table_args__ = (
        CheckConstraint("(provider_id IS NULL) <> (startup_id IS NULL)", name="one_side"),
        Index("ix_affiliation_name_key", "name_key", "kind"),
        make_credit_code_index("ix_affiliation_other_key", "other_key", "kind"),
        make_credit_code_index("ix_affiliation_credit_code", "credit_code", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int | None] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    startup_id: Mapped[int | None] = mapped_column(
        ForeignKey("startup.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[AffiliationKind] = mapped_column(code_type(AffiliationKind, "kind"))
    ordinal: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(NAME_LIMIT), info=erasure_empties())
    name_key: Mapped[str] = mapped_column(String(KEY_LIMIT), info=erasure_empties())
    other_key: Mapped[str | None] = mapped_column(String(KEY_LIMIT), info=erasure_empties())
    credit_code: Mapped[CreditCode | None] = mapped_column(CreditCodeType, info=erasure_empties())

    @validates("name")
    def _keep_key(self, attribute: str, name: str) -> str:
        self.name_key, self.other_key = make_name_key(name), make_other_key(name)
        self.credit_code = split_credit_code(name)[1]
        return name


class Affiliated:
    """Mixin: whatever names organisations, each under its kind (see `NamesOf`)."""

    @declared_attr
    def affiliation_rows(self) -> Mapped[list[Affiliation]]:
        """All that is named, of every kind, in the order in which it was typed."""
        return relationship(
            Affiliation,
            cascade="all, delete-orphan",
            passive_deletes=True,
            order_by=(Affiliation.ordinal, Affiliation.id),
        )


class NamesOf:
    """The names of one kind of affiliation as a tuple, in the order given.

    Set to other names, the rows of those that stay are kept; blank names and repeats are dropped.
    """

    def __init__(self, kind: AffiliationKind) -> None:
        self.kind = kind

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: Affiliated, owner: type[Any]) -> tuple[str, ...]: ...
    def __get__(self, instance: Affiliated | None, owner: type[Any]) -> Self | tuple[str, ...]:
        if instance is None:
            return self
        rows = (row for row in instance.affiliation_rows if row.kind is self.kind)
        return tuple(row.name for row in sorted(rows, key=lambda row: row.ordinal))

    def __set__(self, instance: Affiliated, names: Iterable[str]) -> None:
        wanted = dict.fromkeys(stripped for name in names if (stripped := name.strip()))
        there = {row.name: row for row in instance.affiliation_rows if row.kind is self.kind}
        for name, row in there.items():
            if name not in wanted:
                instance.affiliation_rows.remove(row)
        for ordinal, name in enumerate(wanted):
            if name in there:
                there[name].ordinal = ordinal
            else:
                instance.affiliation_rows.append(
                    Affiliation(kind=self.kind, name=name, ordinal=ordinal)
                )


class StartupTopic(Base):
    """A topic of a startup as it is compared: without case, width and blanks."""

    __tablename__ = "startup_topic"
    __table_args__ = (Index("ix_startup_topic_topic_key", "topic_key", "startup_id"),)

    startup_id: Mapped[int] = mapped_column(
        ForeignKey("startup.id", ondelete="CASCADE"), primary_key=True
    )
    topic_key: Mapped[str] = mapped_column(
        String(KEY_LIMIT), primary_key=True, info=erasure_empties()
    )


def make_topic_key(topic: str) -> str:
    """`topic` as it is compared: without width, case, accents and blanks, in Simplified."""
    return "".join(fold(topic).split())[:KEY_LIMIT]
