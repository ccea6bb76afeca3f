"""`content/proef.yaml`: how well answers were found when somebody last looked, and the questions that were missed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.content.problems import ContentError, Problem

FILE_NAME = "proef.yaml"
HEAD = """\
# How well questions find their answer, in percent. `digihulp content test` fails when it gets worse than this;
# `digihulp content test --renew` writes it anew. Of both: with and without the extra digihulp[meaning].
# `missed` are exam questions whose answer is not found. What is found again has to go from the list.
"""


@dataclass(frozen=True)
class Proof:
    """`figures` by list ("exam", "samples") and name; `missed` are exam questions by their text."""

    figures: dict[str, dict[str, float]] = field(default_factory=dict)
    missed: tuple[str, ...] = ()


def read_proof(folder: Path, part: str) -> Proof:
    """Of one part of the file ("words" or "meaning"); empty where there is none yet. ContentError when it is no use."""
    path = folder / FILE_NAME
    found = _load(path).get(part, {})
    try:
        figures = {name: {key: float(value) for key, value in row.items()} for name, row in found["figures"].items()}
        return Proof(figures, tuple(str(question) for question in found.get("missed", ())))
    except KeyError:
        return Proof()
    except (AttributeError, TypeError, ValueError) as error:
        hint = "Let `digihulp content test --renew` write it."
        raise ContentError([Problem(path, 1, "This is not a table of figures.", hint)]) from error


def write_proof(folder: Path, part: str, proof: Proof) -> Path:
    path = folder / FILE_NAME
    whole = _load(path) | {part: {"figures": proof.figures, "missed": list(proof.missed)}}
    told = yaml.safe_dump(whole, allow_unicode=True, sort_keys=True, width=1000)
    path.write_text(HEAD + told, encoding="utf-8")
    return path


def _load(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except yaml.YAMLError as error:
        raise ContentError([Problem(path, 1, "This is no YAML.", str(error).splitlines()[0])]) from error
    return found if isinstance(found, dict) else {}
