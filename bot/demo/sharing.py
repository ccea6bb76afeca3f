"""Links that go from one phone to another."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class SharedLink:
    """A link that somebody else sent, not opened yet. `payload` is what it starts the bot with, if it does."""

    id: int
    sender: str
    url: str
    words: str = ""
    payload: str | None = None

    @property
    def label(self) -> str:
        return f"Link van {self.sender}" if self.payload is None else f"Uitnodiging van {self.sender}"

    def as_json(self) -> dict[str, Any]:
        """As the page wants it; one that starts the bot has no address to open."""
        url = self.url if self.payload is None else None
        return {"id": self.id, "sender": self.sender, "label": self.label, "words": self.words, "url": url}


def start_payload(url: str, username: str) -> str | None:
    """What a link such as https://t.me/the_bot?start=code starts this bot with; None where it does not."""
    link = urlsplit(url)
    if link.hostname != "t.me" or link.path.strip("/").lower() != username.lower():
        return None
    return next(iter(parse_qs(link.query).get("start", [])), "")


def is_web_address(url: str) -> bool:
    try:
        link = urlsplit(url)
        return link.scheme in ("http", "https") and bool(link.hostname)
    except ValueError:  # such as http://[
        return False
