"""The public view for people signed in, the roster on paper, and an enterprise's own entries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import Reach, requires, scoped
from jigai.core.fields.values import show_value
from jigai.core.models import Enterprise
from jigai.core.views.form_page import FormPage
from jigai.registers.access import APPLY, EDIT, VIEW, is_official, visible_entries
from jigai.registers.entry_states import STATES, held_on, states_of
from jigai.registers.forms import EnterpriseChangeForm
from jigai.registers.selectors import entries_on
from jigai.registers.selectors_public import public_entries, public_labels, public_row
from jigai.registers.services.note_enterprise_change import note_enterprise_change
from jigai.registers.views.registers import register_or_404

PAGE = 50
# More than this nobody prints; the export has no limit.
MOST_PRINTED = 3000
_DAY = dt.timedelta(days=1)


def _day(request: Any) -> dt.date:
    try:
        return dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


@requires(VIEW)
@require_GET
def public(request: Any, slug: str) -> HttpResponse:
    """What everybody may see of a public register on a day."""
    register = register_or_404(request, slug)
    if not register.public:
        raise Http404
    day, words = _day(request), request.GET.get("q", "").strip()[:80]
    rows = public_entries(register, day, words).order_by("entry_id")
    total = rows.count()
    after = request.GET.get("after", "")
    if after.isdigit():
        rows = rows.filter(entry__gt=int(after))
    found = list(rows[: PAGE + 1])
    context = {
        "register": register, "day": day, "words": words, "labels": public_labels(register.schema),
        "rows": [public_row(register, span) for span in found[:PAGE]], "total": total,
        "after": found[PAGE - 1].entry_id if len(found) > PAGE else None,
        "official": is_official(request.access),
        "applies": register.schema.apply and request.access.can(APPLY),
        "own": _own(request, register), "tells_end": _tells_end(register),
    }  # fmt: skip
    return render(request, "registers/public.html", context)


def _tells_end(register: Any) -> bool:
    """Whether the last valid day needs a column: not where a public field says it already."""
    rule = register.schema.validity
    return rule.kind != "field" or rule.field not in {f.id for f in register.schema.public_fields}


def _own(request: Any, register: Any) -> list[dict[str, Any]]:
    """The enterprise's own entries, which it sees whole."""
    if is_official(request.access):
        return []
    rows = list(visible_entries(request.access, register).order_by("-pk")[:20])
    states = states_of(rows, timezone.localdate())
    return [{"row": r, "state": states[r.pk], "word": STATES[states[r.pk]]} for r in rows]


@requires(VIEW)
@require_GET
def roster(request: Any, slug: str) -> HttpResponse:
    """The entries of a day in reach, to be printed."""
    register = register_or_404(request, slug)
    day = _day(request)
    rows = visible_entries(request.access, register).filter(held_on(day)).order_by("pinyin", "id")
    total = rows.count()
    schema = register.schema
    shown = [f for f in schema.fields if f.type != "file"][:7]
    entries = list(rows.defer("search", "words")[:MOST_PRINTED])
    held = entries_on(register, day).filter(entry__in=[entry.pk for entry in entries])
    spans = {span.entry_id: span for span in held}
    context = {
        "register": register, "day": day, "total": total, "most": MOST_PRINTED,
        "labels": [f.shown_label for f in shown],
        "rows": [
            {"cells": [show_value(f, spans[e.pk].values.get(f.id)) for f in shown],
             "starts": spans[e.pk].starts,
             "until": spans[e.pk].ends - _DAY if spans[e.pk].ends else None}
            for e in entries if e.pk in spans
        ],
    }  # fmt: skip
    return render(request, "registers/roster.html", context)


@requires(VIEW)
@require_GET
def of_enterprise(request: Any, pk: int) -> HttpResponse:
    """The entries that name an enterprise, a part of its page."""
    reach = Reach(region="region_code", enterprise="pk")
    firm = get_object_or_404(scoped(Enterprise.objects.all(), request.access, VIEW, reach), pk=pk)
    rows = list(
        visible_entries(request.access).filter(enterprise=firm)
        .select_related("register", "edition").order_by("register__name", "-starts", "id")[:100]
    )  # fmt: skip
    states = states_of(rows, timezone.localdate())
    lines = [
        {"row": r, "state": states[r.pk], "word": STATES[states[r.pk]],
         "until": r.ends - _DAY if r.ends else None}
        for r in rows
    ]  # fmt: skip
    return render(request, "registers/of_enterprise.html", {"lines": lines})


@requires(EDIT)
class EnterpriseChangeNew(FormPage):
    """Note that the enterprise of an entry was merged or closed."""

    form_class = EnterpriseChangeForm
    title = "登记企业合并或注销"
    note = "登记后，所有名录里这家企业的条目都会提示处理，条目本身不变"
    above = ("名录一览", "register-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The entry and its enterprise."""
        rows = visible_entries(request.access).select_related("enterprise", "register")
        self.entry = get_object_or_404(rows, pk=kwargs["pk"], enterprise__isnull=False)

    def context(self, request: Any) -> dict[str, Any]:
        """Which enterprise."""
        firm: Any = self.entry.enterprise
        return {"facts": [("企业", firm.name), ("统一社会信用代码", firm.uscc or "—")],
                "back": reverse("entry-detail", args=[self.entry.pk])}  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Note it."""
        firm: Any = self.entry.enterprise
        note_enterprise_change(enterprise=firm, by=request.user, access=request.access, **values)
        return reverse("entry-detail", args=[self.entry.pk])
