"""Sessions planned in the chat, waiting lists, quiet hours, and broadcasts."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import Moment, Number

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "places",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("library", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=120), server_default="", nullable=False),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
    )
    op.create_table(
        "slots_taken_over",
        sa.Column("slot", sa.String(length=120), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_slots_taken_over")),
    )
    op.create_table(
        "broadcasts",
        sa.Column("id", Number, nullable=False),
        sa.Column("library", sa.String(length=64), nullable=False),
        sa.Column("author", sa.BigInteger(), nullable=False),
        sa.Column("session", Number),
        sa.Column("audience", sa.String(length=80), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("employers", sa.JSON(), nullable=False),
        sa.Column("letters", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("begins_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment()),
        sa.Column("told", sa.String(length=80), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name=op.f("fk_broadcasts_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("broadcasts") as batch:
        batch.create_index(batch.f("ix_broadcasts_state_begins_at"), ["state", "begins_at"])

    op.create_table(
        "drafts",
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_drafts_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", "kind", name=op.f("pk_drafts")),
    )
    op.create_table(
        "feedback",
        sa.Column("session", Number, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("feeling", sa.SmallInteger(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_feedback_person"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name=op.f("fk_feedback_session")),
        sa.PrimaryKeyConstraint("session", "person", name=op.f("pk_feedback")),
    )
    op.create_table(
        "holds",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("session", Number, nullable=False),
        sa.Column("host", sa.BigInteger(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["host"], ["people.id"], name=op.f("fk_holds_host"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name=op.f("fk_holds_session")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_holds")),
    )
    with op.batch_alter_table("holds") as batch:
        batch.create_index(batch.f("ix_holds_session"), ["session"])

    op.create_table(
        "interests",
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_interests_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", "subject", name=op.f("pk_interests")),
    )
    op.create_table(
        "recipients",
        sa.Column("id", Number, nullable=False),
        sa.Column("broadcast", Number, nullable=False),
        sa.Column("person", sa.BigInteger()),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=10), server_default="", nullable=False),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("settled_at", Moment()),
        sa.ForeignKeyConstraint(["broadcast"], ["broadcasts.id"], name=op.f("fk_recipients_broadcast")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_recipients_person"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients")),
        sa.UniqueConstraint("broadcast", "person", name=op.f("uq_recipients_broadcast_person")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("recipients") as batch:
        batch.create_index(
            batch.f("ix_recipients_broadcast_state_not_before_id"), ["broadcast", "state", "not_before", "id"]
        )
        batch.create_index(batch.f("ix_recipients_person_settled_at"), ["person", "settled_at"])

    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("name", sa.String(length=40), server_default="", nullable=False))
        batch.add_column(sa.Column("recipient", sa.BigInteger()))
        batch.create_index(batch.f("ix_outbox_name_chat"), ["name", "chat"])

    with op.batch_alter_table("people") as batch:
        batch.add_column(sa.Column("wants_news", sa.Boolean(), server_default="1", nullable=False))
        batch.add_column(sa.Column("quiet_from", sa.SmallInteger(), server_default="21", nullable=False))
        batch.add_column(sa.Column("quiet_until", sa.SmallInteger(), server_default="8", nullable=False))
        batch.add_column(sa.Column("paused_until", Moment()))
        batch.create_index(batch.f("ix_people_employer"), ["employer"])

    with op.batch_alter_table("sessions") as batch:
        batch.add_column(sa.Column("kind", sa.String(length=10), server_default="dropin", nullable=False))
        batch.add_column(sa.Column("capacity", sa.Integer()))
        batch.add_column(sa.Column("language", sa.String(length=8), server_default="", nullable=False))
        batch.add_column(sa.Column("by_hand", sa.Boolean(), server_default="0", nullable=False))
        batch.add_column(sa.Column("stage", sa.SmallInteger(), server_default="0", nullable=False))
        batch.add_column(sa.Column("walk_ins", sa.Integer(), server_default="0", nullable=False))
        batch.create_index(batch.f("ix_sessions_stage_starts_at"), ["stage", "starts_at"])

    with op.batch_alter_table("signups") as batch:
        batch.add_column(sa.Column("state", sa.String(length=10), server_default="comes", nullable=False))
        batch.add_column(sa.Column("until", Moment()))
        batch.add_column(sa.Column("came", sa.Boolean()))
        batch.add_column(sa.Column("asked", sa.Boolean(), server_default="0", nullable=False))
        batch.create_index(batch.f("ix_signups_state_until"), ["state", "until"])
    op.execute("UPDATE people SET wants_news = wants_reminders")
