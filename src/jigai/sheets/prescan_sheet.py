"""A streaming look at one worksheet: its real extent and what only the XML knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from jigai.sheets.errors import refuse
from jigai.sheets.limits import Limits
from jigai.sheets.styles import Styles
from jigai.sheets.text import column_letter

_CHUNK = 1024 * 1024
# Longest cell or row tag that may be cut by a chunk border; a cell holds 32,767 characters.
_TAIL = 512 * 1024
_ITEM = re.compile(
    rb"<(?:\w+:)?(?:"
    rb"c\b(?P<cell>[^>]*?)(?:/>|>(?P<body>.*?)</(?:\w+:)?c>)"
    rb"|row\b(?P<whole>[^>]*)(?<!/)>(?P<cells>.*?)</(?:\w+:)?row>"
    rb"|row\b(?P<row>[^>]*)>"
    rb"|col\b(?P<col>[^>]*)>)",
    re.DOTALL,
)
_ADDRESS = re.compile(rb'\br=["\']([A-Z]{1,3})(\d{1,7})["\']')
_ROW_NUMBER = re.compile(rb'\br=["\'](\d{1,7})["\']')
_STYLE = re.compile(rb'\bs=["\'](\d+)["\']')
_HIDDEN = re.compile(rb'\bhidden=["\'](?:1|true)["\']')
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>[^<]")
_YEAR_AND_MONTH = re.compile(rb">(?:19|20)\d\d\.\d{1,2}<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
# Formulas, prefixed names and cells without content need the careful look.
_NOT_PLAIN = (b"<f", b":f", b":c", b'"></c>', b"'></c>")
_STRING_RESULT = re.compile(rb'\bt=["\']str["\']')


@dataclass(slots=True)
class SheetFacts:
    """What the XML of a worksheet says beyond the values."""

    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    shown_decimals: dict[tuple[int, int], int] = field(default_factory=dict)
    shown_months: set[tuple[int, int]] = field(default_factory=set)
    formulas_without_value: set[tuple[int, int]] = field(default_factory=set)


class _Scan:
    def __init__(self, name: str, styles: Styles, limits: Limits) -> None:
        self.name = name
        self.styles = styles
        self.limits = limits
        self.facts = SheetFacts()
        self.row = 0
        self.column = 0
        # Styles that can say something about a cell, as the XML writes them.
        self.telling = {b"%d" % style for style in (*styles.decimals, *styles.months)}

    def take(self, found: re.Match[bytes]) -> None:
        if found["whole"] is not None:
            if not self._plain_row(found["whole"], found["cells"]):
                self._begin_row(found["whole"])
                for inner in _ITEM.finditer(found["cells"]):
                    self.take(inner)
        elif found["cell"] is not None:
            self._cell(found["cell"], found["body"] or b"")
        elif found["row"] is not None:
            self._begin_row(found["row"])
        else:
            self.facts.hidden_columns += bool(_HIDDEN.search(found["col"]))

    def _begin_row(self, attributes: bytes) -> None:
        number = _ROW_NUMBER.search(attributes)
        self.row, self.column = int(number[1]) if number else self.row + 1, 0
        self.facts.hidden_rows += bool(_HIDDEN.search(attributes))

    def _plain_row(self, attributes: bytes, cells: bytes) -> bool:
        """Take a row as a whole if its cells have addresses and values and nothing else to tell.

        Nearly all rows of a large sheet are like this, and looking at each cell takes ten times as
        long. Whatever is not certain is left to the careful look: ``False``, nothing taken.
        """
        number = _ROW_NUMBER.search(attributes)
        if number is None or any(sign in cells for sign in _NOT_PLAIN):
            return False
        addresses = _ADDRESS.findall(cells)
        if not addresses or len(addresses) != cells.count(b"</c>"):
            return False
        if {row for _, row in addresses} != {number[1]}:
            return False
        if self.telling and not self.telling.isdisjoint(_STYLE.findall(cells)):
            return False
        self._begin_row(attributes)
        facts = self.facts
        facts.cells += len(addresses)
        facts.last_row = max(facts.last_row, self.row)
        widest = max(_column_number(letters) for letters in {letters for letters, _ in addresses})
        facts.last_column = max(facts.last_column, widest)
        self._check_extent()
        return True

    def _cell(self, attributes: bytes, body: bytes) -> None:
        address = _ADDRESS.search(attributes)
        if address:
            self.row, self.column = int(address[2]), _column_number(address[1])
        else:
            self.column += 1
        if not body:
            return
        facts, place = self.facts, (self.row, self.column)
        facts.cells += 1
        facts.last_row = max(facts.last_row, self.row)
        facts.last_column = max(facts.last_column, self.column)
        self._check_extent()
        if (
            _FORMULA.search(body)
            and not _VALUE.search(body)
            and not _STRING_RESULT.search(attributes)
        ):
            facts.formulas_without_value.add(place)
        style = _STYLE.search(attributes)
        if style and int(style[1]) in self.styles.decimals and _YEAR_AND_MONTH.search(body):
            facts.shown_decimals[place] = self.styles.decimals[int(style[1])]
        if style and int(style[1]) in self.styles.months:
            facts.shown_months.add(place)

    def _check_extent(self) -> None:
        facts = self.facts
        if facts.last_row * facts.last_column > self.limits.area:
            cell = f"{column_letter(facts.last_column)}{facts.last_row}"
            raise refuse("sheet_extent", sheet=self.name, cell=cell)
        if facts.cells > self.limits.cells:
            raise refuse("sheet_cells", sheet=self.name, limit=self.limits.cells)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def scan_sheet(stream: IO[bytes], name: str, styles: Styles, limits: Limits) -> SheetFacts:
    """Scan one worksheet part; raises ``SheetError`` when its used range is out of bounds."""
    scan = _Scan(name, styles, limits)
    for found in _items(stream):
        scan.take(found)
    return scan.facts


def _items(stream: IO[bytes]) -> Iterator[re.Match[bytes]]:
    """Every row, column and cell element, whatever the chunk borders cut."""
    rest = b""
    while True:
        chunk = stream.read(_CHUNK)
        text = rest + chunk
        done = 0
        # Elements that start near the end may be cut; they wait for the next chunk.
        border = len(text) if not chunk else max(len(text) - _TAIL, 0)
        for found in _ITEM.finditer(text):
            if found.start() >= border:
                break
            yield found
            done = found.end()
        if not chunk:
            return
        rest = text[max(done, border) :]
