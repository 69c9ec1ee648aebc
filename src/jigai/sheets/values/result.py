"""What a normaliser returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jigai.sheets.text import Scalar


@dataclass(frozen=True, slots=True)
class Parsed:
    """A clean value with its history.

    ``value`` is typed (integer fen, ``date``, text …; None when missing or not to be trusted),
    ``clean`` is the same as text for people, ``cell`` is what a corrected workbook should hold,
    ``number_format`` how it should show it. ``codes`` are issue codes in the order of discovery.
    """

    value: Any = None
    codes: tuple[str, ...] = ()
    clean: str = ""
    cell: Scalar = None
    number_format: str = ""
    precision: str = ""
    until: Parsed | None = None

    @property
    def failed(self) -> bool:
        """Whether the cell holds something that must not be used."""
        return any(code.startswith("E_") for code in self.codes)


def missing(*codes: str) -> Parsed:
    """No value; ``codes`` say why when there is something to say."""
    return Parsed(codes=codes)
