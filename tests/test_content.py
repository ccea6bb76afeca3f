"""Answers and tips: read from files, told with facts, checked, and watched."""

import asyncio
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.content import current as watching
from bot.content.answers import PLACEHOLDERS, Content, fill, load, pieces
from bot.content.check import check
from bot.content.current import Current
from bot.content.organisations import load as load_organisations
from bot.content.problems import ContentError, Problem, hard

CONTENT = Path(__file__).parent.parent / "content"
TODAY = date(2026, 11, 23)

ANSWER = """\
---
title: Wachtwoord vergeten
category: inloggen
app: algemeen
owner: both
neighbours: groet
checked: 2026-11-22
---

Dat gebeurt iedereen. Je maakt zo een nieuw wachtwoord.

1. Open de app.
2. Tik op **Wachtwoord vergeten**.
3. Typ je mailadres van het werk.

Komt er geen mail? Bel {helpdesk}.

Geef je wachtwoord aan niemand.

## Zo vragen mensen het
- wachtwoord kwijt
- hij zegt: 12:30 & <fout> **rood**
- nr. 7
- vraag 4
- vraag 5
- vraag 6
- vraag 7
- vraag 8
- vraag 9
- vraag 10
- vraag 11
- vraag 12

## Proef
- ik weet niet meer wat ik had ingevuld
- proef 2
- proef 3
"""
GREETING = ANSWER.replace("title: Wachtwoord vergeten", "title: Hallo").replace("category: inloggen", "category: bot")
GREETING = GREETING.replace("neighbours: groet", "neighbours: wachtwoord-vergeten").replace("vraag", "groet")
GREETING = GREETING.replace("proef", "groetproef").replace("wachtwoord kwijt", "hoi").replace("12:30", "hallo")
GREETING = GREETING.replace("nr. 7", "dag").replace("ik weet niet meer wat", "goedemorgen wat")
TIP = """\
---
title: Maak de letters groter
answer: wachtwoord-vergeten
checked: 2026-11-22
---

Lees je vaak met moeite? Dat kan makkelijker.

Open de instellingen. Zoek op het woord **letter**.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "nl/wachtwoord-vergeten.md", ANSWER)
    write(tmp_path, "nl/groet.md", GREETING)
    write(tmp_path, "tips/nl/letters-groter-maken.md", TIP)
    write(
        tmp_path,
        "niet-van-ons.md",
        "# Niet van ons\n\nUitleg.\n\n## Zo vragen mensen het\n- de was\n\n## Proef\n- de trein\n",
    )
    (tmp_path / "organisations.yaml").write_text((CONTENT / "organisations.yaml").read_text("utf-8"), "utf-8")
    return tmp_path


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def change(folder: Path, old: str, new: str, name: str = "nl/wachtwoord-vergeten.md") -> list[Problem]:
    """The problems after one change of a good file."""
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return check(load(folder), today=TODAY)


# Reading


def test_an_answer_is_read_part_by_part(folder: Path):
    answer = load(folder, strict=True).answers["wachtwoord-vergeten", "nl"]
    assert answer.title == "Wachtwoord vergeten"
    assert answer.category == "inloggen"
    assert answer.neighbours == ("groet",)
    assert answer.checked == date(2026, 11, 22)
    assert answer.lead == "Dat gebeurt iedereen. Je maakt zo een nieuw wachtwoord."
    assert answer.steps == ("Open de app.", "Tik op **Wachtwoord vergeten**.", "Typ je mailadres van het werk.")
    assert answer.after == "Komt er geen mail? Bel {helpdesk}.\n\nGeef je wachtwoord aan niemand."
    assert answer.exam == ("ik weet niet meer wat ik had ingevuld", "proef 2", "proef 3")


def test_every_piece_knows_its_line(folder: Path):
    answer = load(folder).answers["wachtwoord-vergeten", "nl"]
    lines = ANSWER.splitlines()
    for part in ("lead", "steps", "after", "samples", "exam"):
        for text, line in pieces(answer, part):
            assert text in lines[line - 1]
    assert answer.lines["checked"] == (7,)


def test_questions_stay_as_people_wrote_them(folder: Path):
    samples = load(folder).answers["wachtwoord-vergeten", "nl"].samples
    assert samples[1] == "hij zegt: 12:30 & <fout> **rood**"
    assert samples[2] == "nr. 7"
    assert len(samples) == 12


@pytest.mark.parametrize(
    "question", ["2. kom er niet in", "# hashtag", "> pijl", "- streep", "```", "[x](y)", "a\\b", "🙈"]
)
def test_a_question_that_looks_like_markup_is_kept(folder: Path, question: str):
    write(folder, "nl/groet.md", GREETING.replace("- hoi\n", f"- {question}\n"))
    samples = load(folder, strict=True).answers["groet", "nl"].samples
    assert samples[0] == question
    assert len(samples) == 12


def test_an_answer_is_told_with_facts_filled_in(folder: Path):
    answer = load(folder).answers["wachtwoord-vergeten", "nl"].told({"helpdesk": "de helpdesk: 088 000 00 01"})
    assert answer.after.startswith("Komt er geen mail? Bel de helpdesk: 088 000 00 01.")
    assert answer.steps[1] == "Tik op **Wachtwoord vergeten**."
    assert answer.neighbours == ("groet",)


def test_a_tip_is_read_and_told(folder: Path):
    tip = load(folder).tips["letters-groter-maken", "nl"].told({})
    assert tip.answer == "wachtwoord-vergeten"
    assert tip.text.endswith("\n\nOpen de instellingen. Zoek op het woord **letter**.")


def test_outside_questions_are_read(folder: Path):
    content = load(folder, strict=True)
    assert content.outside == ("de was",)
    assert content.outside_exam == ("de trein",)


def test_categories_stand_in_the_order_they_are_shown(folder: Path):
    assert load(folder).categories == ("inloggen", "bot")


def test_a_language_without_the_answer_gets_the_dutch_one(folder: Path):
    turkish = "---\ntitle: Şifremi unuttum\nchecked: 2026-11-22\n---\n\nHerkesin başına gelir.\n"
    write(folder, "tr/wachtwoord-vergeten.md", turkish)
    content = load(folder, strict=True)
    told = content.answer_for("wachtwoord-vergeten", "tr")
    assert told
    assert (told.title, told.category, told.neighbours) == ("Şifremi unuttum", "inloggen", ("groet",))
    fallback = content.answer_for("groet", "tr")
    assert fallback
    assert fallback.language == "nl"
    assert content.answer_for("bestaat-niet", "tr") is None


def test_windows_line_ends_and_a_byte_order_mark_are_read_too(folder: Path):
    path = folder / "nl/groet.md"
    path.write_bytes(b"\xef\xbb\xbf" + GREETING.replace("\n", "\r\n").encode())
    content = load(folder, strict=True)
    assert content.answers["groet", "nl"].steps[0] == "Open de app."


@pytest.mark.parametrize(
    ("text", "facts", "told"),
    [
        ("Bel {helpdesk}.", {"helpdesk": "de helpdesk: 1"}, "Bel de helpdesk: 1."),
        ("{team} helpt.", {"team": "je team"}, "Je team helpt."),
        ("Lukt het niet? {team} helpt.", {"team": "je team"}, "Lukt het niet? Je team helpt."),
        ("Kijk.\n\n**{hr_app}** helpt.", {"hr_app": "de app"}, "Kijk.\n\n**De app** helpt."),
        ("{code_app} geeft een code.", {"code_app": "iCode"}, "iCode geeft een code."),
        ("Bel {helpdesk}.", {}, "Bel helpdesk."),
        ("Open {roster_app}.", {"roster_app": ""}, "Open roster app."),
        ("{a_b}", {"a_b": "{helpdesk}"}, "{helpdesk}"),
    ],
)
def test_facts_are_filled_in_so_that_the_sentence_reads_well(text: str, facts: Mapping[str, str], told: str):
    assert fill(text, facts) == told


def test_a_turkish_sentence_begins_with_a_dotted_capital():
    assert fill("{helpdesk} yardım eder.", {"helpdesk": "iş yerin"}, "tr") == "İş yerin yardım eder."


# Mistakes


def test_the_good_files_have_no_problem(folder: Path):
    assert check(load(folder), today=TODAY) == []


MISTAKES = [
    ("title: Wachtwoord vergeten\n", "", 1, "The head has no `title`"),
    ("checked: 2026-11-22", "checked: 22-11-2026", 7, "no date: 22-11-2026"),
    ("checked: 2026-11-22", "checked: 2026-11-31", 7, "no date: 2026-11-31"),
    ("checked: 2026-11-22", "checked: 2027-01-01", 7, "Reviewed in the future"),
    ("owner: both", "owner: everyone", 5, "Unknown owner: everyone"),
    ("category: inloggen", "category: inlogen", 3, "Did you mean inloggen?"),
    ("app: algemeen", "ap: algemeen", 4, "Did you mean `app`?"),
    ("app: algemeen", "app algemeen", 4, "no `key: value`"),
    ("app: algemeen", "app: algemeen\napp: bot", 5, "`app` stands in the head twice"),
    ("checked: 2026-11-22\n---", "checked: 2026-11-22", 1, "The head has no end"),
    ("neighbours: groet", "neighbours: groot", 6, "Unknown neighbour groot. Did you mean groet?"),
    ("neighbours: groet", "neighbours: wachtwoord-vergeten", 6, "its own neighbour"),
    ("title: Wachtwoord vergeten", "title: " + "Wachtwoord " * 4, 2, "The title has 43 signs"),
    ("{helpdesk}", "{helpdsk}", 16, "Unknown placeholder {helpdsk}. Use {helpdesk}."),
    ("{helpdesk}", "{ helpdesk }", 16, "A { or } stands alone"),
    ("**Wachtwoord vergeten**", "**Wachtwoord vergeten", 13, "Bold is not closed"),
    ("de app.", "de *app*.", 12, "Only **bold** can be used; this is: em"),
    ("de app.", "de [app](https://x.nl).", 12, "Only **bold** can be used; this is: link"),
    ("3. Typ", "- Typ", 14, "An answer can't hold this (bullet list)"),
    ("3. Typ je", "   1. Typ je", 13, "This step is not one line"),
    ("werk.\n\nKomt", "werk.\nKomt", 14, "This step is not one line"),
    ("Geef je", "1. Geef je", 18, "a second list of steps"),
    ("## Proef", "## Poef", 34, "Unknown heading: Poef. Use ## Proef"),
    ("- vraag 4", "- ", 24, "This question is empty"),
    ("- vraag 5", "  - vraag 5", 24, "There is a list inside this list"),
    ("- vraag 4", "1. vraag 4", 24, "Under this heading only a list of questions can stand"),
    ("- vraag 4\n", "", 21, "11 questions under ## Zo vragen mensen het, at least 12"),
    ("- proef 2\n", "", 35, "2 questions under ## Proef, at least 3"),
    ("- vraag 5", "- Vraag  4!", 25, "line 24, too: Vraag 4!"),
    ("- proef 2", "- wachtwoord kwijt", 36, "stands in wachtwoord-vergeten.md, line 21, too"),
    ("- vraag 5", "- groet 5", 25, "stands in groet.md, line 25, too"),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), MISTAKES)
def test_a_mistake_is_told_with_its_line(folder: Path, old: str, new: str, line: int, said: str):
    problems = change(folder, old, new)
    told = [str(problem) for problem in problems if problem.hard]
    assert any(f"wachtwoord-vergeten.md:{line}: " in text and said in text for text in told), "\n".join(told)


def test_a_question_in_two_topics_is_told_once(folder: Path):
    problems = change(folder, "- hoi", "- wachtwoord kwijt", "nl/groet.md")
    assert [problem.text for problem in problems] == [
        "This question stands in groet.md, line 21, too: wachtwoord kwijt"
    ]


def test_a_sample_that_is_also_outside_is_told(folder: Path):
    problems = change(folder, "- de was", "- vraag 4", "niet-van-ons.md")
    assert "niet-van-ons.md:6: " in str(problems[0])


def test_a_neighbour_without_a_way_back_is_advice(folder: Path):
    problems = change(folder, "neighbours: wachtwoord-vergeten", "neighbours:", "nl/groet.md")
    assert [(problem.hard, problem.text) for problem in problems] == [(False, "groet has no way back to here.")]


def test_a_tip_to_an_unknown_answer_is_told(folder: Path):
    problems = change(folder, "answer: wachtwoord-vergeten", "answer: wachtwoord", "tips/nl/letters-groter-maken.md")
    assert "Did you mean wachtwoord-vergeten?" in str(problems[0])
    assert problems[0].line == 3


def test_a_tip_with_steps_or_questions_is_told(folder: Path):
    problems = change(folder, "Open de", "1. Open de", "tips/nl/letters-groter-maken.md")
    assert "A tip has no numbered steps" in str(problems[0])


def test_a_translation_of_nothing_is_told(folder: Path):
    write(folder, "tr/onbekend.md", ANSWER.replace("neighbours: groet", "neighbours:"))
    assert "There is no Dutch answer with this name." in [problem.text for problem in check(load(folder), today=TODAY)]


def test_hard_words_are_told_with_a_better_one(folder: Path):
    problems = change(folder, "Tik op", "Klik op")
    assert any(f"{problem}".endswith('"Klik op **Wachtwoord vergeten**." Better: tikken.') for problem in problems)
    assert {problem.line for problem in problems} == {13}


def test_one_unreadable_file_does_not_hide_the_others(folder: Path):
    (folder / "nl/kapot.md").write_bytes(b"\xff\xfe\x00")
    write(folder, "nl/leeg.md", "")
    write(folder, "nl/Foute Naam.md", ANSWER)
    content = load(folder)
    assert ("groet", "nl") in content.answers
    assert ("leeg", "nl") not in content.answers
    told = "\n".join(str(problem) for problem in content.problems)
    assert "kapot.md:1: This file is not UTF-8 text." in told
    assert "leeg.md:1: The head has no `title`." in told
    assert "The file name Foute Naam.md can't be an id." in told


def test_strict_reading_raises_with_all_problems(folder: Path):
    write(folder, "nl/leeg.md", "")
    with pytest.raises(ContentError) as error:
        load(folder, strict=True)
    assert len(error.value.problems) == len(load(folder).problems) > 1


def test_an_empty_folder_says_where_answers_belong(tmp_path: Path):
    assert "There are no answers here." in load(tmp_path).problems[0].text


# Our own content


@pytest.fixture(scope="module")
def ours() -> Content:
    return load(CONTENT)


def test_our_own_content_has_no_hard_problem(ours: Content):
    problems = hard(check(ours, load_organisations(CONTENT / "organisations.yaml")))
    assert not problems, "\n".join(str(problem) for problem in problems)


def test_every_sentence_of_ours_can_be_filled(ours: Content):
    facts = dict.fromkeys(PLACEHOLDERS, "de helpdesk")
    for answer in ours.answers.values():
        told = answer.told(facts)
        assert "{" not in told.lead + "".join(told.steps) + told.after


# Watching


class Listener:
    def __init__(self, current: Current) -> None:
        self.current = current
        self.titles: list[str] = []
        self.fails = False

    async def changed(self) -> None:
        self.titles.append(self.current.content.answers["groet", "nl"].title)
        if self.fails:
            raise RuntimeError("the search could not learn this")

    async def hears(self, title: str) -> bool:
        """Whether it is told of this title within ten seconds."""
        for _ in range(200):
            if title in self.titles:
                return True
            await asyncio.sleep(0.05)
        return False


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "SETTLE_MS", 50)
    monkeypatch.setattr(watching, "LOOK_AGAIN_MS", 200)


async def test_a_change_on_disk_is_taken_up(folder: Path, quick: None):
    current = Current(folder, folder / "organisations.yaml")
    listener, stop = Listener(current), asyncio.Event()
    task = asyncio.create_task(current.watch(listener.changed, stop))
    try:
        write(folder, "nl/groet.md", GREETING.replace("title: Hallo", "title: Dag"))
        assert await listener.hears("Dag")

        listener.fails = True
        write(folder, "nl/groet.md", GREETING.replace("title: Hallo", "title: Hoi daar"))
        assert await listener.hears("Hoi daar")

        write(folder, "nl/groet.md", GREETING.replace("title: Hallo", "title: Goedemorgen"))
        assert await listener.hears("Goedemorgen")
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)


async def test_a_mistake_keeps_the_last_good_version(folder: Path):
    current = Current(folder, folder / "organisations.yaml")
    before = current.version
    write(folder, "nl/groet.md", GREETING.replace("owner: both", "owner: nobody"))
    assert not await current.reload()
    assert current.version == before
    assert "Unknown owner: nobody." in [problem.text for problem in current.problems]

    write(folder, "nl/groet.md", GREETING.replace("title: Hallo", "title: Dag"))
    assert await current.reload()
    assert current.content.answers["groet", "nl"].title == "Dag"
    assert current.problems == ()


async def test_wrong_organisations_do_not_hold_up_a_good_answer(folder: Path):
    current = Current(folder, folder / "organisations.yaml")
    employers = current.organisations.employers
    write(folder, "organisations.yaml", "libraries: [")
    write(folder, "nl/groet.md", GREETING.replace("title: Hallo", "title: Dag"))
    assert await current.reload()
    assert current.content.answers["groet", "nl"].title == "Dag"
    assert current.organisations.employers == employers
    assert len(current.problems) == 1


async def test_an_organisations_file_elsewhere_is_watched_too(folder: Path, tmp_path_factory, quick: None):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "ours.yaml"
    text = (folder / "organisations.yaml").read_text("utf-8")
    elsewhere.write_text(text, "utf-8")
    current = Current(folder, elsewhere)
    stop, told = asyncio.Event(), asyncio.Event()

    async def changed() -> None:
        told.set()

    task = asyncio.create_task(current.watch(changed, stop))
    try:
        elsewhere.write_text(text.replace("name: Voorbeeld Thuiszorg", "name: Andere Thuiszorg"), "utf-8")
        await asyncio.wait_for(told.wait(), 10)
        assert "Andere Thuiszorg" in [employer.name for employer in current.organisations.employers]
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)


async def test_a_deleted_folder_keeps_what_we_have(folder: Path):
    current = Current(folder, folder / "organisations.yaml")
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert not await current.reload()
    assert ("groet", "nl") in current.content.answers


def test_starting_without_answers_or_organisations_is_refused(folder: Path, tmp_path_factory):
    with pytest.raises(ContentError):
        Current(tmp_path_factory.mktemp("empty"), folder / "organisations.yaml")
    with pytest.raises(ContentError):
        Current(folder, folder / "nowhere.yaml")
