"""Who sees which recoveries, and who may do what about them."""

from __future__ import annotations

from django.db.models import QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.core.access import check as check_reach
from jigai.errors import JigaiError
from jigai.funding.models import Application, Recovery

# Whoever sees payments sees what has to come back of them; an enterprise sees its own.
VIEW, MANAGE, CONFIRM = "payment.view", "recovery.manage", "recovery.confirm"
# States of a recovery, as plain words.
OPENED, CONFIRMED, AGREED, REPAID, DROPPED = Recovery.State.values
REACH = Reach(region="region_code", enterprise="enterprise")


def recoveries_for(access: Access, capability: str = VIEW) -> QuerySet[Recovery]:
    """Recoveries that a grant of the capability reaches."""
    return scoped(Recovery.objects.all(), access, capability, REACH)


def held(recovery: int, seen: int, access: Access, capability: str) -> Recovery:
    """The recovery and its application, locked, for whoever may; the application comes first.

    Raises :class:`Denied` (unknown) out of reach and :class:`JigaiError` where somebody else has
    changed it since it was shown.
    """
    found = Recovery.objects.filter(pk=recovery).values_list("application", flat=True)
    Application.objects.select_for_update(of=("self",)).filter(pk__in=list(found)).first()
    rows = Recovery.objects.select_for_update(of=("self",)).filter(pk=recovery)
    row = rows.select_related("application__round__programme", "enterprise").first()
    if row is None:
        raise JigaiError("unknown-recovery", "没有这一笔追回", "回到列表重新打开")
    check_reach(row, access, capability, REACH)
    if row.version != seen:
        raise JigaiError("changed", f"{row.number} 刚有人办过，您的还没有保存", "刷新后再办")
    return row


def require_state(row: Recovery, *states: str) -> None:
    """Raise :class:`JigaiError` unless the recovery is in one of these states."""
    if row.state not in states:
        raise JigaiError(
            "recovery-state", f"{row.number} 现为“{row.get_state_display()}”，不能这样办",
            "刷新页面查看现在的状态",
        )  # fmt: skip
