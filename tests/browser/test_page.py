"""The demo page in a real browser: what somebody who tries the bot sees, taps and hears."""

import asyncio
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect

from bot.demo.telegram import LocalTelegram

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
TWO_WAYS = {
    "inline_keyboard": [[{"text": "Gelukt", "callback_data": "ok"}, {"text": "Lukt niet", "callback_data": "no"}]]
}
BIG_BUTTONS = {
    "keyboard": [[{"text": "Vraag iets"}, {"text": "Inloopuren"}], [{"text": "Menu"}]],
    "is_persistent": True,
    "resize_keyboard": True,
    "input_field_placeholder": "Stel je vraag",
}


def phone_of(page: Page, id: int) -> Locator:
    return page.locator(f"#phone-{id}")


def balloons(phone: Locator) -> Locator:
    return phone.locator(".message[data-id]")


def field_of(phone: Locator) -> Locator:
    return phone.get_by_role("textbox")


async def until(true: Callable[[], Any], seconds: float = 5) -> None:
    """Waits for something that the page does not show, such as what reached the bot."""
    for _ in range(round(seconds / 0.02)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"after {seconds} s it is still not so")


async def log_state(phone: Locator) -> dict[str, float]:
    measures = "log => ({ top: log.scrollTop, left: log.scrollHeight - log.scrollTop - log.clientHeight })"
    state: dict[str, float] = await phone.locator(".log").evaluate(measures)
    return state


class TestTheFourPhones:
    async def test_all_four_are_seen_side_by_side_on_a_laptop(self, page: Page) -> None:
        await expect(page.get_by_role("heading", level=1)).to_have_text("Digihulp: probeer het uit")
        await expect(page.locator(".phone")).to_have_count(4)
        right = 0.0
        for number in (1, 2, 3, 4):
            box = await phone_of(page, number).bounding_box()
            assert box is not None
            assert box["x"] >= right
            assert box["x"] + box["width"] <= 1440
            assert box["y"] + box["height"] <= 900
            right = box["x"] + box["width"]

    async def test_each_says_who_holds_it_and_what_she_does(self, page: Page) -> None:
        await expect(page.get_by_role("region", name="Fatima, hulp bij Vierstroom")).to_contain_text("thuiszorg")
        await expect(page.get_by_role("region", name="Els, digicoach")).to_contain_text("inloop")

    async def test_a_phone_that_comes_later_is_added(self, page: Page, telegram: LocalTelegram) -> None:
        telegram.phone(
            5, "Noor", language_code="nl", role="worker", title="Noor, hulp bij Vierstroom", links=[]
        ).start()
        await expect(phone_of(page, 5).get_by_role("heading", level=2)).to_have_text("Noor, hulp bij Vierstroom")

    async def test_what_happens_on_one_phone_stays_on_it(self, page: Page, telegram: LocalTelegram, bot: Any) -> None:
        telegram.phone(1, "Fatima").start()
        await bot.say(1, "Hoi Fatima")
        await expect(phone_of(page, 1)).to_contain_text("Hoi Fatima")
        await expect(balloons(phone_of(page, 3))).to_have_count(0)


class TestStarting:
    async def test_the_start_button_starts_and_makes_room_for_the_text_field(self, page: Page, bot: Any) -> None:
        phone = phone_of(page, 3)
        await expect(field_of(phone)).to_be_hidden()
        await phone.get_by_role("button", name="Start").click()
        await expect(field_of(phone)).to_be_visible()
        await expect(phone.get_by_role("button", name="Start")).to_be_hidden()
        await until(lambda: bot.texts() == ["/start"])

    async def test_the_invitation_starts_with_its_code(self, page: Page, bot: Any) -> None:
        phone = phone_of(page, 1)
        await phone.get_by_role("button", name="Uitnodiging van Vierstroom").click()
        await until(lambda: bot.texts() == ["/start vierstroom"])
        await expect(phone.get_by_text("Tik op de uitnodiging")).to_be_hidden()

    async def test_the_invitation_can_be_tapped_again_from_the_menu(
        self, page: Page, telegram: LocalTelegram, bot: Any
    ) -> None:
        telegram.phone(1, "Fatima").start()
        phone = phone_of(page, 1)
        await phone.get_by_role("button", name="Menu van Fatima").click()
        await phone.get_by_role("button", name="Tik weer op: Uitnodiging van Vierstroom").click()
        await until(lambda: bot.texts() == ["/start", "/start vierstroom"])

    async def test_a_link_button_to_this_bot_starts_it_on_the_same_phone(
        self, page: Page, telegram: LocalTelegram, bot: Any
    ) -> None:
        telegram.phone(3, "Els").start()
        link = {"text": "Kom erbij", "url": "https://t.me/digihulp_bot?start=collega"}
        await bot.say(3, "Een uitnodiging", reply_markup={"inline_keyboard": [[link]]})
        await phone_of(page, 3).get_by_role("link", name="Kom erbij").click()
        await until(lambda: bot.texts()[-1] == "/start collega")

    async def test_blocking_hides_the_field_and_unblocking_brings_it_back(
        self, page: Page, telegram: LocalTelegram, bot: Any
    ) -> None:
        telegram.phone(1, "Fatima").start()
        phone = phone_of(page, 1)
        await phone.get_by_role("button", name="Menu van Fatima").click()
        await phone.get_by_role("button", name="Blokkeer de bot").click()
        await expect(phone).to_contain_text("Je hebt de bot geblokkeerd")
        await expect(field_of(phone)).to_be_hidden()
        await phone.locator(".gate").get_by_role("button", name="Deblokkeer de bot").click()
        await expect(field_of(phone)).to_be_visible()
        await until(lambda: len([update for update in bot.updates if "my_chat_member" in update]) == 2)


