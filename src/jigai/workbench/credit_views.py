"""Every answer a gate gave for a case, with its time and source: a part of the case's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from jigai.cases.access import VIEW, visible_cases
from jigai.cases.gates import STATE_WORDS
from jigai.cases.models import CaseRecord
from jigai.cases.services.ask_gates import GATE
from jigai.core.access import requires

LOOKS = {"pass": "confirmed", "fail": "rejected", "unknown": "missing"}
MOMENTS = {"submit": "提交", "accept": "受理", "decide": "办理", "close": "办结",
           "promise": "承诺或容缺", "recheck": "每日复查"}  # fmt: skip


@requires(VIEW)
@require_GET
def of_case(request: Any, pk: int) -> HttpResponse:
    """The answers, the newest first; the newest of each gate says how it stands now."""
    case = get_object_or_404(visible_cases(request.access), pk=pk)
    rows = CaseRecord.objects.filter(case=case, verb=GATE).select_related("by").order_by("-id")
    lines = [_line(row) for row in rows[:200]]
    now: dict[str, dict[str, Any]] = {}
    for line in lines:
        now.setdefault(line["title"], line)
    failing = [line for line in now.values() if line["state"] == "fail"]
    context = {"lines": lines, "failing": failing if case.is_running else []}
    return render(request, "workbench/credit_gate_rows.html", context)


def _line(row: CaseRecord) -> dict[str, Any]:
    title, _, words = row.reason.partition("：")
    given = row.data
    state = given.get("state", "unknown")
    return {
        "title": given.get("title") or title, "words": words, "state": state, "at": row.at,
        "look": LOOKS[state], "word": STATE_WORDS[state], "source": given.get("source"),
        "as_of": given.get("as_of"), "appeal": given.get("appeal"), "by": row.by,
        "moment": MOMENTS.get(given.get("moment", ""), ""),
    }  # fmt: skip
