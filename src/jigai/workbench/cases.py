"""Cuts one case out of a district: an enterprise with its projects, lines and consortia."""

from __future__ import annotations

from typing import Any

from jigai.errors import JigaiError
from jigai.workbench.evaluation import Evaluation, FactRows


def project_case(facts: FactRows, key: Any) -> FactRows:
    """Rows that decide a project: its enterprise, that enterprise's projects and consortia."""
    project = next(row for row in facts["project"] if row["key"] == key)
    owner = project["enterprise_key"]
    projects = (
        [project]
        if owner is None
        else [p for p in facts["project"] if p["enterprise_key"] == owner]
    )
    pools = {m["consortium_key"] for m in facts["member"] if owner and m["enterprise_key"] == owner}
    pools |= {c["key"] for c in facts["consortium"] if owner and c["enterprise_key"] == owner}
    return _case(facts, projects, pools)


def consortium_case(facts: FactRows, key: Any) -> FactRows:
    """Rows that decide a consortium: its members, their enterprises and lines."""
    return _case(facts, [], {key})


def _case(facts: FactRows, projects: list[dict[str, Any]], pools: set[Any]) -> FactRows:
    consortia = [c for c in facts["consortium"] if c["key"] in pools]
    members = [m for m in facts["member"] if m["consortium_key"] in pools]
    owners = {row["enterprise_key"] for row in (*projects, *consortia, *members)}
    held = {p["key"] for p in projects}
    joined = {m["key"] for m in members}
    lines = [n for n in facts["line"] if n["project_key"] in held or n["member_key"] in joined]
    known = {n["key"] for n in lines}
    wanted = {n["original_key"] for n in lines} - known
    originals = [n for n in facts["line"] if n["key"] in wanted]
    return {
        "enterprise": [e for e in facts["enterprise"] if e["key"] in owners],
        "project": projects,
        "consortium": consortia,
        "member": members,
        "line": lines + originals,
    }


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
