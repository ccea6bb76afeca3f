"""The rules of plain language: bad Dutch is caught by the right rule, good Dutch is left alone."""

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.content import check as checking
from bot.content.answers import load
from bot.content.phrases import read_phrases
from bot.content.plain import GATES, WORDS_A_TIP, check_answer, check_phrases, paragraphs
from bot.content.problems import Problem
from bot.content.sentences import Piece, Sentence, reading_ease, sentences, split, syllables, words
from bot.content.wordlist import EXPLAIN, HARD, INITIALS, LONG, SAME, SHORT, find, listed

ROOT = Path(__file__).parents[1]
FILE = Path("nl/proef.md")
WAY_OUT = "Lukt het niet? Bel {helpdesk}."


def check(*texts: str, steps: tuple[str, ...] = ()) -> list[Problem]:
    """Paragraphs from line 10 on, an empty line between; steps from line 30 on, and then a way out."""
    pieces = [Piece(text, 10 + 2 * number) for number, text in enumerate(texts)]
    pieces += [Piece(text, 30 + number, step=True) for number, text in enumerate(steps)]
    pieces += [Piece(WAY_OUT, 50)] if steps else []
    return check_answer(FILE, pieces)


def rules(problems: list[Problem], gate: bool = True) -> set[str]:
    return {problem.rule for problem in problems if problem.hard == gate}


def test_which_rules_must_be_obeyed():
    numbers = (1, 2, 3, 4, 5, 7, 11, 13, 14, 15, 16, 17)
    assert {f"P{number}" for number in numbers} == GATES


# Bad Dutch

BAD = [
    ("P1", "Als je niet meer weet wat je wachtwoord is dan bel je het beste even met je collega.", "18 words"),
    ("P1", "Vraag het morgen rustig aan je collega, of bel {helpdesk} en vraag om hulp.", "16 words"),
    ("P2", "Je kunt op je telefoon een nieuw wachtwoord voor je werk maken.", "12.0 words"),
    ("P3", "Pak je telefoon, je tas, je jas en je bril.", "2 commas"),
    ("P5", "Je wordt zo snel mogelijk gebeld.", "wordt gebeld"),
    ("P5", "De code werd vanochtend al verstuurd.", "werd verstuurd"),
    ("P5", "Je foto's worden niet opgestuurd.", "worden opgestuurd"),
    ("P5", "Als je gebeld wordt, neem dan op.", "wordt gebeld"),
    ("P4", "Je belt omdat je ziek bent en zodat je baas het weet.", "omdat, zodat"),
    ("P4", "Bel als je ziet dat het niet klopt.", "als, dat"),
    ("P4", "Pak de knop die blauw is als je wilt.", "die, als"),
    ("P5", "Je wachtwoord is door ons verstuurd.", "is verstuurd"),
    ("P5", "Je rooster is aangepast.", "is aangepast"),
    ("P5", "Je vraag is besproken.", "is besproken"),
    ("P5", "Je bril wordt gerepareerd.", "wordt gerepareerd"),
    ("P5", "De deur wordt geopend.", "wordt geopend"),
    ("P7", "Neem iets mee, bv. een pen.", "bijvoorbeeld"),
    ("P7", "Bel z.s.m. je team.", "zo snel mogelijk"),
    ("P7", "Open van maandag t/m vrijdag.", "tot en met"),
    ("P7", "Dat is i.v.m. je werk.", "door, omdat"),
    ("P7", "Vraag het bij P&O of UWV.", "UWV"),
    ("P7", "Vraag een GGZ-instelling.", "GGZ"),
    ("P7", "Open het ecd.", "het dossier van je cliënt"),
    ("P7", "Bel dhr. Jansen.", "meneer"),
    ("P16", "Wilt u dat lezen?", "je"),
    ("P16", "Pak uw telefoon.", "je"),
    ("P17", "Wacht twee minuten.", "2"),
    ("P17", "Probeer het één keer.", "1"),
    ("P17", "Kom op 24-11-2026 langs.", "1 mei"),
    ("P17", "Kom op 24.11.2026 langs.", "1 mei"),
    ("P17", "Kom op 24/11 langs.", "1 mei"),
    ("P13", "Lees dit. Doe dat. Bel mij. Wacht even.", "4 sentences"),
]


