"""Lay out the first tables

Revision: 0001
Follows:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incubator",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "incubator",
                "maker_space",
                "accelerator",
                "university_science_park",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place_code", sa.String(length=6), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("selection_standard", sa.Text(), nullable=False),
        sa.Column("service_officer", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator")),
        sa.UniqueConstraint("name", name=op.f("uq_incubator_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_incubator_public_id")),
    )
    op.create_table(
        "person",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("credential_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("locale IN ('zh_Hans_CN', 'en')", name=op.f("ck_person_locale")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
    )
    op.create_table(
        "provider",
        sa.Column(
            "kind",
            sa.Enum(
                "mentor",
                "investor",
                "centre",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "paused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("headline", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("can_help_with", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("place_code", sa.String(length=6), nullable=True),
        sa.Column("remote", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("open_to_all", sa.Boolean(), nullable=False),
        sa.Column("affiliations", sa.JSON(), nullable=False),
        sa.Column("published_text", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "state <> 'published' OR (published_text <> '' AND published_at IS NOT NULL)",
            name=op.f("ck_provider_published_has_text"),
        ),
        sa.CheckConstraint("capacity BETWEEN 0 AND 500", name=op.f("ck_provider_capacity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("public_id", name=op.f("uq_provider_public_id")),
    )
    with op.batch_alter_table("provider", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provider_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_provider_revision"), ["revision"], unique=False)
        batch_op.create_index(batch_op.f("ix_provider_state"), ["state"], unique=False)

    op.create_table(
        "provider_tombstone",
        sa.Column("provider_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_provider_tombstone")),
    )
    with op.batch_alter_table("provider_tombstone", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provider_tombstone_revision"), ["revision"], unique=False
        )

    op.create_table(
        "revision_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_revision_counter_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_counter")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("incubator_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject_table", sa.String(length=40), nullable=False),
        sa.Column("subject_public_id", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_audit_entry_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_audit_entry_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"],
            ["person.id"],
            name=op.f("fk_audit_entry_on_behalf_of_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_entry_happened_at"), ["happened_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_entry_incubator_id"), ["incubator_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_entry_on_behalf_of_id"), ["on_behalf_of_id"], unique=False
        )
        batch_op.create_index(
            "ix_audit_entry_subject", ["subject_table", "subject_public_id"], unique=False
        )

    op.create_table(
        "centre",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column(
            "centre_kind",
            sa.Enum(
                "concept_verification",
                "pilot_line",
                "test_platform",
                "large_instruments",
                name="centre_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("accepts_vouchers", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_centre_provider_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_centre")),
    )
    op.create_table(
        "import_batch",
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "mentors",
                "startups",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "previewed",
                "applying",
                "applied",
                "discarded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("unknown_columns", sa.JSON(), nullable=False),
        sa.Column("sends_invitations", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_import_batch_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_import_batch_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_batch_public_id")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batch_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_import_batch_incubator_id"), ["incubator_id"], unique=False
        )

    op.create_table(
        "investor",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column(
            "investor_kind",
            sa.Enum(
                "seed_fund",
                "angel",
                "venture",
                "relay",
                name="investor_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ticket_min_yuan", sa.BigInteger(), nullable=True),
        sa.Column("ticket_max_yuan", sa.BigInteger(), nullable=True),
        sa.Column("funding_stages", sa.JSON(), nullable=False),
        sa.Column("instruments", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "ticket_max_yuan >= ticket_min_yuan", name=op.f("ck_investor_ticket_range")
        ),
        sa.CheckConstraint("ticket_min_yuan >= 0", name=op.f("ck_investor_ticket_min")),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_investor_provider_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_investor")),
    )
    op.create_table(
        "mentor",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("experience", sa.JSON(), nullable=False),
        sa.Column(
            "seat",
            sa.Enum(
                "academic",
                "industrial",
                name="seat",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("routes", sa.JSON(), nullable=False),
        sa.Column("help_modes", sa.JSON(), nullable=False),
        sa.Column("hours_per_month", sa.Integer(), nullable=False),
        sa.Column("years_of_experience", sa.Integer(), nullable=True),
        sa.Column("employer", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "hours_per_month BETWEEN 0 AND 200", name=op.f("ck_mentor_hours_per_month")
        ),
        sa.CheckConstraint(
            "years_of_experience BETWEEN 0 AND 80", name=op.f("ck_mentor_years_of_experience")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_mentor_provider_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_mentor")),
    )
    op.create_table(
        "notice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notice_public_id")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_notice_person_id_read_at", ["person_id", "read_at"], unique=False)

    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("calendar_method", sa.String(length=10), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_outbox_mail_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
    )
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_mail_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_mail_sent_at_not_before", ["sent_at", "not_before"], unique=False
        )

    op.create_table(
        "pool_entry",
        sa.Column("incubator_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "applied",
                "admitted",
                "declined",
                "paused",
                "retired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("application", sa.Text(), nullable=False),
        sa.Column("private_note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["person.id"],
            name=op.f("fk_pool_entry_changed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_pool_entry_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_pool_entry_provider_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_entry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pool_entry_public_id")),
    )
    with op.batch_alter_table("pool_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pool_entry_changed_by_id"), ["changed_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_pool_entry_incubator_id"), ["incubator_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_pool_entry_provider_id"), ["provider_id"], unique=False
        )
        batch_op.create_index("uq_pool_entry_mentor", ["incubator_id", "provider_id"], unique=True)

    op.create_table(
        "provider_passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("passage_start", sa.Integer(), nullable=False),
        sa.Column("passage_end", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("dtype", sa.String(length=10), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.CheckConstraint("role IN ('whole', 'sentence')", name=op.f("ck_provider_passage_role")),
        sa.CheckConstraint(
            "passage_start >= 0 AND passage_end > passage_start",
            name=op.f("ck_provider_passage_span"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_provider_passage_provider_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_passage")),
    )
    with op.batch_alter_table("provider_passage", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provider_passage_provider_id"), ["provider_id"], unique=False
        )
        batch_op.create_index(
            "uq_provider_passage_ordinal", ["provider_id", "ordinal"], unique=True
        )

    op.create_table(
        "startup",
        sa.Column("incubator_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("one_line", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "paused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column(
            "ladder",
            sa.Enum(
                "pre_incubation",
                "start_up",
                "backbone",
                "leader",
                name="ladder",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column(
            "funding_stage",
            sa.Enum(
                "seed",
                "angel",
                "start_up",
                "growth",
                name="funding_stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("readiness", sa.Integer(), nullable=True),
        sa.Column(
            "gate",
            sa.Enum(
                "principle",
                "lab",
                "prototype",
                "pilot",
                "market",
                name="gate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("place_code", sa.String(length=6), nullable=True),
        sa.Column("remote", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("affiliations", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("readiness BETWEEN 1 AND 9", name=op.f("ck_startup_readiness")),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_startup_incubator_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_startup")),
        sa.UniqueConstraint("public_id", name=op.f("uq_startup_public_id")),
    )
    with op.batch_alter_table("startup", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_startup_incubator_id"), ["incubator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_startup_state"), ["state"], unique=False)

    op.create_table(
        "centre_service",
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "gate",
            sa.Enum(
                "principle",
                "lab",
                "prototype",
                "pilot",
                "market",
                name="gate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("lead_time_days", sa.Integer(), nullable=False),
        sa.Column("price_yuan", sa.BigInteger(), nullable=False),
        sa.Column("price_unit", sa.String(length=40), nullable=False),
        sa.Column("free_slots", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("free_slots >= 0", name=op.f("ck_centre_service_free_slots")),
        sa.CheckConstraint(
            "lead_time_days BETWEEN 0 AND 3650", name=op.f("ck_centre_service_lead_time")
        ),
        sa.CheckConstraint("price_yuan >= 0", name=op.f("ck_centre_service_price")),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["centre.provider_id"],
            name=op.f("fk_centre_service_provider_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre_service")),
        sa.UniqueConstraint("public_id", name=op.f("uq_centre_service_public_id")),
    )
    with op.batch_alter_table("centre_service", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_centre_service_provider_id"), ["provider_id"], unique=False
        )

    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "create",
                "update",
                "unchanged",
                "refused",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("startup_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_import_row_batch_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_import_row_provider_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"],
            ["startup.id"],
            name=op.f("fk_import_row_startup_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_row_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_row_email"), ["email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_import_row_provider_id"), ["provider_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_import_row_startup_id"), ["startup_id"], unique=False)
        batch_op.create_index("uq_import_row_number", ["batch_id", "number"], unique=True)

    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "founder",
                "operator",
                "mentor",
                "investor",
                "centre",
                "regulator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "accepted",
                "revoked",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("startup_id", sa.Integer(), nullable=True),
        sa.Column("incubator_id", sa.Integer(), nullable=True),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("sender_incubator_id", sa.Integer(), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(role = 'founder' AND startup_id IS NOT NULL AND incubator_id IS NULL AND provider_id IS NULL) OR (role = 'operator' AND incubator_id IS NOT NULL AND startup_id IS NULL AND provider_id IS NULL) OR (role IN ('mentor', 'investor', 'centre') AND provider_id IS NOT NULL AND startup_id IS NULL AND incubator_id IS NULL) OR (role = 'regulator' AND provider_id IS NULL AND startup_id IS NULL AND incubator_id IS NULL)",
            name=op.f("ck_invitation_target_follows_role"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_invitation_email_lower")),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_invitation_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["person.id"],
            name=op.f("fk_invitation_invited_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_invitation_provider_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sender_incubator_id"],
            ["incubator.id"],
            name=op.f("fk_invitation_sender_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"],
            ["startup.id"],
            name=op.f("fk_invitation_startup_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_email"), ["email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_invitation_incubator_id"), ["incubator_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_invitation_invited_by_id"), ["invited_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_invitation_provider_id"), ["provider_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_invitation_sender_incubator_id"), ["sender_incubator_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_invitation_startup_id"), ["startup_id"], unique=False)
        batch_op.create_index(
            "uq_invitation_incubator",
            ["email", "incubator_id"],
            unique=True,
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )
        batch_op.create_index(
            "uq_invitation_provider",
            ["email", "provider_id"],
            unique=True,
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )
        batch_op.create_index(
            "uq_invitation_startup",
            ["email", "startup_id"],
            unique=True,
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )

    op.create_table(
        "membership",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "founder",
                "operator",
                "mentor",
                "investor",
                "centre",
                "regulator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("startup_id", sa.Integer(), nullable=True),
        sa.Column("incubator_id", sa.Integer(), nullable=True),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("place_code", sa.String(length=6), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(role = 'founder' AND startup_id IS NOT NULL AND incubator_id IS NULL AND provider_id IS NULL) OR (role = 'operator' AND incubator_id IS NOT NULL AND startup_id IS NULL AND provider_id IS NULL) OR (role IN ('mentor', 'investor', 'centre') AND provider_id IS NOT NULL AND startup_id IS NULL AND incubator_id IS NULL) OR (role = 'regulator' AND provider_id IS NULL AND startup_id IS NULL AND incubator_id IS NULL)",
            name=op.f("ck_membership_target_follows_role"),
        ),
        sa.CheckConstraint(
            "role <> 'regulator' OR place_code IS NOT NULL",
            name=op.f("ck_membership_regulator_has_place"),
        ),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_membership_incubator_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_membership_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_membership_provider_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"],
            ["startup.id"],
            name=op.f("fk_membership_startup_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("public_id", name=op.f("uq_membership_public_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_membership_incubator_id"), ["incubator_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_membership_provider_id"), ["provider_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_membership_startup_id"), ["startup_id"], unique=False)
        batch_op.create_index("uq_membership_founder", ["person_id", "startup_id"], unique=True)
        batch_op.create_index("uq_membership_operator", ["person_id", "incubator_id"], unique=True)
        batch_op.create_index("uq_membership_provider", ["person_id", "provider_id"], unique=True)

    op.create_table(
        "need",
        sa.Column("startup_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mentoring",
                "funding",
                "verification",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("state <> 'open' OR text <> ''", name=op.f("ck_need_open_has_text")),
        sa.ForeignKeyConstraint(
            ["startup_id"], ["startup.id"], name=op.f("fk_need_startup_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sa.UniqueConstraint("public_id", name=op.f("uq_need_public_id")),
    )
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_startup_id"), ["startup_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_state"), ["state"], unique=False)

    op.create_table(
        "match_run",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("need_version", sa.Integer(), nullable=False),
        sa.Column("encoder_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("background_version", sa.String(length=64), nullable=False),
        sa.Column("weights_version", sa.String(length=64), nullable=False),
        sa.Column("index_revision", sa.Integer(), nullable=False),
        sa.Column("considered", sa.JSON(), nullable=False),
        sa.Column("excluded_by", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_match_run_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_match_run_need_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_match_run_public_id")),
    )
    with op.batch_alter_table("match_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_run_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_run_need_id"), ["need_id"], unique=False)

    op.create_table(
        "need_condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column(
            "attribute",
            sa.Enum(
                "fields",
                "place",
                "languages",
                "funding_stage",
                "amount",
                "instruments",
                "gate",
                "lead_time",
                "price",
                "voucher",
                "hours",
                "seat",
                name="attribute",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("condition_values", sa.JSON(), nullable=False),
        sa.Column("is_hard", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_need_condition_need_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_condition")),
    )
    with op.batch_alter_table("need_condition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_condition_need_id"), ["need_id"], unique=False)
        batch_op.create_index("uq_need_condition_attribute", ["need_id", "attribute"], unique=True)

    op.create_table(
        "match",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mentor",
                "investor",
                "centre",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column(
            "strength",
            sa.Enum(
                "strong",
                "possible",
                "weak",
                name="strength",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("against", sa.JSON(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_reason", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_match_score")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_match_provider_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["match_run.id"], name=op.f("fk_match_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
        sa.UniqueConstraint("public_id", name=op.f("uq_match_public_id")),
    )
    with op.batch_alter_table("match", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_provider_id"), ["provider_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_run_id"), ["run_id"], unique=False)
        batch_op.create_index("uq_match_provider", ["run_id", "provider_id"], unique=True)

    op.create_table(
        "engagement",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("startup_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("incubator_id", sa.Integer(), nullable=True),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "accepted",
                "declined",
                "withdrawn",
                "expired",
                "active",
                "completed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("released", sa.JSON(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["incubator_id"],
            ["incubator.id"],
            name=op.f("fk_engagement_incubator_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_engagement_match_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_engagement_need_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_engagement_provider_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["person.id"],
            name=op.f("fk_engagement_requested_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["startup_id"],
            ["startup.id"],
            name=op.f("fk_engagement_startup_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_engagement_public_id")),
    )
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_engagement_answer_due_at"), ["answer_due_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_engagement_incubator_id"), ["incubator_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_engagement_match_id"), ["match_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_need_id"), ["need_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_engagement_provider_id"), ["provider_id"], unique=False
        )
        batch_op.create_index(
            "ix_engagement_provider_id_state", ["provider_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_engagement_requested_by_id"), ["requested_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_engagement_startup_id"), ["startup_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_engagement_open",
            ["need_id", "provider_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('requested', 'accepted', 'active')"),
            postgresql_where=sa.text("state IN ('requested', 'accepted', 'active')"),
        )

    op.create_table(
        "match_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("need_start", sa.Integer(), nullable=False),
        sa.Column("need_end", sa.Integer(), nullable=False),
        sa.Column("provider_start", sa.Integer(), nullable=False),
        sa.Column("provider_end", sa.Integer(), nullable=False),
        sa.Column("need_slice", sa.Text(), nullable=False),
        sa.Column("provider_slice", sa.Text(), nullable=False),
        sa.Column("contribution", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_match_evidence_match_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_evidence")),
    )
    with op.batch_alter_table("match_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_evidence_match_id"), ["match_id"], unique=False)
        batch_op.create_index("uq_match_evidence_ordinal", ["match_id", "ordinal"], unique=True)

    op.create_table(
        "coaching_session",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "confirmed",
                "cancelled",
                "held",
                "missed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column(
            "proposed_by_side",
            sa.Enum(
                "startup",
                "provider",
                name="proposed_by_side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "place <> '' OR link <> ''", name=op.f("ck_coaching_session_place_or_link")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_coaching_session_span")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["person.id"],
            name=op.f("fk_coaching_session_confirmed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_coaching_session_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["person.id"],
            name=op.f("fk_coaching_session_proposed_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_coaching_session_public_id")),
    )
    with op.batch_alter_table("coaching_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_coaching_session_confirmed_by_id"), ["confirmed_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_coaching_session_engagement_id"), ["engagement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_coaching_session_proposed_by_id"), ["proposed_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_coaching_session_starts_at"), ["starts_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_coaching_session_state"), ["state"], unique=False)

    op.create_table(
        "engagement_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["person.id"],
            name=op.f("fk_engagement_event_actor_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_event_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"],
            ["person.id"],
            name=op.f("fk_engagement_event_on_behalf_of_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_event")),
    )
    with op.batch_alter_table("engagement_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_engagement_event_actor_id"), ["actor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_engagement_event_engagement_id"), ["engagement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_engagement_event_on_behalf_of_id"), ["on_behalf_of_id"], unique=False
        )

    op.create_table(
        "feedback",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("coaching_session_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column(
            "side",
            sa.Enum(
                "startup",
                "provider",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("preparation", sa.Integer(), nullable=True),
        sa.Column("wants_to_continue", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("private_note", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("preparation BETWEEN 1 AND 5", name=op.f("ck_feedback_preparation")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_feedback_rating")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_feedback_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["coaching_session_id"],
            ["coaching_session.id"],
            name=op.f("fk_feedback_coaching_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_feedback_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("public_id", name=op.f("uq_feedback_public_id")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_feedback_coaching_session_id"), ["coaching_session_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_feedback_engagement_id"), ["engagement_id"], unique=False
        )
        batch_op.create_index("uq_feedback_side", ["coaching_session_id", "side"], unique=True)

    op.create_table(
        "session_quarter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coaching_session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("quarter_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["coaching_session_id"],
            ["coaching_session.id"],
            name=op.f("fk_session_quarter_coaching_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_session_quarter_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_quarter")),
    )
    with op.batch_alter_table("session_quarter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_session_quarter_coaching_session_id"),
            ["coaching_session_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_session_quarter_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index("uq_session_quarter_person", ["person_id", "quarter_at"], unique=True)

    op.execute("INSERT INTO revision_counter (id, value) VALUES (1, 0)")


def downgrade() -> None:
    with op.batch_alter_table("session_quarter", schema=None) as batch_op:
        batch_op.drop_index("uq_session_quarter_person")
        batch_op.drop_index(batch_op.f("ix_session_quarter_person_id"))
        batch_op.drop_index(batch_op.f("ix_session_quarter_coaching_session_id"))

    op.drop_table("session_quarter")
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index("uq_feedback_side")
        batch_op.drop_index(batch_op.f("ix_feedback_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_feedback_coaching_session_id"))
        batch_op.drop_index(batch_op.f("ix_feedback_author_id"))

    op.drop_table("feedback")
    with op.batch_alter_table("engagement_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_event_on_behalf_of_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_event_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_event_actor_id"))

    op.drop_table("engagement_event")
    with op.batch_alter_table("coaching_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coaching_session_state"))
        batch_op.drop_index(batch_op.f("ix_coaching_session_starts_at"))
        batch_op.drop_index(batch_op.f("ix_coaching_session_proposed_by_id"))
        batch_op.drop_index(batch_op.f("ix_coaching_session_engagement_id"))
        batch_op.drop_index(batch_op.f("ix_coaching_session_confirmed_by_id"))

    op.drop_table("coaching_session")
    with op.batch_alter_table("match_evidence", schema=None) as batch_op:
        batch_op.drop_index("uq_match_evidence_ordinal")
        batch_op.drop_index(batch_op.f("ix_match_evidence_match_id"))

    op.drop_table("match_evidence")
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_engagement_open",
            sqlite_where=sa.text("state IN ('requested', 'accepted', 'active')"),
            postgresql_where=sa.text("state IN ('requested', 'accepted', 'active')"),
        )
        batch_op.drop_index(batch_op.f("ix_engagement_state"))
        batch_op.drop_index(batch_op.f("ix_engagement_startup_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_requested_by_id"))
        batch_op.drop_index("ix_engagement_provider_id_state")
        batch_op.drop_index(batch_op.f("ix_engagement_provider_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_need_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_match_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_incubator_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_answer_due_at"))

    op.drop_table("engagement")
    with op.batch_alter_table("match", schema=None) as batch_op:
        batch_op.drop_index("uq_match_provider")
        batch_op.drop_index(batch_op.f("ix_match_run_id"))
        batch_op.drop_index(batch_op.f("ix_match_provider_id"))

    op.drop_table("match")
    with op.batch_alter_table("need_condition", schema=None) as batch_op:
        batch_op.drop_index("uq_need_condition_attribute")
        batch_op.drop_index(batch_op.f("ix_need_condition_need_id"))

    op.drop_table("need_condition")
    with op.batch_alter_table("match_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_run_need_id"))
        batch_op.drop_index(batch_op.f("ix_match_run_actor_id"))

    op.drop_table("match_run")
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_state"))
        batch_op.drop_index(batch_op.f("ix_need_startup_id"))

    op.drop_table("need")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index("uq_membership_provider")
        batch_op.drop_index("uq_membership_operator")
        batch_op.drop_index("uq_membership_founder")
        batch_op.drop_index(batch_op.f("ix_membership_startup_id"))
        batch_op.drop_index(batch_op.f("ix_membership_provider_id"))
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))
        batch_op.drop_index(batch_op.f("ix_membership_incubator_id"))

    op.drop_table("membership")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_invitation_startup",
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )
        batch_op.drop_index(
            "uq_invitation_provider",
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )
        batch_op.drop_index(
            "uq_invitation_incubator",
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )
        batch_op.drop_index(batch_op.f("ix_invitation_startup_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_sender_incubator_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_provider_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_invited_by_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_incubator_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_email"))

    op.drop_table("invitation")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index("uq_import_row_number")
        batch_op.drop_index(batch_op.f("ix_import_row_startup_id"))
        batch_op.drop_index(batch_op.f("ix_import_row_provider_id"))
        batch_op.drop_index(batch_op.f("ix_import_row_email"))
        batch_op.drop_index(batch_op.f("ix_import_row_batch_id"))

    op.drop_table("import_row")
    with op.batch_alter_table("centre_service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_centre_service_provider_id"))

    op.drop_table("centre_service")
    with op.batch_alter_table("startup", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_startup_state"))
        batch_op.drop_index(batch_op.f("ix_startup_incubator_id"))

    op.drop_table("startup")
    with op.batch_alter_table("provider_passage", schema=None) as batch_op:
        batch_op.drop_index("uq_provider_passage_ordinal")
        batch_op.drop_index(batch_op.f("ix_provider_passage_provider_id"))

    op.drop_table("provider_passage")
    with op.batch_alter_table("pool_entry", schema=None) as batch_op:
        batch_op.drop_index("uq_pool_entry_mentor")
        batch_op.drop_index(batch_op.f("ix_pool_entry_provider_id"))
        batch_op.drop_index(batch_op.f("ix_pool_entry_incubator_id"))
        batch_op.drop_index(batch_op.f("ix_pool_entry_changed_by_id"))

    op.drop_table("pool_entry")
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_mail_sent_at_not_before")
        batch_op.drop_index(batch_op.f("ix_outbox_mail_person_id"))

    op.drop_table("outbox_mail")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_person_id_read_at")
        batch_op.drop_index(batch_op.f("ix_notice_person_id"))

    op.drop_table("notice")
    op.drop_table("mentor")
    op.drop_table("investor")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_incubator_id"))
        batch_op.drop_index(batch_op.f("ix_import_batch_actor_id"))

    op.drop_table("import_batch")
    op.drop_table("centre")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_subject")
        batch_op.drop_index(batch_op.f("ix_audit_entry_on_behalf_of_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_incubator_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_happened_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))

    op.drop_table("audit_entry")
    op.drop_table("revision_counter")
    with op.batch_alter_table("provider_tombstone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_tombstone_revision"))

    op.drop_table("provider_tombstone")
    with op.batch_alter_table("provider", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_state"))
        batch_op.drop_index(batch_op.f("ix_provider_revision"))
        batch_op.drop_index(batch_op.f("ix_provider_kind"))

    op.drop_table("provider")
    op.drop_table("person")
    op.drop_table("incubator")
