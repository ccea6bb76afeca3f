"""The command line as an administrator meets it: what it says, and that every mistake ends in one clear sentence."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import struct
import sys
import zlib
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from typer.testing import CliRunner

from bot.commands import app
from bot.demo.telegram import LocalTelegram
from bot.store import Database, broadcasts, inbox, people, roles, unfound
from conversations.people import Person
from conversations.world import Order, Role

ROOT = Path(__file__).parents[1]
SMALL_CONTENT = Path(__file__).parent / "content"
TOKEN = "42:TEST-token_1"
COMMANDS = ("demo", "run", "ask", "talk", "links", "invite", "people", "wishes", "broadcasts", "doctor", "content")


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.strip()]


class Terminal:
    """A folder of its own to stand in, an empty home, and nothing set but what a test sets."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.settings = {
            "HOME": str(folder),
            "DIGIHULP_CONTENT": str(SMALL_CONTENT),
            "DIGIHULP_CACHE": str(cache),
            "COLUMNS": "100",
            "NO_COLOR": "1",
        }

    def environment(self, **settings: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DIGIHULP_")}
        return kept | self.settings | {f"DIGIHULP_{name.upper()}": value for name, value in settings.items()}

    def runs(self, *arguments: str, typed: str = "", **settings: str) -> Said:
        """The command in this process: what it leaves open or raises is this test's trouble."""
        gone = dict.fromkeys(name for name in os.environ if name.startswith("DIGIHULP_"))
        done = CliRunner().invoke(
            app, arguments, input=typed, env=gone | self.environment(**settings), prog_name="digihulp"
        )
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout, done.stderr)

    async def runs_beside(self, *arguments: str, **settings: str) -> Said:
        """The same, while this loop goes on being Telegram."""
        return await asyncio.to_thread(lambda: self.runs(*arguments, **settings))

    async def starts(self, *arguments: str, **settings: str) -> Process:
        """The command as a process of its own."""
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, cwd=self.folder, env=self.environment(**settings),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip


async def ended(process: Process) -> Said:
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert b"Traceback" not in err, err.decode()
    assert process.returncode is not None
    return Said(process.returncode, out.decode(), err.decode())


@pytest.fixture(scope="session")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def terminal(tmp_path: Path, learnt: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path, learnt)


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    telegram = LocalTelegram(TOKEN, "digihulp_test_bot", paced=False)
    await telegram.start()
    yield telegram
    await telegram.stop()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield int(listening.getsockname()[1])


# Help


def test_help_names_every_command(terminal: Terminal) -> None:
    said = terminal.runs("--help")
    assert said.code == 0
    assert "helps Dutch home-care workers" in said.out
    for command in COMMANDS:
        assert re.search(rf"^\W*{command}\b .*\w{{3}}", said.out, re.MULTILINE), command


@pytest.mark.parametrize("command", [*((name,) for name in COMMANDS), ("content", "check")])
def test_every_command_tells_what_it_does_and_what_each_option_is(terminal: Terminal, command: tuple[str, ...]) -> None:
    said = terminal.runs(*command, "--help")
    assert said.code == 0
    for option in re.findall(r"^\W*(--\w[\w-]*)\s+(.*)$", said.out, re.MULTILINE):
        assert re.search(r"[a-z]{3,} .*[a-z.]", option[1]), f"{command}: {option[0]} is not explained"


def test_no_command_shows_the_help(terminal: Terminal) -> None:
    said = terminal.runs()
    assert "Usage: digihulp" in said.out + said.err


def test_an_unknown_command_is_told_so(terminal: Terminal) -> None:
    said = terminal.runs("fly")
    assert said.code == 2
    assert "fly" in said.err


# Settings that cannot work

