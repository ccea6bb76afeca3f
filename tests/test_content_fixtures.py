"""Answers that are bad in one way each, and good ones that come close: what the check says of them, file by file."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.content.answers import load
from bot.content.check import check
from bot.content.problems import Problem

FIXTURES = Path(__file__).parent / "content_fixtures"
TODAY = date(2026, 11, 23)

# The rule, the line of the file, and what is said of it: the word it is about, or a better one.
MISTAKES = {
    "zin-van-dertien-woorden": ("P1", 10, "13 words"),
    "stap-van-vijftien-woorden": ("P1", 13, "15 words"),
    "gemiddeld-te-lange-zinnen": ("P2", 14, "words a sentence on average"),
    "twee-kommas": ("P3", 10, "2 commas"),
    "bijzin-in-een-stap": ("P4", 13, "zodat"),
    "twee-bijzinnen-in-een-zin": ("P4", 11, "omdat, terwijl"),
    "lijdende-vorm-met-wordt": ("P5", 12, "wordt gebracht"),
    "lijdende-vorm-met-is": ("P5", 10, "is toegevoegd"),
    "afkorting-in-de-tekst": ("P7", 12, "Better: bijvoorbeeld."),
    "letterwoord-uit-de-lijst": ("P7", 13, "Better: het dossier van je cliënt."),
    "letterwoord-zonder-uitleg": ("P7", 11, "WMO"),
    "stap-zonder-werkwoord-vooraan": ("P11", 13, "begins with Het"),
    "twee-dingen-in-een-stap": ("P11", 12, "druk"),
    "vier-zinnen-in-een-alinea": ("P13", 12, "4 sentences"),
    "acht-stappen": ("P14", 19, "8 steps"),
    "te-veel-woorden": ("P15", 20, "93 words"),
    "u-tegen-de-lezer": ("P16", 12, "Better: je."),
    "getal-in-letters": ("P17", 13, "Better: 3."),
    "datum-in-cijfers": ("P17", 12, "24-11-2026"),
    "kop-zonder-eigenaar": ("", 1, "no `owner`"),
    "onbekende-rubriek": ("", 3, "Unknown category: handigheid."),
    "onbekende-buur": ("", 6, "Did you mean precies-acht-gemiddeld?"),
    "datum-in-de-toekomst": ("", 7, "Reviewed in the future"),
    "onbekende-plek-in-de-tekst": ("", 13, "Unknown placeholder {receptie}."),
    "vet-niet-gesloten": ("", 13, "Bold is not closed"),
    "stap-over-twee-regels": ("", 13, "not one line"),
    "vraag-die-al-ergens-staat": ("", 21, "adressen-van-websites.md, line"),
    "te-weinig-proef": ("", 32, "2 questions under ## Proef"),
}
ADVICE = {
    "zullen-en-zouden": ("P6", 10, "zullen"),
    "uitdrukking": ("P8", 12, "Better: makkelijk."),
    "moeilijk-woord": ("P9", 14, "Better: kiezen."),
    "drie-termen": ("P9", 10, "3 hard terms"),
    "term-zonder-uitleg": ("P9", 13, "It is: wifi of internet."),
    "twee-namen-voor-een-ding": ("P10", 12, "Better: cliënt, every time."),
    "vaag-woord": ("P18", 12, "Better: trein, bus of tram."),
    "lang-woord": ("P19", 12, "arbeidsovereenkomst"),
    "geen-uitweg": ("P20", 14, "Lukt het niet?"),
}
EXPECTED = [(name, *told, hard) for table, hard in ((MISTAKES, True), (ADVICE, False)) for name, told in table.items()]
GOOD = sorted(path.stem for path in (FIXTURES / "good").glob("*.md"))


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Problem]]:
    """Of all of them in one folder, by the name of the file."""
    folder = tmp_path_factory.mktemp("content") / "nl"
    shutil.copytree(FIXTURES / "good", folder)
    shutil.copytree(FIXTURES / "bad", folder, dirs_exist_ok=True)
    found: dict[str, list[Problem]] = {path.stem: [] for path in folder.glob("*.md")}
    for problem in check(load(folder.parent), today=TODAY):
        found[problem.path.stem].append(problem)
    return found


def test_there_are_thirty_of_each_and_each_bad_one_is_expected() -> None:
    assert len(GOOD) >= 30
    assert len(EXPECTED) >= 30
    assert {name for name, *_ in EXPECTED} == {path.stem for path in (FIXTURES / "bad").glob("*.md")}


def test_no_two_of_them_tell_the_same() -> None:
    texts = [path.read_text("utf-8").partition("## ")[0] for path in FIXTURES.glob("*/*.md")]
    sentences = [line for text in texts for line in text.split("---")[-1].splitlines() if len(line.split()) > 5]
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize(("name", "rule", "line", "said", "hard"), EXPECTED, ids=[name for name, *_ in EXPECTED])
def test_a_bad_answer_is_caught_by_its_rule_at_its_line_and_nothing_else(
    problems: dict[str, list[Problem]], name: str, rule: str, line: int, said: str, hard: bool
) -> None:
    told = problems[name]
    assert [(problem.rule, problem.line, problem.hard) for problem in told] == [(rule, line, hard)], "\n".join(
        map(str, told)
    )
    assert said in str(told[0])


@pytest.mark.parametrize("name", [name for name, rule, *_ in EXPECTED if rule])
def test_a_rule_tells_the_sentence_as_it_stands_in_the_file(problems: dict[str, list[Problem]], name: str) -> None:
    (problem,) = problems[name]
    assert problem.sentence
    assert problem.sentence in problem.path.read_text("utf-8").splitlines()[problem.line - 1]
    assert str(problem).startswith(f"{problem.path}:{problem.line}: {problem.rule}: ")
    assert str(problem).endswith(f'"{problem.sentence}" {problem.hint}')


@pytest.mark.parametrize("name", GOOD)
def test_a_good_answer_passes(problems: dict[str, list[Problem]], name: str) -> None:
    assert [str(problem) for problem in problems[name]] == []