class TestWriting:
    @pytest.fixture(autouse=True)
    def _started(self, telegram: LocalTelegram) -> None:
        telegram.phone(1, "Fatima").start()

    async def test_enter_sends_and_shift_enter_goes_to_the_next_line(self, page: Page, bot: Any) -> None:
        phone = phone_of(page, 1)
        await field_of(phone).press_sequentially("Eerste regel")
        await field_of(phone).press("Shift+Enter")
        await field_of(phone).press_sequentially("tweede regel")
        await field_of(phone).press("Enter")
        await expect(field_of(phone)).to_have_value("")
        await until(lambda: bot.texts()[-1] == "Eerste regel\ntweede regel")
        await expect(balloons(phone).last).to_contain_text("tweede regel")

    async def test_nothing_is_not_sent(self, page: Page, bot: Any) -> None:
        phone = phone_of(page, 1)
        await field_of(phone).fill("   ")
        await phone.get_by_role("button", name="Verstuur").click()
        await bot.say(1, "klaar")
        await expect(balloons(phone)).to_have_count(2)

    async def test_markup_that_somebody_types_is_shown_as_words(self, page: Page) -> None:
        phone = phone_of(page, 1)
        await field_of(phone).fill("<img src=x onerror=alert(1)> & <b>dik</b>")
        await field_of(phone).press("Enter")
        await expect(balloons(phone).last).to_contain_text("<img src=x onerror=alert(1)> & <b>dik</b>")
        await expect(phone.locator(".log img")).to_have_count(0)

    async def test_own_words_can_be_changed(self, page: Page, bot: Any) -> None:
        phone = phone_of(page, 1)
        await field_of(phone).fill("wachtword kwijt")
        await field_of(phone).press("Enter")
        await expect(balloons(phone)).to_have_count(2)
        await balloons(phone).last.hover()
        await balloons(phone).last.get_by_role("button", name="Dit bericht bewerken").click()
        await expect(field_of(phone)).to_have_value("wachtword kwijt")
        await field_of(phone).fill("wachtwoord kwijt")
        await phone.get_by_role("button", name="Sla de verandering op").click()
        await expect(balloons(phone).last).to_contain_text("wachtwoord kwijt")
        await expect(balloons(phone).last).to_contain_text("bewerkt")
        await expect(balloons(phone)).to_have_count(2)
        await until(lambda: any("edited_message" in update for update in bot.updates))

    async def test_arrow_up_changes_the_last_words_and_escape_leaves_them(self, page: Page) -> None:
        phone = phone_of(page, 1)
        await field_of(phone).press("ArrowUp")
        await expect(field_of(phone)).to_have_value("/start")
        await field_of(phone).press("Escape")
        await expect(field_of(phone)).to_have_value("")
        await expect(phone.get_by_text("Je verandert een bericht")).to_be_hidden()

    async def test_a_message_of_the_bot_can_be_answered(self, page: Page, bot: Any) -> None:
        asked = await bot.say(1, "Wat is je vraag?")
        phone = phone_of(page, 1)
        await balloons(phone).last.hover()
        await balloons(phone).last.get_by_role("button", name="Op dit bericht antwoorden").click()
        await expect(phone.get_by_text("Je antwoordt op: Wat is je vraag?")).to_be_visible()
        await field_of(phone).fill("Over het rooster")
        await field_of(phone).press("Enter")
        await expect(balloons(phone).last.locator(".quote")).to_contain_text("Wat is je vraag?")
        await until(lambda: bot.texts()[-1] == "Over het rooster")
        assert bot.updates[-1]["message"]["reply_to_message"]["message_id"] == asked["message_id"]
        await expect(phone.get_by_text("Je antwoordt op")).to_be_hidden()

    async def test_a_refusal_of_the_server_is_said_on_the_phone(
        self, page: Page, telegram: LocalTelegram, watch: Any
    ) -> None:
        watch.excused.append("Failed to load resource")
        refusal = {"status": 400, "json": {"ok": False, "error": "Dat kan nu even niet."}}
        await page.route("**/phones/1/text", lambda route: route.fulfill(**refusal))
        phone = phone_of(page, 1)
        await field_of(phone).fill("hallo")
        await field_of(phone).press("Enter")
        await expect(phone.get_by_role("status")).to_contain_text("Dat kan nu even niet.")
        await expect(field_of(phone)).to_have_value("hallo")


class TestTheReplyKeyboard:
    @pytest.fixture(autouse=True)
    def _started(self, telegram: LocalTelegram) -> None:
        telegram.phone(1, "Fatima").start()

    async def test_its_keys_send_their_words(self, page: Page, bot: Any) -> None:
        await bot.say(1, "Kies maar", reply_markup=BIG_BUTTONS)
        phone = phone_of(page, 1)
        await expect(field_of(phone)).to_have_attribute("placeholder", "Stel je vraag")
        await phone.get_by_role("button", name="Inloopuren").click()
        await until(lambda: bot.texts()[-1] == "Inloopuren")
        await expect(phone.get_by_role("button", name="Inloopuren")).to_be_visible()

    async def test_it_can_be_folded_away_and_taken_away(self, page: Page, bot: Any) -> None:
        await bot.say(1, "Kies maar", reply_markup=BIG_BUTTONS)
        phone = phone_of(page, 1)
        fold = phone.get_by_role("button", name="Knoppen tonen of verbergen")
        await fold.click()
        await expect(phone.get_by_role("button", name="Inloopuren")).to_be_hidden()
        await expect(fold).to_have_attribute("aria-expanded", "false")
        await fold.click()
        await expect(phone.get_by_role("button", name="Inloopuren")).to_be_visible()
        await bot.say(1, "Klaar", reply_markup={"remove_keyboard": True})
        await expect(phone.get_by_role("button", name="Inloopuren")).to_be_hidden()
        await expect(fold).to_be_hidden()