@pytest.mark.parametrize(("rule", "text", "said"), BAD, ids=[f"{rule} {text[:30]}" for rule, text, _ in BAD])
def test_bad_dutch_is_caught_by_its_rule(rule: str, text: str, said: str):
    found = [problem for problem in check(text) if problem.rule == rule]
    assert found, rules(check(text))
    assert all(problem.hard for problem in found)
    assert any(said in str(problem) for problem in found), [str(problem) for problem in found]
    assert {problem.line for problem in found} == {10}


ADVICE = [
    ("P6", "We zullen je helpen.", "zullen"),
    ("P6", "Dat zou fijn zijn.", "zou"),
    ("P6", "Je dient dit te lezen.", "moet"),
    ("P8", "Dat is een fluitje van een cent.", "makkelijk"),
    ("P9", "Stuur de bijlage.", "wat bij de mail zit"),
    ("P9", "Klik op de knop.", "tikken"),
    ("P9", "Voer de code in.", "typen"),
    ("P9", "Sla het bericht op.", "bewaren"),
    ("P9", "Je krijgt een notificatie.", "melding"),
    ("P9", "Indien nodig bel je ons.", "als"),
    ("P9", "Dat is noodzakelijk.", "nodig"),
    ("P9", "Lees de rapportage.", "verslag"),
    ("P9", "Ga door middel van de knop terug.", "met"),
    ("P10", "Pak je telefoon. Je mobiel is sneller.", "Better: telefoon, every time."),
    ("P18", "Ga met het openbaar vervoer.", "trein, bus of tram"),
    ("P19", "Vraag de ondersteuningsafdeling.", "ondersteuningsafdeling"),
    ("Flesch-Douma", " ".join(["Gebruikersinformatie is vertrouwelijke privacygevoelige documentatie."] * 4), "80"),
]


@pytest.mark.parametrize(("rule", "text", "said"), ADVICE, ids=[f"{rule} {text[:30]}" for rule, text, _ in ADVICE])
def test_what_needs_judgement_is_advice(rule: str, text: str, said: str):
    problems = check(text)
    assert any(said in str(problem) for problem in problems if problem.rule == rule), [str(p) for p in problems]
    assert rule not in rules(problems, gate=True)


BAD_STEPS = [
    ("P11", "De app openen.", "begins with De"),
    ("P11", "Je ziet nu de app.", "begins with Je"),
    ("P11", "Nu tik je op de knop.", "begins with Nu"),
    ("P1", "Tik op de knop aan de rechterkant van het scherm onder je eigen foto.", "14 words"),
    ("P4", "Tik op de knop die je ziet.", "Subclause (die) in a step"),
    ("P4", "Tik op de knop die blauw is.", "Subclause (die) in a step"),
    ("P4", "Wacht als het draait.", "Subclause (als) in a step"),
    ("P11", "Open de app en tik op je naam.", "second action (tik)"),
    ("P11", "Open de app, tik dan op je naam.", "second action (tik)"),
    ("P11", "Bel je team en vraag om hulp.", "second action (vraag)"),
    ("P11", "Open de app. Zoek je naam. Tik op de plus.", "3 actions"),
]


@pytest.mark.parametrize(("rule", "step", "said"), BAD_STEPS)
def test_a_bad_step_is_caught(rule: str, step: str, said: str):
    problems = [problem for problem in check("Goed zo.", steps=("Open de app.", step)) if problem.rule == rule]
    assert [problem.line for problem in problems] == [31]
    assert said in problems[0].text
    assert problems[0].hard


def test_too_many_steps_are_caught():
    assert "P14" not in rules(check("Goed zo.", steps=("Open de app.",) * 7))
    assert "P14" in rules(check("Goed zo.", steps=("Open de app.",) * 8))


