"""The organisations file: what conversations get from it, when drop-ins are, and how mistakes are told."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.content.organisations import Organisations, load, occurrences
from bot.content.problems import ContentError

OURS = Path(__file__).parent.parent / "content" / "organisations.yaml"

FILE = """\
libraries:
  - id: bieb
    name: Bieb
    coach: de digicoach
    phone: 088 000 00 11
    places:
      - id: plein
        name: Bieb aan het plein
        address: Plein 1
        latitude: 52.03
        longitude: 5.08
    dropins:
      - id: dinsdag
        place: plein
        weekday: dinsdag
        from: 14:00
        until: 16.30
        first: 2026-11-10
        last: 2026-12-29
        except: [2026-12-22]
        remark: no
      - id: extra
        place: plein
        date: 2026-12-12
        from: 9:00
        until: 10:00
employers:
  - id: zorg
    name: Zorg
    code: Zorg_1-a
    libraries: [bieb]
    helpdesk:
      name: de helpdesk van Zorg
      phone: 088 000 00 01
      hours: maandag tot en met vrijdag 8.00-17.00 uur
    team:
      name: je team.
    learning_hours_a_year: 8
    apps:
      roster: Roosterapp
      mail: de website van je werk
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "organisations.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def change(path: Path, *changes: tuple[str, str]) -> Organisations:
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return load(path)


def mistakes(path: Path, *changes: tuple[str, str]) -> list[str]:
    with pytest.raises(ContentError) as error:
        change(path, *changes)
    return [str(problem).removeprefix(f"{path.parent}/") for problem in error.value.problems]


# What it says


def test_texts_stay_what_people_wrote(path: Path):
    organisations = load(path)
    assert organisations.schedule[0].remark == "no"
    assert organisations.libraries[0].phone == "088 000 00 11"
    assert organisations.employers[0].code == "Zorg_1-a"
    assert not organisations.employers[0].example


def test_an_employers_facts_are_phrases_for_a_sentence(path: Path):
    assert load(path).employers[0].facts == {
        "helpdesk": "de helpdesk van Zorg: 088 000 00 01 (maandag tot en met vrijdag 8.00-17.00 uur)",
        "team": "je team",
        "roster_app": "de app Roosterapp",
        "mail_app": "de website van je werk",
        "learning_hours": "8 uur per jaar",
        "library": "Bieb",
        "coach": "de digicoach: 088 000 00 11",
    }
    assert load(path).apps == {"zorg": ("Roosterapp", "de website van je werk")}


def test_a_line_left_empty_is_a_line_left_out(path: Path):
    organisations = change(path, ("remark: no", "remark:"), ("learning_hours_a_year: 8", "learning_hours_a_year:"))
    assert organisations.schedule[0].remark == ""
    assert "learning_hours" not in organisations.employers[0].facts


def test_a_library_without_a_coach_is_called_by_its_name(path: Path):
    organisations = change(path, ("    coach: de digicoach\n", ""))
    assert organisations.employers[0].facts["coach"] == "Bieb: 088 000 00 11"


# When drop-ins are


def test_weekly_drop_ins_keep_to_their_first_and_last_day_and_exceptions(path: Path):
    days = [found.day for found in occurrences(load(path).schedule, date(2026, 11, 1), 90)]
    tuesdays = [date(2026, 11, 10) + timedelta(weeks=week) for week in (0, 1, 2, 3, 4, 5, 7)]
    assert days == sorted([*tuesdays, date(2026, 12, 12)])


def test_a_drop_in_has_a_lasting_key_and_aware_times(path: Path):
    found = occurrences(load(path).schedule, date(2026, 11, 24), 1)
    assert [drop_in.key for drop_in in found] == ["dinsdag-2026-11-24"]
    assert found[0].starts_at == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert found[0].ends_at == datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    assert found[0].starts_at.strftime("%H:%M") == "14:00"
    assert found[0].place.name == "Bieb aan het plein"


def test_the_key_stays_when_the_hour_changes(path: Path):
    before = occurrences(load(path).schedule, date(2026, 11, 24), 1)
    after = occurrences(change(path, ("from: 14:00", "from: 13:00")).schedule, date(2026, 11, 24), 1)
    assert before[0].key == after[0].key
    assert before[0].starts_at != after[0].starts_at


