"""The big buttons below every chat, and the few words that always work.

A menu button sends its label as text. What it means is carried by the sign in front, which no translation
changes: a keyboard laid down years ago, in any language, still works.
"""

from conversations.people import Person
from conversations.replies import Reply
from conversations.turns import Tap, Text
from conversations.words import Words, _

ASK = _("❓ Ask a question")
SUBJECTS = _("📚 Subjects")
DROP_INS = _("📅 Drop-in")
HUMAN = _("🙋 A human")
SETTINGS = _("⚙️ Settings")

MENU: tuple[tuple[Words, ...], ...] = ((ASK, SUBJECTS), (DROP_INS, HUMAN), (SETTINGS,))
PLACEHOLDER = _("Type your question")

MEANT_BY_SIGN = {
    "❓": Tap("ask"),
    "📚": Tap("browse"),
    "📅": Tap("session"),
    "🙋": Tap("human"),
    "⚙": Tap("settings"),
}

# Whole messages, in every language the bot speaks and in those its readers speak at home. "Help" is not among
# them: it may be a cry for help, and the search knows what to do then.
MENU_WORDS = {"menu", "menü", "القائمة", "قائمة", "меню", "منو", "home", "start"}
STOP_WORDS = {
    "stop",
    "stoppen",
    "stopp",
    "dur",
    "توقف",
    "قف",
    "توقفي",
    "قفي",
    "وقف",
    "إيقاف",
    "ايقاف",
    "стоп",
    "ایست",
    "هەڵوەستە",
    "przestań",
    "pare",
}


def meant(text: Text, *, typing: bool = False) -> Tap | None:
    """What a menu button, or a word that always works, asks for; None for everything else.

    While she is `typing` a message of hers, it may begin with the sign of a button: only what is short is one then.
    """
    said = text.said.strip()
    for sign, tap in MEANT_BY_SIGN.items():
        if said.startswith(sign) and len(said) <= (24 if typing else 40):
            return tap
    word = said.rstrip(".!?؟،").lower()
    if word in STOP_WORDS:
        return Tap("stop")
    if word in MENU_WORDS:
        return Tap("menu")
    return None


def show_menu(person: Person) -> Reply:
    return Reply(person).say(_("What can I do for you? Type your question, or tap a button below."), menu=True)


def explain_asking(person: Person) -> Reply:
    return Reply(person).say(
        _("**Type your question.** A few words are enough. Mistakes do not matter."),
        _("For example: I forgot my password. Or: Where is my roster?"),
        menu=True,
    )


def welcome_again(person: Person) -> Reply:
    return Reply(person).say(
        _(
            "Hello again, {name}. You have joined already. Type your question, or tap a button below.",
            name=person.name,
        ),
        menu=True,
    )
