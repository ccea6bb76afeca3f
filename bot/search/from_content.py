"""The answers in the content folder, as the search learns them."""

from collections import defaultdict

from bot.content.answers import DUTCH, Content
from bot.search.finding import Topic


def topics_in(content: Content) -> tuple[Topic, ...]:
    """One topic for every Dutch answer; samples of its translations belong to it too."""
    samples: dict[str, list[str]] = defaultdict(list)
    phrases: dict[str, list[str]] = defaultdict(list)
    for answer in sorted(content.answers.values(), key=lambda answer: (answer.language != DUTCH, answer.language)):
        samples[answer.id].extend(answer.samples)
    for more in content.questions:
        samples[more.answer].extend(question.text for question in more.asked)
        phrases[more.answer].extend(piece.text for piece in more.pieces)
    return tuple(
        Topic(
            id=answer.id,
            title=answer.title,
            samples=tuple(samples[answer.id]),
            text="\n".join((answer.lead, *answer.steps, answer.after)),
            app=answer.app,
            neighbours=answer.neighbours,
            phrases=tuple(phrases[answer.id]),
        )
        for answer in sorted(content.in_language(DUTCH), key=lambda answer: answer.id)
    )
