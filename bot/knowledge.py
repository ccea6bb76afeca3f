"""What the bot knows at one moment: answers, organisations, and a search that has learnt them."""

from dataclasses import dataclass
from pathlib import Path

from bot.content.answers import DUTCH, AnswerFile, Content
from bot.content.organisations import Organisations
from bot.search import Search, Topic


@dataclass(frozen=True)
class Knowledge:
    content: Content
    organisations: Organisations
    search: Search


def learn(content: Content, organisations: Organisations, cache: Path | None) -> Knowledge:
    """Takes seconds when the content is new, and a moment when `cache` has it already."""
    topics = [_topic(answer) for answer in content.in_language(DUTCH)]
    return Knowledge(content, organisations, Search.learn(topics, content.outside, cache))


def _topic(answer: AnswerFile) -> Topic:
    text = " ".join((answer.lead, *answer.steps, answer.after))
    return Topic(answer.id, answer.title, answer.samples, text, answer.app, answer.neighbours)