WRONG_SETTINGS = [
    ("api_url", "telegram.example", "DIGIHULP_API_URL must begin with http:// or https://"),
    ("database_url", "sqlite:///x.db", "DIGIHULP_DATABASE_URL must begin with sqlite+aiosqlite://"),
    ("database_url", "postgres://me:hidden@db/x", "DIGIHULP_DATABASE_URL must begin with postgresql+asyncpg://"),
    ("database_url", "x.db", "DIGIHULP_DATABASE_URL is no database address"),
    ("database_url", "mysql://x/y", "DIGIHULP_DATABASE_URL must begin with sqlite+aiosqlite://"),
    ("webhook_listen", "8443", "DIGIHULP_WEBHOOK_LISTEN must be host:port"),
    ("webhook_listen", "0.0.0.0:99999", "DIGIHULP_WEBHOOK_LISTEN must be host:port"),
    ("webhook_listen", "0.0.0.0:²", "DIGIHULP_WEBHOOK_LISTEN must be host:port"),
    ("webhook_url", "ftp://x", "DIGIHULP_WEBHOOK_URL must begin with http:// or https://"),
    ("webhook_url", "https://bot.example", "needs DIGIHULP_WEBHOOK_SECRET"),
    ("send_rate", "fast", "DIGIHULP_SEND_RATE must be a valid number"),
    ("send_rate", "0", "DIGIHULP_SEND_RATE must be greater than 0"),
    ("log_level", "LOUD", "DIGIHULP_LOG_LEVEL must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ("log_format", "xml", "DIGIHULP_LOG_FORMAT must be 'text' or 'json'"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG_SETTINGS)
def test_a_wrong_setting_is_one_clear_sentence(terminal: Terminal, name: str, value: str, sentence: str) -> None:
    said = terminal.runs("links", bot_name="b", **{name: value})
    assert said.code == 2
    assert len(said.lines) == 1
    assert sentence in said.err
    assert "hidden" not in said.err


def test_two_wrong_settings_are_told_at_once(terminal: Terminal) -> None:
    said = terminal.runs("run", log_format="xml", send_rate="-1")
    assert said.code == 2
    assert len(said.lines) == 2


def test_settings_are_read_from_a_file_too(terminal: Terminal) -> None:
    (terminal.folder / ".env").write_text("DIGIHULP_BOT_NAME = of_the_file \nSOMETHING_ELSE=1\n")
    assert "t.me/of_the_file?start=zon" in terminal.runs("links").out


# ask


def test_ask_in_json_is_one_object_a_question(terminal: Terminal) -> None:
    said = terminal.runs("ask", "--json", "-", typed="wachtwoord vergeten\n\n  ik ben bang om iets fout te doen \n")
    found = [json.loads(line) for line in said.out.splitlines()]
    assert [f["question"] for f in found] == ["wachtwoord vergeten", "ik ben bang om iets fout te doen"]
    for one in found:
        assert set(one) == {"question", "verdict", "topics", "ms"}
        assert one["verdict"] in {"answer", "choice", "unknown"}
        assert len(one["topics"]) <= 5
        assert all(set(topic) == {"id", "score"} for topic in one["topics"])
        scores = [topic["score"] for topic in one["topics"]]
        assert scores == sorted(scores, reverse=True)


def test_ask_tells_people_what_would_be_answered_and_why(terminal: Terminal) -> None:
    said = terminal.runs("ask", "wachtwoord vergeten")
    assert said.code == 0
    assert "wachtwoord-vergeten" in said.out
    assert "why" in said.out
    assert "like:" not in said.out
    assert "like: " in terminal.runs("ask", "--why", "wachtwoord vergeten").out


def test_ask_gives_reasons_in_json_when_asked(terminal: Terminal) -> None:
    first = json.loads(terminal.runs("ask", "--json", "--why", "wachtwoord vergeten").out)["topics"][0]
    assert set(first) == {"id", "score", "words", "sample"}
    assert set(first["words"]) <= {"wachtwoord", "vergeten"}


def test_ask_takes_any_question(terminal: Terminal) -> None:
    for question in ("[/bold] [red]wachtwoord", "", "  ", "a" * 5000, "\u202eكلمة السر", "{name} %s"):
        assert terminal.runs("ask", question).code == 0
        assert json.loads(terminal.runs("ask", "--json", question).out)["question"] == question


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(("--employer", "nobody"), "There is no employer 'nobody'. There are: zon, maan."),
     (("--language", "xx"), "The bot does not speak 'xx'. It speaks: nl, en, ar.")],
)  # fmt: skip
def test_ask_tells_what_there_is(terminal: Terminal, arguments: tuple[str, ...], sentence: str) -> None:
    said = terminal.runs("ask", *arguments, "x")
    assert (said.code, said.err.strip()) == (2, sentence)


