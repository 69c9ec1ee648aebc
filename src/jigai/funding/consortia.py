"""Consortia (技改共同体): members matched to enterprises, repeated members marked."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.core.enterprise_matching import EnterpriseIndex, Match, match_row
from jigai.core.enterprise_register import flag
from jigai.sheets.table import Row, Table
from jigai.sheets.totals import check_totals


@dataclass(frozen=True, slots=True)
class Member:
    """One member of one consortium; ``equipment_fen`` is its investment in integer fen."""

    row: int
    consortium: str
    consortium_name: str
    role: str | None
    enterprise_raw: str
    enterprise_name: str | None
    uscc: str | None
    match: str | None
    equipment_fen: int | None
    in_statistics: bool | None
    filing_no: str | None
    size_computed: str | None
    cell_errors: frozenset[str]
    duplicate: bool


def build_members(table: Table, index: EnterpriseIndex) -> tuple[Member, ...]:
    """The members of a read ``consortium_members`` table; findings go into ``table.issues``."""
    members: list[Member] = []
    seen: set[tuple[str, str]] = set()
    for row in table.rows:
        match = match_row(table, row, index, name="enterprise", uscc="uscc")
        who = match.enterprise.uscc if match.enterprise else row.get("enterprise")
        key = (row.get("consortium") or "", who or f"#{row.number}")
        if key in seen:
            table.report(row, "enterprise", "E_MEMBER_DUP")
        members.append(_member(row, match, key in seen))
        seen.add(key)
    check_totals(table, ignore={member.row for member in members if member.duplicate})
    return tuple(members)


def _member(row: Row, match: Match, duplicate: bool) -> Member:
    get, enterprise = row.get, match.enterprise
    return Member(
        row=row.number,
        consortium=get("consortium") or "",
        consortium_name=get("consortium_name") or "",
        role=get("role"),
        enterprise_raw=get("enterprise") or "",
        enterprise_name=enterprise.name if enterprise else None,
        uscc=enterprise.uscc if enterprise else None,
        match=match.how,
        equipment_fen=get("equipment"),
        in_statistics=flag(get("in_statistics")),
        filing_no=get("filing_no"),
        size_computed=enterprise.size_computed if enterprise else None,
        cell_errors=row.failed(("equipment",)),
        duplicate=duplicate,
    )
