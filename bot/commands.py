"""The command line."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Concatenate, NoReturn, ParamSpec, TypeVar

import segno
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import logs, settings
from bot.clock import ZONE, Clock
from bot.content.answers import load as load_content
from bot.content.check import check as check_content
from bot.content.check import check_phrases
from bot.content.organisations import Organisations
from bot.content.organisations import load as load_organisations
from bot.content.phrases import read_phrases
from bot.content.problems import ContentError, Problem, hard
from bot.content.proof import read_proof, write_proof
from bot.doctor import examine
from bot.examination import Examination
from bot.examination import examine as examine_search
from bot.examination_page import page_of
from bot.knowledge import Knowledge, learn
from bot.language import DEFAULT
from bot.program import Program
from bot.search import Explanation, Finding
from bot.settings import Settings, SettingsError
from bot.store import Connection, Database, NotUsableError, roles, unfound
from bot.store import broadcasts as broadcast_rows
from bot.talk import Heard, Talk
from bot.telegram.client import Client, RejectedTokenError, UnreachableError
from conversations.languages import LANGUAGES
from conversations.staff.roles import COORDINATOR, EMPLOYER
from conversations.world import Report, Role

app = typer.Typer(
    name="digihulp",
    help="A Telegram bot that helps Dutch home-care workers with the apps at work.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they may hold what people wrote
)
content_commands = typer.Typer(help="Look after the answers.", no_args_is_help=True)
app.add_typer(content_commands, name="content")
console = Console()

P = ParamSpec("P")
T = TypeVar("T")

WIDE = 160  # for figures that are no use when they are cut short
NOT_KNOWN = "Telegram does not know this token: check DIGIHULP_TOKEN."


def give_up(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def read_settings(**overrides: object) -> Settings:
    try:
        return settings.read(**overrides)
    except SettingsError as error:
        give_up(str(error))


def read_knowledge(given: Settings) -> Knowledge:
    try:
        content = load_content(given.content, strict=True, more_questions=given.questions)
        return learn(content, load_organisations(given.organisations_file), given.cache)
    except ContentError as error:
        give_up(str(error))
    except OSError as error:
        give_up(f"{error.filename} can't be read: {error.strerror}")


def read_organisations(given: Settings) -> Organisations:
    try:
        return load_organisations(given.organisations_file)
    except ContentError as error:
        give_up(str(error))


def run_until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Ctrl-C and SIGTERM end it in order: what is under way is finished, the rest is kept for the next start."""

    async def main() -> None:
        task = asyncio.ensure_future(work)
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, task.cancel)
        await asyncio.gather(task, return_exceptions=False)

    try:
        asyncio.run(main())
    except asyncio.CancelledError:
        typer.echo("Stopped.", err=True)
    except Exception as error:
        tell(first_of(error))


