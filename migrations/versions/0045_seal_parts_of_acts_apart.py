"""Seal apart who acted, for whom, and in what words

Revision: 0045
Follows: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_SALTS = ("actor_salt", "behalf_salt")
_HASHES = ("actor_hash", "behalf_hash", "words_hash")


def upgrade() -> None:
    for name in _SALTS:
        op.add_column("audit_seal", sa.Column(name, sa.String(length=32), nullable=True))
    for name in _HASHES:
        op.add_column("audit_seal", sa.Column(name, sa.String(length=64), nullable=True))


def downgrade() -> None:
    # Seals with parts of their own say nothing without them: the chain begins anew.
    op.execute(sa.text("DELETE FROM audit_seal"))
    for name in (*_SALTS, *_HASHES):
        op.drop_column("audit_seal", name)
