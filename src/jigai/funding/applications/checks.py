"""Everything that is looked at before an application may be handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from jigai.core.fields.shapes import read_field
from jigai.core.screens import formats
from jigai.funding.applications.agreement import outdated
from jigai.funding.applications.pool import buyers_of, left_of, name_of, refusal_of
from jigai.funding.applications.quota import places_of, refusal
from jigai.funding.awards.from_rounds import already_awarded
from jigai.funding.compute.estimate import Estimate
from jigai.funding.elsewhere.findings import double_findings
from jigai.funding.models import Application, BankAccount
from jigai.rules.explanation import MeasureExplanation, Reason

# Reasons for which the document itself refuses the application, not only the money: what is not in
# the library cannot be applied for (入库是奖补前提).
AT_THE_DOOR = frozenset({"not_in_library", "not_in_city_library", "admitted_late"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing found. A ``blocking`` one stops the hand-in, another is only said."""

    part: str
    text: str
    clause: str = ""
    blocking: bool = True
    url: str = ""


def problems_of(application: Application, found: Estimate | None) -> list[Problem]:
    """All problems of an application as it stands, worst first."""
    everything = [
        *_fields(application), *_evidence(application), *_lines(application),
        *_members(application), *_places(application), *_answer(found, application.measure.code),
        *_double(application), *_awarded(application), *_account(application),
    ]  # fmt: skip
    return sorted(everything, key=lambda problem: not problem.blocking)


def _fields(application: Application) -> Iterable[Problem]:
    for content in application.measure.fields:
        item = read_field(content)
        if item.required and application.values.get(item.id) in (None, "", []):
            yield Problem("申报表", f"“{item.label}”没有填")


def _evidence(application: Application) -> Iterable[Problem]:
    for item in application.measure.evidence:
        if item.get("required") and not application.evidence.get(item["id"]):
            yield Problem("材料", f"缺“{item['name']}”")


def _lines(application: Application) -> Iterable[Problem]:
    rows = application.lines.select_related("line__same").order_by("id")
    buyers, none = set(buyers_of(application)), True
    mine = application.submitted_at is not None
    for row in rows:
        none = False
        left = left_of(row.line) + (row.share_fen if mine else 0)
        why = refusal_of(row.line, buyers, left)
        if why:
            yield Problem("发票", f"{name_of(row.line)}：{why}")
        elif row.share_fen > left:
            yield Problem("发票", f"{name_of(row.line)}：只剩 {formats.yuan(left)} 元可以计入")
    if none:
        yield Problem("发票", "没有选择发票", blocking=False)


def _members(application: Application) -> Iterable[Problem]:
    if application.consortium_id is None:
        return
    for row in outdated(application):
        word = "签署的内容已经变化，要重新签署" if row.signed_at else "还没有签署协议"
        yield Problem("共同体协议", f"{row.enterprise.name} {word}")


def _places(application: Application) -> Iterable[Problem]:
    found = places_of(application)
    if found is not None and found.full:
        yield Problem("申报数量", "。".join(refusal(found)), found.rule.clause)


def _answer(found: Estimate | None, measure: str) -> Iterable[Problem]:
    if found is None:
        yield Problem("测算", "台账里没有这个对象本年度的数据，现在算不出金额", blocking=False)
        return
    for reason in reasons_of(found, measure):
        yield Problem("测算", reason.text, reason.clause, blocking=reason.code in AT_THE_DOOR)


def reasons_of(found: Estimate, measure: str) -> list[Reason]:
    """Why the document gives nothing or waits, each once, in its order."""
    rows = [reason for told in asked_for(found, measure) for reason in told.reasons]
    return list({(row.code, row.clause): row for row in rows}.values())


def asked_for(found: Estimate, measure: str) -> list[MeasureExplanation]:
    """What is explained of the measure applied for; what other measures ask does not matter."""
    return [told for told in found.explanation.measures if told.id == measure]


def _double(application: Application) -> Iterable[Problem]:
    for row in double_findings(application):
        yield Problem("重复奖补", row.text, row.clause, row.blocking, row.where_url or "")


def _awarded(application: Application) -> Iterable[Problem]:
    if why := already_awarded(application):
        yield Problem("重复奖补", why, application.measure.clause)


def _account(application: Application) -> Iterable[Problem]:
    rows = BankAccount.objects.filter(enterprise=application.enterprise_id)
    if not rows.filter(state__in=("verified", "proposed")).exists():
        text = "还没有登记收款账户，拨付前要登记并核对"
        yield Problem("收款账户", text, blocking=False, url=reverse("account-new"))
