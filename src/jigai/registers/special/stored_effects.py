"""Supported projects of a run and what was reported of them, as stored."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jigai.core.access import Access
from jigai.policies.models import EvaluationRun
from jigai.policies.selectors import visible_decisions, visible_runs, whole_runs
from jigai.policies.stored_packs import model_of
from jigai.registers.access import visible_entries
from jigai.registers.models import Entry, Register
from jigai.registers.special.fund_effects import FIGURES, Funded

INPUTS = "fund-performance-inputs"
# More supported projects than this are not compared in one request.
MOST = 3000
_RUNS = 40


def payable_runs(access: Access) -> list[EvaluationRun]:
    """Runs whose results are payable, the newest first."""
    found = whole_runs(visible_runs(access)).filter(payable=True, scenario={})
    return list(found.order_by("-id")[:_RUNS])


def funded_of(access: Access, run: EvaluationRun) -> list[Funded]:
    """What the run supports, as far as the person may see it."""
    rows = visible_decisions(access).filter(
        run=run, selected=True, paid_fen__gt=0, enterprise__isnull=False,
        subject__in=("project", "consortium"),
    ).order_by("-paid_fen", "id")[: MOST + 1]  # fmt: skip
    return [
        Funded(row.enterprise_id or 0, row.enterprise_name, row.label, tuple(row.measures),
               row.paid_fen or 0, run.year)
        for row in rows
    ]  # fmt: skip


def measure_names(run: EvaluationRun) -> dict[str, str]:
    """Names of the measures of the document a run is about."""
    return {m.id: m.name for m in model_of(run.pack).measures.values()}


def reported_in_reach(
    access: Access, enterprises: set[int]
) -> dict[tuple[int, str, int], dict[str, Decimal | int | None]]:
    """What is registered of enterprises, by (enterprise, project, year)."""
    register = Register.objects.filter(code=INPUTS).first()
    if register is None:
        return {}
    rows = visible_entries(access, register).filter(
        state=Entry.State.LISTED, enterprise__in=enterprises
    )
    found = {}
    for firm, values in rows.order_by("pk").values_list("enterprise_id", "values"):
        key = (firm, str(values["project"]), int(Decimal(str(values["year"]))))
        found[key] = {code: _number(values.get(code)) for code in FIGURES}
    return found


def _number(value: Any) -> Decimal | int | None:
    return None if value in (None, "") else Decimal(str(value))
