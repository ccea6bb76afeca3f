"""Client's data and passwords are found; ordinary questions are left alone."""

import pytest

from conversations.privacy import clean, is_bsn

PRIVATE = [
    ("mevrouw heeft bsn 111222333 en ik kom er niet in", "mevrouw heeft bsn [bsn] en ik kom er niet in", ("bsn",)),
    ("bsn 1112.22.333", "bsn [bsn]", ("bsn",)),
    ("ze is geboren op 3-4-1941 en valt steeds", "ze is geboren op [birth] en valt steeds", ("birth",)),
    ("gebdat 03/04/41", "gebdat [birth]", ("birth",)),
    ("meneer van 12-05-1938 belt niet terug", "meneer van [birth] belt niet terug", ("birth",)),
    ("mijn wachtwoord is Welkom01 en dan?", "mijn wachtwoord is [password] en dan?", ("password",)),
    ("ww: zomer2024!", "ww: [password]", ("password",)),
    ("pincode = 4821 doet het niet", "pincode = [password] doet het niet", ("password",)),
    ("NL91 ABNA 0417 1643 00 staat fout", "[bank]staat fout", ("bank",)),
    ("stuur naar jan.de.boer@example.com", "stuur naar [mail]", ()),
    ("bel mij op 06-12345678", "bel mij op [phone]", ()),
    ("ik sta op 3431 AB 12", "ik sta op [address]", ()),
    ("mevrouw Jansen doet niet open", "mevrouw [name] doet niet open", ()),
    ("Dhr. van der Berg staat niet in mijn lijst", "Dhr. [name] staat niet in mijn lijst", ()),
]  # fmt: skip

ORDINARY = [
    "mijn wachtwoord is verlopen",
    "wachtwoord is fout zegt hij",
    "de code is 6 cijfers",
    "code 123456 werkt niet",
    "foutmelding 80070005",
    "ik heb 24 november 2026 vrij",
    "dinsdag 24-11-2026 inloop?",
    "123456789 is geen nummer",
    "mevrouw wil koffie",
    "3 keer geprobeerd sinds 2024",
    "het nummer 112",
    "versie 12.04.2011",
]


@pytest.mark.parametrize(("said", "masked", "refused"), PRIVATE, ids=[said for said, *_ in PRIVATE])
def test_what_is_private_is_masked(said: str, masked: str, refused: tuple[str, ...]) -> None:
    cleaned = clean(said)
    assert (cleaned.text, cleaned.refused) == (masked, refused)


@pytest.mark.parametrize("said", ORDINARY)
def test_an_ordinary_question_stays_as_it_is(said: str) -> None:
    assert clean(said).text == said


def test_a_bsn_passes_the_eleven_test() -> None:
    assert is_bsn("111222333")
    assert not is_bsn("111222334")
    assert not is_bsn("000000000")
