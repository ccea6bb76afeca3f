"""A turn is one transaction: all of it is kept, or nothing. And what is erased is gone."""

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.knowledge import Knowledge
from bot.store import Connection, Database, people, plans, tables
from bot.turns import take_turn
from conversations.people import Person
from tests.conftest import MONDAY
from tests.pipeline.doing import (
    FATIMA,
    QUESTION,
    RANIA,
    Messenger,
    add,
    delivering,
    failing,
    hear,
    keep,
    letters,
    look_at_plans,
    nothing_waits,
    plan_sessions,
    rows,
    session_of,
    states,
    tap,
    text,
    until,
    work_off,
)

CHANGED = (tables.people, tables.signups, tables.plans, tables.outbox)
CHANGES = ("INSERT", "UPDATE", "DELETE")


class Nth:
    """Fits the n-th statement that changes something, and only that one."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.seen = 0

    def __call__(self, statement: str) -> bool:
        self.seen += statement.startswith(CHANGES)
        return statement.startswith(CHANGES) and self.seen == self.number


def passing() -> Exception:
    return OperationalError("x", None, Exception("disk full"))


def ours() -> Exception:
    return RuntimeError("a mistake")


async def sign_up_of_a_stranger(database: Database, knowledge: Knowledge) -> None:
    """One turn that changes four tables: she agrees, she is on the list, two reminders, two answers."""
    await plan_sessions(database, knowledge)
    session = await session_of(database, "dinsdag", "2026-12-01")
    await keep(database, tap(FATIMA, f"session:agree:{session.id}"))


async def sizes(database: Database) -> list[int]:
    return [len(await rows(database, table)) for table in CHANGED]


async def test_whichever_statement_fails_nothing_of_the_turn_remains(database: Database, knowledge: Knowledge) -> None:
    await sign_up_of_a_stranger(database, knowledge)
    tried = 0
    while True:
        nth = Nth(tried + 1)
        try:
            with failing(database, passing, nth):
                await database.write(take_turn, knowledge, MONDAY)
        except OperationalError:
            tried += 1
            assert await sizes(database) == [0, 0, 0, 0], f"after statement {tried} failed"
            assert await states(database, tables.inbox) == ["waiting"]
        else:
            break
    assert tried >= 6
    assert await sizes(database) == [1, 1, 2, 2]
    assert await states(database, tables.inbox) == ["done"]


@pytest.mark.parametrize("number", range(1, 7))
async def test_after_a_mistake_of_ours_only_the_apology_remains(
    database: Database, knowledge: Knowledge, number: int
) -> None:
    await sign_up_of_a_stranger(database, knowledge)
    with failing(database, ours, Nth(number)):
        await work_off(database, knowledge)
    assert await sizes(database) == [0, 0, 0, 1]
    assert await states(database, tables.inbox) == ["aside"]
    assert len(await letters(database, FATIMA)) == 1


async def test_what_is_due_for_somebody_erased_is_dropped(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA, wants_tips=True)
    await database.write(plans.put, FATIMA, MONDAY, "tip")
    await database.write(plans.hand_over, MONDAY)  # it is in the inbox when she is erased
    await database.write(people.forget, FATIMA)
    assert await work_off(database, knowledge) == 1
    assert await states(database, tables.inbox) == ["done"]
    assert await sizes(database) == [0, 0, 0, 0]


async def test_erasing_leaves_nothing_but_emptied_inbox_rows(database: Database, knowledge: Knowledge) -> None:
    await full_life(database, knowledge, FATIMA)
    await full_life(database, knowledge, RANIA)
    before = await traces(database, RANIA)
    assert set(before) == {"inbox", "outbox", "people", "signups", "plans", "tips_read"}
    await hear(database, knowledge, tap(FATIMA, "settings:erase-yes"))
    async with delivering(database, Messenger()):
        await until(lambda: nothing_waits(database))
    assert set(await traces(database, FATIMA)) == {"inbox"}
    for row in await rows(database, tables.inbox):
        if row.lane == FATIMA:
            assert (row.state, row.payload, row.error) == ("done", None, None)
    assert set(await traces(database, RANIA)) == set(before)
    assert await states(database, tables.outbox) == ["sent"] * len(await states(database, tables.outbox))


async def full_life(database: Database, knowledge: Knowledge, who: int) -> None:
    """She has joined, signed up, read a tip, sent what could not be handled, and a letter waits for her."""
    await add(database, who, wants_tips=True)
    await plan_sessions(database, knowledge)
    session = await session_of(database, "dinsdag", "2026-12-01")
    await hear(database, knowledge, tap(who, f"session:come:{session.id}"), text(who, QUESTION))
    await database.write(plans.put, who, MONDAY, "tip")
    await look_at_plans(database, knowledge, MONDAY)
    await keep(database, text(who, "iets heel eigens"))
    with failing(database, ours, Nth(1)):
        await work_off(database, knowledge)


async def traces(database: Database, who: int) -> dict[str, int]:
    """In how many rows of each table she is still to be found."""
    found = {}
    for table in tables.metadata.sorted_tables:
        hers = [row for row in await rows(database, table) if who in row]
        if hers:
            found[table.name] = len(hers)
    return found


async def test_what_comes_after_erasing_is_answered_as_to_a_stranger(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA)
    await hear(database, knowledge, tap(FATIMA, "settings:erase-yes"), text(FATIMA, QUESTION))
    assert len(await letters(database, FATIMA)) == 2
    assert await rows(database, tables.people) == []


async def test_of_who_said_no_nothing_is_kept(database: Database, knowledge: Knowledge) -> None:
    await hear(database, knowledge, text(FATIMA, "/start zon"))
    assert [row.step for row in await rows(database, tables.people)] == ["join:consent"]
    await hear(database, knowledge, tap(FATIMA, "join:no"), text(FATIMA, QUESTION), text(FATIMA, "menu"))
    assert await rows(database, tables.people) == []
    async with delivering(database, Messenger()):
        await until(lambda: nothing_waits(database))
    assert set(await traces(database, FATIMA)) == {"inbox"}


async def test_somebody_who_only_asks_is_not_kept(database: Database, knowledge: Knowledge) -> None:
    await hear(database, knowledge, text(FATIMA, QUESTION))
    assert await rows(database, tables.people) == []


async def test_what_was_sent_keeps_no_letter(database: Database, knowledge: Knowledge) -> None:
    await add(database, FATIMA)
    await hear(database, knowledge, text(FATIMA, QUESTION))
    async with delivering(database, Messenger()):
        await until(lambda: nothing_waits(database))
    (row,) = await rows(database, tables.outbox)
    assert (row.state, row.chat, row.letter, row.message) == ("sent", FATIMA, None, 1)


async def test_errors_do_not_tell_what_was_kept(database: Database) -> None:
    def insert_twice(db: Connection) -> None:
        for _twice in range(2):
            db.execute(tables.people.insert().values(**vars(Person(FATIMA, "nl", "Geheim"))))

    with pytest.raises(IntegrityError) as caught:
        await database.write(insert_twice)
    assert "Geheim" not in str(caught.value)


async def test_a_person_comes_back_as_she_was_saved(database: Database) -> None:
    whole = Person(
        2**52 - 1, "ar", "فاطمة 🌸", "join:wishes", MONDAY, "zon", wants_reminders=False, wants_tips=True,
        wants_news=False, tip_day=6, tip_hour=20, quiet_from=8, quiet_until=16, chosen_language=True, stopped_at=MONDAY,
        paused_until=MONDAY, blocked_at=MONDAY,
    )  # fmt: skip
    await database.write(people.save, whole)
    await database.write(people.save, whole)
    assert await database.read(people.find, whole.id) == whole
