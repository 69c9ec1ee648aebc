"""A sheet as a typed table: rows of clean values, each with its own findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from jigai.sheets.columns import Column
from jigai.sheets.issues import Issue, make_issue
from jigai.sheets.spec import TableSpec
from jigai.sheets.text import Scalar, cell_text
from jigai.sheets.values.result import Parsed

_NOTHING = Parsed()


@dataclass(slots=True)
class Row:
    """One data row: its number in the sheet, raw cells, clean cells, and its block.

    ``block`` counts the stretches between group headings and subtotals; ``group`` is the text of
    the group heading above, if there is one.
    """

    number: int
    raw: dict[str, Scalar] = field(default_factory=dict)
    cells: dict[str, Parsed] = field(default_factory=dict)
    block: int = 0
    group: str = ""

    def get(self, name: str) -> Any:
        """The clean value of a field; None when missing, unreadable or not a column."""
        return self.cells.get(name, _NOTHING).value

    def parsed(self, name: str) -> Parsed:
        """The clean value with its history."""
        return self.cells.get(name, _NOTHING)

    def text(self, name: str) -> str:
        """The raw cell as text."""
        return cell_text(self.raw.get(name))

    def failed(self, names: Iterable[str]) -> frozenset[str]:
        """Which of these fields hold something that must not be used."""
        return frozenset(name for name in names if self.parsed(name).failed)


@dataclass(slots=True)
class TotalRow:
    """A subtotal or total row with its raw figures."""

    number: int
    role: str
    raw: dict[str, Scalar]
    block: int


@dataclass(slots=True)
class Table:
    """One table of one sheet. ``issues`` grow while later steps look at the rows.

    ``above`` are the texts over the heading, by row and column. ``more`` are the tables of
    further sheets, where the kind of table takes several.
    """

    file: str
    sheet: str
    spec: TableSpec
    columns: dict[str, Column]
    rows: list[Row] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    roles: dict[int, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    above: dict[tuple[int, int], str] = field(default_factory=dict)
    more: list[Table] = field(default_factory=list)

    @property
    def parts(self) -> tuple[Table, ...]:
        """This table and those of further sheets, in the order of the workbook."""
        return (self, *self.more)

    @property
    def all_issues(self) -> list[Issue]:
        """Findings of all parts."""
        return [issue for part in self.parts for issue in part.issues]

    def unit(self, name: str) -> str:
        """The unit in which the cells of a column are understood."""
        return self.units.get(name, "")

    def report(
        self, row: Row | TotalRow, name: str, code: str, clean_value: str = "", detail: str = ""
    ) -> None:
        """Record a finding about one cell."""
        column = self.columns.get(name)
        self.issues.append(
            make_issue(
                code,
                file=self.file,
                sheet=self.sheet,
                row=row.number,
                column=column.letter if column else "",
                field=name,
                label=self.spec.fields[name].name,
                raw=cell_text(row.raw.get(name)),
                clean_value=clean_value,
                detail=detail,
            )
        )

    def suggest(self, row: Row, name: str, codes: Iterable[str], clean_value: str) -> None:
        """Put a better clean value on findings that were made before it was known."""
        wanted = frozenset(codes)
        for place, issue in enumerate(self.issues):
            if issue.row == row.number and issue.field == name and issue.code in wanted:
                self.issues[place] = replace(issue, clean_value=clean_value)

    def note(self, code: str, detail: str = "", column: str = "") -> None:
        """Record a finding about the whole sheet."""
        self.issues.append(
            make_issue(code, file=self.file, sheet=self.sheet, column=column, detail=detail)
        )
