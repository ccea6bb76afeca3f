"""Trouble on order: the next so many calls that fit go wrong in the way asked for."""

import random
from dataclasses import asdict, dataclass, field
from typing import Any

RESETS = ("reset_before", "reset_after")
ERRORS = ("429", "500", "502", "503", "504")


@dataclass
class Fault:
    """`do` is "429", "500", "502", "503", "504", "reset_before" (closed before it is handled), "reset_after"
    (handled, then closed without an answer) or "slow" (handled after `seconds`).

    `method` and `chat_id` narrow it down; None fits all. It is used `times` times, each with `probability`.
    """

    do: str
    method: str | None = None
    chat_id: int | None = None
    times: int = 1
    probability: float = 1.0
    seed: int = 0
    retry_after: int = 1
    seconds: float = 1.0
    _random: random.Random = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.do not in (*ERRORS, *RESETS, "slow"):
            raise ValueError(f"there is no fault {self.do!r}")
        self._random = random.Random(self.seed)  # noqa: S311 (chance, not a secret)

    def fits(self, method: str, chat: int | None) -> bool:
        return (
            self.times > 0
            and (self.method is None or self.method.lower() == method.lower())
            and (self.chat_id is None or self.chat_id == chat)
        )

    def strikes(self) -> bool:
        return self._random.random() < self.probability

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if not name.startswith("_")}


class Faults:
    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def add(self, do: str, **details: Any) -> Fault:
        rule = Fault(do, **details)
        self.rules.append(rule)
        return rule

    def replace(self, rules: list[dict[str, Any]]) -> None:
        self.rules = [Fault(**rule) for rule in rules]

    def clear(self) -> None:
        self.rules = []

    def next_for(self, method: str, chat: int | None) -> Fault | None:
        """The first rule that fits and strikes; it is used up by one."""
        for rule in self.rules:
            if rule.fits(method, chat) and rule.strikes():
                rule.times -= 1
                return rule
        return None