def test_too_many_words_are_caught_and_a_tip_has_fewer():
    ninety = ["Dit is een korte zin hier."] * 15
    assert "P15" not in rules(check(*ninety))
    assert "P15" in rules(check(*ninety, "En nog een."))
    assert "P15" in rules(check_answer(FILE, [Piece(text, 1) for text in ninety[:11]], WORDS_A_TIP))
    assert "P15" not in rules(check_answer(FILE, [Piece(text, 1) for text in ninety[:10]], WORDS_A_TIP))


def test_more_than_two_terms_are_too_many():
    problems = check("Tik op de link.", "Kies de bijlage.", "Typ je pincode.")
    assert any("3 hard terms (link, bijlage, pincode)" in problem.text for problem in problems)


# Good Dutch

GOOD = [
    "Dat gebeurt iedereen. Je maakt zo een nieuw wachtwoord.",
    "Komt er geen mail? Bel {helpdesk}.",
    "Tik op **Klik hier om u aan te melden** en wacht. Dat is alles.",
    "Je ziet nu: “Uw account werd geblokkeerd”. Dat is niet erg.",
    "Het scherm wordt zwart. Dat is goed.",
    "Wordt het scherm niet groter? Zet dan je telefoon uit.",
    "Het is gelukt! Je bent binnen.",
    "De inloop is van 14.00 tot 16.30 uur. Kom je ook?",
    "Elk uur komt er een mail. Dat duurt 1,5 minuut.",
    "Updaten betekent: de app vernieuwen. Dat is veilig.",
    "Stuur een sms of bel. Vraag naar HR.",
    "Heb je een iPhone? iPhones hebben een ronde knop.",
    "Typ bijvoorbeeld **mail gaat niet open**. Staat er een melding?",
    "Zoek een pijltje naar links. Daarmee ga je terug.",
    "Tijdens je dienst bel je {team}. Bovendien helpt je collega.",
    "{next_dropin} ben je welkom. Elke vraag is goed.",
    "De code is verlopen. Je telefoon is vastgelopen.",
    "Zijn dochter heeft gebeld. Is bellen fijner?",
    "Is het lang geleden? Dat is verplicht.",
    "Je veiligheid is belangrijk. De verbindingen zijn goed.",
    "Wanneer ben je vrij? Kies die dag.",
    "Het werkt net als een gewone telefoon.",
    "Postvak IN is leeg. Daar staat je BSN niet.",
]


@pytest.mark.parametrize("text", GOOD)
def test_good_dutch_is_left_alone(text: str):
    assert [str(problem) for problem in check(text)] == []


def test_good_steps_are_left_alone():
    steps = (
        "Open {roster_app}.",
        "Tik op **📅 Inloop** in het menu.",
        "Kies vandaag. Je ziet nu je lijst.",
        "Doe niets.",
        "Typ je straat en plaats.",
        "Open als eerste de mail.",
        "Open de instellingen. Zoek op **geluid**.",
    )
    assert check("Zo doe je dat.", steps=steps) == []


def test_an_explained_term_is_no_problem():
    assert check("Een bijlage is een brief bij de mail. Open de bijlage.") == []
    assert check("Je ziet een vierkantje. Dat heet een QR-code.") == []
    assert rules(check("Het UWV is een kantoor. Bel het UWV.")) == set()


# The bot's own phrases


def test_phrases_are_checked_one_by_one_with_file_and_line():
    problems = check_phrases(
        [
            (Path("nl.po"), 12, "Welkom, {name}. Fijn dat je er bent."),
            (Path("nl.po"), 40, "Goed zo.\n\nKlik op de knop."),
            (Path("nl.po"), 55, "Wilt u stoppen?"),
        ]
    )
    assert [(problem.line, problem.rule) for problem in problems] == [(42, "P9"), (55, "P16")]
    assert problems[0].sentence == "Klik op de knop."


