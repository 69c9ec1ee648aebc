"""税收政策送达 on screen: reach and enjoyment, who to tell, receipts, visits and own reports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jigai.core.access import Access, requires
from jigai.core.selectors_enterprises import enterprises_for
from jigai.errors import JigaiError
from jigai.registers.models import Entry
from jigai.workbench.taxes.candidates import FINDERS, candidates
from jigai.workbench.taxes.deliveries import (
    MARKS,
    OPEN,
    OUTREACH,
    SENT,
    STATES,
    USE,
    WAYS,
    WHYS,
    deliveries_for,
    figures_of,
    own_deliveries,
    reasons_of,
)
from jigai.workbench.taxes.outreach_forms import VisitForm, YearForm
from jigai.workbench.taxes.preferences import preferences
from jigai.workbench.taxes.services.push_preference import push_preference
from jigai.workbench.taxes.services.record_visit import SELF, record_visit
from jigai.workbench.taxes.services.sign_delivery import sign_delivery

_MOST = 500


@requires(OUTREACH)
@require_safe
def outreach(request: Any) -> HttpResponse:
    """Figures of a year by preference, and the way to each list."""
    year = _year(request)
    rows = _rows(deliveries_for(request.access), year)
    figures, everything = figures_of(rows)
    known = {one.code: one for one in figures}
    listed = [
        (span.values["code"], span.entry.title, known.get(span.values["code"]),
         span.values["code"] in FINDERS)
        for span in preferences(timezone.localdate())
    ]  # fmt: skip
    context = {
        "year": year, "form": YearForm(initial={"year": year}), "preferences": listed,
        "all": everything, "reasons": reasons_of(rows), "drawing": _drawing(figures),
    }  # fmt: skip
    return render(request, "workbench/taxes/outreach.html", context)


@requires(OUTREACH)
@require_safe
def of_preference(request: Any, code: str) -> HttpResponse:
    """Who would benefit, who was told, and what became of it."""
    name = _name(code)
    year = _year(request)
    people, more = candidates(code, year, request.access) if code in FINDERS else ([], False)
    told = _entries(deliveries_for(request.access), code, year)
    by_enterprise = {row.enterprise_id: row for row in told}
    context = {
        "code": code, "name": name, "year": year, "form": YearForm(initial={"year": year}),
        "finder": FINDERS.get(code), "more": more,
        "people": [one for one in people if one.enterprise.pk not in by_enterprise],
        "told": [_line(row) for row in told], "figures": figures_of([r.values for r in told])[1],
    }  # fmt: skip
    return render(request, "workbench/taxes/outreach_of.html", context)


@requires(OUTREACH)
@require_POST
def push(request: Any, code: str) -> HttpResponse:
    """Tell the chosen ones."""
    name, year = _name(code), _year(request, request.POST)
    chosen = [int(key) for key in request.POST.getlist("enterprise") if key.isdigit()]
    try:
        typed = request.POST.get("who", "").strip()
        chosen += [_found(typed, request.access)] if typed else []
        new, before = push_preference(
            code=code, name=name, year=year, enterprises=chosen, by=request.user,
            access=request.access, basis=request.POST.get("basis", "")[:400],
        )  # fmt: skip
    except JigaiError as problem:
        messages.error(request, str(problem))
    else:
        tail = f"，{before} 家以前推送过" if before else ""
        messages.success(request, f"已推送 {new} 家{tail}；等企业签收，再回访享受情况")
    response = redirect("tax-outreach-of", code)
    response["Location"] += f"?year={year}"
    return response


@requires(OUTREACH)
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: Any, pk: int) -> HttpResponse:
    """Write what a visit found."""
    row = get_object_or_404(deliveries_for(request.access).select_related("enterprise"), pk=pk)
    return _visit(request, row, own=False)


@requires(USE)
@require_safe
def mine(request: Any) -> HttpResponse:
    """What the enterprise was told, to sign and to report on."""
    rows = [_line(row) for row in own_deliveries(request.access)[:_MOST]]
    return render(request, "workbench/taxes/deliveries.html", {"rows": rows})


@requires(USE)
@require_POST
def sign(request: Any, pk: int) -> HttpResponse:
    """The enterprise signs."""
    sign_delivery(delivery=pk, by=request.user, access=request.access)
    messages.success(request, "已签收。享受以后请回填享受额")
    return redirect("tax-deliveries")


@requires(USE)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Any, pk: int) -> HttpResponse:
    """The enterprise reports what it enjoyed."""
    row = get_object_or_404(own_deliveries(request.access).select_related("enterprise"), pk=pk)
    return _visit(request, row, own=True)


def _visit(request: Any, row: Entry, *, own: bool) -> HttpResponse:
    start = {"on": timezone.localdate(), "version": row.version, "way": "visit"}
    form = VisitForm(request.POST or None, initial=start, own=own)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = dict(form.cleaned_data)
            try:
                record_visit(delivery=row.pk, way=given.pop("way", SELF), by=request.user,
                             access=request.access, **given)  # fmt: skip
            except JigaiError as problem:
                form.add_error(None, str(problem))
            else:
                messages.success(request, "享受情况已记下")
                if own:
                    return redirect("tax-deliveries")
                response = redirect("tax-outreach-of", row.values["preference"])
                response["Location"] += f"?year={row.values['year']}"
                return response
    context = {"row": row, "line": _line(row), "form": form, "own": own}
    return render(request, "workbench/taxes/visit.html", context, status=status)


def _found(typed: str, access: Access) -> int:
    """An enterprise in reach by credit code or whole name."""
    rows = enterprises_for(access, OUTREACH)
    found = list(rows.filter(Q(uscc=typed.upper()) | Q(name=typed)).order_by("id")[:2])
    if len(found) != 1:
        raise JigaiError("no-enterprise", f"没有找到“{typed}”", "写全称或统一社会信用代码")
    return int(found[0].pk)


def _year(request: Any, data: Any = None) -> int:
    form = YearForm(data if data is not None else request.GET)
    return int(form.cleaned_data["year"]) if form.is_valid() else timezone.localdate().year


def _name(code: str) -> str:
    for span in preferences(timezone.localdate()):
        if span.values["code"] == code:
            return str(span.entry.title)
    raise Http404("没有这项优惠")


def _rows(rows: Any, year: int) -> list[dict[str, Any]]:
    return list(rows.filter(values__year=str(year)).values_list("values", flat=True))


def _entries(rows: Any, code: str, year: int) -> list[Entry]:
    found = rows.filter(values__preference=code, values__year=str(year)).select_related(
        "enterprise"
    )
    return list(found[:_MOST])


def _line(row: Entry) -> dict[str, Any]:
    """One delivery as the screen shows it."""
    values = row.values
    state = values.get("state", OPEN)
    return {
        "row": row, "values": values, "state": STATES[state], "mark": MARKS[state],
        "unsigned": values.get("receipt") == SENT, "open": state == OPEN,
        "way": WAYS.get(values.get("way", ""), ""), "why": WHYS.get(values.get("why", ""), ""),
    }  # fmt: skip


def _drawing(figures: list[Any]) -> dict[str, Any] | None:
    if not figures:
        return None
    names = [one.name for one in figures]
    series = {
        "推送": [one.pushed for one in figures], "签收": [one.signed for one in figures],
        "回访": [one.visited for one in figures], "享受": [one.enjoyed for one in figures],
    }  # fmt: skip
    option = {
        "jgFormat": "count", "legend": {"top": 4},
        "xAxis": {"type": "category", "data": names, "axisLabel": {"interval": 0, "width": 90,
                                                                   "overflow": "break"}},
        "yAxis": {"type": "value", "name": "家", "minInterval": 1},
        "series": [{"name": name, "type": "bar", "data": row} for name, row in series.items()],
    }  # fmt: skip
    rows = [(name, *(str(row[n]) for row in series.values())) for n, name in enumerate(names)]
    return {"option": option, "columns": ("优惠", *series), "rows": rows}
