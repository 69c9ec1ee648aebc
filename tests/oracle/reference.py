"""The oracle: what the Yanzhou document gives a handful of enterprises, worked out in the open.

It shares no code with the engine and interprets no formula of the pack. It is slow and plain:
exact fractions, strong Kleene logic, one function for each sentence of the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.oracle.case import Case, Rows
from tests.oracle.consortia import Consortia
from tests.oracle.lines import Lines
from tests.oracle.policy import Setting, setting
from tests.oracle.projects import Measure, Projects
from tests.oracle.selection import Quota, outcome, pay_out, select


def _verdict(now: Measure, official: Measure | None) -> str:
    """Missing for want of a parameter is undetermined: with the official one it would differ."""
    caused = official is not None and (
        (now.gates, now.when, now.amount) != (official.gates, official.when, official.amount)
    )
    return "undetermined" if now.verdict == "missing" and caused else now.verdict


def _worked(case: Case, s: Setting) -> tuple[Projects, Consortia]:
    lines = Lines(case, s)
    return Projects(case, lines, s), Consortia(case, lines, s)


def reference(
    rows: Rows,
    year: int,
    readings: Mapping[str, str] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Verdicts, amounts, selection and shares of one small district.

    ``rows`` maps a subject to its rows; ``readings`` maps a reading to the letter of its option;
    ``parameters`` replaces numbers (money in fen, rates as fractions, ``None`` for "not set").
    """
    case, s = Case(rows), setting(year, readings, parameters)
    projects, consortia = _worked(case, s)
    unset = any(value is None for value in (parameters or {}).values())
    official = _worked(case, setting(year, readings)) if unset else None

    consortium_verdicts = {
        key: _verdict(found, official[1].measures[key] if official else None)
        for key, found in consortia.measures.items()
    }
    outcomes = {}
    for key, project in case.projects.items():
        measures = projects.measures[key]
        verdicts = {
            name: _verdict(found, official[0].measures[key][name] if official else None)
            for name, found in measures.items()
        }
        outcomes[key] = outcome(project, measures, verdicts, s)
    select(case, outcomes, Quota(case, consortium_verdicts, s), s)
    pay_out(case, outcomes, projects.measures, s)

    pools, shares = {}, {}
    for key, verdict in consortium_verdicts.items():
        open_ = verdict in ("missing", "undetermined")
        amount = consortia.measures[key].amount if verdict == "pay" else 0
        pools[key] = {"verdict": verdict, "amount": None if open_ else amount}
        shares.update(consortia.shares(key, verdict))
    members = {
        key: {"counts": consortia.counts[key], "share": shares.get(key)} for key in case.members
    }
    return {"projects": outcomes, "consortia": pools, "members": members}
