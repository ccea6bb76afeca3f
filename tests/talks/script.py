"""Talks as scripts: what a person does and what she then sees, read from `*.talk` files and played.

== A title; everything below is one talk, by one new person, and by others whose number stands in front
@ joined zon          she has joined before, by this employer's link, with reminders and tips
@ invited stad        she has a link that makes her coordinator of this library; {invitation} stands for its code
@ invited employer zon     the same, for the contact of this employer
@ coordinator stad    she is coordinator of this library
@2 joined zon         somebody else has joined; what she does is 2> and what she sees 2<
> typed text          > [a button]      > (a big menu button)     > *sticker*
~ Tue 24 Nov 12:00    time passes until then
< what the bot says   <* what it puts in the place of an older message
  more of the same message, with its buttons below
  [button]  [button]
{link} stands for what the last link that was shown starts the bot with.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.knowledge import Knowledge
from bot.talk import Heard, Talk
from conversations.world import Role

ZONE = ZoneInfo("Europe/Amsterdam")
FIRST = 1000  # the first person of a talk is 1001
NAMES = {1: "Fatima", 2: "Rania", 3: "Marja", 4: "Joost", 5: "Els"}

SENDS: dict[str, dict[str, object]] = {
    "sticker": {"sticker": {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1,
                            "is_animated": False, "is_video": False, "emoji": "😀"}},
    "photo": {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]},
    "voice": {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}},
    "document": {"document": {"file_id": "f", "file_unique_id": "u"}},
    "contact": {"contact": {"phone_number": "0880000000", "first_name": "Mo"}},
    "location": {"location": {"latitude": 53.0, "longitude": 6.0}},
    "poll": {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
                      "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
                      "allows_revoting": False, "members_only": False}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
}  # fmt: skip


@dataclass
class Script:
    """One talk: its title, and its lines as they stand in the file."""

    title: str
    lines: list[str] = field(default_factory=list)


def read(path: Path) -> list[Script]:
    scripts: list[Script] = []
    for line in path.read_text().splitlines():
        if line.startswith("== "):
            scripts.append(Script(line.removeprefix("== ")))
        elif line.strip() and scripts:
            scripts[-1].lines.append(line.rstrip())
    return scripts


def played(script: Script, knowledge: Knowledge, now: datetime) -> list[str]:
    """The script as it really goes: what she does is taken from it, what the bot says is heard."""
    stage = Stage(Talk(knowledge, now))
    lines: list[str] = []
    for line in script.lines:
        who, sign, said = taken_apart(line)
        if sign:
            lines.append(line)
        if sign == "@":
            stage.set_up(who, *said.split())
        elif sign and sign in ">~":
            lines += [shown for message in stage.act(who, sign, said) for shown in written(message)]
    assert not stage.talk.aside(), stage.talk.aside()
    return lines


def taken_apart(line: str) -> tuple[int, str, str]:
    """Who does it, the sign, and the rest; no sign for what the bot says."""
    found = re.match(r"(?:(\d)(>)|(@)(\d?)|([>~#]))\s*(.*)", line)
    if not found:
        return 1, "", line
    first, does, sets, other, plain, said = found.groups()
    return int(first or other or 1), does or sets or plain, said


class Stage:
    """The people of one talk, and all buttons each of them has seen."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.buttons: dict[tuple[int, str], str] = {}
        self.language = "en"
        self.known = {"invitation": "", "link": ""}

    def set_up(self, who: int, what: str, *about: str) -> None:
        match (what, *about):
            case ("joined", code):
                self._send(who, f"/start {code}")
                for payload in ("join:yes", f"join:employer:{code}", "join:wishes:all"):
                    self.talk.tap(FIRST + who, payload, self.language, NAMES[who])
            case ("invited", library):
                self.known["invitation"] = self.talk.invite(Role("coordinator", library))
            case ("invited", role, whose):
                self.known["invitation"] = self.talk.invite(Role(role, whose))
            case ("coordinator", library):
                self._send(who, f"/start {self.talk.invite(Role('coordinator', library))}")
            case _:
                raise ValueError(f"nobody can be {what}")

    def act(self, who: int, sign: str, said: str) -> list[Heard]:
        heard = self._wait(said) if sign == "~" else self._do(who, said)
        for message in heard:
            shown = {label: does for row in message.buttons for label, does in row}
            self.buttons |= {(message.chat - FIRST, label): does for label, does in shown.items()}
            if link := re.search(r"t\.me/\w*\?start=([\w-]+)", message.text):
                self.known["link"] = link[1]
        return heard

    def _wait(self, until: str) -> list[Heard]:
        moment = datetime.strptime(until, "%a %d %b %H:%M").replace(year=2026, tzinfo=ZONE)
        return self.talk.wait_until(moment)

    def _do(self, who: int, said: str) -> list[Heard]:
        if said.startswith("["):
            label = said.strip("[]")
            seen = sorted(label for number, label in self.buttons if number == who)
            assert (who, label) in self.buttons, f"no button {label!r} was shown; there were {seen}"
            return self.talk.tap(FIRST + who, self.buttons[who, label], self.language, NAMES[who])
        if said.startswith("*"):
            return self.talk.message(FIRST + who, self.language, NAMES[who], **SENDS[said.strip("*")])
        return self._send(who, re.sub(r"^\((.*)\)$", r"\1", said).format_map(Known(self.known)))

    def _send(self, who: int, said: str) -> list[Heard]:
        return self.talk.message(FIRST + who, self.language, NAMES[who], text=said)


class Known(dict[str, str]):
    """Fills in what is known, and leaves every other brace as it is."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def written(message: Heard) -> Iterator[str]:
    """A message as lines of a script. Codes that nobody can guess are left out."""
    first, *more = [line for line in message.text.splitlines() if line.strip()] or [""]
    if message.kind == "calendar":
        method = re.search(r"METHOD:(\w+)", message.text)
        first, more = "a calendar file" + (", cancelled" if method and method[1] == "CANCEL" else ""), []
    who = "" if message.chat == FIRST + 1 else str(message.chat - FIRST)
    yield f"{who}{'<*' if message.in_place else '<'} {hidden(first)}"
    yield from (f"  {hidden(line)}" for line in more)
    yield from ("  " + "  ".join(f"[{label}]" for label, _does in row) for row in message.buttons)
    yield from ("  " + "  ".join(f"({label})" for label in row) for row in message.menu)


def hidden(line: str) -> str:
    return re.sub(r"(start=col-)[\w-]+", r"\1...", line)


def rewritten(path: Path, knowledge: Knowledge, now: datetime) -> str:
    """The file as it should be, with everything before the first talk as it is."""
    head = path.read_text().split("== ", 1)[0]
    talks = ("\n".join([f"== {s.title}", *played(s, knowledge, now)]) + "\n" for s in read(path))
    return head + "\n".join(talks)
