"""The hash over a list's lines, and whether what it rests on is still so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db.models import F, Q

from jigai.errors import JigaiError
from jigai.funding.models import DecisionLine, DecisionList

_COLUMNS = ("place", "application_id", "name", "reviewed_fen", "decided_fen", "remark")


def hash_of(lines: Iterable[tuple[object, ...]]) -> str:
    """SHA-256 over lines of (place, application, name, reviewed, decided, remark)."""
    total = hashlib.sha256()
    for line in lines:
        total.update(("\x1f".join(map(str, line)) + "\n").encode())
    return total.hexdigest()


def hash_stored(decision_list: DecisionList) -> str:
    """The hash of the lines as they are stored now."""
    rows = decision_list.lines.order_by("place", "id").values_list(*_COLUMNS)
    return hash_of(rows.iterator(chunk_size=5000))


def require_unchanged(decision_list: DecisionList, states: Iterable[str]) -> None:
    """Raise :class:`JigaiError` naming the first applications whose amount or state is not what
    the list says any more, or whose lines are not those that were hashed."""
    if hash_stored(decision_list) != decision_list.root_hash:
        raise JigaiError("list-altered", "名单与提交时的散列不符", "请联系管理员核查记录")
    paid = DecisionLine.objects.filter(decision_list=decision_list, decided_fen__gt=0)
    changed = paid.exclude(
        Q(application__state__in=list(states)) & Q(application__stale="")
        & Q(application__reviewed_fen=F("reviewed_fen"))
    )  # fmt: skip
    found = list(changed.order_by("place")[:3].values_list("application__number", flat=True))
    if found:
        raise JigaiError(
            "list-changed", f"拟订名单之后，{'、'.join(found)} 等申报有变动（状态、金额或待重算）",
            "按现在的审核结果重新拟订名单",
        )  # fmt: skip
