"""Finding the answer: spelling, danger, promises kept on the real content, and what is stored between runs."""

from pathlib import Path

import numpy as np
import pytest

from bot.content import answers
from bot.search import Search, Topic
from bot.search import search as searching
from bot.search.bands import Bands
from bot.search.clauses import clauses, without_small_talk
from bot.search.emergency import EMERGENCY_TOPIC, sign_of_emergency
from bot.search.features import WEIGHTS, Vocabulary, parts
from bot.search.folding import fold, fold_text, plain
from bot.search.from_content import topics_in
from bot.search.meanings import meanings_of
from bot.search.stored import FILE_NAME
from bot.settings import own_cache

CONTENT = Path(__file__).parents[1] / "content"


@pytest.fixture(scope="module")
def content() -> answers.Content:
    return answers.load(CONTENT)


@pytest.fixture(scope="module")
def search(content: answers.Content) -> Search:
    return Search.learn(topics_in(content), content.outside, own_cache())


SMALL = (
    Topic(
        "wachtwoord", "Wachtwoord vergeten", ("wachtwoord kwijt", "ik weet mijn wachtwoord niet meer", "ww vergeten")
    ),
    Topic("rooster", "Rooster bekijken", ("waar staat mijn rooster", "wanneer moet ik werken", "dienst zien")),
    Topic("ziek", "Ziekmelden", ("ik ben ziek", "ziek melden hoe", "griep kan niet komen"), neighbours=("rooster",)),
    Topic(EMERGENCY_TOPIC, "Bel 112", ("help", "mevrouw is gevallen", "hij ademt niet")),
)


@pytest.fixture(scope="module")
def small() -> Search:
    return Search.learn(SMALL, ("hoe laat gaat de trein", "recept voor soep"))


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("wagtwoort", "wachtwoord"),
        ("inloge", "inloggen"),
        ("sgaamte", "schaamte"),
        ("vakansie", "vakantie"),
        ("televoon", "telefoon"),
        ("mobil", "mobiel"),
        ("autenticator", "authenticator"),
        ("niewe", "nieuwe"),
        ("klient", "cliënt"),
        ("klient", "client"),
        ("fantastis", "fantastisch"),
        ("kantor", "kantoor"),
        ("reis", "rijs"),
        ("pauw", "pou"),
        ("heb", "hep"),
        ("me", "mijn"),
        ("zou", "zauw"),
        ("upadła", "upadla"),
    ],
)
def test_words_that_sound_alike_are_one_word(written: str, other: str) -> None:
    assert fold(plain(written)) == fold(plain(other))


@pytest.mark.parametrize(("one", "other"), [("rooster", "route"), ("code", "kode2"), ("mail", "mobiel"), ("uur", "u")])
def test_words_that_differ_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_links_signs_and_emoji_leave_no_trace() -> None:
    assert fold_text("M'n code?! https://voorbeeld.nl/inloggen 😤") == fold_text("mijn code")


def test_other_scripts_keep_their_letters() -> None:
    assert fold_text("لا يتنفس") == "لا يتنفس"
    assert fold_text("Не дихає")


def test_a_compound_and_a_slip_keep_their_meaning() -> None:
    assert "telefoon" in meanings_of([fold("werktelefoon")])
    assert "loonstrook" in meanings_of([fold("loonstrok")])
    assert "wachtwoord" in meanings_of([fold("wachtwroord")])
    assert meanings_of([fold("wasmiddel")]) == []


def test_a_vector_has_the_length_of_its_kinds_and_nothing_gives_an_empty_one() -> None:
    vocabulary = Vocabulary.of([parts("wachtwoord kwijt"), parts("wachtwoord weg")])
    vector = vocabulary.vector(parts("wachtwoord kwijt"))
    assert float(vector.values @ vector.values) == pytest.approx(sum(weight**2 for weight in WEIGHTS), abs=1e-4)
    assert len(vocabulary.vector(parts("")).places) == 0


