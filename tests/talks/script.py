"""Talks as scripts: what a person does and what she then sees, read from `*.talk` files and played.

== A title; everything below is one talk, by one new person
@ joined zon          she has joined before, by this employer's link, with reminders and tips
@ invited stad    she has a link that makes her coordinator of this library; {invitation} stands for its code
> typed text          > [a button]      > (a big menu button)     > *sticker*
~ Tue 24 Nov 12:00    time passes until then
< what the bot says   <* what it puts in the place of an older message
  more of the same message, with its buttons below
  [button]  [button]
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
PERSON = 1001

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
        if line[0] == "@":
            lines.append(line)
            what, about = line[1:].split()
            stage.join(about) if what == "joined" else stage.invite(about)
        elif line[0] in ">~":
            lines.append(line)
            lines += [shown for message in stage.act(line) for shown in written(message)]
        elif line[0] == "#":
            lines.append(line)
    assert not stage.talk.aside(), stage.talk.aside()
    return lines


class Stage:
    """The person of one talk, and all buttons she has seen."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.buttons: dict[str, str] = {}
        self.language = "en"
        self.invitation = ""

    def join(self, code: str) -> None:
        self.talk.message(PERSON, self.language, text=f"/start {code}")
        for payload in ("join:yes", f"join:employer:{code}", "join:wishes:all"):
            self.talk.tap(PERSON, payload, self.language)

    def invite(self, library: str) -> None:
        self.invitation = self.talk.invite(Role("coordinator", library))

    def act(self, line: str) -> list[Heard]:
        said = line[1:].strip()
        heard = self._wait(said) if line[0] == "~" else self._do(said)
        for message in heard:
            self.buttons |= {label: does for row in message.buttons for label, does in row}
        return heard

    def _wait(self, until: str) -> list[Heard]:
        moment = datetime.strptime(until, "%a %d %b %H:%M").replace(year=2026, tzinfo=ZONE)
        return self.talk.wait_until(moment)

    def _do(self, said: str) -> list[Heard]:
        if said.startswith("["):
            label = said.strip("[]")
            assert label in self.buttons, f"no button {label!r} was shown; there were {sorted(self.buttons)}"
            return self.talk.tap(PERSON, self.buttons[label], self.language)
        if said.startswith("*"):
            return self.talk.message(PERSON, self.language, **SENDS[said.strip("*")])
        return self.talk.message(
            PERSON, self.language, text=re.sub(r"^\((.*)\)$", r"\1", said.replace("{invitation}", self.invitation))
        )


def written(message: Heard) -> Iterator[str]:
    """A message as lines of a script."""
    first, *more = [line for line in message.text.splitlines() if line.strip()] or [""]
    if message.kind == "calendar":
        first, more = "a calendar file", []
    yield f"{'<*' if message.in_place else '<'} {first}"
    yield from (f"  {line}" for line in more)
    yield from ("  " + "  ".join(f"[{label}]" for label, _does in row) for row in message.buttons)
    yield from ("  " + "  ".join(f"({label})" for label in row) for row in message.menu)


def rewritten(path: Path, knowledge: Knowledge, now: datetime) -> str:
    """The file as it should be, with everything before the first talk as it is."""
    head = path.read_text().split("== ", 1)[0]
    talks = ("\n".join([f"== {s.title}", *played(s, knowledge, now)]) + "\n" for s in read(path))
    return head + "\n".join(talks)
