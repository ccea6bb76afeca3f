"""Roles by invitation, and questions that found no answer, on both databases."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.content.questions import read_questions
from bot.editor import Editor
from bot.store import Connection, Database, people, roles, unfound
from conversations.people import Person
from conversations.world import Role, Unanswered
from tests.conftest import MONDAY

COORDINATOR = Role("coordinator", "stad")
MARJA, OTHER = Person(7, "nl", "Marja", agreed_at=MONDAY), Person(8, "nl", "Joost", agreed_at=MONDAY)


def known(db: Connection) -> None:
    people.save(db, MARJA)
    people.save(db, OTHER)


async def test_an_invitation_is_good_for_one_person(database: Database) -> None:
    await database.write(known)
    code = await database.write(roles.invite, COORDINATOR, MONDAY)
    assert await database.read(roles.invited, code, MONDAY) == COORDINATOR
    assert await database.write(roles.accept, code, MARJA.id, MONDAY) == COORDINATOR
    assert await database.write(roles.accept, code, OTHER.id, MONDAY) is None
    assert await database.read(roles.of_person, MARJA.id) == {COORDINATOR}
    assert await database.read(roles.of_person, OTHER.id) == frozenset()


async def test_an_invitation_is_good_for_seven_days(database: Database) -> None:
    await database.write(known)
    code = await database.write(roles.invite, COORDINATOR, MONDAY)
    later = MONDAY + timedelta(days=7)
    assert await database.read(roles.invited, code, later - timedelta(seconds=1)) == COORDINATOR
    assert await database.read(roles.invited, code, later) is None
    assert await database.write(roles.accept, code, MARJA.id, later) is None


async def test_a_code_begins_so_that_no_employer_has_it_and_is_hard_to_guess(database: Database) -> None:
    codes = {await database.write(roles.invite, COORDINATOR, MONDAY) for _ in range(20)}
    assert len(codes) == 20
    assert all(code.startswith(roles.MARK) and 24 <= len(code) <= 64 for code in codes)


async def test_roles_are_listed_withdrawn_and_go_with_the_person(database: Database) -> None:
    await database.write(known)
    for person in (MARJA, OTHER):
        code = await database.write(roles.invite, COORDINATOR, MONDAY)
        await database.write(roles.accept, code, person.id, MONDAY)
    listed = await database.read(roles.everybody)
    assert {(number, name) for number, name, _role in listed} == {(7, "Marja"), (8, "Joost")}
    assert await database.write(roles.withdraw, MARJA.id) == 1
    assert await database.write(roles.withdraw, MARJA.id) == 0
    await database.write(people.forget, OTHER.id)
    assert await database.read(roles.everybody) == []


async def test_a_question_is_kept_once_and_leaves_the_list_when_settled(database: Database) -> None:
    for _ in range(2):
        await database.write(unfound.note, "k1", "waar is de knop", False, MONDAY)
    await database.write(unfound.note, "k2", "en de andere", False, MONDAY)
    assert await database.read(unfound.count) == 2
    first = await database.read(unfound.first)
    assert first == Unanswered(first.id, "waar is de knop") if first else False
    await database.write(unfound.settle, first.id, "wished")
    await database.write(unfound.settle, first.id, "placed", "wifi")  # a second tap changes nothing
    assert await database.read(unfound.find, first.id) is None
    assert [question for _id, question, _topic in await database.read(unfound.in_state, "wished")] == [
        "waar is de knop"
    ]
    assert await database.read(unfound.count) == 1


async def test_what_was_offered_a_choice_waits_until_none_was_right(database: Database) -> None:
    await database.write(unfound.note, "k1", "code", True, MONDAY)
    assert await database.read(unfound.count) == 0
    await database.write(unfound.open_again, "k1")
    assert await database.read(unfound.count) == 1


async def test_old_questions_and_invitations_go(database: Database) -> None:
    await database.write(unfound.note, "open", "open", False, MONDAY)
    await database.write(unfound.note, "offered", "offered", True, MONDAY)
    code = await database.write(roles.invite, COORDINATOR, MONDAY)

    async def left(days: float) -> tuple[int, int]:
        now = MONDAY + timedelta(days=days)
        await database.write(unfound.prune, now)
        await database.write(roles.prune, now)
        both = [await database.read(unfound.in_state, state) for state in ("open", "offered")]
        return len(both[0]), len(both[1])

    assert await left(1.9) == (1, 1)
    assert await left(2) == (1, 0)
    assert await left(89.9) == (1, 0)
    assert await left(90) == (0, 0)
    assert await database.read(roles.invited, code, MONDAY) is None


async def test_what_is_placed_is_written_once(database: Database, tmp_path: Path) -> None:
    await database.write(unfound.note, "k", "# hoe gaat  dit aan", False, MONDAY)
    asked = await database.read(unfound.first)
    assert asked
    await database.write(unfound.settle, asked.id, "placed", "wifi")
    editor = Editor(database, tmp_path / "vragen")
    assert await editor.write() == 1
    assert await editor.write() == 0
    questions, problems = read_questions(tmp_path / "vragen" / "wifi.txt")
    assert [question.text for question in questions.asked] == ["hoe gaat dit aan"]
    assert problems == []


async def test_where_it_cannot_be_written_it_waits(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "vragen").write_text("a file is in the way")
    await database.write(unfound.note, "k", "hoe gaat dit aan", False, MONDAY)
    asked = await database.read(unfound.first)
    assert asked
    await database.write(unfound.settle, asked.id, "placed", "wifi")
    editor = Editor(database, tmp_path / "vragen")
    assert [await editor.write(), await editor.write()] == [0, 0]
    assert len([record for record in caplog.records if "digihulp wishes" in record.message]) == 1
    assert "hoe gaat dit aan" not in caplog.text
    (tmp_path / "vragen").unlink()
    assert await editor.write() == 1