def test_a_long_story_is_taken_apart_and_small_talk_dropped() -> None:
    story = "Hoi allemaal! Ik zat in de bus, het regende, maar nu doet mijn code het niet. Groetjes"
    assert clauses(story)[-1] == "maar nu doet mijn code het niet"
    assert "Hoi" not in without_small_talk(story)
    assert without_small_talk("Goedemorgen!") == "Goedemorgen"


# Danger


@pytest.mark.parametrize(
    "message",
    [
        "ze ademt niet meer",
        "zij ademd nie",
        "mevrouw haalt bijna geen adem",
        "BEWUSTELOOS!!!",
        "bewustloos op de bank",
        "hoi ik heb een vraagje over de app maar mevrouw is net gevallen en ze beweegt niet",
        "client gevalle in de badkamer",
        "mijn client ligt op de grond",
        "meneer reageert niet",
        "mevrouw doet de deur niet open",
        "bel 112",
        "moet ik 112 bellen",
        "veel bloed",
        "meneer bloedt uit zijn neus",
        "hartaanval",
        "pijn op de borst meneer",
        "haar mond hangt scheef",
        "ze stikt bijna in een boterham",
        "verkeerde medicijnen gegeven",
        "ik heb per ongeluk de verkeerde pillen aan meneer gegeven",
        "meneer zegt dat hij dood wil, hij wil niet meer leven",
        "ze heeft het over zelfmoord",
        "een klant heeft mij geslagen",
        "de zoon staat hier met een mes",
        "er is brand",
        "ik ruik gas",
        "ambulance nodig",
        "she is not breathing",
        "my client collapsed",
        "nefes almıyor",
        "pani nie oddycha",
        "no respira",
        "elle ne respire plus",
        "لا يتنفس",
        "вона не дихає",
    ],
)
def test_danger_is_answered_at_once(search: Search, message: str) -> None:
    finding = search.find(message)
    assert finding.verdict == "answer"
    assert finding.topics[0].id == EMERGENCY_TOPIC
    assert finding.topics[0].score == 1.0
    assert finding.danger


@pytest.mark.parametrize(
    "message",
    [
        "mevrouw is gisteren gevallen, hoe meld ik dat",
        "val van meneer registreren, hij is gevallen",
        "hij reageert niet meer",
        "112 app instellen op mijn telefoon",
        "meneer is overleden en staat nog in mijn lijst",
    ],
)
def test_what_may_be_danger_is_offered_first(search: Search, message: str) -> None:
    finding = search.find(message)
    assert finding.verdict == "choice"
    assert finding.choices[0] == EMERGENCY_TOPIC
    assert len(finding.choices) > 1


@pytest.mark.parametrize(
    "message",
    [
        "mijn telefoon is gevallen",
        "de app reageert niet",
        "de app valt steeds uit",
        "het valt mee",
        "ik wil gewoon iemand van vlees en bloed",
        "bestand opent niet",
        "rooster gaat niet open",
        "ik ben doodsbang voor die tablet",
        "ik heb geen spoed hoor",
        "batterij leeg",
        "niet aangeraakt en toch een ander scherm",
        "ik wil stoppen met deze bot",
        "mag ik een dag vrij, mijn man is jarig",
        "mail van mevrouw openen",
    ],
)
def test_things_and_figures_of_speech_are_no_danger(message: str) -> None:
    assert sign_of_emergency(message) is None


def test_few_ordinary_questions_are_taken_for_danger(content: answers.Content) -> None:
    ordinary = [
        question
        for answer in content.in_language("nl")
        if answer.id not in {EMERGENCY_TOPIC, "zorginhoud-vraag"}
        for question in (*answer.samples, *answer.exam)
    ]
    alarms = [question for question in (*ordinary, *content.outside) if sign_of_emergency(question)]
    assert len(alarms) <= len(ordinary) * 0.005, alarms


