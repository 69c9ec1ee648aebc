"""The project ledger: typed projects, matched to enterprises, checked against each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from jigai.core.enterprise_matching import EnterpriseIndex, Match, match_row
from jigai.core.enterprise_register import flag
from jigai.core.filing import filing_state
from jigai.core.project_tags import MOST, read_tags
from jigai.sheets.table import Row, Table
from jigai.sheets.totals import check_parts, check_totals
from jigai.sheets.values.amounts import yuan_text

_MONEY = ("total", "fixed", "equipment", "robot", "software", "hardware")
_CHECKED = (*_MONEY, "start", "end")
# (larger than allowed, allowed, code): the finding belongs to the first field.
_ORDERED = (
    ("equipment", "fixed", "W_EQ_GT_FIXED"),
    ("fixed", "total", "W_FIXED_GT_TOTAL"),
    ("robot", "equipment", "W_ROBOT_GT_EQ"),
)


@dataclass(frozen=True, slots=True)
class Project:
    """One row of the ledger.

    Money in integer fen; ``start`` and ``end`` are days with a precision (``day``, ``month``,
    ``year``); ``filing`` is ``yes``, ``none`` or ``unknown``; ``cell_errors`` names the fields
    whose cells must not be used; a repeated row carries the row it repeats in ``duplicate_of_row``.
    """

    row: int
    project_name: str
    enterprise_raw: str
    enterprise_name: str | None
    uscc: str | None
    match: str | None
    project_code: str | None
    filing_no: str | None
    filing: str
    nature: str | None
    total_fen: int | None
    fixed_fen: int | None
    equipment_fen: int | None
    robot_fen: int | None
    software_fen: int | None
    hardware_fen: int | None
    start: date | None
    start_precision: str | None
    end: date | None
    end_precision: str | None
    in_statistics: bool | None
    stage: str | None
    other_support: str | None
    cell_errors: frozenset[str]
    duplicate_of_row: int | None
    tags: tuple[str, ...] = ()


def build_ledger(table: Table, index: EnterpriseIndex) -> tuple[Project, ...]:
    """The projects of a read ``projects`` table, repeated rows included and marked.

    Findings go into ``table.issues``.
    """
    matches = {
        row.number: match_row(table, row, index, name="enterprise", uscc="uscc")
        for row in table.rows
    }
    repeats = _repeats(table, matches)
    _check_codes(table, repeats)
    ended_early = frozenset(row.number for row in table.rows if _ends_early(table, row))
    for row in table.rows:
        _check_order(table, row)
        _check_tags(table, row)
    check_parts(table, table.rows)
    check_totals(table, ignore=repeats)
    return tuple(
        _project(row, matches[row.number], repeats.get(row.number), row.number in ended_early)
        for row in table.rows
    )


def _repeats(table: Table, matches: dict[int, Match]) -> dict[int, int]:
    """Rows that enter a project again, each with the row it repeats (``E_PROJECT_DUP``)."""
    first: dict[tuple[object, ...], Row] = {}
    repeats: dict[int, int] = {}
    for row in table.rows:
        enterprise = matches[row.number].enterprise
        who = enterprise.uscc or enterprise.name if enterprise else row.get("enterprise")
        # Without a code, equal names of one enterprise are one project only if the sums agree too.
        what = row.get("project_code") or (row.get("total"), row.get("fixed"))
        earlier = first.setdefault((who, row.get("project_name"), what), row)
        if earlier is not row and row.get("project_name"):
            repeats[row.number] = earlier.number
            where = f"与第 {earlier.number} 行重复"
            table.report(row, "project_name", "E_PROJECT_DUP", str(earlier.number), where)
    return repeats


def _check_codes(table: Table, repeats: dict[int, int]) -> None:
    """Different projects with one code (``E_PROJECT_CODE_CONFLICT``)."""
    by_code: dict[str, list[Row]] = defaultdict(list)
    for row in table.rows:
        if row.get("project_code") and row.number not in repeats:
            by_code[row.get("project_code")].append(row)
    for code, rows in by_code.items():
        for row in rows if len(rows) > 1 else ():
            others = "、".join(f"第{other.number}行" for other in rows if other is not row)
            table.report(row, "project_code", "E_PROJECT_CODE_CONFLICT", code, detail=others)


def _ends_early(table: Table, row: Row) -> bool:
    start, end = row.get("start"), row.get("end")
    early = start is not None and end is not None and end < start
    if early:
        table.report(row, "end" if "end" in table.columns else "start", "E_END_BEFORE_START")
    return early


def _check_order(table: Table, row: Row) -> None:
    for name, limit, code in _ORDERED:
        value, allowed = row.get(name), row.get(limit)
        if value is not None and allowed is not None and value > allowed:
            table.report(row, name, code, yuan_text(value))


def _check_tags(table: Table, row: Row) -> None:
    """Words that are no tag; the others of the cell count (``W_TAG_UNKNOWN``)."""
    unknown = read_tags(row.get("tags") or "")[1]
    if unknown:
        table.report(row, "tags", "W_TAG_UNKNOWN", "、".join(unknown))


def _project(row: Row, match: Match, duplicate_of_row: int | None, ended_early: bool) -> Project:
    get, enterprise = row.get, match.enterprise
    errors = row.failed(_CHECKED) | ({"end"} if ended_early else frozenset())
    return Project(
        row=row.number,
        project_name=get("project_name") or "",
        enterprise_raw=get("enterprise") or "",
        enterprise_name=enterprise.name if enterprise else None,
        uscc=enterprise.uscc if enterprise else None,
        match=match.how,
        project_code=get("project_code"),
        filing_no=get("filing_no"),
        filing=filing_state(get("filing_no")),
        nature=get("nature"),
        total_fen=get("total"),
        fixed_fen=get("fixed"),
        equipment_fen=get("equipment"),
        robot_fen=get("robot"),
        software_fen=get("software"),
        hardware_fen=get("hardware"),
        start=get("start"),
        start_precision=row.parsed("start").precision or None,
        end=None if ended_early else get("end"),
        end_precision=None if ended_early else row.parsed("end").precision or None,
        in_statistics=flag(get("in_statistics")),
        stage=get("stage"),
        other_support=get("other_support"),
        cell_errors=errors,
        duplicate_of_row=duplicate_of_row,
        tags=tuple(read_tags(get("tags") or "")[0][:MOST]),
    )
