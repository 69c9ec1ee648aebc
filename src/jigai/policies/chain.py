"""The chain over runs: each covers the one before, so nothing earlier can change unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jigai.policies.models import Decision, EvaluationRun
from jigai.rules.hashing import Line, root_hash

# Fields of a run that its chain hash covers, with the pack's content hash and the chain before.
_COVERED = (
    "year",
    "region_code",
    "as_of",
    "deadline",
    "payment_date",
    "known_at",
    "readings",
    "scenario",
    "settled",
    "population",
    "snapshot",
    "snapshot_file",
    "root_hash",
    "payable",
    "simulation",
    "summary",
    "created_by_id",
    "created_at",
)


def chain_hash(run: EvaluationRun, previous: str) -> str:
    """The chain hash of a run after the run with chain hash ``previous`` (empty for the first)."""
    covered: dict[str, Any] = {name: getattr(run, name) for name in _COVERED}
    covered["pack"] = run.pack.sha256
    covered["previous"] = previous
    text = json.dumps(covered, default=_written, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _written(value: Any) -> str:
    """Dates and moments as ISO text; moments in UTC, whatever zone they were read in."""
    if hasattr(value, "astimezone"):
        import datetime as dt

        value = value.astimezone(dt.UTC)
    return str(value.isoformat())


def decision_lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[Line]:
    """Stored decisions as the lines that the root hash is taken over.

    Rows are (subject, key, verdict, track, amount, low, high, selected, paid).
    """
    for subject, key, verdict, track, amount, low, high, selected, paid in rows:
        if subject == "project":
            yield (subject, int(key), verdict, track, amount, low, high, selected, paid)
        elif subject == "consortium":
            yield (subject, key, verdict, amount)
        else:
            yield (subject, key, paid)


def stored_root(run: EvaluationRun) -> str:
    """The root hash over the decisions as they are stored now."""
    rows = Decision.objects.filter(run=run).values_list(
        "subject", "subject_key", "verdict", "track", "amount_fen", "low_fen", "high_fen",
        "selected", "paid_fen",
    )  # fmt: skip
    return root_hash(decision_lines(rows.order_by("id").iterator(chunk_size=5000)))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something of a run that does not hold."""

    run: int
    what: str


def verify_chain(runs: Iterable[EvaluationRun] | None = None) -> tuple[int, list[Finding]]:
    """Check every run from the first: chain, decisions. The number checked and what is wrong."""
    listed = runs or EvaluationRun.objects.select_related("pack").order_by("id")
    findings: list[Finding] = []
    previous: EvaluationRun | None = None
    count = 0
    for run in listed:
        count += 1
        if run.previous_id != (previous.pk if previous else None):
            findings.append(Finding(run.pk, "前一次测算的链接断开"))
        if chain_hash(run, previous.chain_hash if previous else "") != run.chain_hash:
            findings.append(Finding(run.pk, "测算的参数、汇总或散列被改动过"))
        if stored_root(run) != run.root_hash:
            findings.append(Finding(run.pk, "决定与存档的根散列不符"))
        previous = run
    return count, findings
