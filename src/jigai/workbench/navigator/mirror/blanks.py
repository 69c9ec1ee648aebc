"""Blanks of a population: which rows lack which facts, and the facts with one kind filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from jigai.policies.fact_run import FactRows
from jigai.rules.blame import probe_values
from jigai.rules.facts import UNREADABLE
from jigai.rules.plan import Plan
from jigai.rules.scope import TermInfo

# A blank in an invoice is that of a project; one of a member that of its consortium.
_PATHS = {
    "project": {"line": "project_key"},
    "consortium": {"member": "consortium_key"},
}


class Blanks:
    """Blanks around the rows of one subject that wait for something."""

    def __init__(self, facts: FactRows, subject: str, waiting: set[Any]) -> None:
        """Keep only what stands around the waiting rows."""
        self.subject, self.waiting = subject, waiting
        self.facts = _around(facts, subject, waiting)
        self._owners = {s: _owners(self.facts, subject, s) for s in self.facts}

    def terms(self, plan: Plan) -> Iterator[tuple[str, TermInfo]]:
        """Terms of which something is blank and nothing assumed."""
        for subject, inputs in plan.inputs.items():
            rows = self.facts.get(subject, ())
            for term, info in inputs.items():
                if info.assume is None and any(row.get(term) is None for row in rows):
                    yield term, info

    def single(self, subject: str, term: str) -> set[Any]:
        """Waiting rows with exactly one blank of a term."""
        count: dict[Any, int] = defaultdict(int)
        for row in self.facts.get(subject, ()):
            if row.get(term) is None or row.get(term) is UNREADABLE:
                for owner in self._owners[subject].get(row["key"], ()):
                    count[owner] += 1
        return {key for key, number in count.items() if number == 1 and key in self.waiting}

    def probes(self, plan: Plan, info: TermInfo) -> Iterator[FactRows]:
        """The facts with every blank of a term filled with one value that tells something."""
        for value in probe_values(plan, info):
            filled = [
                {**row, info.id: value} if row.get(info.id) in (None, UNREADABLE) else row
                for row in self.facts[info.subject]
            ]
            yield {**self.facts, info.subject: filled}


def _around(facts: FactRows, subject: str, waiting: set[Any]) -> FactRows:
    """The waiting rows with their own lines, members and enterprises; other projects of the same
    enterprises stay, for they compete for its quota and its limits."""
    rows = [row for row in facts.get(subject, ()) if row["key"] in waiting]
    owners = {row.get("enterprise_key") for row in rows} if subject != "enterprise" else waiting
    members = [m for m in facts["member"]
               if subject == "consortium" and m["consortium_key"] in waiting]  # fmt: skip
    owners |= {m["enterprise_key"] for m in members}
    projects = [p for p in facts["project"] if p["enterprise_key"] in owners or p in rows]
    held, joined = {p["key"] for p in projects}, {m["key"] for m in members}
    lines = [n for n in facts["line"] if n["project_key"] in held or n["member_key"] in joined]
    known = {n["key"] for n in lines}
    wanted = {n["original_key"] for n in lines} - known
    lines += [n for n in facts["line"] if n["key"] in wanted]
    near: FactRows = {
        **{name: [] for name in facts},
        "enterprise": [e for e in facts["enterprise"] if e["key"] in owners],
        "project": projects, "line": lines, "member": members,
    }  # fmt: skip
    near[subject] = rows if subject != "project" else projects
    return near


def _owners(facts: FactRows, subject: str, source: str) -> Mapping[Any, set[Any]]:
    """Which rows of the subject a row of another one belongs to, by key."""
    found: dict[Any, set[Any]] = defaultdict(set)
    if source == subject:
        return {row["key"]: {row["key"]} for row in facts[source]}
    column = _PATHS.get(subject, {}).get(source)
    if column:
        for row in facts[source]:
            found[row["key"]].add(row[column])
    elif source == "enterprise":
        rows = facts["member"] if subject == "consortium" else facts[subject]
        for row in rows:
            owner = row["consortium_key"] if subject == "consortium" else row["key"]
            found[row["enterprise_key"]].add(owner)
    elif source == "line" and subject == "consortium":
        pools = {row["key"]: row["consortium_key"] for row in facts["member"]}
        for row in facts["line"]:
            if row["member_key"] in pools:
                found[row["key"]].add(pools[row["member_key"]])
    return found
