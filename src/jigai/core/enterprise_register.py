"""The enterprise register: typed records out of a read table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jigai.core.size_class import size_class
from jigai.sheets.table import Row, Table
from jigai.sheets.values.areas import mu_text
from jigai.sheets.values.codes import uscc_is_valid

SIZE_NAMES = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}


@dataclass(frozen=True, slots=True)
class Enterprise:
    """One enterprise of a register.

    Money in integer fen, ``land`` in 0.01 m² with ``land_mu`` as 亩 (four decimals); enumerations
    are short codes, None means "not known"; ``row`` is the row in the sheet.
    """

    row: int
    name: str
    former_name: str | None
    uscc: str | None
    uscc_check_ok: bool
    legal_type: str | None
    region: str | None
    town: str | None
    address: str | None
    founded: date | None
    industry_code: str | None
    industry_name: str | None
    employees: int | None
    revenue_fen: int | None
    size_declared: str | None
    size_computed: str | None
    land: int | None
    land_mu: str | None
    grade: str | None
    echelon: bool | None
    credit: str | None
    credit_text: str | None
    violation_text: str | None
    violation_major: bool | None
    violation_date: date | None


def flag(code: str | None) -> bool | None:
    """A yes/no choice as a truth value."""
    return None if code is None else code == "yes"


def build_register(table: Table) -> tuple[Enterprise, ...]:
    """The enterprises of a read ``enterprises`` table; repeated rows are reported and dropped.

    Findings go into ``table.issues``: ``W_DUP_ROW``, ``E_DUP_DIFFERS``, ``E_USCC_DUP_CONFLICT`` and
    ``W_SIZE_MISMATCH``.
    """
    first: dict[str, Row] = {}
    kept: list[Enterprise] = []
    for row in table.rows:
        key = row.get("uscc") or row.get("name") or f"#{row.number}"
        if key in first:
            _report_repeat(table, first[key], row)
            continue
        first[key] = row
        enterprise = _enterprise(row)
        kept.append(enterprise)
        declared, computed = enterprise.size_declared, enterprise.size_computed
        if declared and computed and declared != computed:
            table.report(row, "size_declared", "W_SIZE_MISMATCH", SIZE_NAMES[computed])
    return tuple(kept)


def _report_repeat(table: Table, earlier: Row, row: Row) -> None:
    where = f"第{earlier.number}行"
    if earlier.get("name") != row.get("name"):
        table.report(row, "name", "E_USCC_DUP_CONFLICT", detail=where)
    elif _content(earlier) == _content(row):
        table.report(row, "uscc", "W_DUP_ROW", detail=where)
    else:
        table.report(row, "uscc", "E_DUP_DIFFERS", detail=where)


def _content(row: Row) -> dict[str, object]:
    return {name: cell.value for name, cell in row.cells.items() if name != "serial"}


def _enterprise(row: Row) -> Enterprise:
    get, code, land = row.get, row.get("uscc"), row.get("land")
    return Enterprise(
        row=row.number,
        name=get("name") or "",
        former_name=get("former_name"),
        uscc=code,
        uscc_check_ok=code is not None and uscc_is_valid(code),
        legal_type=get("legal_type"),
        region=get("region"),
        town=get("town"),
        address=get("address"),
        founded=get("founded"),
        industry_code=get("industry_code"),
        industry_name=get("industry_name"),
        employees=get("employees"),
        revenue_fen=get("revenue"),
        size_declared=get("size_declared"),
        size_computed=size_class(
            get("industry_code"), employees=get("employees"), revenue_fen=get("revenue")
        ),
        land=land,
        land_mu=None if land is None else mu_text(land),
        grade=get("grade"),
        echelon=flag(get("echelon")),
        credit=get("credit"),
        credit_text=row.parsed("credit").clean or row.text("credit") or None,
        violation_text=get("violation"),
        violation_major=flag(get("violation_major")),
        violation_date=get("violation_date"),
    )
