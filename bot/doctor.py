"""Looks whether everything is in order. Each finding: whether it is good, and words that say what to do if not."""

from bot.content.answers import load as load_content
from bot.content.organisations import load as load_organisations
from bot.content.problems import ContentError
from bot.settings import Settings
from bot.store import Database, NotUsableError, inbox, outbox
from bot.telegram.client import Client, RejectedTokenError, UnreachableError

Finding = tuple[bool, str]


async def examine(given: Settings, retry: bool) -> list[Finding]:
    return [examine_content(given), *await examine_database(given, retry), await examine_telegram(given)]


def examine_content(given: Settings) -> Finding:
    try:
        content = load_content(given.content, strict=True)
        organisations = load_organisations(given.organisations_file)
    except ContentError as error:
        return False, f"content:\n{error}"
    return True, f"content: {len(content.answers)} answers, {len(organisations.employers)} employers"


async def examine_database(given: Settings, retry: bool) -> list[Finding]:
    database = Database(given.database_url)
    try:
        await database.migrate()
        if retry:
            await database.write(inbox.put_back)
        came, went = await database.read(inbox.counts), await database.read(outbox.counts)
        aside = await database.read(inbox.aside)
    except NotUsableError as error:
        return [(False, f"database: {error}. Check DIGIHULP_DATABASE_URL.")]
    finally:
        await database.close()
    counts = ", ".join(f"{n} {state}" for state, n in sorted(went.items())) or "nothing yet"
    found = [(True, f"database: {came.get('waiting', 0)} updates waiting; messages: {counts}")]
    if aside:
        which = "; ".join(f"update {row}: {error}" for row, error, _at in aside[:5])
        found.append(
            (False, f"{came['aside']} updates are set aside ({which}). After mending: digihulp doctor --retry")
        )
    return found


async def examine_telegram(given: Settings) -> Finding:
    if not given.token:
        return False, "telegram: there is no token. Set DIGIHULP_TOKEN."
    client = Client(given.token, given.api_url)
    try:
        return True, f"telegram: reachable, the bot is @{await client.open()}"
    except RejectedTokenError:
        return False, "telegram: the token is not known. Check DIGIHULP_TOKEN."
    except UnreachableError as error:
        return False, f"telegram: can't be reached at {given.api_url} ({error}). Check the network."
    finally:
        await client.close()
