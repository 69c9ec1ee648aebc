"""要求补正 and its answer, from the pages of the application."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from jigai.cases.services.act import act
from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.models import Application, EvidenceCheck
from jigai.funding.review.course import answering
from jigai.funding.review.words import SECTIONS


def ask_correction(
    *, application: Application, by: User, access: Access, reason: str, days: int | None = None
) -> None:
    """Tell the applicant everything that was found insufficient, at once.

    What was marked insufficient item by item becomes the notice. Raises :class:`JigaiError` where
    nothing was marked, and as the verb 补正 does.
    """
    short = found_short(application)
    if not short:
        raise JigaiError("nothing-missing", "还没有标出不符合要求的材料", "先逐项核对，写明问题")
    fields = [{"id": section, "say": "；".join(said)} for section, said in short.items()]
    act(
        case=_case(application), verb="correct", by=by, access=access, reason=reason,
        items=[], fields=fields, days=days,
    )  # fmt: skip


def answer_correction(
    *, application: Application, by: User, access: Access, changed: Mapping[str, str] | None = None
) -> None:
    """The applicant handed in what was asked for; ``changed`` says per section what.

    Called in the transaction that stores the corrected application, before anything else of it is
    locked. The case goes on, and with it the application; what was marked is to be looked at anew.
    """
    from jigai.cases.models import Correction

    case = _case(application)
    open_ = Correction.objects.filter(case=case, supplied_on=None, lapsed_on=None)
    row = open_.order_by("-id").first()
    if row is None:
        raise JigaiError("nothing-asked", "没有要求补正", "刷新页面")
    given = changed or {}
    values = {one["id"]: given.get(one["id"]) or "已按要求修改" for one in row.fields}
    with transaction.atomic(), answering():
        act(case=case, verb="supply", by=by, access=access, values=values, evidence={})
        EvidenceCheck.objects.filter(application=application, state="short").delete()


def found_short(application: Application) -> dict[str, list[str]]:
    """What was marked insufficient, by section of the application, materials by their names."""
    names = {str(one["id"]): str(one["name"]) for one in application.measure.evidence}
    found: dict[str, list[str]] = {}
    rows = EvidenceCheck.objects.filter(application=application, state="short").order_by("id")
    for row in rows:
        if row.item in SECTIONS:
            found.setdefault(row.item, []).append(row.words)
        else:
            said = f"{names.get(row.item, row.item)}：{row.words}"
            found.setdefault("materials", []).append(said)
    return found


def _case(application: Application) -> int:
    if application.case_id is None:
        raise JigaiError("no-review", f"{application.number} 没有在审核", "企业提交之后才能审核")
    return int(application.case_id)
