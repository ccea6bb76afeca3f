"""What the bot knows at one moment: answers, organisations, and a search that has learnt them."""

from dataclasses import dataclass
from pathlib import Path

from bot.content.answers import Content
from bot.content.organisations import Organisations
from bot.search import Search
from bot.search.from_content import topics_in


@dataclass(frozen=True)
class Knowledge:
    """`send_rate` is in messages a second; `bot_name` is the name in links to the bot."""

    content: Content
    organisations: Organisations
    search: Search
    bot_name: str = ""
    send_rate: float = 28


def learn(content: Content, organisations: Organisations, cache: Path | None) -> Knowledge:
    """Takes seconds when the content is new, and a moment when `cache` has it already."""
    return Knowledge(content, organisations, Search.learn(topics_in(content), content.outside, cache))
