"""The coordinator's day in the demo: a workshop is planned, fills up, is sent round to two thousand, and reported.

With DIGIHULP_SCREENSHOTS=1 the pictures in docs/ are made anew (`make screenshots`).
"""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.test_day import FATIMA, MARJA, RANIA, ask, day, last, phone, picture, tap

__all__ = ["day"]

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def join(page: Page, person: int) -> Locator:
    """In Dutch, with everything."""
    hers = phone(page, person)
    await hers.get_by_text("Uitnodiging van Vierstroom").click()
    await expect(last(hers).get_by_role("button").first).to_be_visible()
    await last(hers).get_by_role("button", name=re.compile("Nederlands")).click()
    await expect(last(hers)).to_contain_text("Is dat goed?")
    for label in ("✅ Ja, dat is goed", "✅ Ja"):
        await tap(hers, label)
    await last(hers).get_by_role("button", name=re.compile("Inloop, herinnering")).click()
    await expect(last(hers)).to_contain_text("Welkom")
    return hers


async def become_coordinator(page: Page) -> Locator:
    marja = phone(page, MARJA)
    await marja.get_by_text("Uitnodiging voor de coördinator").click()
    await expect(last(marja)).to_contain_text("Voor de bibliotheek")
    return marja


async def plan_a_workshop(page: Page, marja: Locator, places: str) -> None:
    await tap(marja, "➕ Plan iets nieuws")
    await tap(marja, "Workshop")
    await tap(marja, "Bibliotheek Nieuwegein")
    await expect(last(marja)).to_contain_text("Wanneer is het?")
    await ask(marja, "morgen 19.00 tot 20.00 uur")
    await expect(last(marja)).to_contain_text("Klopt dit?")
    await last(marja).get_by_role("button", name=re.compile("^👥")).click()
    await expect(last(marja)).to_contain_text("Hoeveel plekken")
    await ask(marja, places)
    await expect(last(marja)).to_contain_text(re.compile(f"Plekken: {places}"))
    await picture(page, "planning")
    await tap(marja, "✅ Ja, plan het")
    await expect(last(marja)).to_contain_text("gepland")


async def until_said(page: Page, whose: Locator, said: str) -> None:
    """Turns the clock to what comes next, until she hears it."""
    for _ in range(8):
        await page.get_by_role("button", name="Volgende herinnering").click()
        await page.wait_for_timeout(2_500)
        if said in await whose.inner_text():
            return
    await expect(whose).to_contain_text(said)


async def test_a_workshop_is_planned_fills_up_and_a_place_comes_free(day: Page) -> None:
    fatima, rania = await join(day, FATIMA), await join(day, RANIA)
    marja = await become_coordinator(day)
    await plan_a_workshop(day, marja, "1")
    await tap(marja, "📋 Wat er gepland staat, en wie komt")
    await expect(last(marja)).to_contain_text("Dit staat gepland")
    workshop = last(marja).get_by_role("button", name=re.compile("19.00 tot 20.00"))

    await ask(fatima, "📅")
    await expect(last(fatima)).to_contain_text("Workshop")
    coming = last(fatima).get_by_role("button", name=re.compile("^Ik kom"))
    lines = (await last(fatima).inner_text()).splitlines()
    listed = [line for line in lines if line.startswith("•")]
    await coming.nth(next(n for n, line in enumerate(listed) if "Workshop" in line)).click()
    await expect(last(fatima)).to_contain_text("Leuk dat je komt")
    await ask(rania, "📅")
    await expect(last(rania)).to_contain_text("Workshop")
    await last(rania).get_by_role("button", name=re.compile("^Wachtlijst")).click()
    await last(rania).get_by_role("button", name=re.compile("^✅")).click()
    await expect(last(rania)).to_contain_text("wachtlijst")
    await last(fatima).get_by_role("button", name="Toch niet").click()
    await until_said(day, rania, "Er is een plek voor je")
    await rania.get_by_role("button", name=re.compile("^✅ Ja, ik kom")).last.click()
    await expect(last(rania)).to_contain_text("Leuk dat je komt")
    await workshop.click()
    await expect(last(marja)).to_contain_text("Rania")
    await picture(day, "who-comes")


async def test_a_colleague_is_brought_along_from_phone_to_phone(day: Page) -> None:
    fatima = await join(day, FATIMA)
    await ask(fatima, "📅")
    await last(fatima).get_by_role("button", name=re.compile("^Ik kom")).nth(2).click()
    await expect(last(fatima)).to_contain_text("Leuk dat je komt")
    await last(fatima).get_by_role("button", name=re.compile("^👭")).click()
    await expect(last(fatima)).to_contain_text("Stuur deze link")
    await last(fatima).get_by_text(re.compile("^📤")).click()
    await day.get_by_role("dialog").get_by_text("Rania").click()
    rania = phone(day, RANIA)
    await rania.get_by_text("Uitnodiging van Fatima").click()
    await expect(last(rania)).to_contain_text("Rania")
    await last(rania).get_by_role("button").first.click()
    await expect(last(rania).get_by_role("button").first).to_be_visible()
    await picture(day, "colleague")


async def test_a_message_goes_round_and_its_report_adds_up(day: Page) -> None:
    marja = await become_coordinator(day)
    await day.get_by_role("button", name=re.compile("^Vul de bibliotheek")).click()
    await expect(day.get_by_text(re.compile("Er doen nu 2.000 mensen mee"))).to_be_visible()
    await tap(marja, "📣 Stuur een bericht rond")
    await tap(marja, "📅 De volgende 4 dagen samen")
    await last(marja).get_by_role("button", name=re.compile("^Iedereen van")).click()
    await expect(last(marja)).to_contain_text(re.compile("1.[0-9]{3} mensen krijgen"))
    await day.set_viewport_size({"width": 1440, "height": 2300})
    await picture(day, "preview")
    await day.set_viewport_size({"width": 1440, "height": 900})
    await last(marja).get_by_role("button", name=re.compile("^✅ Verstuur")).click()
    await expect(last(marja).get_by_role("button", name=re.compile("^↩️"))).to_be_visible()
    await until_said(day, marja, "Ik verstuur je bericht nu")
    await expect(last(marja)).to_contain_text("🟩")
    await picture(day, "progress")
    await tap(marja, "⏸ Pauze")
    await expect(last(marja)).to_contain_text("Pauze")
    await last(marja).get_by_role("button", name=re.compile("^▶️")).click()
    await expect(last(marja)).to_contain_text("Ik verstuur je bericht nu")
    await last(marja).get_by_role("button", name=re.compile("^⏹")).click()
    await expect(last(marja)).to_contain_text("Verslag.")
    await picture(day, "report")
    first, *others = re.findall(r"(?:voor|:) ([\d.]+)", await last(marja).inner_text())
    assert number(first) == 2000 == sum(map(number, others))


def number(shown: str) -> int:
    return int(shown.replace(".", ""))
