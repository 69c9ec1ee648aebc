"""Accepts at once what gives nobody a reason to look twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef

from jigai.cases.services.act import act
from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.elsewhere.findings import double_findings
from jigai.funding.models import Application, EvidenceCheck, Round
from jigai.rules.plan import PAY


def waiting(round_: Round) -> list[int]:
    """Submitted applications the rules agree with, without a mark against them: primary keys."""
    short = EvidenceCheck.objects.filter(application=OuterRef("pk"), state="short")
    rows = Application.objects.filter(
        ~Exists(short), round=round_, state=Application.State.SUBMITTED, stale="",
        decision__verdict=PAY, case__isnull=False,
    )  # fmt: skip
    return list(rows.order_by("id").values_list("pk", flat=True))


def doubt_of(application: Application) -> str:
    """The first reason to look twice, in words; empty where there is none."""
    for one in application.measure.evidence:
        if one.get("required") and not application.evidence.get(str(one["id"])):
            return f"没有材料“{one['name']}”"
    return next((finding.text for finding in double_findings(application)), "")


def accept_clear(
    *, round_: Round, by: User, access: Access, progress: Callable[[str, float], None]
) -> dict[str, Any]:
    """Accept every application of a round without a doubt, each in its own transaction.

    Returns how many were ``accepted`` and ``left`` with the first reasons. What somebody else did
    meanwhile is left as it is; done again it goes on where it stopped.
    """
    keys = waiting(round_)
    accepted, left = 0, []
    for place, pk in enumerate(keys, start=1):
        row = Application.objects.select_related("measure", "round").get(pk=pk)
        reason = doubt_of(row)
        if not reason:
            reason = _accept(row, by, access)
        if reason:
            left.append(f"{row.number}：{reason}")
        else:
            accepted += 1
        if place % 20 == 0 or place == len(keys):
            progress(f"已看 {place} 件，受理 {accepted} 件", place / len(keys))
    return {"accepted": accepted, "left": len(left), "reasons": left[:20]}


def _accept(row: Application, by: User, access: Access) -> str:
    try:
        act(case=int(row.case_id or 0), verb="accept", by=by, access=access)
    except JigaiError as problem:
        return str(problem)
    return ""
