"""Where the files are that come with the program: at the top of a checkout, inside this package in a wheel."""

from pathlib import Path

_HERE = Path(__file__).parent


def shipped(name: str) -> Path:
    inside = _HERE / "_shipped" / name
    return inside if inside.exists() else _HERE.parent / name
