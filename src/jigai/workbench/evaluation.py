"""The main job on files: a dossier of workbooks, a pack, a year — and every decision."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jigai.core.enterprise_facts import enterprise_rows
from jigai.funding.funding_facts import consortium_rows, line_rows, member_rows
from jigai.policies.fact_run import Choices, FactRows, FactRun, Progress, evaluate_facts
from jigai.projects.project_facts import project_rows
from jigai.rules.loader import load_pack
from jigai.rules.model import build_model
from jigai.workbench.dossier import Dossier


@dataclass(slots=True)
class Evaluation(FactRun):
    """A finished run together with the dossier it was made from."""

    dossier: Dossier


def fact_rows(dossier: Dossier) -> FactRows:
    """Facts of a dossier by subject, in the words of the national vocabulary."""
    return {
        "enterprise": enterprise_rows(dossier.enterprises),
        "project": project_rows(dossier.projects, dossier.year),
        "line": line_rows(dossier.lines, dossier.members),
        "member": member_rows(dossier.members),
        "consortium": consortium_rows(dossier.members),
    }


def evaluate(
    pack: Path,
    dossier: Dossier,
    *,
    as_of: dt.date | None = None,
    deadline: dt.date | None = None,
    payment_date: dt.date | None = None,
    readings: Mapping[str, str] | None = None,
    overrides: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Decide every project and consortium of a dossier under a pack.

    Raises :class:`PackError` for a pack that does not check, and what ``evaluate_facts`` raises.
    """
    tell = progress or (lambda step, share: None)
    tell("读取政策包", 0.0)
    model = build_model(load_pack(pack))
    choices = Choices(as_of, deadline, payment_date, readings or {}, overrides or {})
    run = evaluate_facts(
        model,
        fact_rows(dossier),
        year=dossier.year,
        choices=choices,
        has_lines="invoices" in dossier.tables,
        progress=progress,
    )
    tell("完成", 1.0)
    fields = {f.name: getattr(run, f.name) for f in dataclasses.fields(run)}
    return Evaluation(**fields, dossier=dossier)
