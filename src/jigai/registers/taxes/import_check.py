"""Rows of 减免税进口设备监管台账 against the law of the day of release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from jigai.core.screens.formats import yuan
from jigai.registers.entry_values import Prepared, ValueProblem
from jigai.registers.models import Register
from jigai.registers.taxes.national import national_law
from jigai.taxes.imports import Exemption, Import, back_tax, exemption

CODE = "exempt-imports"


def check_imports(register: Register, rows: Sequence[Prepared]) -> None:
    """The end of supervision must be that of the law (or of its later, shorter rule); a transfer
    within it needs the customs' permit and the tax due."""
    for row in rows:
        found = exemption(_import(row.values), national_law())
        if found.supervised_until is None:
            row.notes.append("放行当日的监管年限没有登记，监管最后一日没有核对")
            continue
        problem = _end(row.values, found) or _transfer(row.values, found)
        if problem is not None:
            row.problems.append(problem)


def _import(values: dict[str, Any]) -> Import:
    rate = values.get("duty_rate")
    return Import(
        values["item"], int(values["value"]) or 1, dt.date.fromisoformat(values["released"]),
        None if rate is None else Fraction(rate) / 100, values["scheme"], values["goods"],
        encouraged=True, excluded=False,
    )  # fmt: skip


def _end(values: dict[str, Any], found: Exemption) -> ValueProblem | None:
    allowed = [day for day in (found.supervised_until, found.other_until) if day]
    if dt.date.fromisoformat(values["until"]) in allowed:
        return None
    named = "，或按后来的年限 ".join(day.isoformat() for day in allowed)
    return ValueProblem("until", f"监管最后一日应是 {named}", "按放行当日的年限改")


def _transfer(values: dict[str, Any], found: Exemption) -> ValueProblem | None:
    sold = values.get("sold_on")
    if not sold or sold > values["until"]:
        return None
    if not values.get("permit"):
        return ValueProblem("permit", "监管期内转让，没有海关准许文号", "先经海关准许")
    if found.exempt is None:
        return None
    due = back_tax(found, dt.date.fromisoformat(sold), national_law()).tax
    given = values.get("back_tax")
    if given is None or int(given) < due:
        return ValueProblem(
            "back_tax", f"监管期内转让，按剩余月数要补 {yuan(due)} 元", "补税额按海关税单填"
        )
    return None
