"""Errors of the pack language: every one names file, line, column, clause and a fix."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a pack something stands: file name relative to the pack, 1-based line and column."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Render as ``file:line:column``, leaving out what is not known."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of the loader or linter.

    ``code`` is stable (``unit-mismatch``), ``message`` says what is wrong in Chinese, ``fix`` what
    to write instead, ``clause`` the clause id the item cites (or an empty string).
    """

    code: str
    place: Place
    message: str
    fix: str = ""
    clause: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        """Render as one paragraph an official can act on."""
        clause = f"（条款 {self.clause}）" if self.clause else ""
        fix = f" 改法：{self.fix}" if self.fix else ""
        return f"{self.place} [{self.code}]{clause} {self.message}{fix}"


class PackError(Exception):
    """A pack that cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems and join them into the message."""
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class FormulaError(Exception):
    """A formula that does not parse or type-check; the caller adds the place in the pack."""

    def __init__(self, code: str, message: str, fix: str = "") -> None:
        """Keep code, message and fix apart so that they can become a :class:`Problem`."""
        self.code, self.message, self.fix = code, message, fix
        super().__init__(message)


class EvaluationError(Exception):
    """A plan that cannot run on these facts or choices (unknown reading, missing key column)."""
