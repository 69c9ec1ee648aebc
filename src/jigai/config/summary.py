"""What the first start has to tell: who may sign in, and what the sample evaluation gave."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A made-up person with a role, to sign in with. Shown in the terminal only."""

    role: str
    username: str
    password: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Accounts, and lines of text about the data and its evaluation."""

    accounts: tuple[DemoAccount, ...] = ()
    lines: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As plain data, to pass from one process to another."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Summary:
        """The inverse of ``to_json``."""
        accounts = tuple(DemoAccount(**account) for account in data["accounts"])
        return cls(accounts, tuple(data["lines"]))
