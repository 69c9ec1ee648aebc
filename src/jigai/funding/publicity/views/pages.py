"""Notices on screen for the office: publish, look at, publish again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.core.access import Denied, requires
from jigai.core.forms.fields import day_field
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.funding.models import DecisionList, Publicity, PublicityLine
from jigai.funding.publicity.access import MANAGE, VIEW, public_lines, publicities_for
from jigai.funding.publicity.jobs import AT_ONCE, start_publishing
from jigai.funding.publicity.lists import LOOKS, OBJECTION_LOOKS, ROW_LOOKS
from jigai.funding.publicity.period import period_of, period_words
from jigai.funding.publicity.services.publish_again import publish_again
from jigai.funding.publicity.services.publish_list import publish_list
from jigai.funding.rounds.access import rounds_for

ROWS = 50


class PublishForm(forms.Form):
    """From when, and who takes objections."""

    starts_on = day_field("公示开始日期", required=True, help_text="当天不计入公示工作日")
    contact = forms.CharField(label="受理异议", max_length=200, help_text="单位和电话，印在公示上")


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """A notice with its rows and objections."""
    rows = publicities_for(request.access).select_related(
        "round__pack", "decision_list", "document", "again_of", "created_by"
    )
    notice = get_object_or_404(rows, pk=pk)
    words = request.GET.get("q", "").strip()[:80]
    page = Paginator(public_lines(notice, words), ROWS).get_page(request.GET.get("page", 1))
    for line in page:
        line.look = ROW_LOOKS[line.state]
    may = request.access.can(MANAGE)
    objections = _objections(notice) if may else []
    told = PublicityLine.objects.filter(publicity=notice).aggregate(
        n=Count("pk"), fen=Sum("amount_fen")
    )
    changed = notice.lines.filter(state=PublicityLine.State.CHANGED, application__state="held")
    context = {
        "notice": notice, "look": LOOKS[notice.state], "period": period_words(notice),
        "page": page, "words": words, "count": told["n"], "fen": int(told["fen"] or 0),
        "objections": objections, "may_again": may and changed.exists(),
        "again": list(notice.again.order_by("id")),
    }  # fmt: skip
    return render(request, "funding/publicity/detail.html", context)


def _objections(notice: Publicity) -> list[Any]:
    from jigai.funding.models import Objection

    rows = Objection.objects.filter(line__publicity=notice).select_related("line", "case")
    found = list(rows.defer("case__search").order_by("-id")[:100])
    for row in found:
        row.look = OBJECTION_LOOKS[row.state]
    return found


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def new(request: Any, pk: int) -> HttpResponse:
    """Publish an approved list."""
    rows = DecisionList.objects.filter(round__in=rounds_for(request.access).values("pk"))
    row = get_object_or_404(rows.select_related("round__pack"), pk=pk)
    if row.state != DecisionList.State.APPROVED or not row.binding:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = PublishForm(data, initial={"starts_on": timezone.localdate()})
    if data is not None and form.is_valid():
        try:
            return redirect(_publish(request, row, form.cleaned_data))
        except Denied:
            raise
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
    first = form.cleaned_data.get("starts_on") if data is not None else None
    lines = row.lines.filter(decided_fen__gt=0).order_by("place", "id")
    context = {
        "list": row, "form": form, "period": period_of(row.round, first or timezone.localdate()),
        "lines": list(lines[:ROWS]), "count": lines.count(),
        "key": f"publicity:{pk}:{request.user.pk}",
    }  # fmt: skip
    return render(request, "funding/publicity/new.html", context,
                  status=200 if data is None else 422)  # fmt: skip


def _publish(request: Any, row: DecisionList, given: dict[str, Any]) -> str:
    def once() -> str:
        if row.lines.filter(decided_fen__gt=0).count() > AT_ONCE:
            job = start_publishing(row, request.user, given["starts_on"], given["contact"])
            messages.success(request, "名单较长，正在后台发布")
            return reverse("job-detail", args=[job.pk])
        notice = publish_list(decision_list=row, by=request.user, access=request.access, **given)
        messages.success(request, "已公示，公示页面现在对外公开")
        return reverse("publicity-detail", args=[notice.pk])

    return send_once(
        user=request.user, nonce=request.POST.get("nonce", ""), path=request.path, act=once
    )


@requires(MANAGE)
@require_POST
def again(request: Any, pk: int) -> HttpResponse:
    """Publish the corrected rows of a notice anew."""
    notice = get_object_or_404(publicities_for(request.access), pk=pk)

    def once() -> str:
        made = publish_again(publicity=notice, by=request.user, access=request.access)
        messages.success(request, "更正的行已重新公示，公示期重新计算")
        return reverse("publicity-detail", args=[made.pk])

    return redirect(send_once(
        user=request.user, nonce=request.POST.get("nonce", ""), path=request.path, act=once
    ))  # fmt: skip