def first_of(error: Exception) -> Exception:
    """The error itself, or of a group of them the first."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def tell(error: Exception) -> NoReturn:
    """What stopped the program, in one sentence where somebody can do something about it."""
    match error:
        case RejectedTokenError():
            give_up(NOT_KNOWN)
        case UnreachableError():
            give_up(f"Telegram can't be reached ({error}). Check the network, and try again.")
        case NotUsableError():
            give_up(f"The database can't be used: {error}. Check DIGIHULP_DATABASE_URL.")
        case _:
            raise error


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the page is served, on this machine only; 0: any free port.")
    ] = 8080,
) -> None:
    """Try everything in the browser: no account, no token, four phones and a clock to turn."""
    from bot.demonstration import demonstration

    logs.set_up("WARNING", "text")

    async def serve() -> None:
        typer.echo("Learning the answers. The first time this takes up to a minute ...")
        async with demonstration(port) as telegram:
            typer.echo(f"The demo is at {telegram.url}   (stop it with Ctrl-C)")
            await asyncio.Event().wait()

    try:
        run_until_stopped(serve())
    except OSError as error:
        give_up(f"Port {port} can't be used: {error.strerror}. Try another: digihulp demo --port 8090")
    except (ContentError, SettingsError) as error:
        give_up(str(error))


@app.command()
def run() -> None:
    """Run the bot: polling, or webhooks when DIGIHULP_WEBHOOK_URL is set."""
    given = read_settings()
    if not given.token:
        give_up("There is no token. Ask @BotFather in Telegram for one, and set DIGIHULP_TOKEN.")
    logs.set_up(given.log_level, given.log_format)
    try:
        program = Program(given, Clock())
    except ContentError as error:
        give_up(str(error))
    try:
        run_until_stopped(program.run())
    except OSError as error:
        give_up(f"{error.strerror or error}. Check DIGIHULP_WEBHOOK_LISTEN and the database.")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What somebody asks; - for one question a line on stdin.")],
    language: Annotated[str, typer.Option(help="Show titles in this language.")] = DEFAULT,
    employer: Annotated[str, typer.Option(help="Her employer, as in the organisations file.")] = "",
    why: Annotated[bool, typer.Option("--why", help="How much each word says, and the sample most like it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a question.")] = False,
) -> None:
    """Show what the bot would answer, and why."""
    if language not in LANGUAGES:
        give_up(f"The bot does not speak {language!r}. It speaks: {', '.join(LANGUAGES)}.")
    given = read_settings()
    knowledge = read_knowledge(given)
    if employer and employer not in {e.id for e in knowledge.organisations.employers}:
        known = ", ".join(e.id for e in knowledge.organisations.employers)
        give_up(f"There is no employer {employer!r}. There are: {known}.")
    questions = (line.strip() for line in sys.stdin if line.strip()) if question == "-" else [question]
    for asked in questions:
        began = time.perf_counter()
        finding = knowledge.search.find(asked, app_names=knowledge.organisations.apps.get(employer, ()))
        ms = round((time.perf_counter() - began) * 1000, 2)
        said = as_told(finding, asked, ms)
        if not as_json:
            show_found(knowledge, language, finding, said, why)
            continue
        for topic in said["topics"] if why else ():
            topic |= reasons(knowledge.search.explain(asked, topic["id"]))
        typer.echo(json.dumps(said, ensure_ascii=False))


def as_told(finding: Finding, question: str, ms: float) -> dict[str, Any]:
    """What was found, as plain data."""
    topics = [{"id": topic.id, "score": round(topic.score, 3)} for topic in finding.topics]
    return {"question": question, "verdict": finding.verdict, "topics": topics, "ms": ms}


def reasons(explanation: Explanation) -> dict[str, Any]:
    return {"words": {word: round(effect, 2) for word, effect in explanation.words}, "sample": explanation.sample}


def show_found(knowledge: Knowledge, language: str, finding: Finding, said: dict[str, Any], why: bool) -> None:
    verdicts = {"answer": "sure", "choice": "in doubt: a choice", "unknown": "does not know"}
    verdict = verdicts[finding.verdict]
    console.print(f"\n[bold]{escape(said['question'])}[/bold]  ->  {verdict}  ({said['ms']} ms)", highlight=False)
    if finding.danger:
        console.print(f"Danger comes first: {escape(finding.danger)}", highlight=False)
    table = Table("topic", "title", "score", "why", box=None, pad_edge=False)
    for place, topic in enumerate(finding.topics):
        answer = knowledge.content.answer_for(topic.id, language)
        given = topic.id in finding.choices or (finding.verdict == "answer" and place == 0)
        told = knowledge.search.explain(said["question"], topic.id)
        words = "  ".join(f"{word} {effect:+.2f}" if why else word for word, effect in told.words)
        title = escape(answer.title) if answer else ""
        table.add_row(("▸ " if given else "  ") + topic.id, title, f"{topic.score:.2f}", escape(words))
        if why:
            table.add_row("", "", "", f"[dim]like: {escape(told.sample)}[/dim]")
    console.print(table)


@app.command()
def talk(
    language: Annotated[str, typer.Option(help="Language of her Telegram.")] = DEFAULT,
    employer: Annotated[str, typer.Option(help="Come in by this employer's join link.")] = "",
) -> None:
    """Talk to the bot here in the terminal. Nothing is kept."""
    knowledge = read_knowledge(read_settings())
    codes = {e.id: e.code for e in knowledge.organisations.employers}
    if employer and employer not in codes:
        give_up(f"There is no employer {employer!r}. There are: {', '.join(codes)}.")
    talk = Talk(knowledge, datetime.now(UTC))
    shown = show_heard(talk.message(1, language, "you", text=f"/start {codes.get(employer, '')}".strip()))
    typer.echo("(Type a question, the number of a button, or /quit.)")
    for line in typed():
        if line.isdecimal() and int(line) in shown:
            came = talk.tap(1, shown[int(line)], language, "you")
        else:
            came = talk.message(1, language, "you", text=line)
        shown = show_heard(came) or shown


def typed() -> Iterator[str]:
    while True:
        try:
            line = input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if line in ("/quit", "/exit"):
            return
        if line:
            yield line


def show_heard(messages: list[Heard]) -> dict[int, str]:
    """Prints them; gives the numbered buttons that can be chosen now."""
    buttons: dict[int, str] = {}
    for message in messages:
        typer.echo("\n" + message.text)
        for row in message.buttons:
            shown = []
            for label, does in row:
                buttons[len(buttons) + 1] = does
                shown.append(f"[{len(buttons)}] {label}")
            typer.echo("   " + "   ".join(shown))
        for keys in message.menu:
            typer.echo("   " + "   ".join(f"({key})" for key in keys))
    return buttons


@content_commands.command("check")
def content_check(
    strict: Annotated[bool, typer.Option(help="Warnings count too.")] = False,
) -> None:
    """Tell what is wrong or hard to read in the answers and in what the bot itself says, by file and line."""
    given = read_settings()
    content = load_content(given.content, more_questions=given.questions)
    organisations, unusable = None, tuple[Problem, ...]()
    try:
        organisations = load_organisations(given.organisations_file)
    except ContentError as error:
        unusable = error.problems
    problems = [*check_content(content, organisations), *unusable, *check_phrases(read_phrases())]
    for problem in problems:
        typer.echo(str(problem))
    wrong = len(problems) if strict else len(hard(problems))
    answers, tips = len(content.answers), len(content.tips)
    mistakes, warnings = len(hard(problems)), len(problems) - len(hard(problems))
    typer.echo(f"{answers} answers, {tips} tips: {mistakes} mistakes, {warnings} warnings.")
    raise typer.Exit(1 if wrong else 0)


@content_commands.command("test")
def content_test(
    html: Annotated[Path | None, typer.Option(help="Write a page about it for who looks after the answers.")] = None,
    renew: Annotated[bool, typer.Option(help="Write the figures down: it may not get worse than this.")] = False,
) -> None:
    """Tell how well questions find their answer, and fail when it got worse than was written down."""
    given = read_settings()
    knowledge = read_knowledge(given)
    examination = examine_search(knowledge.content, knowledge.search)
    console.print(figures_of(examination), highlight=False)
    typer.echo("\nMost often confused:")
    for right, found, asked in examination.exam.confusions(8):
        typer.echo(f"  {right} taken for {found}: {asked[0].question[:90]}")
    if html:
        html.write_text(page_of(examination, knowledge.content), encoding="utf-8")
        typer.echo(f"The page is {html}.")
    if renew:
        typer.echo(f"Written down in {write_proof(given.content, examination.part, examination.proof)}.")
        return
    try:
        complaints = examination.complaints(read_proof(given.content, examination.part))
    except ContentError as error:
        give_up(str(error))
    for complaint in complaints:
        typer.echo(complaint)
    raise typer.Exit(1 if complaints else 0)


def figures_of(examination: Examination) -> Table:
    lists = {"exam": examination.exam, "samples, held out": examination.samples}
    lists |= {f"  {kind}": result for kind, result in examination.exam.by_kind().items()}
    names = ("top_1", "top_3", "helped", "sure", "wrong", "false_answers", "false_buttons")
    table = Table(box=None)
    table.add_column(no_wrap=True)
    for heading in ("n", "top-1", "top-3", "helped", "sure", "wrong", "false answers", "false buttons"):
        table.add_column(heading, justify="right")
    for name, result in lists.items():
        figures = [f"{result.figures[figure]:.1f}" for figure in names]
        if not result.outside:
            figures[-2:] = ["", ""]
        table.add_row(name, str(len(result.inside)), *figures)
    return table


@app.command()
def links(
    qr: Annotated[Path | None, typer.Option(help="Folder to put the QR codes in, as PNG and SVG.")] = None,
) -> None:
    """Print each employer's join link, for the team room's wall."""
    given = read_settings()
    organisations = read_organisations(given)
    name = given.bot_name.lstrip("@") or asyncio.run(ask_name(given))
    if qr:
        qr.mkdir(parents=True, exist_ok=True)
    for employer in organisations.employers:
        link = f"https://t.me/{name}?start={employer.code}"
        typer.echo(f"{employer.name}: {link}")
        if qr:
            code = segno.make(link, error="m", micro=False)
            code.save(str(qr / f"{employer.id}.png"), scale=12, border=4)
            code.save(str(qr / f"{employer.id}.svg"), scale=12, border=4)
    if qr:
        typer.echo(f"The QR codes are in {qr}.")


@app.command()
def invite(
    role: Annotated[str, typer.Argument(help="coordinator (of a library) or employer (contact of an employer)")],
    about: Annotated[
        str, typer.Argument(help="Id of the library or employer in the organisations file, or a part of it.")
    ],
) -> None:
    """Print a link that gives its first opener a role. It works once, for seven days."""
    given = read_settings()
    organisations = read_organisations(given)
    known = {
        COORDINATOR: ("library", [library.id for library in organisations.libraries]),
        EMPLOYER: ("employer", [employer.id for employer in organisations.employers]),
    }
    if role not in known:
        give_up(f"There is no role {role!r}. There are: {', '.join(known)}.")
    what, ids = known[role]
    meant = only_one(about, ids)
    if meant is None:
        give_up(f"There is no {what} {about!r}. There are: {', '.join(ids)}.")
    name = given.bot_name.lstrip("@") or asyncio.run(ask_name(given))
    code = asyncio.run(in_database(given, roles.invite, Role(role, meant), Clock().now()))
    typer.echo(f"https://t.me/{name}?start={code}")


def only_one(said: str, ids: Sequence[str]) -> str | None:
    """The id itself, or the only one that it is part of."""
    found = [known for known in ids if known == said] or [known for known in ids if said and said in known]
    return found[0] if len(found) == 1 else None


@app.command()
def people(
    withdraw: Annotated[int | None, typer.Option(help="Take all roles of the person with this number.")] = None,
) -> None:
    """List who has a role, and take roles away."""
    given = read_settings()
    if withdraw is not None and not asyncio.run(in_database(given, roles.withdraw, withdraw)):
        give_up(f"Person {withdraw} has no role. See digihulp people.")
    found = asyncio.run(in_database(given, roles.everybody))
    for person, name, role in found:
        typer.echo(f"{person}  {name}: {role.name} of {role.about}")
    if not found:
        typer.echo("Nobody has a role. Make one with: digihulp invite coordinator LIBRARY")


@app.command()
def wishes() -> None:
    """List the answers that are wished for, and placed questions that could not be written."""
    given = read_settings()
    wished = asyncio.run(in_database(given, unfound.in_state, "wished"))
    placed = asyncio.run(in_database(given, unfound.in_state, "placed"))
    typer.echo("Wished for:" if wished else "No answer is wished for.")
    for _number, question, _topic in wished:
        typer.echo(f"- {question}")
    if placed:
        typer.echo(f"\nTo be written in {given.questions_folder}:")
    for _number, question, topic in placed:
        typer.echo(f"{topic}.txt: {question}")


@app.command()
def broadcasts(
    library: Annotated[str, typer.Argument(help="Only of this library: its id, or a part of it.")] = "",
) -> None:
    """Show what became of the last messages to many."""
    given = read_settings()
    known = [each.id for each in read_organisations(given).libraries]
    meant = only_one(library, known) if library else ""
    if meant is None:
        give_up(f"There is no library {library!r}. There are: {', '.join(known)}.")
    newest = asyncio.run(in_database(given, broadcast_rows.newest, 20, Clock().now(), given.send_rate, meant))
    if not newest:
        typer.echo(f"Nothing has been sent round{f' by {meant}' if meant else ''} yet.")
        return
    Console(width=WIDE).print(table_of(newest), highlight=False)


def table_of(reports: Sequence[Report]) -> Table:
    table = Table("", "library", "begins", "state", box=None, pad_edge=False)
    figures = ("audience", "waiting", "delivered", "blocked", "failed", "unsure", "expired")
    for heading in figures:
        table.add_column(heading, justify="right")
    table.add_column("excluded")
    for report in reports:
        begins = f"{report.begins_at.astimezone(ZONE):%Y-%m-%d %H:%M}"
        numbers = [str(getattr(report, figure)) for figure in figures]
        excluded = ", ".join(f"{number} {reason}" for reason, number in sorted(report.excluded.items())) or "0"
        table.add_row(str(report.id), escape(report.order.library), begins, report.state, *numbers, excluded)
    return table


async def in_database(
    given: Settings, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Does one thing in the database; a sentence when that can't be used."""
    database = Database(given.database_url)
    try:
        await database.migrate()
        return await database.write(work, *args, **kwargs)
    except NotUsableError as error:
        tell(error)
    finally:
        await database.close()


async def ask_name(given: Settings) -> str:
    if not given.token:
        give_up("The bot's name is not known. Set DIGIHULP_BOT_NAME, or DIGIHULP_TOKEN to ask Telegram.")
    client = Client(given.token, given.api_url)
    try:
        return await client.open()
    except RejectedTokenError:
        give_up(NOT_KNOWN)
    except UnreachableError as error:
        give_up(f"Telegram can't be reached ({error}). Set DIGIHULP_BOT_NAME to do without.")
    finally:
        await client.close()


@app.command()
def doctor(
    retry: Annotated[bool, typer.Option(help="Give what was set aside another try.")] = False,
) -> None:
    """Look whether everything is in order, and say what to do if not."""
    given = read_settings()
    findings = asyncio.run(examine(given, retry))
    for good, words in findings:
        mark = "[green]ok[/green]   " if good else "[red]wrong[/red]"
        console.print(f"{mark} {escape(words)}", highlight=False, soft_wrap=True)
    raise typer.Exit(0 if all(good for good, _words in findings) else 1)
