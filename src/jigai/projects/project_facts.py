"""Facts of projects in the words of the national vocabulary."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from jigai.projects.ledger import Project
from jigai.rules.facts import UNREADABLE
from jigai.sheets.values.amounts import read_money

# Where other public money came from, by the words of the ledger; the first hit decides.
_SOURCES = (
    ("tax", re.compile(r"税")),
    ("equity", re.compile(r"基金|股权")),
    ("upper", re.compile(r"中央|国家|省|市|上级")),
    ("same_level", re.compile(r"区级|本区|县级|本县|本级")),
)
_NOTHING = frozenset(
    {"否", "没有", "无", "未获得", "未获", "未享受", "没有获得", "未申请", "不涉及"}
)
_AMOUNT = re.compile(r"[\d.,]+\s*(?:亿|万)?元")
_FILED = {"yes": True, "none": False}
# Field of the ledger -> term; an unreadable cell is unknown, an empty one takes the assumption.
_AMOUNTS = {
    "equipment": "declared_equipment",
    "robot": "declared_robot",
    "software": "declared_software",
    "hardware": "declared_hardware",
    "total": "planned_total",
}


def project_rows(projects: Iterable[Project], year: int) -> list[dict[str, Any]]:
    """One row of terms per project, keyed by ledger row; repeated rows are left out."""
    kept = [project for project in projects if project.duplicate_of_row is None]
    shared = _shared_codes(kept)
    return [_row(project, year, project.project_code in shared) for project in kept]


def _shared_codes(projects: list[Project]) -> set[str]:
    counts = Counter(project.project_code for project in projects if project.project_code)
    return {code for code, count in counts.items() if count > 1}


def _row(project: Project, year: int, suspected: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": project.row,
        "enterprise_key": project.uscc,
        "application_year": year,
        "filed": _FILED.get(project.filing),
        "in_statistics": project.in_statistics,
        "construction_nature": project.nature,
        "has_other_funds": has_other_funds(project.other_support),
        "other_funds_kind": other_funds_kind(project.other_support),
        "other_funds_amount": other_funds_amount(project.other_support),
        "suspected_same_project": suspected or None,
        "start_date": project.start,
        "end_date": project.end,
    }
    for field, term in _AMOUNTS.items():
        failed = field in project.cell_errors
        row[term] = UNREADABLE if failed else getattr(project, f"{field}_fen")
    return row


def has_other_funds(text: str | None) -> bool:
    """Whether the cell states other public money; 否, 没有, 未获得 and blanks do not."""
    return bool(text) and text not in _NOTHING


def other_funds_kind(text: str | None) -> str | None:
    """Source of other public money by its description; ``None`` if the words do not tell."""
    return next((kind for kind, pattern in _SOURCES if text and pattern.search(text)), None)


def other_funds_amount(text: str | None) -> int | None:
    """Amount in fen if the description states one amount, else ``None``."""
    found = _AMOUNT.findall(text or "")
    return read_money(found[0], "元").value if len(found) == 1 else None
