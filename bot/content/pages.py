"""One Markdown file taken apart: a head of `key: value` lines, paragraphs, steps, and lists of questions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.content.problems import Problem

MARKDOWN = MarkdownIt("commonmark")
SAMPLES = "Zo vragen mensen het"
EXAM = "Proef"
SECTIONS = (SAMPLES, EXAM)

SPOKEN = {"text", "strong", "softbreak"}
BULLET = re.compile(r"^\s*[-*+]\s+")
NUMBER = re.compile(r"^\s*\d+[.)]\s+")
KEY = re.compile(r"^([a-z_]+):(.*)$")


class Written(NamedTuple):
    """A piece of text as it stands in the file, and the line it starts at."""

    text: str
    line: int


@dataclass
class Page:
    """`lead` are the paragraphs before the steps, or all of them when there are no steps."""

    path: Path
    head: dict[str, Written] = field(default_factory=dict)
    lead: list[Written] = field(default_factory=list)
    steps: list[Written] = field(default_factory=list)
    after: list[Written] = field(default_factory=list)
    sections: dict[str, list[Written]] = field(default_factory=dict)
    section_lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, text: str, hint: str) -> None:
        self.problems.append(Problem(self.path, line, text, hint))

    def questions(self, section: str) -> list[Written]:
        return self.sections.get(section, [])


def read_page(path: Path) -> Page:
    page = Page(path)
    try:
        source = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        page.wrong(1, "This file is not UTF-8 text.", "Save it again with the encoding UTF-8.")
    except OSError as error:
        page.wrong(1, f"This file can't be read ({error.strerror}).", "Look whether it is there and may be read.")
    else:
        lines = source.splitlines()
        _read_body(page, lines, _read_head(page, lines))
    return page


def _read_head(page: Page, lines: Sequence[str]) -> int:
    """Fills the head; returns the number of lines it took."""
    if not lines or lines[0].strip() != "---":
        return 0
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == "---":
            return number
        _read_head_line(page, line, number)
    page.wrong(1, "The head has no end.", "Put a line with only --- under the head.")
    return len(lines)


def _read_head_line(page: Page, line: str, number: int) -> None:
    if not line.strip():
        return
    found = KEY.match(line)
    if not found:
        page.wrong(number, f"This line of the head is no `key: value`: {line.strip()}", "Write it like `app: bot`.")
    elif found[1] in page.head:
        page.wrong(number, f"`{found[1]}` stands in the head twice.", "Remove one of the two.")
    else:
        page.head[found[1]] = Written(found[2].strip(), number)


def _read_body(page: Page, lines: Sequence[str], start: int) -> None:
    body = ["" for _ in range(start)] + list(lines[start:])
    nodes = SyntaxTreeNode(MARKDOWN.parse("\n".join(body))).children
    section = ""
    for node in nodes:
        if node.type == "heading":
            section = _read_heading(page, node)
        elif section:
            _read_questions(page, node, body, section)
        else:
            _read_answer(page, node, body)


def _read_heading(page: Page, node: SyntaxTreeNode) -> str:
    title = node.children[0].content.strip()
    line = _line(node)
    if node.tag == "h1" and not page.head and not page.sections:
        return ""  # a page without a head may have its title here
    if node.tag != "h2" or title not in SECTIONS:
        near = get_close_matches(title, SECTIONS, n=1)
        meant = near[0] if near else " or ## ".join(SECTIONS)
        page.wrong(line, f"Unknown heading: {title or '(empty)'}.", f"Use ## {meant}, or no heading.")
        title = near[0] if near else SAMPLES
    page.sections.setdefault(title, [])
    page.section_lines.setdefault(title, line)
    return title


def _read_questions(page: Page, node: SyntaxTreeNode, body: Sequence[str], section: str) -> None:
    if node.type != "bullet_list":
        page.wrong(_line(node), "Under this heading only a list of questions can stand.", "Put - before each one.")
        return
    for item in node.children:
        source = _source(item, body)
        question = " ".join(BULLET.sub("", source, count=1).split())
        if question in {"", "-", "*", "+"}:
            page.wrong(_line(item), "This question is empty.", "Write a question after the -, or remove the line.")
        elif any(BULLET.match(line) for line in source.splitlines()[1:]):
            page.wrong(_line(item), "There is a list inside this list.", "Let every - stand at the start of its line.")
        else:
            page.sections[section].append(Written(question, _line(item)))


def _read_answer(page: Page, node: SyntaxTreeNode, body: Sequence[str]) -> None:
    if node.type == "paragraph":
        _look_for_markup(page, node)
        (page.after if page.steps else page.lead).append(Written(_source(node, body), _line(node)))
    elif node.type == "ordered_list":
        _read_steps(page, node, body)
    else:
        kind = node.type.replace("_", " ")
        page.wrong(_line(node), f"An answer can't hold this ({kind}).", "Use paragraphs and one list of 1. 2. 3.")


def _read_steps(page: Page, node: SyntaxTreeNode, body: Sequence[str]) -> None:
    if page.steps:
        page.wrong(_line(node), "There is a second list of steps.", "Make it one list, or a second answer.")
    for item in node.children:
        step = NUMBER.sub("", _source(item, body), count=1)
        if [part.type for part in item.children] != ["paragraph"] or "\n" in step:
            page.wrong(_line(item), "This step is not one line.", "Write it on one line; then an empty line.")
        else:
            _look_for_markup(page, item.children[0])
            page.steps.append(Written(step, _line(item)))


def _look_for_markup(page: Page, paragraph: SyntaxTreeNode) -> None:
    """Only bold reaches people. Whatever else Markdown would make of the text they would see as signs."""
    for piece in _pieces(paragraph):
        if piece.type not in SPOKEN:
            kind = piece.type.replace("_", " ")
            page.wrong(_line(paragraph), f"Only **bold** can be used; this is: {kind}.", "Write it in plain words.")
        elif piece.type == "text" and "**" in piece.content:
            page.wrong(_line(paragraph), f"Bold is not closed: {piece.content.strip()}", "Put ** before and after.")


def _pieces(paragraph: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    for inline in paragraph.children:
        for piece in inline.children:
            yield piece
            yield from piece.children


def _line(node: SyntaxTreeNode) -> int:
    return node.map[0] + 1 if node.map else 1


def _source(node: SyntaxTreeNode, body: Sequence[str]) -> str:
    """The text as it was written, without the white space at the sides of each line."""
    first, end = node.map or (0, 0)
    return "\n".join(line.strip() for line in body[first:end]).strip()
