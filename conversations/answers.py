"""An answer: all of it, or one step at a time; then "it worked" or "it did not", and where each leads."""

from collections.abc import Iterable

from conversations.people import Person
from conversations.replies import Button, Reply, Row
from conversations.turns import Tap, Turn
from conversations.words import Plain, Words, _
from conversations.world import Answer, World

AFTER = "after:"
LONGEST_TOPIC = 34  # characters that a step has room for
SIGNS = str.maketrans(dict.fromkeys("?!.,…؟،", " "))
# Whole messages, as people type them after an answer, in the languages the bot speaks.
ONWARD = {
    "en nu", "wat nu", "nu", "en dan", "en toen", "en nou", "wat nou", "hoe nu verder", "hoe verder", "en verder",
    "wat moet ik nu doen", "wat moet ik nu", "wat doe ik nu", "wat dan", "verder", "volgende", "volgende stap",
    "and now", "now what", "what now", "and then", "next", "next step", "what next", "والآن", "وبعد ذلك", "ماذا بعد",
}  # fmt: skip
FAILED = {
    "lukt niet", "het lukt niet", "lukt nie", "dat lukt niet", "lukt me niet", "het lukt me niet", "werkt niet",
    "dat werkt niet", "het werkt niet", "werkt nie", "helpt niet", "dat helpt niet", "niet gelukt", "nog steeds niet",
    "doet het nog steeds niet", "it did not work", "it does not work", "does not work", "did not help",
    "لم ينجح", "لا يعمل",
}  # fmt: skip

FEW = 2  # so few steps need no walking through
MOST_NEIGHBOURS = 3

# Where it would be out of place to ask whether it worked.
NO_VERDICT = {"noodgeval", "zorginhoud-vraag", "ziekmelden", "schaamte", "hr-vraag", "bieb-gratis"}
# Where the warning around the steps must stay in sight.
NO_WALK = {"noodgeval", "zorginhoud-vraag"}
# Answers about the bot lead on to what the bot can do.
LEADS_TO = {
    "inloop-bieb": (Button(_("📅 See the drop-ins"), Tap("session")),),
    "bieb-gratis": (Button(_("📅 See the drop-ins"), Tap("session")),),
    "mens-spreken": (Button(_("🙋 Who can help me?"), Tap("human")),),
    "hr-vraag": (Button(_("🙋 Who can help me?"), Tap("human")),),
    "schaamte": (Button(_("📅 See the drop-ins"), Tap("session")),),
    "bot-stoppen": (
        Button(_("🔕 No more messages"), Tap("stop")),
        Button(_("🗑 Erase everything"), Tap("settings", "erase")),
    ),
    "privacy-bot": (Button(_("See my data"), Tap("settings", "data")),),
    "groet": (Button(_("📚 Look at all subjects"), Tap("browse")),),
    "wat-kan-je": (Button(_("📚 Look at all subjects"), Tap("browse")),),
    "antwoord-hielp-niet": (Button(_("🙋 I want a human"), Tap("human")),),
}


def hear(person: Person, turn: Turn, world: World) -> Reply:
    match turn:
        case Tap("answer", "show", topic):
            return show(person, topic, world)
        case Tap("answer", "all", topic):
            return show(person, topic, world, in_place=True)
        case Tap("answer", "step", which):
            return show_step(person, which, world)
        case Tap("answer", "worked"):
            return be_glad(person)
        case Tap("answer", "failed", topic):
            return help_further(person, topic, world)
        case _:
            return say_it_is_gone(person)


def show(person: Person, topic: str, world: World, in_place: bool = False) -> Reply:
    answer = world.answer(topic, person)
    if answer is None:
        return say_it_is_gone(person)
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(answer.steps, 1))
    body = (Plain(part) for part in (answer.lead, steps, answer.after) if part)
    return Reply(shown(person, answer.id)).say(
        *foreign(answer, person),
        title(answer),
        *body,
        buttons=below(answer, walk=len(answer.steps) > FEW and answer.id not in NO_WALK),
        in_place=in_place,
        menu=True,
    )


def shown(person: Person, topic: str) -> Person:
    """Remembers what was answered last, so that "and now?" means something; not of who asked to stay unknown."""
    joining = person.step.startswith("join:")
    return person.at(f"{AFTER}{topic}") if person.agreed_at and not joining and len(topic) <= LONGEST_TOPIC else person