def test_two_o_clock_stays_two_o_clock_when_the_clocks_change(path: Path):
    schedule = change(path, ("        first: 2026-11-10\n        last: 2026-12-29\n", "")).schedule
    for around, before, after in (
        (date(2026, 10, 20), "+0200", "+0100"),  # the clocks go back on 25 October
        (date(2027, 3, 23), "+0100", "+0200"),  # and forward on 28 March
    ):
        found = occurrences(schedule, around, 8)
        assert [f"{drop_in.starts_at:%H:%M %z}" for drop_in in found] == [f"14:00 {before}", f"14:00 {after}"]
        assert {drop_in.ends_at - drop_in.starts_at for drop_in in found} == {timedelta(hours=2, minutes=30)}


def test_an_hour_that_the_clock_skips_is_an_hour_later(path: Path):
    night = (
        ("weekday: dinsdag", "weekday: zondag"),
        ("from: 14:00", "from: 2:30"),
        ("last: 2026-12-29\n", "remark: x\n"),
    )
    schedule = change(path, *night, ("        remark: no\n", "")).schedule
    found = occurrences(schedule, date(2027, 3, 28), 1)[0]
    assert f"{found.starts_at:%H:%M %z}" == "03:30 +0200"
    assert found.starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_place_in_another_zone_keeps_its_own_clock(path: Path):
    schedule = change(path, ("        from: 14:00", "        zone: America/Curacao\n        from: 14:00")).schedule
    found = occurrences(schedule, date(2026, 11, 24), 1)[0]
    assert found.starts_at == datetime(2026, 11, 24, 18, tzinfo=UTC)


def test_soonest_comes_first(path: Path):
    found = occurrences(load(path).schedule, date(2026, 11, 1), 90)
    assert [drop_in.starts_at for drop_in in found] == sorted(drop_in.starts_at for drop_in in found)


# Mistakes


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("libraries: [bieb]", "libraries: [bib]", "31: There is no library bib. Did you mean bieb?"),
        ("libraries: [bieb]", "libraries: []", "31: `libraries` should be a list with something in it."),
        ("libraries: [bieb]", "libraries: bieb", "31: `libraries` should be a list"),
        ("place: plein", "place: markt", "14: There is no place markt. Use one of: plein."),
        ("code: Zorg_1-a", "code: zorg 1", "30: `code`: zorg 1 can't be a code. Use A-Z"),
        ("code: Zorg_1-a", "code: " + "a" * 65, "30: `code`: aaaaa"),
        ("code: Zorg_1-a", "code: zörg", "30: `code`: zörg can't be a code."),
        ("    code: Zorg_1-a\n", "", "28: `code` is missing here. Add a line `code: ...`."),
        ("from: 14:00", "from: 25:00", "16: `from`: 25:00 is no time. Write it like 14:00."),
        ("from: 14:00", "from: 2 uur", "16: `from`: 2 uur is no time."),
        ("until: 16.30", "until: 13:30", "17: `until`: It ends at 13:30, before it starts."),
        ("until: 16.30", "until: 14:00", "17: `until`: It ends at 14:00, before it starts."),
        ("weekday: dinsdag", "weekday: disndag", "15: `weekday`: disndag is no weekday. Write one of: maandag"),
        ("        weekday: dinsdag\n", "", "13: A drop-in has a `weekday` or a `date`."),
        (
            "weekday: dinsdag",
            "weekday: dinsdag\n        date: 2026-12-01",
            "13: A drop-in has a `weekday` or a `date`.",
        ),
        ("date: 2026-12-12", "date: 2026-12-12\n        last: 2026-12-13", "25: `last` means nothing for a single"),
        ("date: 2026-12-12", "date: 12-12-2026", "24: `date`: 12-12-2026 is no date. Write it like 2026-12-25."),
        ("date: 2026-12-12", "date: 1734000000", "24: `date`: 1734000000 is no date."),
        ("except: [2026-12-22]", "except: [2026-12-32]", "20: `except`: 2026-12-32 is no date."),
        ("last: 2026-12-29", "last: 2026-01-29", "19: `last`: The last day 2026-01-29 is before the first."),
        ("from: 14:00", "from: 14:00\n        zone: Europe/Gouda", "17: `zone`: Europe/Gouda is no time zone."),
        ("from: 14:00", "from: 14:00\n        zone: Europe", "17: `zone`: Europe is no time zone."),
        ("from: 14:00", "from: 14:00\n        zone: ../etc", "17: `zone`: ../etc is no time zone."),
        ("latitude: 52.03", "latitude: 520.3", "10: `latitude`: 520.3 is not between -90 and 90."),
        ("latitude: 52.03", "latitude: 52,03", "10: `latitude`: 52,03 is not between -90 and 90."),
        ("longitude: 5.08", "longitude: nan", "11: `longitude`: nan is not between -180 and 180."),
        ("id: extra", "id: dinsdag", "22: There is another drop-in with the id dinsdag, on line 13. Change one."),
        ("id: extra", "id: Extra 1", "22: `id`: Extra 1 can't be an id."),
        ("name: Zorg", "naam: Zorg", "29: `naam` is not known here. Did you mean `name`?"),
        ("roster: Roosterapp", "rooster: Roosterapp", "40: `rooster` is not known here. Did you mean `roster`?"),
        ("phone: 088 000 00 01", "phone: bel maar", "34: `phone`: bel maar is no phone number."),
        ("phone: 088 000 00 11", "mail: coach", "5: `mail`: coach is no mail address."),
        ("learning_hours_a_year: 8", "learning_hours_a_year: veel", "38: `learning_hours_a_year`: veel is no number"),
        ("learning_hours_a_year: 8", "example: ja", "38: `example`: ja is neither true nor false."),
        ("name: Zorg", "name: " + "Zorg" * 16, "29: `name` has the wrong length. Use 1 to 60 signs."),
        ("name: Zorg\n", "name: [Zorg, Hulp]\n", "29: `name` should be one text."),
        ("    name: Zorg\n", "    name: Zorg\n    name: Hulp\n", "30: `name` stands here twice."),
        ("employers:", "employees:", "27: `employees` is not known here. Did you mean `employers`?"),
        ("    name: Zorg\n", "    name: Zorg: en meer\n", "29: This is not good YAML: mapping values are not allowed"),
        ("    name: Zorg\n", "\tname: Zorg\n", "29: This is not good YAML: found character '\\t'"),
        ("libraries: [bieb]", "libraries: [bieb", "This is not good YAML"),
        ("remark: no", "remark: &a [*a]", "This part holds itself"),
    ],
)
def test_a_mistake_is_told_with_line_and_what_to_do(path: Path, old: str, new: str, said: str):
    told = mistakes(path, (old, new))
    assert any(text.startswith("organisations.yaml:") and said in text for text in told), "\n".join(told)


