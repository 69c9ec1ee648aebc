"""Joins the procedure of objections with their rows."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from jigai.cases.about import About, register_about
from jigai.cases.addressable import register_capability
from jigai.cases.hooks import register_hook, register_step_hook
from jigai.cases.models import Case, CaseStep
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.models import Objection, PublicityLine
from jigai.funding.publicity.access import MANAGE
from jigai.funding.publicity.receipts import refusal_of
from jigai.funding.publicity.services.answer_objection import answer_objection, require_amount
from jigai.funding.publicity.services.file_objection import ABOUT, CODE

Outcome: Any = Objection.State


def checked(case: Case, row: CaseStep, by: User | None) -> None:
    """The finding is told at once where amount and outcome do not fit each other."""
    found = _objection(case)
    require_amount(found.line, str(case.values.get("outcome") or ""), case.values.get("new_amount"))


def closed(case: Case, by: User | None) -> None:
    """The answer takes effect in the transaction of the reply."""
    outcome, answer = str(case.values.get("outcome") or ""), str(case.values.get("answer") or "")
    if outcome not in (Outcome.UPHELD, Outcome.REJECTED) or not answer:
        raise JigaiError("no-outcome", "没有写结论或答复，不能办结", "核查写结论，答复写理由")
    answer_objection(
        objection=_objection(case), outcome=outcome, amount_fen=case.values.get("new_amount"),
        answer=answer, by=by,
    )  # fmt: skip


def ended(case: Case, by: User | None) -> None:
    """Not taken up, or void: the row goes on."""
    answer_objection(
        objection=_objection(case), outcome=Outcome.REJECTED, amount_fen=None,
        answer=refusal_of(case) or "没有受理", by=by,
    )  # fmt: skip


def about_line(pk: int) -> About | None:
    """The row a case is about, on the page of its notice."""
    row = PublicityLine.objects.filter(pk=pk).select_related("publicity").first()
    if row is None:
        return None
    url = reverse("publicity-detail", args=[row.publicity_id])
    return About("公示", f"{row.publicity.title}：{row.name}", url)


def _objection(case: Case) -> Objection:
    rows = Objection.objects.select_related("line", "line__publicity")
    found = rows.filter(case=case).first()
    if found is None:
        raise JigaiError("no-objection", "这个办件没有对应的公示行", "异议从公示页面提出")
    return found


def register() -> None:
    """Called once the rooms are loaded."""
    register_capability(MANAGE)
    register_about(ABOUT.removesuffix(":"), about_line)
    register_step_hook(CODE, "check", checked)
    register_hook(CODE, "closed", closed)
    register_hook(CODE, "ended", ended)