def test_the_emergency_topic_is_not_missed(search: Search, content: answers.Content) -> None:
    emergency = content.answers[EMERGENCY_TOPIC, "nl"]
    missed = [
        question
        for question in (*emergency.samples, *emergency.exam)
        if EMERGENCY_TOPIC not in (search.find(question).topics[0].id, *search.find(question).choices)
    ]
    assert missed == []


def test_danger_at_the_end_of_a_long_story_counts(small: Search) -> None:
    story = "Ik was aan het poetsen en we dronken koffie. " * 90 + "Nu ligt mevrouw op de grond"
    assert small.find(story).topics[0].id == EMERGENCY_TOPIC
    assert small.find(story).verdict == "answer"


def test_without_an_emergency_topic_danger_is_just_a_question() -> None:
    search = Search.learn(SMALL[:3])
    assert EMERGENCY_TOPIC not in [scored.id for scored in search.find("ze ademt niet").topics]


# Finding


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("wagtwoort vergete", "wachtwoord-vergeten"),
        ("me loonstrokje vinde", "loonstrook-vinden"),
        ("bibleteek inlop wanneer", "inloop-bieb"),
        ("ben siek vandaag", "ziekmelden"),
        ("geef me de wiffi", "wifi-verbinden"),
        ("nep meil gekregen", "phishing-herkennen"),
        ("lettertjes te klijn", "letters-groter"),
        ("fakantie aan frage", "verlof-aanvragen"),
    ],
)
def test_a_misspelt_question_finds_its_answer(search: Search, question: str, topic: str) -> None:
    finding = search.find(question)
    assert finding.verdict != "unknown"
    assert topic in [scored.id for scored in finding.topics[:3]]


@pytest.mark.parametrize("nothing", ["", "   ", "😀😀", "https://voorbeeld.nl/a?b=c", "?!...", "\u200b", "\x00"])
def test_nothing_to_go_by_is_unknown(small: Search, nothing: str) -> None:
    assert small.find(nothing).verdict == "unknown"


def test_scores_are_chances_best_first_and_no_more_than_asked(search: Search) -> None:
    finding = search.find("hoe zie ik mijn rooster", limit=3)
    scores = [scored.score for scored in finding.topics]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_buttons_are_two_to_four_known_topics(search: Search, content: answers.Content) -> None:
    known = {answer.id for answer in content.in_language("nl")}
    for question in ("app", "hij doet het niet", "code", "hulp met mijn telefoon"):
        finding = search.find(question)
        if finding.verdict == "choice":
            assert 2 <= len(finding.choices) <= 4
            assert set(finding.choices) <= known
        else:
            assert finding.choices == ()


@pytest.mark.parametrize("question", ["коли я можу піти у відпустка влітку", "هل يمكنني اليوم مريض أن أسأل عن الجرح"])
def test_one_known_word_in_an_unknown_language_is_no_certainty(search: Search, question: str) -> None:
    assert search.find(question).verdict != "answer"


def test_two_questions_in_one_message_give_both(search: Search) -> None:
    finding = search.find("Ik ben mijn wachtwoord vergeten. Hoe vraag ik vakantie aan?")
    assert finding.verdict == "choice"
    assert {"wachtwoord-vergeten", "verlof-aanvragen"} <= set(finding.choices)


def test_a_story_without_end_is_cut_off(small: Search) -> None:
    story = "ik ben mijn wachtwoord kwijt en ik weet het niet meer. " * 4000
    finding = small.find(story)
    assert finding == small.find(story[: searching.LONGEST_QUESTION])
    assert finding.topics[0].id == "wachtwoord"


