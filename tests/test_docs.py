"""The texts keep up with the program: every setting, command, option and table stands in them, and no other."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.commands import app
from bot.settings import Settings
from bot.store.tables import metadata

ROOT = Path(__file__).parents[1]
README, CONTRIBUTING = ROOT / "README.md", ROOT / "CONTRIBUTING.md"
TEXTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")})
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


@cache
def text_of(path: Path) -> str:
    return path.read_text()


def section(path: Path, heading: str) -> str:
    """What stands below a heading, up to the next of its kind or a higher one."""
    text = text_of(path)
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert found, f"{path.name} has no heading {heading!r}"
    rest = text[found.end() :]
    without_code = FENCE.sub(lambda block: "x" * len(block[0]), rest)
    end = re.search(rf"^#{{1,{len(found[1])}}} ", without_code, re.MULTILINE)
    return rest[: end.start()] if end else rest


def first_cells(table: str) -> list[str]:
    """The first column of the Markdown tables in a text, without its marks."""
    rows = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")]
    return [cell.strip("`") for cell in rows if cell.startswith("`")]


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name: "content check"."""

    def within(group: Any, before: str) -> Iterator[tuple[str, Any]]:
        for name, command in getattr(group, "commands", {}).items():
            if hasattr(command, "commands"):
                yield from within(command, f"{before}{name} ")
            else:
                yield before + name, command

    yield from within(typer.main.get_command(app), "")


COMMANDS = dict(commands())


def test_the_readme_has_every_setting_and_no_other() -> None:
    real = [f"DIGIHULP_{name.upper()}" for name in Settings.model_fields]
    assert first_cells(section(README, "Settings")) == real


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_readme_tells_what_a_setting_is_without_it(name: str) -> None:
    default = Settings.model_fields[name].default
    (row,) = (
        line for line in section(README, "Settings").splitlines() if line.startswith(f"| `DIGIHULP_{name.upper()}`")
    )
    if default and isinstance(default, str | int | float) and not isinstance(default, bool):
        assert f"`{default}`" in row.split("|")[3]
    assert Settings.model_fields[name].description


FOR_TESTS = {"DIGIHULP_REQUIRE_BROWSER", "DIGIHULP_LONG"}


def test_settings_named_anywhere_exist() -> None:
    known = {f"DIGIHULP_{name.upper()}" for name in Settings.model_fields} | FOR_TESTS
    for path in TEXTS:
        assert set(re.findall(r"DIGIHULP_[A-Z]+(?:_[A-Z]+)*", text_of(path))) <= known, path.name


def test_the_readme_has_every_command_and_no_other() -> None:
    listed = {
        " ".join(word for word in cell.split()[1:] if word.islower())
        for cell in first_cells(section(README, "Commands"))
    }
    assert listed == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_readme_names_every_option(name: str) -> None:
    table = section(README, "Commands")
    (row,) = (line for line in table.splitlines() if re.match(rf"\| `digihulp {name}(?: [A-Z]+)*`", line))
    options = {option for param in COMMANDS[name].params for option in param.opts if option.startswith("--")} - {
        "--help"
    }
    assert set(re.findall(r"--[a-z-]+", row)) == options


def told_commands() -> list[tuple[str, str]]:
    """Every command line in a block of the texts, as (file, line)."""
    told = []
    for path in TEXTS:
        for kind, block in FENCE.findall(text_of(path)):
            if kind == "sh":
                told += [(path.name, line.partition("#")[0].strip()) for line in block.splitlines()]
    return [(name, line) for name, line in told if line]


@pytest.mark.parametrize(("name", "line"), told_commands())
def test_commands_in_the_texts_exist(name: str, line: str) -> None:
    words = line.split()
    if re.match(r"[A-Z_]+=", line):
        assert words[0].partition("=")[0].startswith("DIGIHULP_")
    elif words[0] == "make":
        targets = re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE)
        assert words[1] in targets
    elif words[0].endswith("digihulp"):
        known = next((c for c in COMMANDS if words[1 : 1 + len(c.split())] == c.split()), None)
        assert known, f"{name}: there is no {line}"
        options = {option for param in COMMANDS[known].params for option in param.opts}
        assert {word for word in words if word.startswith("--")} <= options
    elif "pytest" in words:
        assert (ROOT / words[words.index("pytest") + 1]).exists(), f"{name}: {line}"
    elif words[0].endswith("python"):
        assert (ROOT / words[1]).exists(), f"{name}: {line}"
    else:
        assert words[0] in {"pip", "git", ".ci/run"}, f"{name}: what is {line}?"


def test_the_makefile_offers_what_the_texts_say() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    for path in TEXTS:
        assert set(re.findall(r"`make ([a-z]+)`", text_of(path))) <= targets
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0


def test_every_table_is_described_and_no_other() -> None:
    assert set(first_cells(section(CONTRIBUTING, "The tables"))) == set(metadata.tables)


def test_every_folder_of_the_house_is_described() -> None:
    described = set(first_cells(section(CONTRIBUTING, "The house")))
    packages = {f"{path.parent.relative_to(ROOT)}/" for path in ROOT.glob("[bc]o*/*/__init__.py")}
    tops = {f"{name}/" for name in ("bot", "conversations", "content", "locales", "tests", "benchmarks")}
    assert described == packages | tops


def slug(heading: str) -> str:
    """A heading's anchor, as it is made where Markdown is shown."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    text = FENCE.sub("", text_of(path))
    for target in LINK.findall(text):
        if target.startswith(("https://", "mailto:")):
            continue
        name, _hash, anchor = target.partition("#")
        there = (path.parent / name) if name else path
        assert there.exists(), f"{path.name}: {target}"
        if anchor:
            anchors = {slug(heading) for heading in re.findall(r"^#+ (.*)$", text_of(there), re.MULTILINE)}
            assert anchor in anchors, f"{path.name}: {target}"


def files_named(path: Path) -> Iterator[str]:
    text = FENCE.sub("", text_of(path))
    for quoted in re.findall(r"`([\w./*-]+/[\w./*-]+|[\w-]+\.(?:py|md|toml|txt|yaml|pot?))`", text):
        if not quoted.startswith(("/", "~", "codes", ".venv")):
            yield quoted


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_files_named_in_the_texts_exist(path: Path) -> None:
    for name in files_named(path):
        places = (name, f"content/{name}", f"bot/**/{name}")
        found = [*path.parent.glob(name), *(there for place in places for there in ROOT.glob(place))]
        assert found, f"{path.name}: there is no {name}"


def test_the_changelog_begins_with_this_version() -> None:
    version = re.search(r'^version = "(.+)"$', text_of(ROOT / "pyproject.toml"), re.MULTILINE)
    newest = re.search(r"^## \[(.+?)\] - (?:unreleased|\d{4}-\d\d-\d\d)$", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert version
    assert newest
    assert newest[1] == version[1]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_a_decision_and_every_text_stays_readable(path: Path) -> None:
    """A decision is one screen: what, why, what it costs."""
    if path.name == "DECISIONS.md":
        for decision in text_of(path).split("\n## ")[1:]:
            assert len(decision.splitlines()) <= 24, decision.splitlines()[0]
            if not decision.startswith("What was"):
                assert all(mark in decision for mark in ("**What.**", "**Why.**", "**What it costs.**"))
    assert text_of(path).startswith("# ")