class TestButtonsUnderAMessage:
    @pytest.fixture(autouse=True)
    def _started(self, telegram: LocalTelegram) -> None:
        telegram.phone(1, "Fatima").start()

    async def test_a_tap_changes_the_message_in_its_place(self, page: Page, bot: Any) -> None:
        async def praise(bot: Any, update: dict[str, Any]) -> None:
            if query := update.get("callback_query"):
                said = query["message"]
                await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Fijn zo")
                await bot.call("editMessageText", chat_id=1, message_id=said["message_id"], text="Mooi, het is gelukt.")

        bot.answer = praise
        await bot.say(1, "<b>Stap 1</b>", reply_markup=TWO_WAYS)
        await bot.say(1, "Daaronder")
        phone = phone_of(page, 1)
        await phone.get_by_role("button", name="Gelukt").click()
        await expect(balloons(phone).nth(1)).to_contain_text("Mooi, het is gelukt.")
        await expect(balloons(phone).nth(1)).to_contain_text("bewerkt")
        await expect(balloons(phone).nth(2)).to_contain_text("Daaronder")
        await expect(phone.get_by_role("button", name="Gelukt")).to_have_count(0)
        await expect(phone.get_by_role("status")).to_contain_text("Fijn zo")

    async def test_the_button_is_busy_until_the_bot_answers(self, page: Page, bot: Any) -> None:
        await bot.say(1, "Gaat het?", reply_markup=TWO_WAYS)
        button = phone_of(page, 1).get_by_role("button", name="Lukt niet")
        await button.click()
        await expect(button).to_have_attribute("aria-busy", "true")
        await until(lambda: "callback_query" in bot.updates[-1])
        await bot.call("answerCallbackQuery", callback_query_id=bot.updates[-1]["callback_query"]["id"])
        await expect(button).not_to_have_attribute("aria-busy", "true")

    async def test_a_button_whose_answer_never_comes_is_free_again_after_five_seconds(
        self, page: Page, bot: Any
    ) -> None:
        await bot.say(1, "Gaat het?", reply_markup=TWO_WAYS)
        button = phone_of(page, 1).get_by_role("button", name="Lukt niet")
        await button.click()
        await expect(button).to_have_attribute("aria-busy", "true")
        await expect(button).not_to_have_attribute("aria-busy", "true", timeout=6000)

    async def test_an_alert_waits_for_ok_and_gives_the_focus_back(self, page: Page, bot: Any) -> None:
        async def alert(bot: Any, update: dict[str, Any]) -> None:
            if query := update.get("callback_query"):
                words = "Dit kan niet meer."
                await bot.call("answerCallbackQuery", callback_query_id=query["id"], text=words, show_alert=True)

        bot.answer = alert
        await bot.say(1, "Gaat het?", reply_markup=TWO_WAYS)
        phone = phone_of(page, 1)
        await phone.get_by_role("button", name="Gelukt").press("Enter")
        dialog = phone.get_by_role("dialog")
        await expect(dialog).to_contain_text("Dit kan niet meer.")
        await expect(dialog.get_by_role("button", name="OK")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(dialog).to_have_count(0)
        await expect(phone.get_by_role("button", name="Gelukt")).to_be_focused()

    async def test_the_focus_stays_on_the_button_when_its_message_changes(self, page: Page, bot: Any) -> None:
        sent = await bot.say(1, "Stap 1", reply_markup=TWO_WAYS)
        phone = phone_of(page, 1)
        await phone.get_by_role("button", name="Lukt niet").focus()
        await bot.call(
            "editMessageText", chat_id=1, message_id=sent["message_id"], text="Stap 2", reply_markup=TWO_WAYS
        )
        await expect(balloons(phone).last).to_contain_text("Stap 2")
        await expect(phone.get_by_role("button", name="Lukt niet")).to_be_focused()

    async def test_a_link_opens_in_a_new_tab(self, page: Page, bot: Any) -> None:
        link = {"text": "De website", "url": "https://example.org/"}
        await bot.say(
            1, 'Kijk op <a href="https://example.org/a">deze pagina</a>', reply_markup={"inline_keyboard": [[link]]}
        )
        for name in ("De website", "deze pagina"):
            opened = phone_of(page, 1).get_by_role("link", name=name)
            await expect(opened).to_have_attribute("target", "_blank")
            await expect(opened).to_have_attribute("rel", re.compile("noopener"))

    async def test_a_copy_button_copies(self, page: Page, context: BrowserContext, bot: Any) -> None:
        await context.grant_permissions(["clipboard-read", "clipboard-write"])
        copy = {"text": "Kopieer het nummer", "copy_text": {"text": "030 123 45 67"}}
        await bot.say(1, "De helpdesk", reply_markup={"inline_keyboard": [[copy]]})
        phone = phone_of(page, 1)
        await phone.get_by_role("button", name="Kopieer het nummer").click()
        await expect(phone.get_by_role("status")).to_contain_text("Gekopieerd")
        assert await page.evaluate("navigator.clipboard.readText()") == "030 123 45 67"


class TestLinksBetweenPhones:
    INVITATION = "https://t.me/digihulp_bot?start=mee-12"
    WORDS = "Ga je mee naar de inloop?"

    @pytest.fixture(autouse=True)
    def _started(self, telegram: LocalTelegram) -> None:
        telegram.phone(1, "Fatima").start()

    async def offer_to_share(self, page: Page, bot: Any) -> Locator:
        asked = urlencode({"url": self.INVITATION, "text": self.WORDS})
        share = {"text": "Stuur aan een collega", "url": f"https://t.me/share/url?{asked}"}
        await bot.say(1, "Neem iemand mee", reply_markup={"inline_keyboard": [[share]]})
        return phone_of(page, 1).get_by_role("link", name="Stuur aan een collega")

    async def test_a_link_in_the_words_starts_the_bot_on_the_same_phone(self, page: Page, bot: Any) -> None:
        await bot.say(1, f'Tik op <a href="{self.INVITATION}">deze link</a> of op {self.INVITATION}')
        for number, name in enumerate(("deze link", "https://t.me"), 1):
            await phone_of(page, 1).get_by_role("link", name=name).click()
            await until(lambda: bot.texts().count("/start mee-12") == number)  # noqa: B023 (waited for at once)
        assert len(page.context.pages) == 1

    async def test_a_colleague_is_brought_along_with_two_phones(self, page: Page, bot: Any) -> None:
        await (await self.offer_to_share(page, bot)).click()
        chooser = page.get_by_role("dialog", name="Aan wie stuur je dit?")
        await expect(chooser).to_contain_text(self.WORDS)
        await expect(chooser.get_by_role("button")).to_have_count(4)
        await chooser.get_by_role("button", name="Els, digicoach").click()
        await expect(chooser).to_have_count(0)
        await expect(phone_of(page, 1).get_by_role("status")).to_contain_text("Gestuurd naar Els.")
        els = phone_of(page, 3)
        await expect(els).to_contain_text(self.WORDS)
        await els.get_by_role("button", name="Uitnodiging van Fatima", exact=True).click()
        await until(lambda: bot.texts()[-1] == "/start mee-12" and bot.updates[-1]["message"]["chat"]["id"] == 3)
        await expect(els.get_by_text(self.WORDS)).to_be_hidden()
        await els.get_by_role("button", name="Menu van Els").click()
        await expect(els.get_by_role("button", name="Tik weer op: Uitnodiging van Fatima")).to_be_visible()

    async def test_it_can_be_done_with_the_keyboard_or_left(
        self, page: Page, telegram: LocalTelegram, bot: Any
    ) -> None:
        share = await self.offer_to_share(page, bot)
        await share.press("Enter")
        await expect(page.get_by_role("button", name="Amira, hulp bij Vierstroom")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(share).to_be_focused()
        assert telegram.phone(2).received == []
        await share.press("Enter")
        await page.keyboard.press("Enter")
        amira = phone_of(page, 2)
        chip = amira.get_by_role("button", name="Uitnodiging van Fatima", exact=True)
        await chip.press("Enter")
        await until(lambda: bot.texts()[-1] == "/start mee-12")
        await expect(amira.get_by_role("log")).to_be_focused()

    async def test_an_invitation_can_wait(self, page: Page, telegram: LocalTelegram) -> None:
        telegram.phone(1).shares(self.INVITATION, telegram.phone(3), self.WORDS)
        els = phone_of(page, 3)
        await els.get_by_role("button", name="Uitnodiging van Fatima: nu niet").press("Enter")
        await expect(els.get_by_text(self.WORDS)).to_be_hidden()
        await expect(els.get_by_role("button", name="Uitnodiging van Fatima", exact=True)).to_be_visible()
        assert not telegram.phone(3).started

    async def test_a_link_to_elsewhere_is_a_link_on_the_other_phone(self, page: Page, telegram: LocalTelegram) -> None:
        telegram.phone(1).shares("https://example.org/", telegram.phone(3))
        link = phone_of(page, 3).get_by_role("link", name="Link van Fatima")
        await expect(link).to_have_attribute("href", "https://example.org/")
        await expect(link).to_have_attribute("target", "_blank")


class TestTheChat:
    @pytest.fixture(autouse=True)
    def _started(self, telegram: LocalTelegram) -> None:
        telegram.phone(1, "Fatima").start()

    async def test_typing_is_seen_until_the_message_comes(self, page: Page, bot: Any) -> None:
        phone = phone_of(page, 1)
        await bot.call("sendChatAction", chat_id=1, action="typing")
        await expect(phone.locator(".typing")).to_be_visible()
        await expect(phone.locator(".status")).to_have_text("typt…")
        await bot.say(1, "Daar ben ik")
        await expect(phone.locator(".typing")).to_be_hidden()
        await expect(phone.locator(".status")).to_have_text("bot")

    async def test_it_goes_along_with_what_is_new(self, page: Page, bot: Any) -> None:
        for number in range(25):
            await bot.say(1, f"Bericht {number}")
        phone = phone_of(page, 1)
        await expect(balloons(phone)).to_have_count(26)
        assert (await log_state(phone))["left"] < 2

    async def test_somebody_who_reads_back_is_left_where_she_is(self, page: Page, bot: Any) -> None:
        sent = [await bot.say(1, f"Bericht {number}") for number in range(25)]
        phone = phone_of(page, 1)
        await expect(balloons(phone)).to_have_count(26)
        await phone.locator(".log").evaluate("log => log.scrollTop = 400")
        await expect(phone.get_by_role("button", name="Naar het nieuwste bericht")).to_be_visible()
        read = balloons(phone).nth(12)
        before = await read.bounding_box()
        await bot.say(1, "Iets nieuws")
        taller = "Een langer bericht.\n" * 5
        await bot.call("editMessageText", chat_id=1, message_id=sent[0]["message_id"], text=taller)
        await expect(balloons(phone).nth(1)).to_contain_text("Een langer bericht.")
        after = await read.bounding_box()
        assert before is not None
        assert after is not None
        assert abs(before["y"] - after["y"]) < 2
        down = phone.get_by_role("button", name="Naar het nieuwste bericht")
        await expect(down).to_contain_text("1")
        await down.click()
        assert (await log_state(phone))["left"] < 2

    async def test_a_deleted_message_is_gone(self, page: Page, bot: Any) -> None:
        sent = await bot.say(1, "Dit gaat weg")
        phone = phone_of(page, 1)
        await expect(phone).to_contain_text("Dit gaat weg")
        await bot.call("deleteMessage", chat_id=1, message_id=sent["message_id"])
        await expect(balloons(phone)).to_have_count(1)

    async def test_every_day_has_its_date_and_every_message_its_time_in_the_netherlands(
        self, page: Page, bot: Any, clock: Any
    ) -> None:
        await bot.say(1, "Vandaag")
        await clock.jump(86_400)
        await bot.say(1, "Morgen")
        phone = phone_of(page, 1)
        await expect(phone.locator(".day")).to_have_text(["zondag 22 november", "maandag 23 november"])
        await expect(balloons(phone).last.locator("time")).to_have_text("15:07")

    async def test_a_reader_hears_who_says_what(self, page: Page, bot: Any) -> None:
        await bot.say(1, "Hallo")
        log = page.get_by_role("log", name="Gesprek van Fatima")
        await expect(log).to_have_attribute("aria-live", "polite")
        await expect(log).to_contain_text("Jij: /start")
        await expect(log).to_contain_text("Bot: Hallo")

    async def test_everything_is_there_again_after_a_reload(self, page: Page, bot: Any) -> None:
        await bot.say(1, "<b>Kies</b> maar", reply_markup=BIG_BUTTONS)
        await page.reload()
        phone = phone_of(page, 1)
        await expect(balloons(phone)).to_have_count(2)
        await expect(balloons(phone).last.locator("b")).to_have_text("Kies")
        await expect(phone.get_by_role("button", name="Inloopuren")).to_be_visible()

    async def test_a_long_word_stays_inside_its_phone(self, page: Page, bot: Any) -> None:
        await bot.say(1, "Arbeidsongeschiktheidsverzekeringsmaatschappij" * 4, reply_markup=TWO_WAYS)
        overflow = await phone_of(page, 1).locator(".log").evaluate("log => log.scrollWidth - log.clientWidth")
        assert overflow <= 0


class TestMoreThanWords:
    @pytest.fixture(autouse=True)
    def _started(self, telegram: LocalTelegram) -> None:
        telegram.phone(1, "Fatima").start()

    async def choose(self, phone: Locator, words: str) -> None:
        await phone.get_by_role("button", name="Iets anders sturen").click()
        await phone.get_by_role("button", name=words, exact=True).click()

    @pytest.mark.parametrize(
        ("words", "carried", "seen"),
        [
            ("Proeffoto", "photo", ".balloon-photo img"),
            ("Spraakbericht", "voice", ".balloon-voice .voice-bars"),
            ("Proefbestand", "document", ".balloon-document .file-name"),
            ("Mijn plaats", "location", ".balloon-location .map"),
            ("Contact", "contact", ".balloon-contact"),
            ("Peiling", "poll", ".balloon-poll"),
            ("Sticker 👍", "sticker", ".balloon-sticker"),
        ],
    )
    async def test_it_can_be_sent(self, page: Page, bot: Any, words: str, carried: str, seen: str) -> None:
        phone = phone_of(page, 1)
        await self.choose(phone, words)
        await expect(phone.locator(f".mine {seen}")).to_be_visible()
        await until(lambda: carried in bot.updates[-1]["message"])
        await expect(phone.get_by_role("group", name="Iets sturen")).to_be_hidden()

    async def test_the_drawn_picture_really_is_one(self, page: Page) -> None:
        phone = phone_of(page, 1)
        await self.choose(phone, "Proeffoto")
        picture = phone.locator(".mine .photo img")
        await expect(picture).to_be_visible()
        await expect(picture).to_have_js_property("naturalWidth", 480)

    async def test_a_picture_of_ones_own_can_be_sent(self, page: Page, bot: Any) -> None:
        phone = phone_of(page, 1)
        drawn = await page.evaluate(
            "async () => { const c = document.createElement('canvas'); c.width = 20; c.height = 10;"
            " const b = await new Promise(r => c.toBlob(r)); return [...new Uint8Array(await b.arrayBuffer())] }"
        )
        chooser = phone.locator("input[type=file]").first
        await chooser.set_input_files({"name": "scherm.png", "mimeType": "image/png", "buffer": bytes(drawn)})
        await until(lambda: "photo" in bot.updates[-1]["message"])
        await expect(phone.locator(".mine .photo img")).to_have_js_property("naturalWidth", 20)

    async def test_five_thousand_characters_can_be_sent(self, page: Page, bot: Any) -> None:
        await self.choose(phone_of(page, 1), "5.000 tekens")
        await until(lambda: sum(len(text) for text in bot.texts()) >= 4990)

    async def test_a_document_of_the_bot_can_be_fetched_under_its_name(self, page: Page, bot: Any) -> None:
        await bot.send_file("sendDocument", 1, "document", "inloopuur.ics", "text/calendar", CALENDAR)
        link = phone_of(page, 1).get_by_role("link", name="inloopuur.ics")
        await expect(link).to_contain_text(f"{len(CALENDAR)} bytes")
        async with page.expect_download() as fetching:
            await link.click()
        fetched = await fetching.value
        assert fetched.suggested_filename == "inloopuur.ics"
        assert (await fetched.path()).read_bytes() == CALENDAR

    async def test_a_place_is_drawn_with_its_address_and_no_map_from_elsewhere(self, page: Page, bot: Any) -> None:
        where = {"latitude": 52.03, "longitude": 5.08, "title": "De Bibliotheek", "address": "Stadsplein 1"}
        await bot.call("sendVenue", chat_id=1, **where)
        venue = phone_of(page, 1).locator(".balloon-venue")
        await expect(venue).to_contain_text("De Bibliotheek")
        await expect(venue).to_contain_text("Stadsplein 1")
        await expect(venue.locator("svg.map")).to_be_visible()
        await expect(venue.locator("a, image, img")).to_have_count(0)

    async def test_a_voice_message_without_sound_says_so(self, page: Page) -> None:
        phone = phone_of(page, 1)
        await self.choose(phone, "Spraakbericht")
        await phone.get_by_role("button", name="Luister naar het spraakbericht").click()
        await expect(phone.get_by_role("status")).to_contain_text("voorbeeld zonder geluid")


class TestTheTopBar:
    async def test_it_says_the_time_in_the_netherlands(self, page: Page) -> None:
        await expect(page.locator("#clock-time")).to_have_text("zondag 22 november 2026, 15:07 uur")

    async def test_the_clock_can_be_turned(self, page: Page) -> None:
        time = page.locator("#clock-time")
        await page.get_by_role("button", name="+1 uur").click()
        await expect(time).to_contain_text("16:07")
        await page.get_by_role("button", name="+1 dag").click()
        await expect(time).to_contain_text("maandag 23 november 2026, 16:07")

    async def test_it_goes_to_the_next_reminder_and_says_when_there_is_none(self, page: Page, watch: Any) -> None:
        watch.excused.append("Failed to load resource")
        await page.get_by_role("button", name="Volgende herinnering").click()
        await expect(page.locator("#clock-time")).to_contain_text("maandag 23 november 2026, 09:00")
        await page.get_by_role("button", name="Volgende herinnering").click()
        await expect(page.locator("#page-toast")).to_contain_text(re.compile("herinnering"))

    async def test_a_lost_line_is_said_and_made_good(self, page: Page, telegram: LocalTelegram, watch: Any) -> None:
        watch.excused += ["Failed to load resource", "ERR_INCOMPLETE_CHUNKED_ENCODING"]
        port = int(telegram.url.rpartition(":")[2])
        fatima = telegram.phone(1)
        fatima.start()
        await telegram.stop()
        await expect(page.get_by_role("alert")).to_contain_text("De verbinding is weg")
        fatima.says("Gezegd toen niemand luisterde")
        await telegram.start(port=port)
        await expect(phone_of(page, 1)).to_contain_text("Gezegd toen niemand luisterde")
        await expect(page.get_by_role("alert")).to_be_hidden()

    async def test_a_notice_is_shown_until_it_is_closed(self, page: Page, telegram: LocalTelegram) -> None:
        telegram.notice("Er is geen spraak op deze computer.")
        notices = page.get_by_role("region", name="Meldingen")
        await expect(notices).to_contain_text("Er is geen spraak op deze computer.")
        await notices.get_by_role("button", name="Melding sluiten").click()
        await expect(notices).not_to_contain_text("spraak")


class TestOffersAndTheCrowd:
    async def test_an_offer_is_busy_until_it_is_done_and_then_said(self, page: Page, telegram: LocalTelegram) -> None:
        done = asyncio.Event()

        async def fill() -> str:
            telegram.crowd(range(20_000, 22_000))
            await done.wait()
            return "Er doen nu 2.000 mensen mee."

        await expect(page.locator("#crowd")).to_be_hidden()
        telegram.offer("crowd", "Vul de bibliotheek", fill)
        button = page.get_by_role("button", name="Vul de bibliotheek")
        await button.press("Enter")
        await expect(button).to_be_disabled()
        await expect(page.locator("#crowd")).to_have_text("Berichten aan de andere mensen: 0")
        done.set()
        await expect(page.locator("#page-toast")).to_contain_text("Er doen nu 2.000 mensen mee.")
        await expect(button).to_be_enabled()
        await expect(button).to_be_focused()
        await expect(page.locator(".phone")).to_have_count(4)

    async def test_messages_to_people_without_a_phone_are_counted(
        self, page: Page, telegram: LocalTelegram, bot: Any
    ) -> None:
        telegram.crowd(range(20_000, 21_100))
        for chat in range(20_000, 21_100):
            await bot.say(chat, "Dinsdag is er inloop")
        await expect(page.locator("#crowd")).to_have_text("Berichten aan de andere mensen: 1.100")
        await page.reload()
        await expect(page.locator("#crowd")).to_have_text("Berichten aan de andere mensen: 1.100")


class TestWhichPhonesAreSeen:
    def pick(self, page: Page, name: str) -> Locator:
        return page.get_by_role("group", name="Je ziet:").get_by_role("button", name=name)

    async def inside(self, page: Page, id: int) -> bool:
        box = await phone_of(page, id).bounding_box()
        size = page.viewport_size
        assert size
        return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= size["width"]

    @pytest.mark.parametrize(("width", "height"), [(1280, 800), (1440, 900)])
    async def test_any_two_stand_side_by_side_on_a_laptop(self, page: Page, width: int, height: int) -> None:
        await page.set_viewport_size({"width": width, "height": height})
        assert await self.inside(page, 1)
        assert await self.inside(page, 2)
        for name in ("أميرة", "Els"):
            await self.pick(page, name).click()
        await expect(phone_of(page, 2)).to_be_hidden()
        assert await self.inside(page, 1)
        assert await self.inside(page, 4)
        overflow = "(p => p.scrollWidth - p.clientWidth)(document.getElementById('phones'))"
        assert await page.evaluate(overflow) == 0
        await self.pick(page, "Els").press("Enter")
        await expect(phone_of(page, 3)).to_be_visible()

    async def test_the_last_one_stays(self, page: Page) -> None:
        for name in ("Fatima", "أميرة", "Els", "Joris"):
            await self.pick(page, name).click()
        await expect(phone_of(page, 4)).to_be_visible()
        await expect(page.locator("#page-toast")).to_contain_text("Eén telefoon blijft altijd staan.")

    async def test_news_on_a_phone_that_is_put_away_is_told(
        self, page: Page, telegram: LocalTelegram, bot: Any
    ) -> None:
        await self.pick(page, "Els").click()
        telegram.phone(3).start()
        await bot.say(3, "Er is een vraag voor je")
        await self.pick(page, "Els nieuw bericht").click()
        await expect(phone_of(page, 3)).to_contain_text("Er is een vraag voor je")
        await expect(self.pick(page, "nieuw bericht")).to_have_count(0)


class TestOnASmallScreen:
    async def test_one_phone_fills_it_and_tabs_change_the_person(self, page: Page) -> None:
        await page.set_viewport_size({"width": 390, "height": 844})
        await expect(phone_of(page, 1)).to_be_visible()
        await expect(phone_of(page, 3)).to_be_hidden()
        box = await phone_of(page, 1).locator(".screen").bounding_box()
        assert box is not None
        assert (box["x"], box["width"]) == (0, 390)
        assert box["y"] + box["height"] <= 844
        await page.get_by_role("tab", name="Els").click()
        await expect(phone_of(page, 3)).to_be_visible()
        await expect(phone_of(page, 1)).to_be_hidden()
        await expect(page.get_by_role("tab", name="Els")).to_have_attribute("aria-selected", "true")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390

    async def test_the_arrow_keys_walk_the_tabs(self, page: Page) -> None:
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.get_by_role("tab", name="Fatima").focus()
        await page.keyboard.press("ArrowLeft")
        await expect(page.get_by_role("tab", name="Joris")).to_be_focused()
        await expect(phone_of(page, 4)).to_be_visible()

    async def test_a_tab_tells_of_news_on_a_phone_that_is_not_seen(
        self, page: Page, telegram: LocalTelegram, bot: Any
    ) -> None:
        await page.set_viewport_size({"width": 390, "height": 844})
        telegram.phone(3, "Els").start()
        await bot.say(3, "Er is een vraag voor je")
        tab = page.get_by_role("tab", name="Els nieuw bericht")
        await expect(tab).to_be_visible()
        await tab.click()
        await expect(page.get_by_role("tab", name="Els", exact=True)).to_be_visible()
        assert (await log_state(phone_of(page, 3)))["left"] < 2

    async def test_the_clock_is_behind_a_button(self, page: Page) -> None:
        await page.set_viewport_size({"width": 390, "height": 844})
        await expect(page.get_by_role("button", name="+1 dag")).to_be_hidden()
        await page.get_by_role("button", name="uitleg en klok").click()
        await page.get_by_role("button", name="+1 dag").click()
        await expect(page.locator("#clock-time")).to_contain_text("maandag 23 november")


class TestRightToLeft:
    async def test_the_phone_of_an_arabic_speaker_reads_from_the_right(
        self, page: Page, telegram: LocalTelegram, bot: Any
    ) -> None:
        telegram.phone(2, "أميرة").start()
        await bot.say(2, "مرحبا! اضغطي على <b>\u2068Inloggen\u2069</b>.", reply_markup=TWO_WAYS)
        phone = phone_of(page, 2)
        await expect(phone.locator(".screen")).to_have_attribute("dir", "rtl")
        words = balloons(phone).last.locator(".words")
        await expect(words).to_have_attribute("dir", "auto")
        await expect(words).to_have_css("direction", "rtl")
        await expect(phone_of(page, 1).locator(".screen")).to_have_attribute("dir", "ltr")

    async def test_a_dutch_message_on_it_reads_from_the_left(
        self, page: Page, telegram: LocalTelegram, bot: Any
    ) -> None:
        telegram.phone(2, "أميرة").start()
        await bot.say(2, "Hallo Amira")
        await expect(balloons(phone_of(page, 2)).last.locator(".words")).to_have_css("direction", "ltr")


class TestForEverybody:
    async def test_everything_can_be_done_with_the_keyboard_alone(self, page: Page, bot: Any) -> None:
        async def greet(bot: Any, update: dict[str, Any]) -> None:
            if "/start" in update.get("message", {}).get("text", ""):
                await bot.say(1, "Hoi", reply_markup=TWO_WAYS)

        bot.answer = greet
        await self.tab_to(page, "Uitnodiging van Vierstroom")
        await page.keyboard.press("Enter")
        phone = phone_of(page, 1)
        await expect(phone.get_by_role("log")).to_be_focused()
        await expect(phone.get_by_role("button", name="Gelukt")).to_be_visible()
        await self.tab_to(page, "Gelukt")
        await page.keyboard.press("Enter")
        await until(lambda: bot.updates[-1].get("callback_query", {}).get("data") == "ok")
        await self.tab_to(page, "Iets anders sturen")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Escape")
        await expect(phone.get_by_role("button", name="Iets anders sturen")).to_be_focused()
        await page.keyboard.press("Tab")
        await page.keyboard.type("zonder muis")
        await page.keyboard.press("Enter")
        await until(lambda: bot.texts()[-1] == "zonder muis")

    async def tab_to(self, page: Page, words: str) -> None:
        """Presses Tab until the focus is on something of this name; each stop on the way must be seen."""
        for _ in range(60):
            await page.keyboard.press("Tab")
            outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            name = "(e => e.getAttribute('aria-label') || e.textContent)(document.activeElement)"
            if words in await page.evaluate(name):
                return
        raise AssertionError(f"Tab never comes to {words!r}")

    async def test_a_long_chat_can_be_skipped(self, page: Page, telegram: LocalTelegram) -> None:
        telegram.phone(1, "Fatima").start()
        await expect(field_of(phone_of(page, 1))).to_be_visible()
        await self.tab_to(page, "Naar het invoerveld van Fatima")
        await page.keyboard.press("Enter")
        await expect(field_of(phone_of(page, 1))).to_be_focused()

    async def test_everything_that_works_has_a_name_and_is_large_enough(
        self, page: Page, telegram: LocalTelegram, bot: Any
    ) -> None:
        await self.fill_a_phone(page, telegram, bot)
        assert await page.evaluate(UNNAMED) == []
        assert await page.evaluate(TOO_SMALL) == []
        assert await page.evaluate("document.querySelectorAll('h1').length") == 1
        assert await page.evaluate("document.querySelectorAll('main').length") == 1
        ids = await page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))
        assert await page.evaluate("document.documentElement.lang") == "nl"

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    async def test_words_stand_out_from_what_is_behind_them(
        self, page: Page, telegram: LocalTelegram, bot: Any, scheme: Any
    ) -> None:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await self.fill_a_phone(page, telegram, bot)
        assert await page.evaluate(FAINT) == []

    async def test_who_wants_no_movement_sees_none(self, page: Page, telegram: LocalTelegram, bot: Any) -> None:
        telegram.phone(1, "Fatima").start()
        await page.emulate_media(reduced_motion="reduce")
        await bot.call("sendChatAction", chat_id=1, action="typing")
        dot = phone_of(page, 1).locator(".typing i").first
        await expect(dot).to_be_visible()
        duration = await dot.evaluate("dot => parseFloat(getComputedStyle(dot).animationDuration)")
        assert duration < 0.01

    async def fill_a_phone(self, page: Page, telegram: LocalTelegram, bot: Any) -> None:
        """Shows one of each, so that there is something to look at."""
        telegram.phone(1, "Fatima").start()
        telegram.phone(3, "Els").start()
        telegram.phone(3, "Els").blocks()
        telegram.phone(1, "Fatima").shares("https://t.me/digihulp_bot?start=x", telegram.phone(3), "Ga je mee?")
        telegram.phone(1, "Fatima").shares("https://example.org/", telegram.phone(4))
        telegram.crowd([5000])
        for kind in ("photo", "voice", "location", "contact", "poll", "document"):
            telegram.phone(1, "Fatima").sends(kind)
        await bot.say(1, 'Kies <b>maar</b>, of <a href="https://example.org/">lees</a>', reply_markup=BIG_BUTTONS)
        await bot.say(1, "Gaat het?", reply_markup=TWO_WAYS)
        phone = phone_of(page, 1)
        await expect(phone.get_by_role("button", name="Gelukt")).to_be_visible()
        await phone.get_by_role("button", name="Iets anders sturen").click()
        await expect(phone.get_by_role("button", name="Peiling", exact=True)).to_be_visible()


