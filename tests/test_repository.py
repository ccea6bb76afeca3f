"""The house stays as it was built: who may know whom, and what does not belong in it at all."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


OURS = modules("bot", "conversations")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> set[str]:
    """Full names of what a module imports, wherever in it: "telegram.error.Conflict", "bot.store"."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are written in full here"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def tops(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def tracked() -> list[Path]:
    """The files of the repository, or of a copy of it that git knows nothing of."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("path", modules("conversations"), ids=name_of)
def test_conversations_know_only_themselves_and_the_standard_library(path: Path) -> None:
    assert tops(path) <= {"conversations", *sys.stdlib_module_names}


@pytest.mark.parametrize("path", modules("conversations"), ids=name_of)
def test_conversations_ask_nobody_for_the_time(path: Path) -> None:
    asked = {ast.unparse(call.func) for call in calls(path)}
    assert not asked & {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
        "time.monotonic",
    }


@pytest.mark.parametrize(
    ("package", "folder"), [("telegram", "bot/telegram"), ("sqlalchemy", "bot/store"), ("alembic", "bot/store")]
)
def test_only_one_folder_knows_this_package(package: str, folder: str) -> None:
    knowing = {name_of(path) for path in OURS if package in tops(path)}
    assert knowing
    assert {path for path in knowing if not path.startswith(f"{folder}/")} == set()


@pytest.mark.parametrize("path", modules("bot/demo"), ids=name_of)
def test_the_local_telegram_knows_nothing_of_the_bot(path: Path) -> None:
    ours = {name for name in imports(path) if name.startswith(("bot", "conversations"))}
    assert {name for name in ours if not name.startswith("bot.demo.")} == set()


@pytest.mark.parametrize("folder", ["bot/search", "bot/content"])
def test_what_finds_answers_knows_nothing_of_telegram_and_the_database(folder: str) -> None:
    for path in modules(folder):
        assert not {name for name in imports(path) if name.startswith(("bot.telegram", "bot.store", "bot.turns"))}


@pytest.mark.parametrize("path", modules("bot", "conversations", "tests", "benchmarks"), ids=name_of)
def test_no_moment_is_without_its_zone(path: Path) -> None:
    for call in calls(path):
        asked = ast.unparse(call.func)
        assert not asked.endswith(("datetime.utcnow", "datetime.utcfromtimestamp", "datetime.today", "date.today"))
        if asked.endswith("datetime.now"):
            assert call.args or call.keywords, f"{name_of(path)}:{call.lineno}: now() of no zone"


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_sentences_are_literal_and_whole(path: Path) -> None:
    """Translators get what stands in the code: no f-strings, no pieces glued together, nothing computed."""
    for call in calls(path):
        sentences = {"_": call.args[:1], "ngettext": call.args[:2]}.get(ast.unparse(call.func), [])
        for sentence in sentences:
            where = f"{name_of(path)}:{call.lineno}"
            assert isinstance(sentence, ast.Constant), f"{where}: not one literal sentence"
            assert isinstance(sentence.value, str), where
            assert sentence.value.strip() == sentence.value != "", f"{where}: spaces around it"


def test_every_needed_package_has_its_version_fixed_and_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text().split()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.]*", line)] == []
    fixed = {canonicalize_name(line.partition("==")[0]) for line in lines}
    assert len(fixed) == len(lines), "a package stands there twice"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
        *(name for group in project["dependency-groups"].values() for name in group),
        "pip",
    ]
    assert {canonicalize_name(Requirement(line).name) for line in wanted} - fixed == set()


def test_no_file_says_where_packages_come_from() -> None:
    """That is up to the machine; and no lock file may bring it in."""
    lock_files = {"poetry.lock", "uv.lock", "Pipfile.lock", "pdm.lock", "pylock.toml", "package-lock.json", "pip.conf"}
    files = tracked()
    assert [path.name for path in files if path.name in lock_files] == []
    address = re.compile(rb"--(?:extra-)?index-url|--find-links|pypi\.org/simple|files\.pythonhosted\.org")
    speaking = [name_of(path) for path in files if path != Path(__file__) and address.search(path.read_bytes())]
    assert speaking == []


def test_no_token_and_no_leftovers_are_kept() -> None:
    token = re.compile(rb"\b\d{8,12}:[A-Za-z0-9_-]{35}\b")
    for path in tracked():
        assert not token.search(path.read_bytes()), f"{name_of(path)} holds a token"
        assert path.suffix not in {".mo", ".db", ".pyc", ".log", ".orig", ".rej"}, name_of(path)


def test_the_licence_is_the_whole_of_the_eupl() -> None:
    text = " ".join((ROOT / "LICENSE").read_text().split())
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    for number, article in ((1, "Definitions"), (5, "Obligations of the Licensee"), (15, "Applicable Law")):
        assert f"{number}. {article}" in text
    assert text.endswith("require the production of a new EUPL version.")


def test_a_derived_file_keeps_its_notice() -> None:
    notice = (ROOT / "THIRD-PARTY.md").read_text()
    assert "Copyright (c) 2020 Paul Larsen" in notice
    assert "The above copyright notice and this permission notice shall be included" in notice
