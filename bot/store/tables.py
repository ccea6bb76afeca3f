"""The tables. Times are stored in UTC and come back aware."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """An aware moment. A naive one is a mistake and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows by itself only when the key is exactly INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What came in. `source` names the update for good ("telegram:123", "plan:45"): a second one is not stored.
# `lane` is the chat; one lane's rows are worked off in order. Once done, the payload is wiped and the row
# stays for a while, because Telegram may deliver the same update again.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Number, primary_key=True),
    Column("source", String(80), nullable=False, unique=True),
    Column("lane", BigInteger, nullable=False),
    Column("payload", JSON(none_as_null=True)),
    Column("state", String(10), nullable=False, server_default="waiting"),  # waiting, done, aside
    Column("error", Text),
    Column("arrived_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Index(None, "state", "id"),
    Index(None, "lane", "state", "id"),
    sqlite_autoincrement=True,
)

# What is to be sent. `urgency`: 0 replies, 1 reminders, 2 broadcasts. Once settled, the letter is wiped.
# A letter with a `name` takes the place of the one of that name which was sent to this chat before.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Number, primary_key=True),
    Column("chat", BigInteger, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("letter", JSON(none_as_null=True)),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("not_before", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("cause", BigInteger),  # the inbox row it answers
    Column("message", BigInteger),  # Telegram's number, once sent
    Column("name", String(40), nullable=False, server_default=""),
    Column("recipient", BigInteger),  # the row of a broadcast it settles
    Column("error", Text),
    Column("written_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Index(None, "state", "urgency", "id"),
    Index(None, "chat", "state"),
    Index(None, "name", "chat"),
    sqlite_autoincrement=True,
)

people = Table(
    "people",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(8), nullable=False),
    Column("name", String(64), nullable=False),
    Column("step", String(40), nullable=False),
    Column("agreed_at", Moment),
    Column("employer", String(64), nullable=False),
    Column("wants_reminders", Boolean, nullable=False),
    Column("wants_tips", Boolean, nullable=False),
    Column("wants_news", Boolean, nullable=False, server_default="1"),
    Column("tip_day", SmallInteger, nullable=False),
    Column("tip_hour", SmallInteger, nullable=False),
    Column("quiet_from", SmallInteger, nullable=False, server_default="21"),
    Column("quiet_until", SmallInteger, nullable=False, server_default="8"),
    Column("chosen_language", Boolean, nullable=False),
    Column("stopped_at", Moment),
    Column("paused_until", Moment),
    Column("blocked_at", Moment),
    Index(None, "employer"),
)

# What somebody wants to learn about: a category of the answers.
interests = Table(
    "interests",
    metadata,
    Column("person", BigInteger, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", String(40), primary_key=True),
)

# What somebody is making, until it is done: a session or a broadcast, as its conversation writes it.
drafts = Table(
    "drafts",
    metadata,
    Column("person", BigInteger, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("draft", JSON, nullable=False),
)

# Places that coordinators named themselves; the others are in the organisations file.
places = Table(
    "places",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("library", String(64), nullable=False),
    Column("name", String(80), nullable=False),
    Column("address", String(120), nullable=False, server_default=""),
    Column("latitude", Float),
    Column("longitude", Float),
)

# `slot` and `day` name it for good: a line of the organisations file, or a series that was planned in the chat.
# What was changed `by_hand` no longer follows the file. `stage` says what its coordinators have had: 0 nothing,
# 1 the list of who comes, 2 the list to tick; from 3 on who came has been asked how it was, 4 is the sum.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Number, primary_key=True),
    Column("slot", String(120), nullable=False),
    Column("day", String(10), nullable=False),
    Column("library", String(64), nullable=False),
    Column("place", String(64), nullable=False),
    Column("zone", String(40), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("remark", Text, nullable=False, server_default=""),
    Column("kind", String(10), nullable=False, server_default="dropin"),
    Column("capacity", Integer),
    Column("language", String(8), nullable=False, server_default=""),
    Column("by_hand", Boolean, nullable=False, server_default="0"),
    Column("stage", SmallInteger, nullable=False, server_default="0"),
    Column("walk_ins", Integer, nullable=False, server_default="0"),
    Column("cancelled", Boolean, nullable=False, server_default="0"),
    Column("sequence", Integer, nullable=False, server_default="0"),
    UniqueConstraint("slot", "day"),
    Index(None, "starts_at"),
    Index(None, "stage", "starts_at"),
    sqlite_autoincrement=True,
)

# A line of the organisations file that a coordinator took over: from this day on it plans nothing more.
slots_taken_over = Table(
    "slots_taken_over",
    metadata,
    Column("slot", String(120), primary_key=True),
    Column("since", String(10), nullable=False),
)

# `state`: comes, waits, offered (a place is free for her `until` then), lapsed (she did not say yes in time), no.
# `came` is what the coordinator ticked.
signups = Table(
    "signups",
    metadata,
    Column("session", Number, ForeignKey("sessions.id"), primary_key=True),
    Column("person", BigInteger, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("state", String(10), nullable=False, server_default="comes"),
    Column("until", Moment),
    Column("came", Boolean),
    Column("asked", Boolean, nullable=False, server_default="0"),  # how it was
    Index(None, "person"),
    Index(None, "state", "until"),
)

# A place kept free for a colleague who gets the link; `host` asked for it.
holds = Table(
    "holds",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("session", Number, ForeignKey("sessions.id"), nullable=False),
    Column("host", BigInteger, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("until", Moment, nullable=False),
    Index(None, "session"),
)

# How it was: `feeling` is 1 (not good) to 4 (very good).
feedback = Table(
    "feedback",
    metadata,
    Column("session", Number, ForeignKey("sessions.id"), primary_key=True),
    Column("person", BigInteger, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("feeling", SmallInteger, nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    Column("at", Moment, nullable=False),
)

# A message to many. `letters` is the frozen text in each language. `audience` says to whom: library, employer:zon,
# interest:mail, session:12, silent:12; `employers` are those of the library then. `author` is the coordinator, who sees
# how it goes. `asked`: its readers asked for it by coming, so that the limit of two a week does not hold.
# `state`: waiting (until `begins_at`), sending, paused, done, stopped, undone.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Number, primary_key=True),
    Column("library", String(64), nullable=False),
    Column("author", BigInteger, nullable=False),
    Column("session", Number, ForeignKey("sessions.id")),
    Column("audience", String(80), nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("employers", JSON, nullable=False),
    Column("letters", JSON, nullable=False),
    Column("state", String(10), nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("begins_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("told", String(80), nullable=False, server_default=""),  # what its author was last shown
    Index(None, "state", "begins_at"),
    sqlite_autoincrement=True,
)

# One row a person, whatever becomes of it. `state`: waiting, handed (it is in the outbox), sent, gone, failed,
# unsure, expired, excluded; then `reason` says why. Whoever is erased leaves the row, without who she was.
recipients = Table(
    "recipients",
    metadata,
    Column("id", Number, primary_key=True),
    Column("broadcast", Number, ForeignKey("broadcasts.id"), nullable=False),
    Column("person", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    Column("state", String(10), nullable=False),
    Column("reason", String(10), nullable=False, server_default=""),
    Column("not_before", Moment, nullable=False),
    Column("settled_at", Moment),
    UniqueConstraint("broadcast", "person"),
    Index(None, "broadcast", "state", "not_before", "id"),
    Index(None, "person", "settled_at"),
    sqlite_autoincrement=True,
)

# What is to happen later: a turn Due(kind, about) for this person.
plans = Table(
    "plans",
    metadata,
    Column("id", Number, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("person", BigInteger, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("about", String(80), nullable=False),
    UniqueConstraint("person", "kind", "about"),
    Index(None, "at"),
    sqlite_autoincrement=True,
)

tips_read = Table(
    "tips_read",
    metadata,
    Column("person", BigInteger, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("tip", String(64), primary_key=True),
)

# A link that gives its first opener a role; it goes when it is used. `about` is whose: a library's id.
invitations = Table(
    "invitations",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("about", String(64), nullable=False),
    Column("expires_at", Moment, nullable=False),
)

roles = Table(
    "roles",
    metadata,
    Column("person", BigInteger, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("about", String(64), primary_key=True),
    Column("since", Moment, nullable=False),
)

# A question that found no answer, masked and without who asked it. `state`: offered (a choice was shown, and may
# still be right), open (to be looked at), placed (belongs to the answer `topic`, still to be written), written,
# wished (wants a new answer). `key` is made of the question, so that the same one is kept once.
unfound = Table(
    "unfound",
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", String(16), nullable=False, unique=True),
    Column("question", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("topic", String(64), nullable=False, server_default=""),
    Column("asked_at", Moment, nullable=False),
    Index(None, "state", "id"),
    sqlite_autoincrement=True,
)
