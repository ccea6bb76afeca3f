"""YAML read as people wrote it: every value is text, and every value knows its line.

`12:30`, `no` and `2026-12-25` stay what they are; what is a time or a date, the reader of the file says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from bot.content.problems import Problem

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Place: TypeAlias = tuple[str | int, ...]

HINTS = {
    "found character '\\t'": "Use spaces at the start of a line, no tab.",
    "mapping values are not allowed": "Look for a : in a text; put quotes around that text.",
    "could not find expected ':'": "Write it like `name: text`, with a space after the :.",
    "expected <block end>": "Look at the spaces at the start of this line and the ones above.",
}


@dataclass
class YamlFile:
    """`value` is what the file says; keys without a value are left out. `lines` has each place's line."""

    path: Path
    value: Value = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of this place, or of the nearest one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def wrong(self, place: Place, text: str, hint: str) -> None:
        self.problems.append(Problem(self.path, self.line(place), text, hint))


def read_yaml(path: Path) -> YamlFile:
    file = YamlFile(path)
    try:
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except OSError as error:
        file.wrong((), f"This file can't be read ({error.strerror}).", "Look whether it is there.")
    except UnicodeDecodeError:
        file.wrong((), "This file is not UTF-8 text.", "Save it again with the encoding UTF-8.")
    except yaml.YAMLError as error:
        file.problems.append(_syntax_problem(path, error))
    else:
        file.value = _value(file, node, (), ()) if node else {}
    return file


def _syntax_problem(path: Path, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    said = str(getattr(error, "problem", None) or error)
    hint = next((hint for start, hint in HINTS.items() if said.startswith(start)), "Compare it with the rest.")
    return Problem(path, mark.line + 1 if mark else 1, f"This is not good YAML: {said}.", hint)


def _value(file: YamlFile, node: yaml.Node, place: Place, around: tuple[yaml.Node, ...]) -> Value:
    file.lines.setdefault(place, node.start_mark.line + 1)
    if node in around:
        file.wrong(place, "This part holds itself.", "Write it out, without & and *.")
        return ""
    if isinstance(node, yaml.SequenceNode):
        items = enumerate(node.value)
        return [_value(file, item, (*place, index), (*around, node)) for index, item in items]
    if isinstance(node, yaml.MappingNode):
        return _mapping(file, node, place, (*around, node))
    return str(node.value).strip()


def _mapping(file: YamlFile, node: yaml.MappingNode, place: Place, around: tuple[yaml.Node, ...]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        inside = (*place, key)
        again = inside in file.lines
        file.lines[inside] = key_node.start_mark.line + 1
        if again:
            file.wrong(inside, f"`{key}` stands here twice.", "Remove one of the two.")
        value = _value(file, value_node, inside, around)
        if value != "":
            found[key] = value
    return found


def entries(value: Value, key: str) -> list[tuple[Place, Mapping[str, Value]]]:
    """The blocks in the list under `key`, as far as it is a list of blocks, each with its place."""
    listed = value.get(key) if isinstance(value, dict) else None
    blocks = enumerate(listed) if isinstance(listed, list) else ()
    return [((key, index), block) for index, block in blocks if isinstance(block, dict)]
