"""What came out of an example, against what it expects."""

from __future__ import annotations

from dataclasses import dataclass, field

from jigai.rules import schema


@dataclass(frozen=True, slots=True)
class Check:
    """One expected item against what came out, both as written."""

    key: str
    expected: str
    actual: str

    @property
    def passed(self) -> bool:
        """Whether they agree."""
        return self.expected == self.actual


@dataclass(slots=True)
class ExampleResult:
    """What became of one example; ``error`` says why it could not be run."""

    example: schema.Example
    checks: list[Check] = field(default_factory=list)
    error: str = ""

    @property
    def passed(self) -> bool:
        """Whether it ran and every item agrees."""
        return not self.error and all(check.passed for check in self.checks)

    @property
    def name(self) -> str:
        """Name of the example."""
        return self.example.name

    @property
    def clause(self) -> str:
        """Clause the example is about."""
        return self.example.clause

    @property
    def difference(self) -> str:
        """What went wrong, in one line; empty if it passed."""
        wrong = [
            f"{check.key} 应为 {check.expected}，算得 {check.actual}"
            for check in self.checks
            if not check.passed
        ]
        return self.error or "；".join(wrong)
