"""Cuts one case out of a district: an enterprise with its projects, lines and consortia."""

from __future__ import annotations

from typing import Any

from jigai.policies.fact_run import FactRows


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
