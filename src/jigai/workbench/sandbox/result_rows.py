"""A run as rows: one per project, consortium, member or other decided row, with who it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jigai.policies.fact_run import FactRun
from jigai.policies.services.record_run import decision_rows
from jigai.rules.items import ITEM_SUBJECTS
from jigai.rules.plan import PAY
from jigai.workbench.sandbox.population import Taken, labels_of

Row = dict[str, Any]
# What is money in a total: a consortium's pool counts through its members' shares.
AWARDED = ("project", "member", "consortium", *ITEM_SUBJECTS)


def result_rows(run: FactRun, taken: Taken, region: str) -> list[Row]:
    """Every decision with the enterprise it is about and its groups. Amounts in fen; ``given`` is
    what counts in the total (0 while open), ``order`` the place in the ledger."""
    owners = {
        subject: {str(row["key"]): row.get("enterprise_key") for row in run.rows.get(subject, ())}
        for subject in ("project", "member", "consortium")
    }
    names = {m.id: m.name for m in run.evaluator.plan.measures}
    split = set(run.evaluator.plan.splits)
    found = []
    labels = labels_of(taken, region)
    for place, row in enumerate(decision_rows(run, labels, region)):
        owner = owners[row["subject"]].get(row["subject_key"])
        found.append(
            _row(taken, owner, {
                "subject": row["subject"], "key": row["subject_key"], "label": row["label"],
                "enterprise": row["enterprise_name"], "verdict": row["verdict"],
                "measures": [names[m] for m in row["measures"]], "amount": row["amount_fen"],
                "low": row["low_fen"], "high": row["high_fen"], "selected": row["selected"],
                "paid": row["paid_fen"], "given": _given(row, split),
                "why": [reason.text for reason in row["why"]], "order": place,
            })
        )  # fmt: skip
    found += _items(run, taken, names, len(found))
    return found


def _given(row: Row, split: set[str]) -> int:
    """What a row adds to the total."""
    if row["subject"] == "project":
        return row["paid_fen"] or 0 if row["selected"] else 0
    if row["verdict"] != PAY:
        return 0
    if row["subject"] == "consortium" and set(row["measures"]) & split:
        return 0
    return row["paid_fen"] or 0


def _items(run: FactRun, taken: Taken, names: dict[str, str], start: int) -> Iterator[Row]:
    for place, item in enumerate(run.result.items, start):
        yield _row(taken, item.owner, {
            "subject": item.subject, "key": str(item.key), "label": str(item.key),
            "enterprise": "", "verdict": item.verdict,
            "measures": [names[m] for m in item.benefits], "amount": item.amount,
            "low": item.low, "high": item.high, "selected": item.verdict == PAY,
            "paid": item.paid, "given": item.paid or 0, "why": [], "order": place,
        })  # fmt: skip


def _row(taken: Taken, owner: Any, values: Row) -> Row:
    """The row with its enterprise: its key, name, industry, size, region, town and grade."""
    person = taken.people.get(owner, {}) if owner else {}
    return {
        **values,
        "owner": owner or "",
        "enterprise": person.get("name") or values["enterprise"] or values["label"],
        **{name: person.get(name) or "" for name in ("industry", "size", "region", "town",
                                                     "grade")},
    }  # fmt: skip


def who(row: Row) -> str:
    """What one beneficiary is counted by: its key, or its name where it is in no register."""
    return row["owner"] or f"name:{row['enterprise']}"