def follow_up(person: Person, said: str, world: World) -> Reply | None:
    """ "And now?" right after an answer is about that answer; None when it is anything else."""
    if not person.step.startswith(AFTER):
        return None
    words = " ".join(said.casefold().translate(SIGNS).split())
    topic = person.step.removeprefix(AFTER)
    if words in FAILED:
        return help_further(person, topic, world)
    answer = world.answer(topic, person) if words in ONWARD else None
    return ask_how_far(person, answer) if answer else None


def ask_how_far(person: Person, answer: Answer) -> Reply:
    buttons = below(answer, walk=len(answer.steps) > FEW and answer.id not in NO_WALK)
    return Reply(person).say(
        title(answer),
        _("Are you stuck, or is it done? Tap what fits. Or type a new question."),
        buttons=[*buttons, Button(_("🙋 I want a human"), Tap("human"))],
    )


def title(answer: Answer) -> Plain:
    return Plain(f"**{answer.title}**")


def foreign(answer: Answer, person: Person) -> tuple[Words, ...]:
    if answer.language == person.language:
        return ()
    return (_("This answer is in Dutch. The buttons have the same names on your screen."),)


def below(answer: Answer, walk: bool) -> list[Button | Row]:
    buttons: list[Button | Row] = []
    if walk:
        buttons.append(Button(_("👣 One step at a time"), Tap("answer", "step", f"{answer.id}.1")))
    buttons.extend(LEADS_TO.get(answer.id, ()))
    if answer.category != "bot" and answer.id not in NO_VERDICT:
        buttons.append(verdict(answer.id))
    return buttons


def verdict(topic: str) -> Row:
    return (
        Button(_("👍 It worked"), Tap("answer", "worked", topic)),
        Button(_("👎 It did not work"), Tap("answer", "failed", topic)),
    )


def show_step(person: Person, which: str, world: World) -> Reply:
    """`which` is "topic.number"; a number beyond the steps, after a change of the answer, shows all of it."""
    topic, _dot, number = which.rpartition(".")
    answer = world.answer(topic, person)
    if answer is None:
        return say_it_is_gone(person)
    at = int(number) if number.isascii() and number.isdigit() else 0
    if not 1 <= at <= len(answer.steps):
        return show(person, topic, world, in_place=True)
    lead = (Plain(answer.lead),) if at == 1 else ()
    after = (Plain(answer.after),) if at == len(answer.steps) and answer.after else ()
    return Reply(person).say(
        title(answer),
        *lead,
        _("Step {number} of {all}", number=at, all=len(answer.steps)),
        Plain(answer.steps[at - 1]),
        *after,
        buttons=step_buttons(answer, at),
        in_place=True,
    )


def step_buttons(answer: Answer, at: int) -> list[Button | Row]:
    back = Button(_("◀ Back"), Tap("answer", "step", f"{answer.id}.{at - 1}"))
    onward = Button(_("Next ▶"), Tap("answer", "step", f"{answer.id}.{at + 1}"))
    last = at == len(answer.steps)
    turns = tuple(button for button, there in ((back, at > 1), (onward, not last)) if there)
    everything = Button(_("All steps"), Tap("answer", "all", answer.id))
    return [turns, verdict(answer.id), everything] if last else [turns, everything]


def be_glad(person: Person) -> Reply:
    return Reply(person).say(
        _("Well done! You did that yourself."), _("Do you have another question? Just type it."), menu=True
    )


def help_further(person: Person, topic: str, world: World) -> Reply:
    answer = world.answer(topic, person)
    near = answer.neighbours[:MOST_NEIGHBOURS] if answer else ()
    buttons = topic_buttons(near, person, world)
    words = _("That is a pity. It is not your fault. Maybe this helps:")
    if not buttons:
        words = _("That is a pity. It is not your fault. A human can help you.")
    return Reply(person).say(
        words,
        buttons=[
            *buttons,
            Button(_("📅 To a drop-in"), Tap("session")),
            Button(_("🙋 I want a human"), Tap("human")),
        ],
    )


def topic_buttons(topics: Iterable[str], person: Person, world: World) -> list[Button | Row]:
    found = (world.answer(topic, person) for topic in topics)
    return [Button(Plain(answer.title), Tap("answer", "show", answer.id)) for answer in found if answer]


def say_it_is_gone(person: Person) -> Reply:
    return Reply(person).say(
        _("This answer is no longer there. Type your question, or look at the subjects."),
        buttons=[Button(_("📚 Look at all subjects"), Tap("browse"))],
    )
