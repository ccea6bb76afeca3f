"""Settings: from the environment or a `.env` file, read once."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.shipped import shipped

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


class SettingsError(Exception):
    """A setting that cannot work; the message says which and what to do."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="DIGIHULP_", env_file=".env", extra="ignore")

    token: str = Field("", description="The bot's token, from BotFather.")
    bot_name: str = Field("", description="The bot's user name; asked of Telegram when empty.")
    api_url: str = Field("https://api.telegram.org", description="Root of the Bot API, before `/bot<token>`.")
    database_url: str = Field(
        "sqlite+aiosqlite:///digihulp.db", description="Where to remember; or `postgresql+asyncpg://...`."
    )
    content: Path = Field(default_factory=lambda: shipped("content"), description="Folder with the answers.")
    organisations: Path | None = Field(None, description="Organisations file; default: the one in the content folder.")
    cache: Path = Field(
        default_factory=lambda: Path.home() / ".cache" / "digihulp",
        description="Folder for what the search has learnt; may be thrown away.",
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
        try:
            driver = make_url(url).drivername
        except ArgumentError:
            raise ValueError("is no database address; try sqlite+aiosqlite:///digihulp.db") from None
        if driver not in DRIVERS.values():
            wanted = DRIVERS.get(driver.partition("+")[0], DRIVERS["sqlite"])
            raise ValueError(f"must begin with {wanted}://")
        return url

    @field_validator("webhook_listen")
    @classmethod
    def host_and_port(cls, listen: str) -> str:
        host, colon, port = listen.rpartition(":")
        if not (colon and host and port.isdigit() and int(port) < 65536):
            raise ValueError("must be host:port, such as 127.0.0.1:8443")
        return listen

    @model_validator(mode="after")
    def webhook_has_a_secret(self) -> "Settings":
        allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
        if self.webhook_url and not (1 <= len(self.webhook_secret) <= 256 and set(self.webhook_secret) <= allowed):
            raise ValueError("DIGIHULP_WEBHOOK_URL needs DIGIHULP_WEBHOOK_SECRET: 1-256 of A-Z a-z 0-9 _ -")
        return self

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
    place = error["loc"]
    name = f"DIGIHULP_{str(place[0]).upper()} " if isinstance(place, tuple) and place else ""
    return (
        f"{name}{str(error['msg']).removeprefix('Value error, ')} (given: {error['input']!r})"
        if name
        else str(error["msg"]).removeprefix("Value error, ")
    )