def test_an_app_of_her_employer_comes_before_somebody_elses() -> None:
    samples = ("loonstrook bekijken", "waar is mijn loonstrook", "salaris zien")
    search = Search.learn(
        (
            Topic("loon-afas", "Loon in AFAS", samples, app="AFAS Pocket"),
            Topic("loon-youforce", "Loon in Youforce", samples, app="Youforce"),
            *SMALL,
        )
    )
    assert search.find("loonstrook", app_names=("AFAS Pocket",)).topics[0].id == "loon-afas"
    assert search.find("loonstrook", app_names=("Youforce",)).topics[0].id == "loon-youforce"


def test_learning_twice_gives_the_same(small: Search) -> None:
    again = Search.learn(SMALL, ("hoe laat gaat de trein", "recept voor soep"))
    for question in ("wachtwoord", "ik moet werke", "trein"):
        assert again.find(question) == small.find(question)


def test_no_topics_or_hardly_any_samples_is_no_error() -> None:
    assert Search.learn(()).find("hallo").verdict == "unknown"
    assert Search.learn((Topic("een", "Rooster", ()),)).find("rooster").topics[0].id == "een"


def test_with_few_questions_the_bands_stay_careful() -> None:
    bands = Bands.fit(np.zeros((5, 3)), np.ones(5, bool), np.ones(5, bool), np.zeros(5, bool))
    assert bands.first_is_right(np.array([-2.0, 0, 0])) < bands.sure


# Stored


def test_what_was_learnt_is_read_back_and_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learnt = Search.learn(SMALL, cache=tmp_path)
    monkeypatch.setattr(searching, "learn", lambda *_: pytest.fail("learnt again"))
    read = Search.learn(SMALL, cache=tmp_path)
    for question in ("wachtwoord kwijt", "rooster en ziek", "iets anders"):
        assert read.find(question) == learnt.find(question)
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


def test_another_sample_means_learning_anew(tmp_path: Path) -> None:
    Search.learn(SMALL, cache=tmp_path)
    before = (tmp_path / FILE_NAME).read_bytes()
    Search.learn((*SMALL, Topic("wifi", "Wifi", ("wifi doet niks",))), cache=tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() != before


@pytest.mark.parametrize("broken", [b"", b"nonsense", b"PK\x03\x04 half a file"])
def test_a_broken_file_is_learnt_anew(tmp_path: Path, broken: bytes) -> None:
    whole = Search.learn(SMALL, cache=tmp_path)
    good = (tmp_path / FILE_NAME).read_bytes()
    for content_of_file in (broken, good[: len(good) // 2]):
        (tmp_path / FILE_NAME).write_bytes(content_of_file)
        assert Search.learn(SMALL, cache=tmp_path).find("rooster") == whole.find("rooster")
    assert len((tmp_path / FILE_NAME).read_bytes()) == len(good)


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert Search.learn(SMALL, cache=tmp_path / "file").find("rooster").topics


# On the real content; how often the right one is found is for `digihulp content test`


def test_what_was_learnt_from_is_found(search: Search, content: answers.Content) -> None:
    found = [
        search.find(text).topics[0].id == answer.id
        for answer in content.in_language("nl")
        for text in answer.samples[:8]
    ]
    assert np.mean(found) >= 0.97


def test_an_explanation_names_the_words_and_a_sample(search: Search) -> None:
    why = search.explain("goedemorgen, ik ben mijn wagtwoort vergeten", "wachtwoord-vergeten")
    assert why.words[0][0] in ("wagtwoort", "vergeten")
    assert "wachtwoord" in why.sample or "vergeten" in why.sample


def test_held_out_questions_are_of_the_content_and_mostly_found(search: Search, content: answers.Content) -> None:
    known = {answer.id for answer in content.in_language("nl")}
    told = list(search.held_out())
    assert {topic for _, topic, _ in told} == {*known, ""}
    assert {text for text, topic, _ in told if not topic} < set(content.outside)
    inside = [(topic, finding) for _, topic, finding in told if topic]
    assert np.mean([finding.topics[0].id == topic for topic, finding in inside]) > 0.6