def test_ask_knows_employers_and_languages(terminal: Terminal) -> None:
    assert terminal.runs("ask", "--employer", "zon", "--language", "ar", "wachtwoord").code == 0


def test_no_content_is_told(terminal: Terminal) -> None:
    for command in (("ask", "x"), ("talk",), ("run",)):
        said = terminal.runs(*command, content=str(terminal.folder / "nowhere"), token=TOKEN)
        assert said.code == 2
        assert "nowhere" in said.err


# content check


def copied_content(terminal: Terminal) -> Path:
    return Path(shutil.copytree(ROOT / "content", terminal.folder / "content"))


def test_good_content_is_good(terminal: Terminal) -> None:
    said = terminal.runs("content", "check", content=str(ROOT / "content"))
    assert said.code == 0, said.out
    assert re.search(r"^\d+ answers, \d+ tips: 0 mistakes, \d+ warnings\.$", said.out, re.MULTILINE)


def test_a_mistake_in_an_answer_is_told_by_file_and_line(terminal: Terminal) -> None:
    content = copied_content(terminal)
    answer = content / "nl" / "wachtwoord-vergeten.md"
    lines = answer.read_text().splitlines()
    lines.insert(len(lines) - 1, "- {helpdesc}")
    step = next(number for number, line in enumerate(lines) if line.startswith("2. "))
    lines[step] = "2. Bel {helpdesc}."
    answer.write_text("\n".join(lines))
    said = terminal.runs("content", "check", content=str(content))
    assert said.code == 1
    assert f"{answer}:{step + 1}:" in said.out
    assert "helpdesc" in said.out


def test_a_mistake_in_the_organisations_is_told_by_line(terminal: Terminal) -> None:
    content = copied_content(terminal)
    file = content / "organisations.yaml"
    broken = file.read_text().replace("weekday: dinsdag", "weekday: dinsdagg", 1)
    file.write_text(broken)
    line = next(n for n, text in enumerate(broken.splitlines(), 1) if "dinsdagg" in text)
    said = terminal.runs("content", "check", content=str(content))
    assert said.code == 1
    assert f"{file}:{line}:" in said.out
    links = terminal.runs("links", content=str(content), bot_name="b")
    assert links.code == 2
    assert f"{file}:{line}:" in links.err


def test_strict_counts_advice_too(terminal: Terminal) -> None:
    content = copied_content(terminal)
    answer = content / "nl" / "groet.md"
    answer.write_text(re.sub(r"^neighbours:.*\n", "neighbours: noodgeval\n", answer.read_text(), flags=re.MULTILINE))
    lenient = terminal.runs("content", "check", content=str(content))
    strict = terminal.runs("content", "check", "--strict", content=str(content))
    assert (lenient.code, strict.code) == (0, 1), lenient.out


# invite, people, wishes


def test_an_invitation_is_a_link_and_nobody_has_a_role_before_it_is_opened(terminal: Terminal) -> None:
    said = terminal.runs("invite", "coordinator", "stad", bot_name="digihulp_bot")
    assert re.fullmatch(r"https://t\.me/digihulp_bot\?start=inv-[\w-]{20,}\n", said.out)
    assert terminal.runs("people").out.startswith("Nobody has a role.")