def test_all_mistakes_are_told_at_once(path: Path):
    told = mistakes(
        path,
        ("latitude: 52.03", "latitude: x"),
        ("weekday: dinsdag", "weekday: disndag"),
        ("libraries: [bieb]", "libraries: [bib]"),
        ("code: Zorg_1-a", "code: a b"),
    )
    assert [text.split(":")[1] for text in told] == ["10", "15", "30", "31"]


def test_two_employers_with_the_same_code_are_told(path: Path):
    second = "  - id: hulp\n    name: Hulp\n    code: ZORG_1-A\n    libraries: [bieb]\n"
    told = mistakes(path, ("employers:\n", "employers:\n" + second))
    assert told == ["organisations.yaml:34: There is another employer with the code zorg_1-a, on line 30. Change one."]


@pytest.mark.parametrize("text", ["", "# leeg\n", "libraries:\n", "- a\n- b\n", "hallo\n", "libraries: {}\n"])
def test_a_file_with_something_else_in_it_is_told(path: Path, text: str):
    path.write_text(text, encoding="utf-8")
    assert mistakes(path)


def test_a_file_that_is_not_there_or_not_text_is_told(path: Path, tmp_path: Path):
    path.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in mistakes_of(path)
    assert "can't be read" in mistakes_of(tmp_path / "nowhere.yaml")


def mistakes_of(path: Path) -> str:
    with pytest.raises(ContentError) as error:
        load(path)
    return str(error.value)


# Our own file


def test_our_own_file_is_good_and_marks_what_is_made_up():
    organisations = load(OURS)
    assert {library.id for library in organisations.libraries} >= {"bibliotheek-nieuwegein"}
    assert {employer.code for employer in organisations.employers} >= {"vierstroom"}
    assert all(entry.example for entry in (*organisations.libraries, *organisations.employers, *organisations.places))
    assert all(slot.example for slot in organisations.schedule)


def test_example_phone_numbers_are_plainly_no_real_ones():
    organisations = load(OURS)
    phrases = [phrase for employer in organisations.employers for phrase in employer.facts.values()]
    numbers = [phrase.split(": ")[1] for phrase in phrases if ": " in phrase]
    assert numbers
    assert all(number.startswith("088 000 00 ") for number in numbers)


def test_there_is_a_drop_in_every_week_but_the_last_of_the_year():
    schedule = load(OURS).schedule
    monday = date(2026, 11, 23)
    for week in range(26):
        start = monday + timedelta(weeks=week)
        assert occurrences(schedule, start, 7) or start == date(2026, 12, 28), start
