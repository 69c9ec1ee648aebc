"""Marks parts of an application as checked or insufficient."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.models import Application, EvidenceCheck
from jigai.funding.review.words import SECTIONS

_OPEN = ("submitted", "review")


def check_evidence(
    *, application: Application, marks: Mapping[str, tuple[str, str]], by: User
) -> int:
    """Keep ``marks``: item to (``fine`` or ``short``, words); the number that changed.

    Raises :class:`JigaiError` for an item the application does not have, something insufficient
    without words, or an application that is not under review.
    """
    if application.state not in _OPEN:
        raise JigaiError(
            "not-in-review", f"{application.number} 现在是“{application.get_state_display()}”",
            "已提交、审核中的申报可以核对材料",
        )  # fmt: skip
    known = items_of(application)
    for item, (state, words) in marks.items():
        if item not in known:
            raise JigaiError("unknown-item", f"没有“{item}”这项材料", "刷新页面")
        if state == "short" and not words.strip():
            raise JigaiError("no-words", f"“{known[item]}”不符合要求，要写明问题", "写清缺什么")
    changed = 0
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=application.pk)
        held = {row.item: row for row in application.checks.order_by("id")}
        for item, (state, words) in marks.items():
            changed += _keep(application, held.get(item), item, state, words.strip(), by)
    return changed


def _keep(
    application: Application, row: EvidenceCheck | None, item: str, state: str, words: str, by: User
) -> bool:
    words = words[:300] if state == "short" else ""
    if row is None:
        EvidenceCheck.objects.create(
            application=application, item=item, state=state, words=words, by=by
        )
        return True
    if (row.state, row.words) == (state, words):
        return False
    row.state, row.words, row.by, row.at = state, words, by, timezone.now()
    row.save()
    return True


def items_of(application: Application) -> dict[str, str]:
    """Everything a reviewer looks at, with its name: the materials, then the sections."""
    found = {str(one["id"]): str(one["name"]) for one in application.measure.evidence}
    found["form"] = SECTIONS["form"]
    if application.lines.exists():
        found["lines"] = SECTIONS["lines"]
    if application.consortium_id is not None:
        found["members"] = SECTIONS["members"]
    return found
