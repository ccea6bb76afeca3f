"""Tables as Markdown has them, a line at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

Table: TypeAlias = Iterator[Sequence[str]]
"""The heads of the columns first."""


def show(table: Table) -> None:
    heads = next(table)
    print(line(heads))
    print(line(["---"] * len(heads)))
    for cells in table:
        print(line(cells), flush=True)


def line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def beside(value: float, base: float, unit: str = "") -> str:
    """With the ratio to what it is measured beside."""
    digits = 1 if value >= 1 else 2
    return f"{value:,.{digits}f}{unit} ({value / base:.2f} x)"
