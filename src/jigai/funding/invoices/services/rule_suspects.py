"""A person says whether a suspicious set is one thing paid for twice."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Reach, scoped
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.models import SuspectMember, SuspectSet

KEEP = "funding.other"
REACH = Reach(region="region_code")
REPEAT, DISTINCT = "repeat", "distinct"


def rule_suspects(
    *, suspect: int, seen: int, verdict: str, reason: str, by: User, access: Access
) -> SuspectSet:
    """Record 确为重复 or 不是重复 with the reason; a later ruling replaces an earlier one.

    Raises :class:`Denied` without a paper of the set within reach and :class:`JigaiError` without
    a reason or where somebody else has just ruled.
    """
    access.require(KEEP)
    if verdict not in (REPEAT, DISTINCT):
        raise JigaiError("unknown-verdict", "还没有选核定结论", "选“确为重复”或“不是重复”")
    if not reason.strip():
        raise JigaiError("no-reason", "还没有写理由", "写清怎么核实的，例如看了哪张原票")
    with transaction.atomic():
        row = SuspectSet.objects.select_for_update().get(pk=suspect)
        near = scoped(SuspectMember.objects.filter(suspect=row), access, KEEP, REACH)
        if not near.exists():
            raise JigaiError("unknown-suspect", "没有这一组", "回到列表重新打开")
        if row.version != seen:
            raise JigaiError("changed", "这一组刚有变化，您的还没有保存", "刷新后再核定")
        row.state, row.reason = verdict, reason.strip()[:400]
        row.ruled_by, row.ruled_at = by, timezone.now()
        row.version += 1
        row.save()
    return row