async def test_an_invitation_gives_the_role_it_was_made_for(terminal: Terminal) -> None:
    for arguments, role in (
        (("employer", "zon"), Role("employer", "zon")),
        (("employer", "maa"), Role("employer", "maan")),
        (("coordinator", "dor"), Role("coordinator", "dorp")),
    ):
        said = await terminal.runs_beside("invite", *arguments, bot_name="digihulp_bot")
        database = Database(f"sqlite+aiosqlite:///{terminal.folder / 'digihulp.db'}")
        code = said.out.strip().rpartition("=")[2]
        assert await database.read(roles.invited, code, datetime.now(UTC)) == role
        await database.close()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(("coordinator", "maan"), "There is no library 'maan'. There are: stad, dorp."),
     (("coordinator", "d"), "There is no library 'd'. There are: stad, dorp."),
     (("coordinator", ""), "There is no library ''. There are: stad, dorp."),
     (("employer", "stad"), "There is no employer 'stad'. There are: zon, maan."),
     (("queen", "stad"), "There is no role 'queen'. There are: coordinator, employer.")],
)  # fmt: skip
def test_an_invitation_tells_what_there_is(terminal: Terminal, arguments: tuple[str, ...], sentence: str) -> None:
    said = terminal.runs("invite", *arguments, bot_name="digihulp_bot")
    assert (said.code, said.lines) == (2, [sentence])


async def test_roles_are_listed_and_withdrawn(terminal: Terminal) -> None:
    database = Database(f"sqlite+aiosqlite:///{terminal.folder / 'digihulp.db'}")
    await database.migrate()
    code = await database.write(roles.invite, Role("coordinator", "stad"), datetime.now(UTC))
    await database.write(people.save, Person(7, "nl", "Marja", agreed_at=datetime.now(UTC)))
    await database.write(roles.accept, code, 7, datetime.now(UTC))
    assert (await terminal.runs_beside("people")).out == "7  Marja: coordinator of stad\n"
    assert (await terminal.runs_beside("people", "--withdraw", "7")).out.startswith("Nobody has a role.")
    again = await terminal.runs_beside("people", "--withdraw", "7")
    assert (again.code, again.lines) == (2, ["Person 7 has no role. See digihulp people."])
    await database.close()


async def test_wishes_and_what_could_not_be_written_are_listed(terminal: Terminal) -> None:
    assert terminal_lines(await terminal.runs_beside("wishes")) == ["No answer is wished for."]
    database = Database(f"sqlite+aiosqlite:///{terminal.folder / 'digihulp.db'}")
    for number, (state, topic) in enumerate((("wished", ""), ("placed", "wachtwoord-vergeten")), start=1):
        await database.write(unfound.note, f"k{number}", f"vraag {number}", False, datetime.now(UTC))
        await database.write(unfound.settle, number, state, topic)
    await database.close()
    told = terminal_lines(await terminal.runs_beside("wishes"))
    assert told[:2] == ["Wished for:", "- vraag 1"]
    assert told[-1] == "wachtwoord-vergeten.txt: vraag 2"


async def test_what_was_sent_round_is_told_in_figures_newest_first(terminal: Terminal) -> None:
    database, now = Database(f"sqlite+aiosqlite:///{terminal.folder / 'digihulp.db'}"), datetime.now(UTC)
    await database.migrate()
    for number, stopped in ((7, None), (8, now), (9, now)):
        await database.write(people.save, Person(number, "nl", agreed_at=now, employer="zon", stopped_at=stopped))
    for library in ("stad", "dorp", "stad"):
        reach = broadcasts.Reach(Order(library, "library"), ("zon",), 1, now, now + timedelta(days=1))
        await database.write(broadcasts.order, reach, {"nl": {"text": "x"}}, now)
        await database.write(broadcasts.begin, now)
    await database.close()
    heading, *told = terminal_lines(await terminal.runs_beside("broadcasts"))
    assert heading.split() == ["library", "begins", "state", "audience", "waiting", "delivered", "blocked", "failed",
                               "unsure", "expired", "excluded"]  # fmt: skip
    assert [line.split()[:2] for line in told] == [["3", "stad"], ["2", "dorp"], ["1", "stad"]]
    assert told[-1].split()[4:] == ["sending", "3", "1", "0", "0", "0", "0", "0", "2", "stopped"]
    mine = terminal_lines(await terminal.runs_beside("broadcasts", "dor"))
    assert [line.split()[1] for line in mine[1:]] == ["dorp"]