def test_a_phrase_is_no_answer():
    """A button needs no verb, a phrase no way out and no explanation; but two sentences are not both long."""
    button, asked = (FILE, 1, "Nee, liever niet"), (FILE, 2, "Deze link ken ik niet.")
    one_long, both_long = (
        "Je kunt hier elke dag met al je vragen komen.",
        "Wij zijn er ook voor alle mensen bij jou thuis.",
    )
    assert check_phrases([button, asked, (FILE, 3, one_long)]) == []
    (problem,) = check_phrases([(FILE, 4, f"{one_long} {both_long}")])
    assert (problem.rule, problem.line, problem.hard) == ("P2", 4, True)


def test_a_letter_word_in_a_phrase_is_caught():
    assert [problem.rule for problem in check_phrases([(FILE, 1, "Open het ECD.")])] == ["P7"]


def test_phrases_use_one_name_for_a_thing_together():
    (problem,) = check_phrases([(FILE, 1, "Bel je teamleider."), (FILE, 8, "Je baas helpt.")])
    assert (problem.rule, problem.line, problem.hard) == ("P10", 8, False)


def test_the_phrases_of_the_bot_are_read_with_their_line():
    phrases = read_phrases()
    assert len(phrases) > 150
    lines = phrases[0].path.read_text("utf-8").splitlines()
    for phrase in phrases:
        assert lines[phrase.line - 1].startswith("msgstr")
        written = "".join(line.strip().strip('"') for line in lines[phrase.line - 1 : phrase.line + 2])
        assert phrase.dutch[:30] in written


def test_compiled_phrases_are_read_too(tmp_path: Path):
    """As in an installed package, where only they are."""
    edited = read_phrases()
    with edited[0].path.open("rb") as source, (tmp_path / "messages.mo").open("wb") as target:
        write_mo(target, read_po(source, locale="nl"))
    compiled = read_phrases(tmp_path)
    assert {(phrase.english, phrase.dutch) for phrase in compiled} == {(p.english, p.dutch) for p in edited}
    assert {(phrase.path.name, phrase.line) for phrase in compiled} == {("messages.mo", 1)}


CATALOGUE = """\
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Click, {name}."
msgstr "Klik, {nmae}."

msgid "Later."
msgstr ""

msgid "{count} day"
msgid_plural "{count} days"
msgstr[0] "Een dag."
msgstr[1] "Voor u {count} dagen."
"""


def test_a_mistake_in_a_phrase_is_told_with_its_line(tmp_path: Path):
    (tmp_path / "messages.po").write_text(CATALOGUE, "utf-8")
    told = [(problem.line, problem.rule, problem.hard, problem.text) for problem in checked_phrases(tmp_path)]
    assert told == [
        (5, "", True, "Unknown placeholder {nmae}:"),
        (5, "", True, "The placeholder {name} is missing:"),
        (5, "P9", False, "Hard word (Klik):"),
        (8, "", True, "This phrase has no Dutch."),
        (13, "P16", True, 'Says "u":'),
    ]


def checked_phrases(folder: Path) -> list[Problem]:
    return checking.check_phrases(read_phrases(folder))


def test_what_the_bot_says_is_plain():
    problems = checking.check_phrases(read_phrases())
    assert [str(problem) for problem in problems] == []


def test_our_own_answers_have_no_hard_words_either():
    """For others they are advice."""
    problems = checking.check(load(ROOT / "content"))
    assert [str(p) for p in problems if p.rule in {"P6", "P8", "P18"} or p.text.startswith("Hard word")] == []


# The list of words


def test_a_better_word_is_easy_itself():
    better = {form: word for kind in (HARD, INITIALS, EXPLAIN, SHORT) for form, (word, _) in listed(kind).items()}
    assert all(better.values())
    hard_ones = {form: [match.written for match in find(HARD, word)] for form, word in better.items()}
    assert {form: found for form, found in hard_ones.items() if found} == {}
    long_ones = {part for word in better.values() for part in words(word) if syllables(part) > 3}
    assert long_ones - {*listed(LONG), *listed(EXPLAIN)} == set()


