"""Reads of proposals: who may see and confirm them, against what they are compared."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.core.access.grants import Grant, expanded
from jigai.core.access.scoping import Scope, region_prefix
from jigai.core.models import Job
from jigai.policies.models import EvaluationRun, PackProposal, PackVersion
from jigai.policies.selectors import visible_runs, whole_runs

CAPABILITY = "pack.install"
PROPOSALS = Reach(region="region_code", owner="created_by", programme="slug")


def visible_proposals(access: Access) -> QuerySet[PackProposal]:
    """Proposals for the regions where the person may install packs, and their own."""
    rows = PackProposal.objects.select_related("created_by", "decided_by", "job", "file")
    found = scoped(rows, access, CAPABILITY, PROPOSALS)
    if access.user is not None and access.can(CAPABILITY):
        return found | rows.filter(created_by=access.user)
    return found


def may_install(access: Access, proposal: PackProposal) -> bool:
    """Whether the person may decide about it: where the document applies, and where it did so far.

    A new version cannot take a document away from the region it belongs to by naming another one.
    """
    regions = [proposal.region_code]
    base = current_version(proposal.slug)
    if base is not None:
        regions.append(region_of(base.region_code))
    grants = access.granting(CAPABILITY)
    return all(any(_reaches(g, code, proposal.slug) for g in grants) for code in regions)


def _reaches(grant: Grant, code: str, slug: str) -> bool:
    if grant.enterprise_id or grant.institution_id or grant.programme not in ("", slug):
        return False
    if grant.scope == Scope.ALL:
        return True
    if grant.scope == Scope.DEPARTMENT:
        return bool(code) and code in grant.regions
    if grant.scope in (Scope.BELOW, Scope.CUSTOM):
        return any(len(own) > 1 and code.startswith(region_prefix(own)) for own in grant.regions)
    return False


def region_of(code: str) -> str:
    """The region that a pack's region stands for: of a group the smallest that holds all members.

    Empty where there is none; then only who may install everywhere may install the pack.
    """
    codes = expanded([code])
    if len(codes) == 1 and codes[0] == code:
        return code if code[:6].isdigit() else ""
    for length in (4, 2):
        beginnings = {member[:length] for member in codes}
        if len(beginnings) == 1:
            return beginnings.pop().ljust(6, "0")
    return ""


def current_version(slug: str) -> PackVersion | None:
    """The version in use, if the pack is installed."""
    return PackVersion.objects.filter(slug=slug, is_current=True).order_by("-id").first()


def run_to_compare(slug: str, access: Access | None) -> EvaluationRun | None:
    """The newest payable run of the document, else the newest one that is no scenario.

    Among those the person may see where they see runs at all: who installs packs for the platform
    sees none, and then the totals of the newest one still tell what a version does.
    """
    runs = EvaluationRun.objects.all()
    if access is not None and access.can("evaluation.view"):
        runs = visible_runs(access)
    found = whole_runs(runs).filter(pack__slug=slug, scenario={}).select_related("pack")
    return found.order_by("-payable", "-id").first()


def run_in(region: str, access: Access | None) -> EvaluationRun | None:
    """The newest run of a region under any document, whose people a new document is tried on."""
    if not region or access is None or not access.can("evaluation.view"):
        return None
    found = whole_runs(visible_runs(access)).filter(region_code=region, scenario={})
    return found.order_by("-payable", "-id").first()


def sees_subjects(access: Access, money: dict[str, Any]) -> bool:
    """Whether the person may see the names behind the totals: they need to see the run itself."""
    return visible_runs(access).filter(pk=money.get("run")).exists()


def unfinished_job(proposal: PackProposal) -> Job | None:
    """The check at work on the proposal."""
    job = proposal.job
    return job if job is not None and not job.is_over else None
