"""变更记录: every change of a tracked table, with its person, reason and values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from jigai.core.access import requires
from jigai.core.access.people import people_in_reach
from jigai.core.audit.changes import KINDS, Wanted, read_changes
from jigai.core.audit.tables import visible_tables
from jigai.core.forms.fields import day_field


class AuditForm(forms.Form):
    """Conditions on changes."""

    who = forms.CharField(label="操作人", required=False, max_length=64)
    table = forms.ChoiceField(label="对象", required=False)
    since = day_field("从")
    until = day_field("到")
    record = forms.CharField(label="记录编号", required=False, max_length=19)
    request = forms.CharField(label="请求编号", required=False, max_length=36)

    def __init__(self, data: Any, *, access: Any) -> None:
        super().__init__(data, auto_id="query_%s")
        self.access = access
        tables: Any = self.fields["table"]
        tables.choices = [("", "全部"), *((t.label, t.name) for t in visible_tables(access))]

    def wanted(self) -> Wanted:
        """What to look for; a field with a wrong value is left out and its error shown."""
        self.is_valid()
        given = self.cleaned_data
        people = None
        if who := given.get("who"):
            named = people_in_reach(self.access, "audit.view").filter(
                Q(name__icontains=who) | Q(username__iexact=who)
            )
            people = tuple(named.values_list("pk", flat=True)[:200])
        return Wanted(
            table=given.get("table", ""), record=given.get("record", ""), people=people,
            request=given.get("request", ""), since=given.get("since"), until=given.get("until"),
        )  # fmt: skip


@requires("audit.view")
def audit_log(request: Any) -> HttpResponse:
    """A page of changes, newest first."""
    form = AuditForm(request.GET, access=request.access)
    found = read_changes(request.access, form.wanted(), request.GET.get("page", ""))
    query = {k: v for k, v in request.GET.items() if k != "page" and v}
    context = {
        "form": form,
        "rows": found.rows,
        "kinds": KINDS,
        "next": "?" + urlencode({**query, "page": found.after}) if found.after else "",
        "first": "?" + urlencode(query) if request.GET.get("page") else "",
    }
    return render(request, "core/audit/log.html", context)