def test_without_broadcasts_and_with_a_library_that_is_none(terminal: Terminal) -> None:
    assert terminal_lines(terminal.runs("broadcasts")) == ["Nothing has been sent round yet."]
    assert terminal_lines(terminal.runs("broadcasts", "stad")) == ["Nothing has been sent round by stad yet."]
    said = terminal.runs("broadcasts", "maan")
    assert (said.code, said.lines) == (2, ["There is no library 'maan'. There are: stad, dorp."])


def terminal_lines(said: Said) -> list[str]:
    assert said.code == 0
    return said.out.splitlines()


# links


def pixels(png: bytes) -> np.ndarray:
    """A black-and-white PNG as a picture: 0 is black."""
    width, height = struct.unpack(">II", png[16:24])
    data, place = b"", 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        data += png[place + 8 : place + 8 + length] if png[place + 4 : place + 8] == b"IDAT" else b""
        place += 12 + length
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, -1)
    assert set(rows[:, 0]) <= {0, 2}, "a filter this reader does not know"
    lines = np.zeros_like(rows[:, 1:])
    for number, row in enumerate(rows):
        above = lines[number - 1] if row[0] == 2 and number else 0
        lines[number] = row[1:] + above
    return np.ascontiguousarray(np.unpackbits(lines, axis=1)[:, :width] * 255)


def test_links_need_no_token_and_no_network_when_the_name_is_given(terminal: Terminal) -> None:
    said = terminal.runs("links", bot_name="@digihulp_bot", api_url="http://127.0.0.1:1")
    assert said.out.splitlines() == [
        "Thuiszorg Zon: https://t.me/digihulp_bot?start=zon",
        "Thuiszorg Maan: https://t.me/digihulp_bot?start=maan",
    ]


def test_a_phone_can_read_the_qr_codes(terminal: Terminal) -> None:
    said = terminal.runs("links", "--qr", "wall/codes", bot_name="digihulp_bot")
    folder = terminal.folder / "wall" / "codes"
    assert "wall/codes" in said.out
    assert {path.name for path in folder.iterdir()} == {"zon.png", "zon.svg", "maan.png", "maan.svg"}
    for employer in ("zon", "maan"):
        picture = pixels((folder / f"{employer}.png").read_bytes())
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [
            f"https://t.me/digihulp_bot?start={employer}"
        ]
        assert min(picture.shape) >= 300, "big enough to print"
        assert (folder / f"{employer}.svg").read_text().lstrip().startswith(("<?xml", "<svg"))


def test_links_without_a_name_and_a_token_say_what_to_set(terminal: Terminal) -> None:
    said = terminal.runs("links")
    assert said.code == 2
    assert "DIGIHULP_BOT_NAME" in said.err


async def test_links_ask_telegram_for_the_name(terminal: Terminal, telegram: LocalTelegram) -> None:
    said = await terminal.runs_beside("links", token=TOKEN, api_url=telegram.url)
    assert "https://t.me/digihulp_test_bot?start=zon" in said.out


async def test_links_with_a_wrong_token_say_so(terminal: Terminal, telegram: LocalTelegram) -> None:
    said = await terminal.runs_beside("links", token="42:WRONG_token", api_url=telegram.url)
    assert (said.code, len(said.lines)) == (2, 1)
    assert "DIGIHULP_TOKEN" in said.err
    assert "WRONG_token" not in said.err


