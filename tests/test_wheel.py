"""The package as others install it: built, put into a fresh environment, and used far from the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.language import SOURCE
from conversations.languages import LANGUAGES

ROOT = Path(__file__).parents[1]
PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")


def run(*command: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DIGIHULP_", "PYTHON"))}
    return subprocess.run(
        command, cwd=folder, env=kept | environment, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what is in git, or would be: nothing that lies about may slip in."""
    folder, source = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("source")
    for name in our_files():
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    built = run(
        sys.executable, *PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source, folder=folder
    )
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("digihulp-*.whl")
    return found


def our_files() -> Iterator[str]:
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder=ROOT)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return (name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of an environment that has the wheel and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    assert run(sys.executable, "-m", "venv", "env", folder=folder).returncode == 0
    python = folder / "env" / "bin" / "python"
    done = run(python, *PIP, "install", "-c", ROOT / "constraints.txt", wheel, folder=folder)
    if done.returncode and os.environ.get("CI") != "true":
        pytest.skip(f"The wheel is not tried: its packages can't be had here. {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
    return python.parent


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def test_the_wheel_holds_what_the_program_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    folder = "bot/_shipped/content"
    for path in (ROOT / "content").rglob("*.*"):
        assert f"{folder}/{path.relative_to(ROOT / 'content')}" in names
    for language in set(LANGUAGES) - {SOURCE}:
        assert f"bot/_shipped/locales/{language}/LC_MESSAGES/messages.mo" in names
    for path in (ROOT / "bot").rglob("*.*"):
        if "__pycache__" not in path.parts:
            assert str(path.relative_to(ROOT)) in names
    for part in ("bot/demo/page/index.html", "bot/demo/bot-api-10.0.json", "bot/content/words.tsv",
                 "bot/search/meanings.txt", "bot/store/migrations/env.py"):  # fmt: skip
        assert part in names
    assert [name for name in names if name.endswith("/licenses/LICENSE")]
    assert [name for name in names if name.endswith("/licenses/THIRD-PARTY.md")]


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"bot", "conversations"}
    assert [name for name in names if name.endswith((".po", ".pot", ".pyc", ".talk", ".db"))] == []
    assert [name for name in names if "/test" in name or "test_" in name] == []


def test_the_wheel_says_who_may_use_it_and_what_it_needs(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    told = archive.read(metadata).decode()
    assert "License-Expression: EUPL-1.2" in told
    assert "Requires-Python: >=3.11" in told
    for package in ("pytest", "ruff", "mypy", "hatchling"):
        assert f"Requires-Dist: {package}" not in told


def test_an_installed_bot_answers_in_an_empty_home(installed: Path, home: Path) -> None:
    asked = run(installed / "digihulp", "ask", "--json", "wagtwoort vergete", folder=home, HOME=str(home))
    assert asked.returncode == 0, asked.stderr
    found = json.loads(asked.stdout)
    assert found["verdict"] == "answer"
    assert found["topics"][0]["id"] == "wachtwoord-vergeten"
    assert {path.name for path in home.iterdir()} <= {".cache"}


def test_an_installed_bot_prints_its_join_links(installed: Path, home: Path) -> None:
    said = run(installed / "digihulp", "links", folder=home, HOME=str(home), DIGIHULP_BOT_NAME="digihulp_bot")
    assert said.returncode == 0, said.stderr
    assert "https://t.me/digihulp_bot?start=vierstroom" in said.stdout


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_an_installed_bot_speaks_every_language(installed: Path, home: Path, language: str) -> None:
    """Every language asks its own question first: the compiled translations are found."""
    code = f"from bot.language import plain; from conversations.menu import ASK; print(plain(ASK, {language!r}))"
    said = run(installed / "python", "-c", code, folder=home, HOME=str(home), PYTHONIOENCODING="utf-8")
    assert said.stdout.startswith("❓"), said.stderr
    assert ("Ask a question" in said.stdout) == (language == SOURCE)


def test_an_installed_bot_is_a_module_too(installed: Path, home: Path) -> None:
    said = run(installed / "python", "-m", "bot", "--help", folder=home, HOME=str(home))
    assert said.returncode == 0
    assert "Usage: digihulp" in said.stdout


def test_an_installed_bot_makes_its_tables(installed: Path, home: Path) -> None:
    said = run(installed / "digihulp", "doctor", folder=home, HOME=str(home))
    assert "ok    database" in said.stdout, said.stdout + said.stderr
    assert (home / "digihulp.db").exists()


def test_an_installed_bot_has_its_demo(installed: Path, home: Path) -> None:
    code = (
        "import asyncio, urllib.request\n"
        "from bot.demonstration import demonstration\n"
        "async def main():\n"
        "    async with demonstration(0) as telegram:\n"
        "        page = await asyncio.to_thread(lambda: urllib.request.urlopen(telegram.url).read())\n"
        "        phone = telegram.phone(1001)\n"
        "        phone.start('vierstroom')\n"
        "        heard = await phone.hears(timeout=60)\n"
        "        print(b'<html' in page, 'Fatima' in heard[0].text)\n"
        "asyncio.run(main())\n"
    )
    said = run(installed / "python", "-c", code, folder=home, HOME=str(home))
    assert said.stdout.split() == ["True", "True"], said.stderr
