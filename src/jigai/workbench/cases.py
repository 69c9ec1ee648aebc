"""Finds the project or consortium that a user means."""

from __future__ import annotations

from typing import Any

from jigai.errors import JigaiError
from jigai.workbench.evaluation import Evaluation


def find_key(run: Evaluation, wanted: str) -> tuple[str, Any]:
    """Subject and key for what a user typed: ledger row, project code, project name or consortium.

    Raises :class:`JigaiError` when nothing or more than one thing fits.
    """
    consortia = {row["key"] for row in run.facts["consortium"]}
    if wanted in consortia:
        return "consortium", wanted
    rows = {row["key"] for row in run.facts["project"]}
    if wanted.isdigit() and int(wanted) in rows:
        return "project", int(wanted)
    listed = [p for p in run.dossier.projects if p.row in rows]
    found = [p.row for p in listed if wanted in (p.project_code, p.project_name)]
    found = found or [
        p.row for p in listed if wanted in p.project_name or wanted == p.enterprise_name
    ]
    if len(found) == 1:
        return "project", found[0]
    if not found:
        hint = "写台账行号、项目代码、项目名称或共同体编号"
        raise JigaiError("not-found", f"台账里没有“{wanted}”", hint)
    shown = "、".join(f"第{row}行" for row in found[:8])
    raise JigaiError("ambiguous", f"“{wanted}”对应 {len(found)} 个项目：{shown}", "改写台账行号")