def test_links_without_a_network_say_how_to_do_without(terminal: Terminal) -> None:
    said = terminal.runs("links", token=TOKEN, api_url="http://127.0.0.1:1")
    assert (said.code, len(said.lines)) == (2, 1)
    assert "can't be reached" in said.err
    assert "DIGIHULP_BOT_NAME" in said.err


# talk


def test_a_talk_in_the_terminal(terminal: Terminal) -> None:
    said = terminal.runs("talk", "--employer", "zon", typed="1\nwachtwoord vergeten\n\n99\nmenu\n/quit\nnot heard\n")
    assert said.code == 0
    assert "[1]" in said.out
    assert "Wachtwoord vergeten" in said.out
    assert "(❓" in said.out
    assert "not heard" not in said.out


def test_a_talk_in_another_language_ends_at_the_end_of_the_input(terminal: Terminal) -> None:
    said = terminal.runs("talk", "--language", "en", typed="menu")
    assert said.code == 0
    assert "Hello" in said.out


def test_a_talk_for_nobodys_employer(terminal: Terminal) -> None:
    said = terminal.runs("talk", "--employer", "nobody")
    assert (said.code, said.err.strip()) == (2, "There is no employer 'nobody'. There are: zon, maan.")


# doctor


async def test_the_doctor_finds_everything_good(terminal: Terminal, telegram: LocalTelegram) -> None:
    said = await terminal.runs_beside("doctor", token=TOKEN, api_url=telegram.url)
    assert said.code == 0, said.out
    assert [line.split()[0] for line in said.out.splitlines()] == ["ok", "ok", "ok"]
    assert "@digihulp_test_bot" in said.out


async def test_the_doctor_finds_a_wrong_token(terminal: Terminal, telegram: LocalTelegram) -> None:
    said = await terminal.runs_beside("doctor", token="42:WRONG_token", api_url=telegram.url)
    assert said.code == 1
    assert "wrong telegram: the token is not known. Check DIGIHULP_TOKEN." in said.out


async def test_the_doctor_finds_broken_content(terminal: Terminal, telegram: LocalTelegram) -> None:
    content = shutil.copytree(SMALL_CONTENT, terminal.folder / "broken")
    (content / "organisations.yaml").write_text("libraries: [\n")
    said = await terminal.runs_beside("doctor", token=TOKEN, api_url=telegram.url, content=str(content))
    assert said.code == 1
    assert re.search(r"organisations\.yaml:\d+:", said.out)


def test_the_doctor_finds_what_is_out_of_reach(terminal: Terminal) -> None:
    said = terminal.runs(
        "doctor", token=TOKEN, api_url="http://127.0.0.1:1", database_url="sqlite+aiosqlite:////nowhere/x.db"
    )
    assert said.code == 1
    assert "wrong database: unable to open database file. Check DIGIHULP_DATABASE_URL." in said.out
    assert "wrong telegram: can't be reached at http://127.0.0.1:1" in said.out


async def test_the_doctor_shows_what_is_set_aside_and_gives_it_another_try(
    terminal: Terminal, telegram: LocalTelegram
) -> None:
    url = f"sqlite+aiosqlite:///{terminal.folder / 'bot.db'}"
    database, now = Database(url), datetime.now(UTC)
    await database.migrate()
    await database.write(inbox.keep, [inbox.Update("telegram:1", 7, {"update_id": 1})], now)
    row = await database.write(inbox.take)
    assert row is not None
    await database.write(inbox.set_aside, row.id, "KeyError: [of] it", now)

    settings = {"token": TOKEN, "api_url": telegram.url, "database_url": url}
    found = await terminal.runs_beside("doctor", **settings)
    assert found.code == 1
    assert f"1 updates are set aside (update {row.id}: KeyError: [of] it)" in found.out
    assert "digihulp doctor --retry" in found.out

    again = await terminal.runs_beside("doctor", "--retry", **settings)
    assert again.code == 0
    assert "1 updates waiting" in again.out
    assert await database.read(inbox.aside) == []
    await database.close()


