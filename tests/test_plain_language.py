"""The rules of plain language: bad Dutch is caught by the right rule, good Dutch is left alone."""

from pathlib import Path

import pytest

from bot.content.plain import WORDS_A_TIP, check_answer, check_phrases, paragraphs
from bot.content.problems import Problem
from bot.content.sentences import Piece, Sentence, reading_ease, sentences, split, syllables, words

FILE = Path("nl/proef.md")


def check(*texts: str, steps: tuple[str, ...] = ()) -> list[Problem]:
    """Paragraphs from line 10 on, an empty line between; steps from line 30 on."""
    pieces = [Piece(text, 10 + 2 * number) for number, text in enumerate(texts)]
    pieces += [Piece(text, 30 + number, step=True) for number, text in enumerate(steps)]
    return check_answer(FILE, pieces)


def rules(problems: list[Problem], hard: bool = True) -> set[str]:
    return {problem.rule for problem in problems if problem.hard == hard}


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
    ("P6", "We zullen je helpen.", "zullen"),
    ("P6", "Dat zou fijn zijn.", "zou"),
    ("P6", "Je dient dit te lezen.", "moet"),
    ("P7", "Neem iets mee, bv. een pen.", "bijvoorbeeld"),
    ("P7", "Bel z.s.m. je team.", "zo snel mogelijk"),
    ("P7", "Open van maandag t/m vrijdag.", "tot en met"),
    ("P7", "Dat is i.v.m. je werk.", "door, omdat"),
    ("P7", "Vraag het bij P&O of UWV.", "UWV"),
    ("P16", "Wilt u dat lezen?", "je"),
    ("P16", "Pak uw telefoon.", "je"),
    ("P17", "Wacht twee minuten.", "2"),
    ("P17", "Probeer het één keer.", "1"),
    ("P17", "Kom op 24-11-2026 langs.", "1 mei"),
    ("P13", "Lees dit. Doe dat. Bel mij. Wacht even.", "4 sentences"),
    ("word", "Klik op de knop.", "tikken"),
    ("word", "Voer de code in.", "typen"),
    ("word", "Sla het bericht op.", "bewaren"),
    ("word", "Je krijgt een notificatie.", "melding"),
    ("word", "Indien nodig bel je ons.", "als"),
    ("word", "Dat is noodzakelijk.", "nodig"),
    ("word", "Lees de rapportage in het ECD.", "verslag"),
    ("word", "Ga door middel van de knop terug.", "met"),
]


@pytest.mark.parametrize(("rule", "text", "said"), BAD, ids=[f"{rule} {text[:30]}" for rule, text, _ in BAD])
def test_bad_dutch_is_caught_by_its_rule(rule: str, text: str, said: str):
    found = [problem for problem in check(text) if problem.rule == rule]
    assert found, rules(check(text))
    assert all(problem.hard for problem in found)
    assert any(said in str(problem) for problem in found), [str(problem) for problem in found]
    assert {problem.line for problem in found} == {10}


ADVICE = [
    ("P4", "Je belt omdat je ziek bent en zodat je baas het weet."),
    ("P5", "Je wachtwoord is door ons verstuurd."),
    ("P8", "Dat is een fluitje van een cent."),
    ("P9", "Stuur de bijlage."),
    ("P19", "Vraag de ondersteuningsafdeling."),
    ("Flesch-Douma", " ".join(["Gebruikersinformatie is vertrouwelijke privacygevoelige documentatie."] * 4)),
]


@pytest.mark.parametrize(("rule", "text"), ADVICE)
def test_what_needs_judgement_is_advice(rule: str, text: str):
    assert rule in rules(check(text), hard=False)
    assert rule not in rules(check(text), hard=True)


BAD_STEPS = [
    ("P11", "De app openen.", "begins with De"),
    ("P11", "Je ziet nu de app.", "begins with Je"),
    ("P11", "Nu tik je op de knop.", "begins with Nu"),
    ("P1", "Tik op de knop aan de rechterkant van het scherm onder je eigen foto.", "14 words"),
]


@pytest.mark.parametrize(("rule", "step", "said"), BAD_STEPS)
def test_a_bad_step_is_caught(rule: str, step: str, said: str):
    problems = [problem for problem in check("Goed zo.", steps=("Open de app.", step)) if problem.rule == rule]
    assert [problem.line for problem in problems] == [31]
    assert said in problems[0].text
    assert problems[0].hard


def test_a_subclause_or_a_second_action_in_a_step_is_advice():
    assert "P4" in rules(check("Goed zo.", steps=("Tik op de knop die je ziet.",)), hard=False)
    assert "P11" in rules(check("Goed zo.", steps=("Open de app en tik op je naam.",)), hard=False)


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
    assert [(problem.line, problem.rule) for problem in problems] == [(42, "word"), (55, "P16")]
    assert problems[0].sentence == "Klik op de knop."


def test_a_problem_reads_as_one_line():
    problem = check("Klik op de knop.")[0]
    assert str(problem) == 'nl/proef.md:10: word: Hard word (Klik): "Klik op de knop." Better: tikken.'


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
