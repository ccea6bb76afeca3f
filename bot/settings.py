"""Settings: from the environment or a `.env` file, read once."""

import tempfile
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.content.questions import FOLDER
from bot.shipped import shipped
from bot.store import addresses

# What was given for these is not shown when it is wrong.
SECRET = {"token", "database_url", "webhook_secret"}


def own_cache() -> Path:
    """In the home folder; where there is none, with the temporary files."""
    try:
        home = Path.home()
    except RuntimeError:
        return Path(tempfile.gettempdir()) / "digihulp"
    return home / ".cache" / "digihulp"


class SettingsError(Exception):
    """A setting that cannot work; the message says which and what to do."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="DIGIHULP_", env_file=".env", extra="ignore", str_strip_whitespace=True
    )

    token: str = Field("", description="The bot's token, from BotFather.")
    bot_name: str = Field("", description="The bot's user name; asked of Telegram when empty.")
    api_url: str = Field("https://api.telegram.org", description="Root of the Bot API, before `/bot<token>`.")
    database_url: str = Field(
        "sqlite+aiosqlite:///digihulp.db", description="Where to remember; or `postgresql+asyncpg://...`."
    )
    content: Path = Field(default_factory=lambda: shipped("content"), description="Folder with the answers.")
    questions: Path | None = Field(
        None, description="Folder for questions that coordinators place; default: `vragen` in the content folder."
    )
    organisations: Path | None = Field(None, description="Organisations file; default: the one in the content folder.")
    cache: Path = Field(
        default_factory=own_cache, description="Folder for what the search has learnt; may be thrown away."
    )
    webhook_url: str = Field("", description="Public https address for webhooks; empty: polling.")
    webhook_listen: str = Field("127.0.0.1:8443", description="host:port to listen on for webhooks.")
    webhook_secret: str = Field("", description="1-256 of A-Z a-z 0-9 _ -; Telegram sends it along.")
    send_rate: float = Field(28, gt=0, le=1000, description="Messages a second, at most.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much to log.")
    log_format: Literal["text", "json"] = Field("text", description="text or json.")

    @field_validator("log_level", mode="before")
    @classmethod
    def in_capitals(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @field_validator("api_url", "webhook_url")
    @classmethod
    def address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return url.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def known_database(cls, url: str) -> str:
        if mistake := addresses.mistake_in(url):
            raise ValueError(mistake)
        return url

    @field_validator("webhook_listen")
    @classmethod
    def host_and_port(cls, listen: str) -> str:
        host, colon, port = listen.rpartition(":")
        if not (colon and host and port.isdecimal() and int(port) < 65536):
            raise ValueError("must be host:port, such as 127.0.0.1:8443")
        return listen

    @model_validator(mode="after")
    def webhook_has_a_secret(self) -> "Settings":
        allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
        if self.webhook_url and not (1 <= len(self.webhook_secret) <= 256 and set(self.webhook_secret) <= allowed):
            raise ValueError("DIGIHULP_WEBHOOK_URL needs DIGIHULP_WEBHOOK_SECRET: 1-256 of A-Z a-z 0-9 _ -")
        return self

    @property
    def questions_folder(self) -> Path:
        return self.questions or self.content / FOLDER

    @property
    def organisations_file(self) -> Path:
        return self.organisations or self.content / "organisations.yaml"


def read(**overrides: object) -> Settings:
    """Raises SettingsError with one clear sentence for each setting that is wrong."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # the fields say their own types
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(dict(e)) for e in error.errors())) from None


def _sentence(error: dict[str, object]) -> str:
    place, told = error["loc"], str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "must be")
    if not (isinstance(place, tuple) and place):
        return told
    given = "" if place[0] in SECRET else f" (given: {error['input']!r})"
    return f"DIGIHULP_{str(place[0]).upper()} {told}{given}"
