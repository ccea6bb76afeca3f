"""A day in the demo, with the real bot behind the page: join, ask, come to a drop-in, be reminded.

With DIGIHULP_SCREENSHOTS=1 the pictures in docs/ are made anew (`make screenshots`).
"""

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Locator, Page, expect

from bot.demonstration import demonstration
from tests.browser.conftest import Watch

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOCS = Path(__file__).parents[2] / "docs"
FATIMA, RANIA, MARJA, JOOST = 1001, 1002, 1003, 1004
PATIENCE = 30_000  # ms; the first start learns the answers

expect.set_options(timeout=PATIENCE)


@pytest_asyncio.fixture(loop_scope="session")
async def day(context: BrowserContext, watch: Watch) -> AsyncIterator[Page]:
    async with demonstration(port=0) as telegram:
        page = await context.new_page()
        watch.over(page)
        await page.goto(telegram.url)
        yield page
        await page.close()
        watch.check()


def phone(page: Page, person: int) -> Locator:
    return page.locator(f"#phone-{person}")


def last(phone: Locator) -> Locator:
    return phone.locator(".message[data-id]").last


async def tap(phone: Locator, label: str) -> None:
    await phone.get_by_role("button", name=label, exact=True).last.click()


async def ask(phone: Locator, question: str) -> None:
    await phone.get_by_role("textbox").fill(question)
    await phone.get_by_role("textbox").press("Enter")


async def picture(page: Page, name: str) -> None:
    if os.environ.get("DIGIHULP_SCREENSHOTS") == "1":
        await page.wait_for_timeout(700)  # until what moves has come to rest
        await page.screenshot(path=DOCS / f"{name}.png")


async def test_a_day_of_a_care_worker(day: Page) -> None:
    fatima = phone(day, FATIMA)
    await fatima.get_by_text("Uitnodiging van Vierstroom").click()
    await expect(last(fatima)).to_contain_text("Is dat goed?")
    await phone(day, RANIA).get_by_text("Uitnodiging van Vierstroom").click()
    await expect(last(phone(day, RANIA))).to_contain_text("Digihulp")
    await picture(day, "joining")
    await tap(fatima, "✅ Ja, dat is goed")
    await expect(last(fatima)).to_contain_text("Je werkt bij Vierstroom")
    await tap(fatima, "✅ Ja")
    await tap(fatima, "🔔 Inloop en herinnering")
    await expect(last(fatima)).to_contain_text("Welkom Fatima!")

    for question, title in (
        ("wagtwoort vergete", "Wachtwoord vergeten"),
        ("ik krijg geen koode op me tillefoon", "Ik krijg geen code"),
        ("hoe mot ik me uure invulle", "Uren invullen"),
    ):
        await ask(fatima, question)
        await expect(last(fatima)).to_contain_text(title)
    await picture(day, "asking")

    await tap(fatima, "👣 Stap voor stap")
    await expect(last(fatima)).to_contain_text("Stap 1 van")
    await tap(fatima, "Volgende ▶")
    await expect(last(fatima)).to_contain_text("Stap 2 van")
    await picture(day, "step-by-step")

    await tap(fatima, "📅 Inloop")
    coming = last(fatima).get_by_role("button", name=re.compile("^Ik kom"))
    await expect(coming.first).to_be_visible()
    await coming.nth(1).click()
    await expect(last(fatima)).to_contain_text("Leuk dat je komt")
    await tap(fatima, "📍 Kaart")
    await tap(fatima, "🗓 In mijn agenda")
    await expect(fatima.get_by_text("digihulp.ics")).to_be_visible()
    await picture(day, "drop-in")

    await day.get_by_role("button", name="Volgende herinnering").click()
    await expect(last(fatima)).to_contain_text("Morgen")
    await day.get_by_role("button", name="Volgende herinnering").click()
    await expect(last(fatima)).to_contain_text("begint")
    await picture(day, "reminders")


async def test_the_same_in_another_language_from_right_to_left(day: Page) -> None:
    rania = phone(day, RANIA)
    await rania.get_by_text("Uitnodiging van Vierstroom").click()
    await expect(last(rania)).to_contain_text("Rania")
    await last(rania).get_by_role("button", name="English").click()  # in marks that keep its direction
    await expect(last(rania)).to_contain_text("Is that all right?")
    await tap(rania, "العربية")
    await expect(last(rania)).not_to_contain_text("Is that all right?")
    direction = await last(rania).evaluate("m => getComputedStyle(m.querySelector('[dir]') ?? m).direction")
    assert direction == "rtl"


async def test_whoever_says_no_can_still_ask(day: Page) -> None:
    joost = phone(day, JOOST)
    await joost.get_by_role("button", name="Start", exact=True).click()
    await expect(last(joost)).to_contain_text("Is that all right?")
    await tap(joost, "No, thank you")
    await ask(joost, "wachtwoord vergeten")
    await expect(last(joost)).to_contain_text("Wachtwoord vergeten")


async def test_a_question_without_an_answer_is_learnt_with_one_tap(day: Page) -> None:
    """What the coordinator says where it belongs is found a little later, without a restart."""
    fatima, marja = phone(day, FATIMA), phone(day, MARJA)
    question = "zwiebelklep frunst knorrevlop"
    await fatima.get_by_text("Uitnodiging van Vierstroom").click()
    await tap(fatima, "✅ Ja, dat is goed")
    await tap(fatima, "✅ Ja")
    await tap(fatima, "🔕 Niets")
    await expect(last(fatima)).to_contain_text("Welkom Fatima!")
    await ask(fatima, question)
    await expect(last(fatima)).to_contain_text("Dat weet ik nog niet")

    await marja.get_by_text("Uitnodiging voor de coördinator").click()
    await tap(marja, "🗂 Vragen zonder antwoord")
    await expect(last(marja)).to_contain_text(question)
    await picture(day, "coordinator")
    place = last(marja).get_by_role("button").first
    title = await place.inner_text()
    await place.click()
    await expect(last(marja)).to_contain_text(title.strip())

    for _ in range(20):  # learning takes half a minute, and longer beside other work
        await day.wait_for_timeout(8_000)
        await ask(fatima, question)
        await day.wait_for_timeout(1_500)
        if title.strip() in await last(fatima).inner_text():
            break
    await expect(last(fatima)).to_contain_text(title.strip())