# demo and run


def test_a_port_that_is_taken(terminal: Terminal, taken_port: int) -> None:
    said = terminal.runs("demo", "--port", str(taken_port))
    assert (said.code, len(said.lines)) == (2, 1)
    assert f"Port {taken_port} can't be used" in said.err
    assert "--port" in said.err


def test_the_demo_says_what_is_wrong_with_the_content(terminal: Terminal) -> None:
    said = terminal.runs("demo", "--port", "0", content=str(terminal.folder / "nowhere"))
    assert said.code == 2
    assert "nowhere" in said.err


async def test_the_demo_tells_where_it_is_and_stops_when_told(terminal: Terminal) -> None:
    demo = await terminal.starts("demo", "--port", "0")
    assert demo.stdout is not None
    told = [(await asyncio.wait_for(demo.stdout.readline(), 300)).decode() for _ in range(2)]
    assert "Learning the answers" in told[0]
    assert re.search(r"http://127\.0\.0\.1:\d+", told[1])
    demo.send_signal(signal.SIGINT)
    assert (await ended(demo)).code == 0
    assert [path.name for path in terminal.folder.iterdir()] == [], "the demo leaves nothing behind"


def test_running_without_a_token(terminal: Terminal) -> None:
    said = terminal.runs("run")
    assert (said.code, len(said.lines)) == (2, 1)
    assert "BotFather" in said.err


async def test_running_with_a_wrong_token(terminal: Terminal, telegram: LocalTelegram) -> None:
    said = await ended(await terminal.starts("run", token="42:WRONG_token", api_url=telegram.url))
    assert said.code == 2
    assert "Telegram does not know this token: check DIGIHULP_TOKEN." in said.err
    assert "WRONG_token" not in said.err


CANNOT_RUN: list[tuple[Mapping[str, str], str]] = [
    ({"api_url": "http://127.0.0.1:1"}, "Telegram can't be reached"),
    ({"database_url": "sqlite+aiosqlite:////nowhere/x.db"}, "The database can't be used: unable to open database file"),
    ({"database_url": "postgresql+asyncpg://me:hidden@127.0.0.1:1/x"}, "The database can't be used"),
]


@pytest.mark.parametrize(("settings", "sentence"), CANNOT_RUN)
async def test_running_without_what_it_needs(terminal: Terminal, settings: Mapping[str, str], sentence: str) -> None:
    said = await ended(await terminal.starts("run", token=TOKEN, **settings))
    assert said.code == 2
    assert sentence in said.err
    assert "hidden" not in said.err


async def test_running_with_webhooks_on_a_port_that_is_taken(
    terminal: Terminal, telegram: LocalTelegram, taken_port: int
) -> None:
    webhook = {"webhook_url": "https://bot.example/hook", "webhook_secret": "s"}
    listen = f"127.0.0.1:{taken_port}"
    said = await ended(
        await terminal.starts("run", token=TOKEN, api_url=telegram.url, webhook_listen=listen, **webhook)
    )
    assert said.code == 2
    assert "already in use" in said.err
    assert "DIGIHULP_WEBHOOK_LISTEN" in said.err


@pytest.mark.parametrize("stopping", [signal.SIGINT, signal.SIGTERM])
async def test_the_running_bot_answers_and_stops_when_told(
    terminal: Terminal, telegram: LocalTelegram, stopping: signal.Signals
) -> None:
    bot = await terminal.starts("run", token=TOKEN, api_url=telegram.url)
    phone = telegram.phone(1, "Fatima")
    phone.start("zon")
    assert await phone.hears(timeout=60)
    bot.send_signal(stopping)
    assert (await ended(bot)).code == 0