def test_a_thing_with_names_has_a_best_one():
    for form, (thing, _) in listed(SAME).items():
        assert thing in listed(SAME), form
        assert listed(SAME)[thing][1] == thing


def test_a_problem_reads_as_one_line():
    problem = check("Klik op de knop.")[0]
    assert str(problem) == 'nl/proef.md:10: P9: Hard word (Klik): "Klik op de knop." Better: tikken.'


# Sentences, words and syllables


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Open de app. Tik op **OK**. Klaar!", ["Open de app.", "Tik op **OK**.", "Klaar!"]),
        ("Tik op **Vergeten?** en wacht.", ["Tik op **Vergeten?** en wacht."]),
        ("Tik op **Vergeten?** Wacht dan.", ["Tik op **Vergeten?**", "Wacht dan."]),
        ("Tik op **Weg? Nee. Terug** nu.", ["Tik op **Weg? Nee. Terug** nu."]),
        ("Om 8.30 uur. Of om 14.00 uur.", ["Om 8.30 uur.", "Of om 14.00 uur."]),
        ("Neem bv. je bril mee. Klaar.", ["Neem bv. je bril mee.", "Klaar."]),
        ("Eh... wat nu? Bel.", ["Eh... wat nu?", "Bel."]),
        ("Geen kop zonder punt", ["Geen kop zonder punt"]),
        ("Bel. iPhone werkt anders.", ["Bel.", "iPhone werkt anders."]),
        ("Bel dhr. Jansen. Of mevr. Smit.", ["Bel dhr. Jansen.", "Of mevr. Smit."]),
        ("Een zin\nover twee regels.", ["Een zin over twee regels."]),
        ("...", []),
    ],
)
def test_text_is_taken_apart_in_sentences(text: str, expected: list[str]):
    assert [sentence.written for sentence in split(Piece(text, 1))] == expected


def test_a_sentence_knows_its_line_inside_a_paragraph():
    found = split(Piece("Eerste zin.\nTweede zin. Derde.\nVierde zin.", 20))
    assert [sentence.line for sentence in found] == [20, 21, 21, 22]


def test_paragraphs_know_their_line():
    assert paragraphs("Een.\nTwee.\n\nDrie.\n\n\nVier.", 5) == [
        Piece("Een.\nTwee.", 5),
        Piece("Drie.", 8),
        Piece("Vier.", 11),
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Bel {helpdesk}.", 4),
        ("Hoi {name}.", 2),
        ("Tik op **📅 Inloop** in het menu.", 6),
        ("Foto's van 8.00-17.00 uur, t/m 5 mei.", 7),
        ("Mail naar naam@werk.nl of icloud.com/find.", 5),
    ],
)
def test_words_are_counted_as_they_are_read(text: str, count: int):
    assert Sentence(text, 1).length == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cliënt", 2),
        ("geïnstalleerd", 4),
        ("wachtwoord", 2),
        ("telefoon", 3),
        ("nieuwe", 2),
        ("eieren", 3),
        ("fooien", 2),
        ("sneeuw", 1),
        ("ijzer", 2),
        ("typ", 1),
        ("yoghurt", 2),
        ("mail", 1),
        ("gebruikersnaam", 4),
        ("112", 1),
    ],
)
def test_syllables(word: str, count: int):
    assert syllables(word) == count


def test_reading_ease_is_high_for_short_words_and_low_for_official_ones():
    easy = sentences([Piece("Open de app. Tik op de knop. Typ je naam.", 1)])
    official = (
        "Authenticatieproblematiek dient onverwijld aan de verantwoordelijke functionaris gerapporteerd te worden."
    )
    assert reading_ease(easy) > 100
    assert reading_ease(sentences([Piece(official, 1)])) < 0


def test_a_word_inside_another_is_no_word():
    assert words("wachtwoord-vergeten") == ["wachtwoord-vergeten"]
    assert check("Loop naar de overkant.", "De klikker is rood.") == []
