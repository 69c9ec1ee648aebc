"""A file of answers from the treasury, read strictly: nothing in it is guessed or dropped."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from jigai.errors import JigaiError
from jigai.funding.payments.accounts import bare_number
from jigai.sheets.grid import Grid
from jigai.sheets.reader import read_workbook
from jigai.sheets.text import Scalar, cell_text, is_blank, squeeze
from jigai.sheets.values.dates import read_date

REFERENCE, ACCOUNT, AMOUNT, RESULT, DAY, REASON = (
    "支付编号", "收款账号", "金额（元）", "结果", "日期", "原因",
)  # fmt: skip
HEADINGS = (REFERENCE, ACCOUNT, AMOUNT, RESULT, DAY, REASON)
PAID, RETURNED, TOTAL = "到账", "退票", "合计"
_YUAN = re.compile(r"[0-9]+(\.[0-9]{1,2})?|[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,2})?")
_COUNT = re.compile(r"([0-9]+)\s*笔?")
# A number keeps fifteen digits; of a longer account number the last ones are gone.
_EXACT = 10**15
_HEAD_ROWS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """One row. ``fen`` and ``day`` are ``None`` where they cannot be read."""

    row: int
    reference: str
    account: str
    fen: int | None
    result: str
    day: dt.date | None
    reason: str = ""

    @property
    def told(self) -> tuple[object, ...]:
        """What it says, without where it stands."""
        return (self.account, self.fen, self.result, self.day)


@dataclass(slots=True)
class Answers:
    """The rows of a file and the control totals of its last line."""

    rows: list[Answer] = field(default_factory=list)
    total_row: int = 0
    total_count: int | None = None
    total_fen: int | None = None

    def wrong_total(self) -> str:
        """What does not agree between the rows and the control totals; empty where all does."""
        if not self.total_row:
            return "文件没有“合计”行，可能没有传完整"
        if self.total_count != len(self.rows):
            return f"合计写 {self.total_count or '（读不出）'} 笔，实有 {len(self.rows)} 笔"
        if any(answer.fen is None for answer in self.rows):
            return "有的金额读不出，无法核对合计"
        added = sum(answer.fen or 0 for answer in self.rows)
        if self.total_fen != added:
            return f"合计金额与各行之和相差 {abs((self.total_fen or 0) - added) / 100:.2f} 元"
        return ""


def read_answers(path: Path) -> Answers:
    """The rows of an .xlsx or .csv file. Raises :class:`JigaiError` for what is no such file."""
    book = read_workbook(path)
    found = [(grid, head) for grid in book.sheets if (head := _heading(grid)) is not None]
    if len(found) != 1:
        raise JigaiError(
            "answers-heading",
            "文件里没有找到回单的表头" if not found else "文件里有不止一张回单表",
            f"第一行应是：{'、'.join(HEADINGS)}；每个文件一张表",
        )
    grid, (row, columns) = found[0]
    return _read(grid, row, columns)


def _heading(grid: Grid) -> tuple[int, dict[str, int]] | None:
    for row in sorted(grid.rows)[:_HEAD_ROWS]:
        names = [squeeze(cell_text(value)) for value in grid.rows[row]]
        if all(names.count(name) == 1 for name in HEADINGS):
            return row, {name: names.index(name) + 1 for name in HEADINGS}
    return None


def _read(grid: Grid, head: int, columns: dict[str, int]) -> Answers:
    answers = Answers()
    for row in sorted(number for number in grid.rows if number > head):
        cells = {name: grid.cell(row, column) for name, column in columns.items()}
        first = next(cell_text(value) for value in grid.rows[row] if not is_blank(value))
        if squeeze(first) == TOTAL and not answers.total_row:
            answers.total_row = row
            answers.total_count = _count(grid.rows[row])
            answers.total_fen = read_yuan(cells[AMOUNT])
        else:
            # What stands below the total counts as rows too, so that the totals show it.
            answers.rows.append(_answer(row, cells))
    return answers


def _answer(row: int, cells: dict[str, Scalar]) -> Answer:
    parsed = read_date(cells[DAY])
    exact = parsed.precision == "day" and isinstance(parsed.value, dt.date)
    return Answer(
        row=row, reference=squeeze(cell_text(cells[REFERENCE])), account=_account(cells[ACCOUNT]),
        fen=read_yuan(cells[AMOUNT]), result=squeeze(cell_text(cells[RESULT])),
        day=parsed.value if exact else None, reason=cell_text(cells[REASON]).strip()[:300],
    )  # fmt: skip


def _account(raw: Scalar) -> str:
    """The digits; empty for a number that has lost its last digits."""
    if isinstance(raw, int | float) and abs(raw) >= _EXACT:
        return ""
    return bare_number(cell_text(raw))


def _count(values: list[Scalar]) -> int | None:
    """How many rows the total line names: the first cell of digits (and 笔)."""
    for value in values:
        found = _COUNT.fullmatch(squeeze(cell_text(value)))
        if found:
            return int(found.group(1))
    return None


def read_yuan(raw: Scalar) -> int | None:
    """Whole fen of an amount in yuan with at most two decimals; ``None`` for anything else."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        try:
            fen = Decimal(repr(raw)) * 100
        except InvalidOperation:
            return None
        return int(fen) if fen == fen.to_integral_value() and 0 < fen < _EXACT else None
    text = squeeze(cell_text(raw))
    if not _YUAN.fullmatch(text):
        return None
    return int(Decimal(text.replace(",", "")) * 100)
