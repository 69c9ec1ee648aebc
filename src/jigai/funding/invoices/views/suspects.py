"""Suspicious sets: the list, and one set with a ruling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jigai.core.access import Access, requires, scoped
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import ListPage
from jigai.core.screens.list_state import ListState
from jigai.errors import JigaiError
from jigai.funding.invoices.services.rule_suspects import KEEP, REACH, rule_suspects
from jigai.funding.models import InvoiceLine, OtherFunding, SuspectMember, SuspectSet
from jigai.funding.payments.views.shared import once
from jigai.funding.words import STATUSES

LOOKS = {"open": "pending", "repeat": "rejected", "distinct": "confirmed"}
_WORDS = {LOOKS[code]: word for code, word in SuspectSet.State.choices}
# More papers than this on one page help nobody.
_MOST = 100


def sets_for(access: Access) -> QuerySet[SuspectSet]:
    """Sets with at least one paper within reach."""
    near = scoped(SuspectMember.objects.all(), access, KEEP, REACH)
    return SuspectSet.objects.filter(pk__in=near.order_by().values("suspect"))


class SuspectFilters(ListFilters):
    """What they share, kind, ruling."""

    q = words_field("号码、编号或销售方")
    kind = choice("类型", SuspectSet.Kind.choices)
    state = choice("核定", SuspectSet.State.choices)
    lookups = {"kind": "kind", "state": "state"}

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of what the papers share."""
        return rows.filter(key__icontains=value.strip())


class SuspectList(ListPage):
    """疑似重复."""

    page = "suspects"
    url_name = "double-list"
    title = "疑似重复"
    note = "按发票号码、金额、设备编号在全平台比对；数据权限之外的票不显示单位"
    capability = KEEP
    filters = SuspectFilters
    columns = (
        Column("kind", "类型", "get_kind_display", link=True),
        Column("key", "共同点", "shown_key", clip=True),
        Column("members", "票数", "members_count", kind=c.WHOLE, sort="members_count"),
        Column("state", "核定", lambda row: LOOKS[row.state], kind=c.STATUS, choices=_WORDS,
               sort="state"),
        Column("reason", "理由", clip=True),
        Column("ruled_by", "核定人", lambda row: str(row.ruled_by or "")),
        Column("found_at", "发现时间", kind=c.MOMENT, sort="found_at"),
    )  # fmt: skip
    empty_title = "没有疑似重复的发票或设备"
    empty_hint = "导入发票、登记其他财政资金时自动比对"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Sets with a paper within reach."""
        return sets_for(access).select_related("ruled_by")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """What a set shares, in words people know."""
        lines = dict(
            SuspectMember.objects.filter(suspect__in=[r.pk for r in rows if r.kind == "line"])
            .exclude(line_key=None).order_by("-id").values_list("suspect", "line_key")
        )  # fmt: skip
        known = InvoiceLine.objects.in_bulk(list(lines.values()))
        for row in rows:
            line = known.get(lines.get(row.pk, 0))
            row.shown_key = f"{line.invoice_no} {line.item}" if line else row.key

    def row_url(self, row: SuspectSet) -> str:
        """The set."""
        return reverse("double-detail", args=[row.pk])


class RuleForm(forms.Form):
    """What somebody found out."""

    verdict = forms.ChoiceField(
        label="核定", widget=forms.RadioSelect,
        choices=(("repeat", "确为重复"), ("distinct", "不是重复")),
    )  # fmt: skip
    reason = forms.CharField(
        label="理由", max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="怎么核实的，例如核对了哪张原票、问了哪个部门",
    )  # fmt: skip


@dataclass(slots=True)
class Paper:
    """One paper of a set as it may be shown; ``None`` in place of what lies out of reach."""

    line: InvoiceLine | None = None
    fund: OtherFunding | None = None
    status: str = ""


def papers_of(row: SuspectSet, access: Access) -> tuple[list[Paper], int]:
    """The papers within reach, and how many lie outside: of those only that they are."""
    members = SuspectMember.objects.filter(suspect=row)
    near = scoped(members, access, KEEP, REACH).order_by("id")[:_MOST]
    keys = list(near.values_list("line_key", "fund_key"))
    lines = InvoiceLine.objects.select_related("project", "consortium", "buyer").in_bulk(
        [line for line, _fund in keys if line]
    )
    funds = OtherFunding.objects.select_related("enterprise").in_bulk(
        [fund for _line, fund in keys if fund]
    )
    found = [Paper(lines.get(line or 0), funds.get(fund or 0)) for line, fund in keys]
    shown = [paper for paper in found if paper.line or paper.fund]
    for paper in shown:
        paper.status = STATUSES.get(paper.line.status, "") if paper.line else ""
    return shown, members.count() - len(keys)


@requires(KEEP)
@require_http_methods(["GET", "POST"])
def detail(request: Any, pk: int) -> HttpResponse:
    """One set, and the ruling on it."""
    row = get_object_or_404(sets_for(request.access).select_related("ruled_by"), pk=pk)
    data = request.POST if request.method == "POST" else None
    form = RuleForm(data)
    if data is not None and form.is_valid():
        try:
            return redirect(once(request, lambda: _rule(request, row, form), "核定已登记"))
        except JigaiError as problem:
            form.add_error(None, str(problem))
    papers, outside = papers_of(row, request.access)
    context = {
        "row": row, "form": form, "look": LOOKS[row.state], "papers": papers, "outside": outside,
        "shows_key": row.kind != "line",
    }  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "funding/invoices/suspect.html", context, status=status)


def _rule(request: Any, row: SuspectSet, form: RuleForm) -> str:
    rule_suspects(
        suspect=row.pk, seen=int(request.POST.get("seen", "0") or 0),
        verdict=form.cleaned_data["verdict"], reason=form.cleaned_data["reason"],
        by=request.user, access=request.access,
    )  # fmt: skip
    return reverse("double-detail", args=[row.pk])
