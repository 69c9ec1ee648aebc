"""Who sees a study and who changes it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jigai.core.access import Access, Denied, Reach, scoped
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with, reaches
from jigai.workbench.models import SandboxScenario, SandboxStudy

USE = "sandbox.use"
STUDIES = Reach(region="region_code", owner="created_by")


def visible_studies(access: Access) -> QuerySet[SandboxStudy]:
    """One's own studies, and those colleagues share whose region one reaches."""
    rows = scoped(SandboxStudy.objects.select_related("created_by"), access, USE, STUDIES)
    return rows.filter(Q(shared=True) | Q(created_by=access.user))


def may_change(access: Access, study: SandboxStudy) -> bool:
    """Only whoever made it, for as long as the right and the region last."""
    mine = access.user is not None and study.created_by_id == access.user.pk
    return mine and reaches(access, USE, study.region_code)


def lock_study(number: int, access: Access) -> SandboxStudy:
    """The study, held until the transaction ends.

    Raises :class:`Denied` for anybody but its owner.
    """
    access.require(USE)
    study = SandboxStudy.objects.select_for_update().get(pk=number)
    if not may_change(access, study):
        raise Denied("not-the-owner", "只有建立人可以改这个沙盘", "需要改时先另存一份")
    return study


def lock_scenario(number: int, access: Access) -> SandboxScenario:
    """A scenario in use with its study held. Raises as :func:`lock_study`, and
    :class:`JigaiError` for one that was taken out."""
    study = SandboxScenario.objects.values_list("study_id", flat=True).get(pk=number)
    lock_study(study, access)
    found: SandboxScenario = SandboxScenario.objects.select_for_update().get(pk=number)
    if not found.active:
        raise JigaiError("scenario-gone", f"情景“{found.name}”已经删去", "刷新页面")
    return found


def colleagues(study: SandboxStudy) -> list[User]:
    """Who may be told of a shared study: others with this right over its region."""
    return [u for u in people_with(USE, study.region_code) if u.pk != study.created_by_id]
