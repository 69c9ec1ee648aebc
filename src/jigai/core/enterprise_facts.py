"""Facts of enterprises in the words of the national vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jigai.core.enterprise_register import Enterprise


def enterprise_rows(enterprises: Iterable[Enterprise]) -> list[dict[str, Any]]:
    """One row of terms per enterprise, keyed by credit code (or by register row without one).

    The register holds one published grade a year: it serves as the latest published grade and as
    that of the application year.
    """
    return [_row(enterprise) for enterprise in enterprises]


def enterprise_key(enterprise: Enterprise) -> str:
    """Key of an enterprise in facts: its credit code, else its row in the register."""
    return enterprise.uscc or f"row{enterprise.row}"


def _row(enterprise: Enterprise) -> dict[str, Any]:
    return {
        "key": enterprise_key(enterprise),
        "registered_region": enterprise.region,
        "independent_entity": None
        if enterprise.legal_type is None
        else enterprise.legal_type == "independent",
        "credit_status": enterprise.credit,
        "has_major_violation": _major(enterprise),
        "major_violation_date": enterprise.violation_date,
        "latest_grade": enterprise.grade,
        "application_year_grade": enterprise.grade,
        "on_echelon_list": enterprise.echelon,
        "size_class": enterprise.size_computed,
    }


def _major(enterprise: Enterprise) -> bool | None:
    """No entry means no violation on record; an entry not marked either way is not known."""
    if enterprise.violation_major is None:
        return None if enterprise.violation_text else False
    return enterprise.violation_major
