"""The approval catalogue as stored: rows of a day and line, and the answer for a project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from jigai.registers.models import Edition, EntrySpan, Register
from jigai.registers.selectors import editions_on, entries_on, register_by_code
from jigai.registers.special.approval import JUDGE, Case, Decision, Row, decide
from jigai.registers.special.project_code import Period

CODE, NATIONAL = "approval-catalog", "000000"


def province_line(region: str) -> str:
    """The line of the province a region lies in."""
    return f"{region[:2]}0000" if len(region) >= 2 else ""


def rows_on(register: Register, day: dt.date) -> dict[str, list[Row]]:
    """Rows in force on a day by line; a line without an edition that day is not there."""
    found: dict[str, list[Row]] = {edition.line: [] for edition in editions_on(register, day)}
    for span in entries_on(register, day):
        if span.edition is not None:
            found[span.edition.line].append(_row(span))
    return found


def _row(span: EntrySpan) -> Row:
    given = span.values
    return Row(
        key=span.entry_id, item=given["item"], verdict=given["verdict"],
        industries=tuple(given.get("industries") or ()), authority=given["authority"],
        conditions=tuple(given.get("conditions") or ()), foreign=bool(given.get("foreign")),
        checked=given.get("checked") == "done", clause=given.get("clause") or "",
        scope=given.get("scope") or "",
    )  # fmt: skip


def decide_on(day: dt.date, region: str, case: Case) -> Decision:
    """The answer on one day. Raises :class:`JigaiError` where the catalogue is not loaded."""
    return _decide(register_by_code(CODE), day, region, case)


def _decide(register: Register, day: dt.date, region: str, case: Case) -> Decision:
    rows = rows_on(register, day)
    return decide(rows.get(NATIONAL), rows.get(province_line(region)), case)


def decide_within(period: Period, region: str, case: Case) -> tuple[Decision, dt.date]:
    """The answer for a project filed within a period, with the day it was taken on.

    Where the catalogue changed within the period and the answers differ, a person must judge.
    """
    register = register_by_code(CODE)
    days = sorted({period.first, period.last, *_turns(register, period)})
    found = [(_decide(register, day, region, case), day) for day in days]
    if len({(one.verdict, one.authority) for one, _ in found}) > 1:
        last = found[-1][0]
        told = "；".join(f"{day} 起{one.word}" for one, day in found)
        between = f"只知道 {period.first} 至 {period.last} 之间办理"
        note = f"{between}，其间目录有变（{told}），要按实际日期判断"
        return replace(last, verdict=JUDGE, authority="", notes=(note, *last.notes)), found[-1][1]
    return found[0]


def _turns(register: Register, period: Period) -> Iterable[dt.date]:
    """Days within the period on which an edition or an entry begins or ends."""
    editions = Edition.objects.filter(
        register=register, valid_from__gt=period.first, valid_from__lte=period.last
    )
    spans = EntrySpan.objects.filter(register=register)
    starts = spans.filter(starts__gt=period.first, starts__lte=period.last)
    ends = spans.filter(ends__gt=period.first, ends__lte=period.last)
    yield from editions.order_by().values_list("valid_from", flat=True)
    yield from starts.order_by().values_list("starts", flat=True)
    yield from ends.order_by().values_list("ends", flat=True)


def conditions_asked(decision: Decision) -> list[str]:
    """Every condition the two catalogues turn on for this case, each once."""
    asked: list[str] = []
    for finding in (decision.national, decision.provincial):
        if finding is not None:
            rows = (*finding.open_rows, *((finding.row,) if finding.row else ()))
            asked += [*finding.questions, *(c for row in rows for c in row.conditions)]
    return list(dict.fromkeys(asked))
