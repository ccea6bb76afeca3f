"""More of how people ask: `content/vragen/<id>.txt`, a line a question; a line with ~ in front a telling piece of one.

An answer's own file holds the questions that show a writer what it is about. These files hold the many that only the
search reads; what people asked and was not found is added here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.content.pages import Written
from bot.content.problems import Problem

FOLDER = "vragen"
PIECE, REMARK = "~", "#"


@dataclass(frozen=True)
class Questions:
    """Those of one answer, each with its line."""

    path: Path
    asked: tuple[Written, ...] = ()
    pieces: tuple[Written, ...] = ()

    @property
    def answer(self) -> str:
        """The id of the answer they belong to."""
        return self.path.stem


def read_questions(path: Path) -> tuple[Questions, list[Problem]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return Questions(path), [Problem(path, 1, "This file is not UTF-8 text.", "Save it again as UTF-8.")]
    except OSError as error:
        hint = "Look whether it is there and may be read."
        return Questions(path), [Problem(path, 1, f"This file can't be read ({error.strerror}).", hint)]
    told = list(_told(lines))
    questions = Questions(
        path,
        tuple(line for line in told if not line.text.startswith(PIECE)),
        tuple(Written(line.text[1:].strip(), line.line) for line in told if line.text.startswith(PIECE)),
    )
    empty = [piece.line for piece in questions.pieces if not piece.text]
    return questions, [Problem(path, line, "There is nothing after the ~.", "Write a piece.") for line in empty]


def _told(lines: list[str]) -> Iterator[Written]:
    for number, line in enumerate(lines, start=1):
        text = " ".join(line.split())
        if text and not text.startswith(REMARK):
            yield Written(text, number)


def add_question(folder: Path, topic: str, question: str) -> None:
    """Writes the question at the end of the topic's file in `folder`, once. OSError when that can't be done."""
    path = folder / f"{topic}.txt"
    folder.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    line = " ".join(question.split()).lstrip(PIECE + REMARK + " ")
    if line and line not in before.splitlines():
        gap = "\n" if before and not before.endswith("\n") else ""
        path.write_text(f"{before}{gap}{line}\n", encoding="utf-8")
