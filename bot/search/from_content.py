"""The answers in the content folder, as the search learns them."""

from collections import defaultdict

from bot.content.answers import DUTCH, Content
from bot.search.finding import Topic


def topics_in(content: Content) -> tuple[Topic, ...]:
    """One topic for every Dutch answer; samples of its translations belong to it too."""
    samples: dict[str, list[str]] = defaultdict(list)
    for answer in sorted(content.answers.values(), key=lambda answer: (answer.language != DUTCH, answer.language)):
        samples[answer.id].extend(answer.samples)
    for name, more in content.questions.items():
        samples[name].extend(question.text for question in more.asked)
    return tuple(
        Topic(
            id=answer.id,
            title=answer.title,
            samples=tuple(samples[answer.id]),
            phrases=tuple(piece.text for piece in content.questions[answer.id].pieces)
            if answer.id in content.questions
            else (),
            text="\n".join((answer.lead, *answer.steps, answer.after)),
            app=answer.app,
            neighbours=answer.neighbours,
        )
        for answer in sorted(content.in_language(DUTCH), key=lambda answer: answer.id)
    )
