"""The first tables."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Moment, Number

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", Number, nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("lane", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("arrived_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("source", name=op.f("uq_inbox_source")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_inbox_lane_state_id"), "inbox", ["lane", "state", "id"], unique=False)
    op.create_index(op.f("ix_inbox_state_id"), "inbox", ["state", "id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", Number, nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("letter", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("cause", sa.BigInteger(), nullable=True),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_chat_state"), "outbox", ["chat", "state"], unique=False)
    op.create_index(op.f("ix_outbox_state_urgency_id"), "outbox", ["state", "urgency", "id"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("agreed_at", Moment(), nullable=True),
        sa.Column("employer", sa.String(length=64), nullable=False),
        sa.Column("wants_reminders", sa.Boolean(), nullable=False),
        sa.Column("wants_tips", sa.Boolean(), nullable=False),
        sa.Column("tip_day", sa.SmallInteger(), nullable=False),
        sa.Column("tip_hour", sa.SmallInteger(), nullable=False),
        sa.Column("chosen_language", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", Moment(), nullable=True),
        sa.Column("blocked_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", Number, nullable=False),
        sa.Column("slot", sa.String(length=120), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("library", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("cancelled", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("slot", "day", name=op.f("uq_sessions_slot_day")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sessions_starts_at"), "sessions", ["starts_at"], unique=False)
    op.create_table(
        "plans",
        sa.Column("id", Number, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_plans_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("person", "kind", "about", name=op.f("uq_plans_person_kind_about")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_plans_at"), "plans", ["at"], unique=False)
    op.create_table(
        "signups",
        sa.Column("session", Number, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_signups_person"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name=op.f("fk_signups_session")),
        sa.PrimaryKeyConstraint("session", "person", name=op.f("pk_signups")),
    )
    op.create_index(op.f("ix_signups_person"), "signups", ["person"], unique=False)
    op.create_table(
        "tips_read",
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("tip", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_tips_read_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", "tip", name=op.f("pk_tips_read")),
    )
