"""Reads of the policies room, cut down to what a person may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.core.access.scoping import region_prefix
from jigai.policies.models import Decision, EvaluationRun, PackVersion

RUNS = Reach(region="region_code", owner="created_by", programme="pack__slug")
DECISIONS = Reach(region="region_code", enterprise="enterprise_id", programme="run__pack__slug")


def visible_runs(access: Access) -> QuerySet[EvaluationRun]:
    """Runs over the person's regions; an enterprise sees those that decided about it."""
    runs = EvaluationRun.objects.select_related("pack", "created_by").defer("pack__files")
    mine = scoped(runs, access, "evaluation.view", RUNS)
    own = _own_enterprises(access)
    if own:
        decided = Decision.objects.filter(enterprise_id__in=own).values("run_id")
        return mine | runs.filter(payable=True, pk__in=decided)
    return mine


def whole_runs(runs: QuerySet[EvaluationRun]) -> QuerySet[EvaluationRun]:
    """Those that asked everybody of the region: a run of a round knows its applicants only."""
    return runs.filter(~Q(population__has_key="round"))


def visible_decisions(access: Access) -> QuerySet[Decision]:
    """Decisions within reach. Trial runs of a bureau stay inside it."""
    found = scoped(Decision.objects.all(), access, "evaluation.view", DECISIONS)
    bureau = any(not g.enterprise_id for g in access.granting("evaluation.view"))
    return found if bureau else found.filter(run__payable=True)


def visible_packs(access: Access) -> QuerySet[PackVersion]:
    """Policy documents are for everybody; the newest installed version of each."""
    return PackVersion.objects.filter(is_current=True).defer("files")


def nearest_pack(access: Access) -> PackVersion | None:
    """The document of the person's own region, else of the one above it, else any."""
    home = access.home_region or ""
    packs = list(visible_packs(access).exclude(status="standard").order_by("slug"))

    def nearness(pack: PackVersion) -> int:
        prefix = region_prefix(pack.region_code) if pack.region_code else ""
        return len(prefix) if prefix and home.startswith(prefix) else 0

    return max(packs, key=nearness, default=None)


def latest_run(access: Access) -> EvaluationRun | None:
    """The newest run over a whole region that the person may see."""
    return whole_runs(visible_runs(access)).order_by("-id").first()


def _own_enterprises(access: Access) -> list[int]:
    return [g.enterprise_id for g in access.granting("evaluation.view") if g.enterprise_id]
