"""The one family of errors that a person may see."""

from __future__ import annotations


class JigaiError(Exception):
    """A problem that a person can act on.

    ``code`` is stable and meant for programs, ``message`` is one Chinese sentence that says what is
    wrong and where, ``hint`` says what to do next (empty when there is nothing to do).
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.message!r})"
