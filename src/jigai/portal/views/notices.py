"""Money on the portal: open rounds, notices with objections, the archive, how payments went."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from jigai.cases.models import Case
from jigai.core.platform_calendar import platform_calendar
from jigai.core.screens import formats
from jigai.core.sign_in.log import address_of
from jigai.errors import JigaiError
from jigai.funding.models import Publicity, PublicityLine, Round
from jigai.funding.payments.clock import statistics
from jigai.funding.publicity.access import OVER, public_lines, public_notices
from jigai.funding.publicity.lists import LOOKS, OBJECTION_LOOKS, ROW_LOOKS
from jigai.funding.publicity.paper import HEADER
from jigai.funding.publicity.period import period_words
from jigai.funding.publicity.receipts import objection_of, refusal_of
from jigai.funding.publicity.services.file_objection import file_objection
from jigai.funding.rounds.offered import offered_by
from jigai.funding.rounds.timetable import promise_of, stage_days
from jigai.funding.rounds.words import MODES
from jigai.portal.places import places_named
from jigai.portal.public_page import portal_page
from jigai.portal.standing import policy_url
from jigai.sheets.escape import harmless

OPEN_TO_ALL = "申报批次和拟支持名单向社会公开，不用登录"
SHORT, ROWS, MOST = 60, 50, 200


class ObjectionForm(forms.Form):
    """What is wrong with a row; who objects may be left empty."""

    told = forms.CharField(
        label="异议的事实和理由", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写清哪里不符、依据是什么",
    )  # fmt: skip
    name = forms.CharField(
        label="提出人", max_length=40, required=False, help_text="可以不填；只给办理人看"
    )
    contact = forms.CharField(
        label="联系方式", max_length=60, required=False, help_text="可以不填；只给办理人看"
    )
    homepage = forms.CharField(
        label="主页", required=False, max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip


@portal_page(OPEN_TO_ALL, keep=SHORT)
def notices(request: Any) -> HttpResponse:
    """What can be applied for now, what is under notice, and the archive."""
    today, now = timezone.localdate(), timezone.now()
    rounds = Round.objects.filter(state=Round.State.OPEN, opens_at__lte=now, closes_at__gt=now)
    known = _told(
        public_notices().filter(starts_on__lte=today).order_by("-starts_on", "-id")[:MOST]
    )
    context = {
        "rounds": list(rounds.select_related("pack").defer("pack__files").order_by("closes_at")),
        "running": [row for row in known if row.state == Publicity.State.RUNNING],
        "archive": [row for row in known if row.state != Publicity.State.RUNNING],
    }
    return render(request, "portal/notices.html", context)


def _told(rows: Any) -> list[Publicity]:
    """Notices with their number of rows and sum, one query for all."""
    found = list(rows)
    sums = {
        row["publicity"]: (row["n"], int(row["fen"] or 0))
        for row in PublicityLine.objects.filter(publicity__in=[row.pk for row in found])
        .order_by().values("publicity").annotate(n=Count("pk"), fen=Sum("amount_fen"))
    }  # fmt: skip
    for row in found:
        row.look = LOOKS[row.state]
        row.count, row.fen = sums.get(row.pk, (0, 0))
    return found


@portal_page(OPEN_TO_ALL, keep=SHORT)
def round_(request: Any, pk: int) -> HttpResponse:
    """One round as announced: who, what, until when, with which papers, paid by when."""
    told = Round.objects.exclude(state__in=(Round.State.DRAFT, Round.State.CANCELLED))
    row = get_object_or_404(told.select_related("pack", "programme", "notice"), pk=pk)
    calendar = platform_calendar()
    calculators = {m.code for m in offered_by(row.pack) if m.computes and row.pack.is_current}
    measures = list(row.measures.order_by("place", "id"))
    for measure in measures:
        measure.calculator = (
            reverse("calculator", args=[row.pack.slug, measure.code])
            if measure.code in calculators else ""
        )  # fmt: skip
    context = {
        "round": row, "measures": measures, "mode_words": MODES[Round.Mode(row.mode)],
        "stages": stage_days(row, calendar), "promise": promise_of(row, calendar),
        "policy_url": policy_url(row.pack),
        "is_open": row.state == Round.State.OPEN and row.opens_at <= timezone.now() < row.closes_at,
        "notices": _told(
            public_notices().filter(round=row, starts_on__lte=timezone.localdate()).order_by("-id")
        ),
    }  # fmt: skip
    return render(request, "portal/round.html", context)


def _notice(pk: int) -> Publicity:
    """A notice whose first day has come."""
    rows = public_notices().select_related("document", "again_of")
    return get_object_or_404(rows, pk=pk, starts_on__lte=timezone.localdate())


@portal_page(OPEN_TO_ALL, keep=SHORT)
def notice(request: Any, pk: int) -> HttpResponse:
    """One notice with its rows, each with its clause, and the way to object."""
    item = _notice(pk)
    words = request.GET.get("q", "").strip()[:80]
    page = Paginator(public_lines(item, words), ROWS).get_page(request.GET.get("page", 1))
    today = timezone.localdate()
    running = item.state == Publicity.State.RUNNING and today <= item.ends_on
    for line in page:
        line.look = ROW_LOOKS[line.state]
        line.open = running and line.state not in OVER
    total = PublicityLine.objects.filter(publicity=item).aggregate(
        n=Count("pk"), fen=Sum("amount_fen")
    )
    context = {
        "item": item, "look": LOOKS[item.state], "period": period_words(item), "page": page,
        "words": words, "count": total["n"], "fen": int(total["fen"] or 0), "running": running,
        "policy_url": policy_url(item.round.pack), "again": list(item.again.order_by("id")),
    }  # fmt: skip
    return render(request, "portal/notice.html", context)


@portal_page(OPEN_TO_ALL)
def notice_csv(request: Any, pk: int) -> StreamingHttpResponse:
    """Every row of a notice as a file, in the same words as the page."""
    item = _notice(pk)
    answer = StreamingHttpResponse(_csv(item), content_type="text/csv; charset=utf-8")
    name = content_disposition_header(True, f"{item.number}.csv") or ""
    answer.headers["Content-Disposition"] = name
    return answer


def _csv(item: Publicity) -> Iterator[str]:
    yield "\ufeff" + _line([*HEADER, "状态"])
    for row in public_lines(item).iterator(chunk_size=2000):
        cells = [str(row.place), row.name, row.title, row.measure, row.clause]
        amount = formats.yuan(row.amount_fen).replace(",", "")
        yield _line([*(harmless(cell) for cell in cells), amount, row.get_state_display()])


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


@portal_page(OPEN_TO_ALL, keep=0, methods=("GET", "HEAD", "POST"))
def object_to(request: Any, pk: int, row: int) -> HttpResponse:
    """Object to one row; the answer is a number that opens the outcome."""
    item = _notice(pk)
    line = get_object_or_404(PublicityLine, pk=row, publicity=item)
    data = request.POST if request.method == "POST" else None
    form = ObjectionForm(data)
    if data is not None and form.is_valid():
        try:
            case = _object(request, line, form.cleaned_data)
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
        else:
            return redirect(f"{reverse('notices-objection')}?number={case.receipt}&new=1")
    context = {"item": item, "line": line, "form": form, "period": period_words(item)}
    return render(
        request, "portal/objection_new.html", context, status=200 if data is None else 422
    )


def _object(request: Any, line: PublicityLine, given: dict[str, Any]) -> Case:
    # Whoever is signed in objects without being named: the page does not ask who they are.
    return file_objection(
        line=line.pk, told=given["told"], name=given["name"], contact=given["contact"],
        trap=given["homepage"], nonce=request.POST.get("nonce", ""),
        address=address_of(request) or "",
    )  # fmt: skip


@portal_page("凭查询码查自己提的异议，不用登录", keep=0)
def objection(request: Any) -> HttpResponse:
    """How far an objection is and what was answered; who objected is not shown."""
    number = request.GET.get("number", "").strip()[:40]
    found = objection_of(number)
    context: dict[str, Any] = {"number": number, "new": "new" in request.GET, "found": found}
    if found is not None:
        context |= {"look": OBJECTION_LOOKS[found.state], "refused": refusal_of(found.case)}
    status = 404 if number and found is None else 200
    return render(request, "portal/objection.html", context, status=status)


@portal_page("拨付承诺与实际的统计向社会公开，家数太少的不公开", keep=300)
def payments(request: Any) -> HttpResponse:
    """Promised against actual, by round; what rests on few enterprises stays hidden."""
    typed = request.GET.get("place", "").strip()[:30]
    year = _year(request.GET.get("year", ""))
    places = places_named(typed)
    regions = [places[0].code] if len(places) == 1 else []
    if not typed:
        given = Round.objects.filter(~Q(state=Round.State.DRAFT), year=year)
        regions = sorted(set(given.order_by().values_list("region_code", flat=True)))
    rows = {row: None for region in regions for row in statistics(region, year)}
    today = timezone.localdate()
    context = {
        "rows": list(rows), "typed": typed, "year": year,
        "years": range(today.year, today.year - 6, -1),
        "problem": "" if not typed or regions else f"没有认出“{typed}”，写全称或六位区划代码",
    }  # fmt: skip
    return render(request, "portal/payments.html", context)


def _year(typed: str) -> int:
    today = timezone.localdate().year
    return min(max(int(typed), 2000), today) if typed.isdigit() else today
