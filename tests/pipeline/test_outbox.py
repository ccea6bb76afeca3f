"""What is to be said leaves in order, urgent things first, and what cannot leave holds up nobody else."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.delivery import BROADCASTS_AT_ONCE, IN_LINE, STOP_SECONDS, Delivery
from bot.knowledge import Knowledge
from bot.outcomes import Gone, Later, Outcome, Refused, Sent, Strange
from bot.store import Connection, Database, outbox, people, plans, tables
from bot.store.outbox import Urgency
from tests.conftest import MONDAY
from tests.pipeline.doing import (
    FATIMA,
    MARJA,
    NEVER,
    RANIA,
    ClockFrom,
    Messenger,
    add,
    delivering,
    failing,
    hear,
    look_at_plans,
    nothing_waits,
    rows,
    states,
    unblocked,
    until,
    write_letter,
)

NOT_ARRIVED = Later("no connection")
PERHAPS_ARRIVED = Later("timed out", arrived=True)


async def deliver(database: Database, messenger: Messenger, clock: ClockFrom | None = None) -> None:
    """Until nothing waits."""
    async with delivering(database, messenger, clock):
        await until(lambda: nothing_waits(database))


async def test_replies_go_before_reminders_before_broadcasts(database: Database) -> None:
    await write_letter(database, FATIMA, "broadcast", Urgency.BROADCAST)
    await write_letter(database, RANIA, "reminder", Urgency.REMINDER)
    await write_letter(database, MARJA, "reply", Urgency.REPLY)
    ready = await database.read(outbox.sendable, MONDAY, [], 10)
    assert [each.letter["text"] for each in ready] == ["reply", "reminder", "broadcast"]


async def test_to_one_person_too_and_each_in_the_order_it_was_written(database: Database) -> None:
    messenger = Messenger()
    for said, urgency in [("b1", 2), ("r1", 0), ("m1", 1), ("r2", 0)]:
        await write_letter(database, FATIMA, said, Urgency(urgency))
    await deliver(database, messenger)
    assert [said for _chat, said in messenger.sent] == ["r1", "r2", "m1", "b1"]


async def test_the_order_in_a_chat_is_kept_when_the_first_must_wait(database: Database) -> None:
    messenger = Messenger()
    messenger.will_answer("1", NOT_ARRIVED)
    for said in ("1", "2"):
        await write_letter(database, FATIMA, said)
    await write_letter(database, RANIA, "hers")
    await deliver(database, messenger, clock := ClockFrom())
    assert [said for chat, said in messenger.sent if chat == FATIMA] == ["1", "1", "2"]
    assert messenger.sent[:2] == [(FATIMA, "1"), (RANIA, "hers")]
    assert clock.now() > MONDAY


async def test_a_chat_has_one_message_under_way_and_others_go_meanwhile(database: Database) -> None:
    messenger = Messenger()
    messenger.hold["slow"] = asyncio.Event()
    for said in ("slow", "after"):
        await write_letter(database, FATIMA, said)
    await write_letter(database, RANIA, "hers")
    async with delivering(database, messenger):
        await until(lambda: messenger.times("hers"))
        await asyncio.sleep(0.1)
        assert messenger.times("after") == 0
        messenger.hold["slow"].set()
        await until(lambda: messenger.times("after"))


async def test_what_is_too_late_is_not_sent_and_said_so(database: Database) -> None:
    messenger = Messenger()
    await write_letter(database, FATIMA, "late", expires_at=MONDAY - timedelta(seconds=1))
    await write_letter(database, FATIMA, "in time")
    await deliver(database, messenger)
    assert [said for _chat, said in messenger.sent] == ["in time"]
    assert await states(database, tables.outbox) == ["expired", "sent"]
    assert (await rows(database, tables.outbox))[0].letter is None


async def test_what_is_tried_again_and_again_ends_when_it_expires(database: Database) -> None:
    messenger, clock = Messenger(), ClockFrom()
    messenger.will_answer("x", *[NOT_ARRIVED] * 100)
    await write_letter(database, FATIMA, "x", expires_at=MONDAY + timedelta(hours=1))
    async with delivering(database, messenger, clock) as delivery:
        await until(lambda: messenger.times("x"))
        clock.turn(timedelta(hours=2))
        delivery.wake()
        await until(lambda: nothing_waits(database))
    assert await states(database, tables.outbox) == ["expired"]


async def test_who_blocked_us_is_marked_and_gets_no_more_of_our_own_accord(
    database: Database, knowledge: Knowledge
) -> None:
    await add(database, FATIMA, RANIA)
    messenger = Messenger()
    messenger.will_answer("reply", Gone("bot was blocked by the user"))
    await write_letter(database, FATIMA, "reply")
    await write_letter(database, FATIMA, "reminder", Urgency.REMINDER)
    await write_letter(database, FATIMA, "broadcast", Urgency.BROADCAST)
    await write_letter(database, RANIA, "hers", Urgency.REMINDER)
    await deliver(database, messenger)
    assert await states(database, tables.outbox) == ["gone", "dropped", "dropped", "sent"]
    assert {said for _chat, said in messenger.sent} == {"reply", "hers"}
    fatima, rania = await database.read(people.find, FATIMA), await database.read(people.find, RANIA)
    assert fatima
    assert rania
    assert fatima.blocked_at
    assert rania.blocked_at is None
    await hear(database, knowledge, unblocked(FATIMA))
    back = await database.read(people.find, FATIMA)
    assert back
    assert back.blocked_at is None


async def test_who_comes_back_gets_her_tips_again(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA, wants_tips=True)
    await database.write(people.blocked, FATIMA, MONDAY)
    await database.write(plans.put, FATIMA, MONDAY, "tip")
    await hear(database, knowledge, unblocked(FATIMA))
    await look_at_plans(database, knowledge, MONDAY)
    messenger = Messenger()
    await deliver(database, messenger)
    assert len(messenger.sent) == 1


async def test_what_telegram_will_never_take_holds_up_nothing(database: Database) -> None:
    messenger = Messenger()
    messenger.will_answer("bad", Refused("can't parse entities"))
    for said in ("bad", "good"):
        await write_letter(database, FATIMA, said)
    await deliver(database, messenger)
    assert [said for _chat, said in messenger.sent] == ["bad", "good"]
    assert await states(database, tables.outbox) == ["refused", "sent"]
    assert (await rows(database, tables.outbox))[0].error == "can't parse entities"


@pytest.mark.parametrize("urgency", [Urgency.REPLY, Urgency.REMINDER])
@pytest.mark.parametrize("trouble", [NOT_ARRIVED, PERHAPS_ARRIVED, Strange("?")])
async def test_replies_and_reminders_are_sent_until_they_arrive(
    database: Database, urgency: Urgency, trouble: Later | Strange
) -> None:
    messenger = Messenger()
    messenger.will_answer("x", trouble)
    await write_letter(database, FATIMA, "x", urgency)
    await deliver(database, messenger)
    assert messenger.times("x") == 2
    assert await states(database, tables.outbox) == ["sent"]


@pytest.mark.parametrize("trouble", [PERHAPS_ARRIVED, Strange("?")])
async def test_a_broadcast_that_may_have_arrived_is_not_repeated_but_counted(
    database: Database, trouble: Later | Strange
) -> None:
    messenger = Messenger()
    messenger.will_answer("x", trouble)
    await write_letter(database, FATIMA, "x", Urgency.BROADCAST)
    await deliver(database, messenger)
    assert messenger.times("x") == 1
    assert await database.read(outbox.counts) == {"unsure": 1}


async def test_a_broadcast_that_cannot_have_arrived_is_sent_again(database: Database) -> None:
    messenger = Messenger()
    messenger.will_answer("x", NOT_ARRIVED)
    await write_letter(database, FATIMA, "x", Urgency.BROADCAST)
    await deliver(database, messenger)
    assert messenger.times("x") == 2
    assert await database.read(outbox.counts) == {"sent": 1}


async def test_after_a_crash_what_was_leaving_is_counted_and_not_repeated(database: Database) -> None:
    messenger = Messenger()
    messenger.hold["x"] = asyncio.Event()
    await write_letter(database, FATIMA, "x", Urgency.BROADCAST)
    dying = asyncio.create_task(Delivery(database, messenger, ClockFrom(), 1000).run())
    await until(lambda: messenger.sent)
    assert await states(database, tables.outbox) == ["leaving"]
    for task in asyncio.all_tasks() - {asyncio.current_task(), dying}:
        if task.get_coro().__qualname__ == "Delivery._deliver":  # type: ignore[union-attr]
            task.cancel()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    await deliver(database, Messenger())
    assert await database.read(outbox.counts) == {"unsure": 1}


async def test_asked_to_wait_by_one_chat_that_chat_waits_and_no_other(database: Database) -> None:
    messenger = Messenger()
    messenger.will_answer("flood", Later("flood", flood=1))
    await write_letter(database, FATIMA, "flood")
    async with delivering(database, messenger) as delivery:
        await until(lambda: messenger.times("flood"))
        await write_letter(database, FATIMA, "after")
        await write_letter(database, RANIA, "hers")
        delivery.wake()
        await until(lambda: nothing_waits(database))
    assert [said for _chat, said in messenger.sent] == ["flood", "hers", "flood", "after"]


async def test_asked_to_wait_by_two_chats_everything_waits(database: Database) -> None:
    messenger = Messenger()
    messenger.will_answer("one", Later("flood", flood=1))
    messenger.will_answer("two", Later("flood", flood=1))
    await write_letter(database, FATIMA, "one")
    await write_letter(database, RANIA, "two")
    async with delivering(database, messenger) as delivery:
        await until(lambda: len(messenger.sent) == 2)
        await until(lambda: delivery._pace._all_closed_until > 0 and not delivery._under_way)
        await write_letter(database, MARJA, "hers")
        delivery.wake()
        await until(lambda: nothing_waits(database))
    assert sorted(said for _chat, said in messenger.sent[:2]) == ["one", "two"]
    assert {said for _chat, said in messenger.sent[2:]} == {"one", "two", "hers"}
    (hers,) = [row for row in await rows(database, tables.outbox) if row.chat in (MARJA, 0) and row.id == 3]
    first, second = (row for row in await rows(database, tables.outbox) if row.id != 3)
    assert hers.settled_at - hers.written_at > timedelta(0)
    assert min(first.attempts, second.attempts) == 1
    assert hers.attempts == 0


async def test_a_database_in_trouble_does_not_send_it_again(database: Database) -> None:
    """What went out and could not be written down went out again, every second, until it could."""
    messenger = Messenger()
    await write_letter(database, FATIMA, "x")

    def disk_full() -> Exception:
        return OperationalError("x", None, Exception("disk full"))

    async with delivering(database, messenger):
        with failing(database, disk_full, lambda statement: "UPDATE outbox SET chat" in statement):
            await until(lambda: messenger.sent)
            await asyncio.sleep(0.5)
        await until(lambda: nothing_waits(database))
    assert messenger.times("x") == 1


async def test_a_database_in_trouble_is_waited_for(database: Database) -> None:
    messenger = Messenger()

    def locked() -> Exception:
        return OperationalError("x", None, Exception("database is locked"))

    async with delivering(database, messenger):
        with failing(database, locked, lambda statement: "outbox" in statement and "INSERT" not in statement):
            await write_letter(database, FATIMA, "x")
            await asyncio.sleep(0.2)
        await until(lambda: nothing_waits(database))
    assert messenger.times("x") == 1


async def test_a_mistake_of_ours_with_one_message_ends_that_message(database: Database) -> None:
    class Broken(Messenger):
        async def send(self, letter: object, chat: int) -> Sent:
            await super().send(letter, chat)  # type: ignore[arg-type]
            if chat == FATIMA:
                raise KeyError("a mistake")
            return Sent(1)

    broken = Broken()
    await write_letter(database, FATIMA, "bad")
    await write_letter(database, RANIA, "good")
    await deliver(database, broken)
    assert sorted(broken.sent) == [(FATIMA, "bad"), (RANIA, "good")]
    assert await states(database, tables.outbox) == ["failed", "sent"]


class HeldWriter:
    """Lets a delivery write down nothing while it is not `free`; `groups` says how much it wrote at once."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.groups: list[int] = []
        self.free = asyncio.Event()
        self.free.set()
        self._write = database.write
        monkeypatch.setattr(database, "write", self.write)

    async def write(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        if work.__name__ != "_do_all":
            return await self._write(work, *args, **kwargs)
        await self.free.wait()
        done = await self._write(work, *args, **kwargs)
        self.groups.append(len(done))
        return done


async def test_what_was_sent_while_the_writer_is_busy_is_written_in_one_transaction(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    messenger, writer = Messenger(), HeldWriter(database, monkeypatch)
    async with delivering(database, messenger) as delivery:
        await until(lambda: writer.groups)  # what was left hanging
        writer.free.clear()
        for who in range(1, 11):
            await write_letter(database, who, "x")
        delivery.wake()
        await until(lambda: len(messenger.sent) == 10)
        await asyncio.sleep(0)
        writer.free.set()
        await until(lambda: nothing_waits(database))
    assert writer.groups == [1, 10]


async def test_while_it_is_being_written_down_her_chat_stays_busy(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    messenger, writer = Messenger(), HeldWriter(database, monkeypatch)
    async with delivering(database, messenger) as delivery:
        await until(lambda: writer.groups)
        writer.free.clear()
        for said in ("1", "2", "3"):
            await write_letter(database, FATIMA, said)
        delivery.wake()
        await until(lambda: messenger.times("1"))
        await write_letter(database, RANIA, "hers")
        delivery.wake()
        await until(lambda: messenger.times("hers"))
        assert [said for chat, said in messenger.sent if chat == FATIMA] == ["1"]
        writer.free.set()
        await until(lambda: nothing_waits(database))
    assert [said for chat, said in messenger.sent if chat == FATIMA] == ["1", "2", "3"]


async def test_no_broadcast_leaves_before_it_is_marked(database: Database) -> None:
    """Not one that might go out again after a crash."""
    messenger = Messenger()

    def disk_full() -> Exception:
        return OperationalError("x", None, Exception("disk full"))

    for who in (FATIMA, RANIA):
        await write_letter(database, who, "broadcast", Urgency.BROADCAST)
    tried: list[str] = []

    def marks(statement: str) -> bool:
        fits = statement.startswith("UPDATE outbox SET state") and "IN" in statement
        tried.extend([statement] * fits)
        return fits

    async with delivering(database, messenger) as delivery:
        with failing(database, disk_full, marks):
            await until(lambda: len(tried) >= 3)
            await write_letter(database, MARJA, "reply")
            delivery.wake()
            await until(lambda: messenger.times("reply"))
            assert messenger.times("broadcast") == 0
            assert (await states(database, tables.outbox))[:2] == ["waiting", "waiting"]
        await until(lambda: nothing_waits(database))
    assert messenger.times("broadcast") == 2


async def test_when_it_leaves_its_mark_is_committed(database: Database) -> None:
    found = []

    class Looking(Messenger):
        async def send(self, letter: Mapping[str, Any], chat: int) -> Outcome:
            found.extend(row.state for row in await rows(database, tables.outbox) if row.chat == chat)
            return await super().send(letter, chat)

    for who in range(1, 6):
        await write_letter(database, who, "x", Urgency.BROADCAST)
    await deliver(database, Looking())
    assert found == ["leaving"] * 5


async def test_a_broadcast_that_was_taken_back_since_it_was_read_does_not_leave(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    messenger, writer = Messenger(), HeldWriter(database, monkeypatch)
    async with delivering(database, messenger) as delivery:
        await until(lambda: writer.groups)
        writer.free.clear()
        await write_letter(database, FATIMA, "x", Urgency.BROADCAST)
        delivery.wake()
        await until(lambda: delivery._under_way)
        await database.write(outbox.drop_pushes, FATIMA, MONDAY)
        writer.free.set()
        await until(lambda: not delivery._under_way)
    assert messenger.sent == []
    assert await states(database, tables.outbox) == ["dropped"]


async def test_a_crash_between_sending_and_writing_it_down_leaves_a_broadcast_unsure(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    messenger = Messenger()
    messenger.hold["x"] = asyncio.Event()
    await write_letter(database, FATIMA, "x", Urgency.BROADCAST)
    await write_letter(database, RANIA, "x")
    delivery = Delivery(database, messenger, ClockFrom(), 1000)
    dying = asyncio.create_task(delivery.run())
    await until(lambda: messenger.times("x") == 2)
    monkeypatch.setattr("bot.delivery.STOP_SECONDS", 0.1)
    HeldWriter(database, monkeypatch).free.clear()  # nothing is written down any more
    messenger.hold["x"].set()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    monkeypatch.undo()
    again = Messenger()
    await deliver(database, again)
    assert again.sent == [(RANIA, "x")]
    assert await database.read(outbox.counts) == {"unsure": 1, "sent": 1}


async def test_a_mistake_with_one_of_a_group_costs_the_others_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    messenger, writer = Messenger(), HeldWriter(database, monkeypatch)
    messenger.will_answer("bad", Gone("blocked"))
    monkeypatch.setattr("bot.store.people.blocked", lambda *_given: 1 / 0)
    async with delivering(database, messenger) as delivery:
        await until(lambda: writer.groups)
        writer.free.clear()
        for who, said in [(FATIMA, "bad"), (RANIA, "good"), (MARJA, "good")]:
            await write_letter(database, who, said)
        delivery.wake()
        await until(lambda: len(messenger.sent) == 3)
        writer.free.set()
        await until(lambda: nothing_waits(database))
    assert await states(database, tables.outbox) == ["failed", "sent", "sent"]
    assert len(messenger.sent) == 3


async def many_broadcasts(database: Database, many: int) -> None:
    row = {"letter": {"text": "broadcast"}, "urgency": 2, "not_before": MONDAY, "expires_at": NEVER}

    def insert(db: Connection) -> None:
        chats = [{"chat": who, "written_at": MONDAY, **row} for who in range(5001, 5001 + many)]
        db.execute(tables.outbox.insert(), chats)

    await database.write(insert)


async def test_a_reply_overtakes_a_thousand_waiting_broadcasts(database: Database) -> None:
    messenger = Messenger()
    messenger.hold["broadcast"] = asyncio.Event()
    await many_broadcasts(database, 1000)
    async with delivering(database, messenger) as delivery:
        await until(lambda: len(messenger.sent) == BROADCASTS_AT_ONCE)
        await write_letter(database, FATIMA, "reply")
        delivery.wake()
        await until(lambda: messenger.times("reply"))
        assert messenger.times("broadcast") == BROADCASTS_AT_ONCE
        messenger.hold["broadcast"].set()


async def test_what_is_in_line_is_not_read_again_for_each_message(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.LOOK_SECONDS", 1000.0)
    messenger, reads = Messenger(), []

    def look(statement: str) -> bool:
        reads.extend([statement] * ("NOT IN" in statement))
        return False

    await many_broadcasts(database, 3 * IN_LINE)
    with failing(database, AssertionError, look):
        await deliver(database, messenger)
    assert len(reads) == 4
    assert messenger.times("broadcast") == 3 * IN_LINE
    assert len({chat for chat, _said in messenger.sent}) == 3 * IN_LINE


async def test_more_for_a_chat_is_read_when_it_is_free_not_after_a_while(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.LOOK_SECONDS", 1000.0)
    messenger = Messenger()
    for said in "123456":
        await write_letter(database, FATIMA, said)
    await deliver(database, messenger)
    assert [said for _chat, said in messenger.sent] == list("123456")


async def test_what_was_written_while_its_chat_was_busy_is_read_when_it_is_free(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.LOOK_SECONDS", 1000.0)
    messenger = Messenger()
    messenger.hold["1"] = asyncio.Event()
    await write_letter(database, FATIMA, "1")
    async with delivering(database, messenger) as delivery:
        await until(lambda: messenger.times("1"))
        await write_letter(database, FATIMA, "2")
        await write_letter(database, RANIA, "hers")
        delivery.wake()
        await until(lambda: messenger.times("hers"))
        messenger.hold["1"].set()
        await until(lambda: nothing_waits(database))
    assert [said for _chat, said in messenger.sent] == ["1", "hers", "2"]


async def test_stopping_finishes_what_is_under_way(database: Database) -> None:
    messenger = Messenger()
    messenger.hold["x"] = asyncio.Event()
    await write_letter(database, FATIMA, "x")
    delivery = asyncio.create_task(Delivery(database, messenger, ClockFrom(), 1000).run())
    await until(lambda: messenger.sent)
    delivery.cancel()
    await asyncio.sleep(0.1)
    assert not delivery.done()
    messenger.hold["x"].set()
    await asyncio.gather(delivery, return_exceptions=True)
    assert await states(database, tables.outbox) == ["sent"]


async def test_stopping_does_not_wait_for_ever(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert STOP_SECONDS <= 5
    monkeypatch.setattr("bot.delivery.STOP_SECONDS", 0.1)
    messenger = Messenger()
    messenger.hold["x"] = asyncio.Event()
    await write_letter(database, FATIMA, "x")
    delivery = asyncio.create_task(Delivery(database, messenger, ClockFrom(), 1000).run())
    await until(lambda: messenger.sent)
    delivery.cancel()
    await until(delivery.done)
    assert await states(database, tables.outbox) == ["waiting"]


@pytest.mark.parametrize("steps", range(6))
async def test_being_woken_while_being_stopped_stops(database: Database, steps: int) -> None:
    """asyncio.wait_for swallowed the cancellation when both came together, and the program hung."""
    delivery = Delivery(database, Messenger(), ClockFrom(), 1000)
    running = asyncio.create_task(delivery.run())
    await asyncio.sleep(0.2)
    delivery.wake()
    for _step in range(steps):
        await asyncio.sleep(0)
    running.cancel()
    await until(running.done, seconds=5)


async def test_settled_messages_go_after_a_while(database: Database) -> None:
    await write_letter(database, FATIMA, "x")
    await deliver(database, Messenger())
    await write_letter(database, FATIMA, "y")
    await database.write(outbox.prune, MONDAY + outbox.KEPT - timedelta(days=1))
    assert await states(database, tables.outbox) == ["sent", "waiting"]
    await database.write(outbox.prune, MONDAY + outbox.KEPT + timedelta(days=1))
    assert await states(database, tables.outbox) == ["waiting"]


async def test_a_letter_with_a_name_takes_the_place_of_the_one_before(database: Database) -> None:
    await add(database, FATIMA)
    for said in ("1 of 3", "2 of 3", "3 of 3"):
        letter = {"text": said}
        times = {"now": MONDAY, "expires_at": NEVER}
        await database.write(outbox.write, FATIMA, letter, urgency=Urgency.REPLY, name="broadcast-1", **times)
    await database.write(outbox.write, FATIMA, {"text": "other"}, urgency=Urgency.REPLY, name="broadcast-2", **times)
    edits: list[int | None] = []

    class Watching(Messenger):
        async def send(self, letter: Mapping[str, Any], chat: int) -> Outcome:
            edits.append(letter.get("edit"))
            await super().send(letter, chat)
            return Sent(letter.get("edit") or 70 + len(edits))

    messenger = Watching()
    await deliver(database, messenger)
    assert [said for _chat, said in messenger.sent] == ["1 of 3", "2 of 3", "3 of 3", "other"]
    assert edits == [None, 71, 71, None]