SEEN = "const seen = e => e.checkVisibility() && !e.closest('.skip') && e.getBoundingClientRect().width > 1;"

UNNAMED = f"""() => {{ {SEEN}
  const named = e => (e.getAttribute('aria-label') || e.textContent || e.labels?.[0]?.textContent || '').trim();
  return [...document.querySelectorAll('button, a, input, textarea, [role=log], [role=group], section')]
    .filter(e => seen(e) && !named(e) && !e.getAttribute('aria-labelledby') && !e.querySelector('img[alt]'))
    .map(e => e.outerHTML.slice(0, 120));
}}"""

# Links in running text may be smaller, as everywhere.
TOO_SMALL = f"""() => {{ {SEEN}
  return [...document.querySelectorAll('button, textarea, a:not(.words a)')].filter(seen)
    .filter(e => {{ const b = e.getBoundingClientRect(); return b.width < 43.5 || b.height < 43.5; }})
    .map(e => e.outerHTML.slice(0, 120));
}}"""

# The contrast of every visible text with the first ground behind it that is not see-through: 4.5 at least (AA).
FAINT = f"""() => {{ {SEEN}
  const canvas = document.createElement('canvas').getContext('2d', {{ willReadFrequently: true }});
  const rgba = colour => {{
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  }};
  const over = (top, below) => [0, 1, 2].map(i => (top[i] * top[3] + below[i] * (255 - top[3])) / 255);
  const ground = e => {{
    if (!e) return rgba(getComputedStyle(document.body).backgroundColor);
    const own = rgba(getComputedStyle(e).backgroundColor);
    return own[3] === 255 ? own : [...over(own, ground(e.parentElement)), 255];
  }};
  const light = c => [0, 1, 2].map(i => c[i] / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  return [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && seen(e))
    .filter(e => !e.closest('.unseen, svg'))
    .map(e => [e.className, e.textContent.slice(0, 30), contrast(rgba(getComputedStyle(e).color), ground(e))])
    .filter(([, , ratio]) => ratio < 4.5);
}}"""
