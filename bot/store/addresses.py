"""Addresses of databases, as administrators write them."""

from importlib.util import find_spec

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


def mistake_in(url: str) -> str:
    """What is wrong with the address, or nothing; never the address itself, which may hold a password."""
    try:
        driver = make_url(url).drivername
    except (ArgumentError, ValueError):
        return "is no database address; try sqlite+aiosqlite:///digihulp.db"
    if driver not in DRIVERS.values():
        wanted = DRIVERS.get(driver.partition("+")[0], DRIVERS["sqlite"])
        return f"must begin with {wanted}://"
    if driver == DRIVERS["postgresql"] and not find_spec("asyncpg"):
        return "needs the package asyncpg: install digihulp[postgresql]"
    return ""
