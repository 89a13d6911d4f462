"""People, what they are to organisations, and how they are asked to join."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from models.email_addresses import canonical_email
from models.erasure import erasure_empties, holds_no_person
from models.lifecycle import INVITATION
from models.orm import Base, PublicId, UtcDateTime, code_type
from models.state import state_type
from models.vocabulary import Role

if TYPE_CHECKING:
    from models.organisations import Incubator, Startup
    from models.passkeys import Passkey
    from models.provider_links import ProviderLink
    from models.providers import Provider
    from models.second_factors import SecondFactor

LOCALES = ("zh_Hans_CN", "en")

# What a membership points at follows from the role alone.
_TARGET_FOLLOWS_ROLE = (
    "(role = 'founder' AND startup_id IS NOT NULL AND incubator_id IS NULL AND provider_id IS NULL)"
    " OR (role = 'operator' AND incubator_id IS NOT NULL AND startup_id IS NULL"
    " AND provider_id IS NULL)"
    " OR (role IN ('mentor', 'investor', 'centre') AND provider_id IS NOT NULL"
    " AND startup_id IS NULL AND incubator_id IS NULL)"
    " OR (role = 'regulator' AND provider_id IS NULL AND startup_id IS NULL"
    " AND incubator_id IS NULL)"
)


class Person(PublicId, Base):
    """Someone who can log in. What they may do follows from their memberships."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("locale IN ('zh_Hans_CN', 'en')", name="locale"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    email: Mapped[str] = mapped_column(String(254), unique=True, info=erasure_empties())
    name: Mapped[str] = mapped_column(String(80), info=erasure_empties())
    # None: has been invited or imported, and has not chosen a password yet.
    password_hash: Mapped[str | None] = mapped_column(String(200), info=erasure_empties())
    locale: Mapped[str] = mapped_column(String(12), default="zh_Hans_CN", info=holds_no_person())
    time_zone: Mapped[str] = mapped_column(
        String(64), default="Asia/Shanghai", info=holds_no_person()
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deactivated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Counts password changes: a log-in cookie or a reset link of an earlier count is void.
    credential_version: Mapped[int] = mapped_column(default=1)

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="person", cascade="all, delete-orphan", passive_deletes=True
    )
    second_factor: Mapped[SecondFactor | None] = relationship(
        back_populates="person", cascade="all, delete-orphan", passive_deletes=True
    )
    passkeys: Mapped[list[Passkey]] = relationship(
        back_populates="person",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="Passkey.id",
    )
    provider_links: Mapped[list[ProviderLink]] = relationship(
        back_populates="person",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="ProviderLink.id",
    )

    @validates("email")
    def _canonicalise_email(self, key: str, address: str) -> str:
        return canonical_email(address)

    @property
    def is_active(self) -> bool:
        """Whether the person may log in."""
        return self.deactivated_at is None

    @property
    def has_second_factor(self) -> bool:
        """Whether a password alone does not let in: there is a device with codes, or a passkey."""
        return self.second_factor is not None or bool(self.passkeys)

    @property
    def has_way_in(self) -> bool:
        """Whether there is anything by which the person logs in, or is asked for: a password, a
        device, or an account elsewhere. Not of who was imported or invited and never came.
        """
        is_asked = self.password_hash is not None or self.has_second_factor
        return is_asked or bool(self.provider_links)


class Membership(PublicId, Base):
    """A person acts for an organisation in a role.

    Founder: for a startup. Operator: for an incubator. Mentor, investor, centre: for a provider of
    that kind. Regulator: for the authority of the place `place_code`.
    """

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(_TARGET_FOLLOWS_ROLE, name="target_follows_role"),
        CheckConstraint(
            "role <> 'regulator' OR place_code IS NOT NULL", name="regulator_has_place"
        ),
        Index("uq_membership_founder", "person_id", "startup_id", unique=True),
        Index("uq_membership_operator", "person_id", "incubator_id", unique=True),
        Index("uq_membership_provider", "person_id", "provider_id", unique=True),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(code_type(Role, "role"))
    startup_id: Mapped[int | None] = mapped_column(
        ForeignKey("startup.id", ondelete="CASCADE"), index=True
    )
    incubator_id: Mapped[int | None] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    provider_id: Mapped[int | None] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    place_code: Mapped[str | None] = mapped_column(String(6), info=holds_no_person())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="memberships")
    startup: Mapped[Startup | None] = relationship(back_populates="memberships")
    # Whoever asks for whom somebody acts also asks whether the incubator lets them.
    incubator: Mapped[Incubator | None] = relationship(back_populates="memberships", lazy="joined")
    provider: Mapped[Provider | None] = relationship(back_populates="memberships")


class Invitation(PublicId, Base):
    """A link by which someone joins an organisation in a role; only its hash is kept."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(_TARGET_FOLLOWS_ROLE, name="target_follows_role"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        Index(
            "uq_invitation_startup",
            "email",
            "startup_id",
            unique=True,
            sqlite_where=text("state = 'sent'"),
            postgresql_where=text("state = 'sent'"),
        ),
        Index(
            "uq_invitation_incubator",
            "email",
            "incubator_id",
            unique=True,
            sqlite_where=text("state = 'sent'"),
            postgresql_where=text("state = 'sent'"),
        ),
        Index(
            "uq_invitation_provider",
            "email",
            "provider_id",
            unique=True,
            sqlite_where=text("state = 'sent'"),
            postgresql_where=text("state = 'sent'"),
        ),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=erasure_empties())
    email: Mapped[str] = mapped_column(String(254), index=True, info=erasure_empties())
    name: Mapped[str] = mapped_column(String(80), default="", info=erasure_empties())
    role: Mapped[Role] = mapped_column(code_type(Role, "role"))
    state: Mapped[str] = mapped_column(state_type(INVITATION), default="sent")
    startup_id: Mapped[int | None] = mapped_column(
        ForeignKey("startup.id", ondelete="CASCADE"), index=True
    )
    incubator_id: Mapped[int | None] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    provider_id: Mapped[int | None] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    # The incubator on whose behalf the invitation was sent; a mentor's profile has no incubator.
    sender_incubator_id: Mapped[int | None] = mapped_column(
        ForeignKey("incubator.id", ondelete="CASCADE"), index=True
    )
    invited_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    startup: Mapped[Startup | None] = relationship(foreign_keys=[startup_id])
    incubator: Mapped[Incubator | None] = relationship(foreign_keys=[incubator_id])
    provider: Mapped[Provider | None] = relationship(foreign_keys=[provider_id])
    invited_by: Mapped[Person | None] = relationship(foreign_keys=[invited_by_id])

    @validates("email")
    def _canonicalise_email(self, key: str, address: str) -> str:
        return canonical_email(address)
