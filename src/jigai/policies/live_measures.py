"""How the measures of a document stand: what the latest payable evaluations found."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q, Sum
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import formats
from jigai.policies.models import EvaluationRun, PackItem
from jigai.policies.sections import Live
from jigai.policies.selectors import visible_decisions, visible_runs


def live_measures(access: Access, items: Sequence[PackItem]) -> dict[int, Live]:
    """Selected rows and their money in the latest run a person may see of each document."""
    slugs = {item.pack.slug for item in items}
    newest = _newest_runs(access, slugs)
    sums = _sums(access, list(newest.values()))
    found = {}
    for item in items:
        if item.data.get("computable") is False:
            counter = str(item.data.get("counter", ""))
            found[item.pk] = Live("neutral", str(item.data.get("status_note", "")),
                                  figures=[("计数", counter)])  # fmt: skip
            continue
        run = newest.get(item.pack.slug)
        if run is None:
            found[item.pk] = Live("neutral", "还没有测算")
            continue
        count, fen = sums.get((run.pk, item.code), (0, 0))
        url = f"{reverse('decision-list')}?run={run.pk}&measure={item.code}"
        words = f"{run.year} 年测算拟支持 {count} 项，{formats.wan(fen)} 万元"
        found[item.pk] = Live("done" if count else "neutral", words, url)
    return found


def _newest_runs(access: Access, slugs: set[str]) -> dict[str, EvaluationRun]:
    runs = visible_runs(access).filter(pack__slug__in=slugs, scenario={})
    found = runs.order_by("pack__slug", "-id").distinct("pack__slug").select_related("pack")
    return {run.pack.slug: run for run in found.defer("pack__files")}


def _sums(access: Access, runs: Sequence[EvaluationRun]) -> dict[tuple[int, str], tuple[int, int]]:
    rows = visible_decisions(access).filter(
        Q(subject="project") | Q(subject="consortium"), run__in=runs, selected=True
    )
    grouped = rows.order_by().values_list("run", "measures").annotate(
        count=Count("pk"), fen=Sum("paid_fen")
    )  # fmt: skip
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for run, measures, count, fen in grouped:
        for measure in measures:
            before = found.get((run, measure), (0, 0))
            # A row under several measures counts for each; its money is told once, with the first.
            own = (fen or 0) if measure == measures[0] else 0
            found[run, measure] = (before[0] + count, before[1] + own)
    return found
