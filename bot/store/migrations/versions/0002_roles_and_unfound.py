"""Roles by invitation, and questions that found no answer."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Moment, Number

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_invitations")),
    )
    op.create_table(
        "roles",
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_roles_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", "role", "about", name=op.f("pk_roles")),
    )
    op.create_table(
        "unfound",
        sa.Column("id", Number, nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("topic", sa.String(length=64), server_default="", nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unfound")),
        sa.UniqueConstraint("key", name=op.f("uq_unfound_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_unfound_state_id"), "unfound", ["state", "id"], unique=False)
