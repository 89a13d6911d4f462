"""Keep documents, their versions, reports about them, and whom they are shown to

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_STATES = ("available", "reported", "stopped", "deleted")
_KINDS = (
    "pitch",
    "business_plan",
    "technical",
    "test_report",
    "certificate",
    "intellectual_property",
    "financial",
    "contract",
    "invoice",
    "minutes",
    "other",
)
_FILE_TYPES = ("pdf", "docx", "xlsx", "pptx", "png", "jpeg", "txt", "md", "csv")
_REASONS = ("classified", "personal_data", "infringing", "unsafe", "misleading", "other")
_ORGANISATIONS = ("startup", "provider", "incubator")
_ONE_OF_THREE = (
    "CASE WHEN {0}startup_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN {0}provider_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN {0}incubator_id IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        *(sa.Column(f"{kind}_id", sa.Integer(), nullable=True) for kind in _ORGANISATIONS),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("kind", _make_code("kind", _KINDS, 40), nullable=False),
        sa.Column("state", _make_code("state", _STATES, 20), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("updated_at", _AT, nullable=False),
        sa.Column("stopped_at", _AT, nullable=True),
        sa.Column("stop_reason", sa.Text(), nullable=False),
        sa.Column("stopped_by_id", sa.Integer(), nullable=True),
        sa.Column("deleted_at", _AT, nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(_ONE_OF_THREE.format(""), name=op.f("ck_document_one_owner")),
        sa.CheckConstraint(
            "state <> 'stopped' OR stopped_at IS NOT NULL", name=op.f("ck_document_stopped_at")
        ),
        sa.CheckConstraint(
            "state <> 'deleted' OR deleted_at IS NOT NULL", name=op.f("ck_document_deleted_at")
        ),
        *(_refer("document", f"{kind}_id", kind, "CASCADE") for kind in _ORGANISATIONS),
        _refer("document", "stopped_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("public_id", name=op.f("uq_document_public_id")),
    )
    _index("document", *(f"{kind}_id" for kind in _ORGANISATIONS), "state", "stopped_by_id")
    op.create_table(
        "document_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("file_type", _make_code("file_type", _FILE_TYPES, 40), nullable=False),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("storage_key", sa.String(length=120), nullable=True),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", _AT, nullable=False),
        sa.Column("declaration", sa.String(length=40), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=True),
        sa.Column("declared_at", _AT, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_document_version_number")),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_version_size")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_document_version_sha256")),
        _refer("document_version", "document_id", "document", "CASCADE"),
        _refer("document_version", "uploaded_by_id", "person", "SET NULL"),
        _refer("document_version", "declared_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_version")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_document_version_storage_key")),
    )
    _index("document_version", "document_id", "uploaded_by_id", "declared_by_id")
    op.create_index(
        "uq_document_version_number", "document_version", ["document_id", "number"], unique=True
    )
    op.create_table(
        "document_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("reason", _make_code("reason", _REASONS, 40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("decided_at", _AT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('set_aside', 'stopped')", name=op.f("ck_document_report_outcome")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_document_report_decided_at")
        ),
        _refer("document_report", "document_id", "document", "CASCADE"),
        _refer("document_report", "reporter_id", "person", "SET NULL"),
        _refer("document_report", "decided_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_document_report_public_id")),
    )
    _index("document_report", "document_id", "reporter_id", "decided_by_id")
    op.create_index(
        "uq_document_report_open",
        "document_report",
        ["document_id", "reporter_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "document_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        *(sa.Column(f"to_{kind}_id", sa.Integer(), nullable=True) for kind in _ORGANISATIONS),
        sa.Column("from_number", sa.Integer(), nullable=False),
        sa.Column("occasion_table", sa.String(length=40), nullable=False),
        sa.Column("occasion_public_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", _AT, nullable=True),
        sa.CheckConstraint(
            _ONE_OF_THREE.format("to_"), name=op.f("ck_document_share_one_receiver")
        ),
        _refer("document_share", "document_id", "document", "CASCADE"),
        *(_refer("document_share", f"to_{kind}_id", kind, "CASCADE") for kind in _ORGANISATIONS),
        _refer("document_share", "created_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_share")),
        sa.UniqueConstraint("public_id", name=op.f("uq_document_share_public_id")),
    )
    _index(
        "document_share",
        "document_id",
        *(f"to_{kind}_id" for kind in _ORGANISATIONS),
        "created_by_id",
    )
    for kind in _ORGANISATIONS:
        open_ones = sa.text(f"revoked_at IS NULL AND to_{kind}_id IS NOT NULL")
        op.create_index(
            f"uq_document_share_to_{kind}",
            "document_share",
            ["document_id", f"to_{kind}_id", "occasion_public_id"],
            unique=True,
            sqlite_where=open_ones,
            postgresql_where=open_ones,
        )


def downgrade() -> None:
    for table in ("document_share", "document_report", "document_version", "document"):
        op.drop_table(table)


def _make_code(name: str, codes: tuple[str, ...], length: int) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=length)


def _refer(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
