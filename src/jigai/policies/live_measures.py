"""How the measures of a document stand: what the latest payable evaluations found."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q, Sum
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import formats
from jigai.policies.lineage import reference_words, references_of, referred_to
from jigai.policies.models import EvaluationRun, PackItem
from jigai.policies.sections import Live
from jigai.policies.selectors import visible_decisions, visible_runs, whole_runs


def live_measures(access: Access, items: Sequence[PackItem]) -> dict[int, Live]:
    """Selected rows and their money in the latest run a person may see of each document."""
    slugs = {item.pack.slug for item in items}
    newest = _newest_runs(access, slugs)
    sums = _sums(access, list(newest.values()))
    waiting = _awaiting(items, slugs)
    found = {}
    for item in items:
        if item.pk in waiting:
            found[item.pk] = waiting[item.pk]
            continue
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
        found[item.pk] = Live("done" if count and run.payable else "neutral",
                              _told(run, count, fen), url)  # fmt: skip
    return found


def _awaiting(items: Sequence[PackItem], slugs: set[str]) -> dict[int, Live]:
    """Measures that only refer to a document: what it gives is open until that is here."""
    documents = references_of(slugs)
    found = {}
    for item in items:
        referred = referred_to(item, documents.get(item.pack.slug, []))
        if referred is not None:
            words = reference_words(referred)
            look = "pending" if referred.state == "pending" else "info"
            url = reverse("pack-lineage", args=[item.pack.slug])
            figures = [("计数", str(item.data.get("counter", "")))]
            found[item.pk] = Live(look, words, url, figures)
    return found


def _told(run: EvaluationRun, count: int, fen: int) -> str:
    if not run.payable:
        return f"{run.year} 年模拟 {count} 项，{formats.wan(fen)} 万元，不产生应付"
    return f"{run.year} 年测算拟支持 {count} 项，{formats.wan(fen)} 万元"


def _newest_runs(access: Access, slugs: set[str]) -> dict[str, EvaluationRun]:
    runs = whole_runs(visible_runs(access)).filter(pack__slug__in=slugs, scenario={})
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
