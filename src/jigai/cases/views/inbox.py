"""The inbox: what waits for a person, what they did, what they began, what they were sent."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jigai.cases.access import APPLY, HANDLE, VIEW, desk_of
from jigai.cases.bulk import OFFERED, VERBS, carry_out
from jigai.cases.inbox_filters import InboxFilters
from jigai.cases.inbox_lines import lines_of
from jigai.cases.inbox_rows import COUNTED_TO, SORTS, TABS, addresses, count_of, fetch
from jigai.core.access import requires
from jigai.core.platform_calendar import platform_calendar
from jigai.core.screens.keyset import Cursor
from jigai.core.screens.list_state import SIZES, ListState, read_state
from jigai.errors import JigaiError

EMPTY = {
    "todo": ("没有待办", "分给您或本单位的办件会出现在这里，最急的在前。"),
    "done": ("还没有办过的办件", "您办理过的每一步都会列在这里。"),
    "mine": ("还没有发起过办件", "从“办事方式”里选一项，填写申请。"),
    "copy": ("没有抄送", "别人抄送给您或本单位的办件会出现在这里。"),
}


@requires(VIEW, HANDLE, APPLY)
@require_GET
def inbox(request: Any) -> HttpResponse:
    """One tab of the inbox with the counts of all; the same few queries however much waits."""
    tab = request.GET.get("tab", "todo")
    if tab not in TABS:
        raise Http404
    state = read_state(request.GET, columns=(), sorts=(), conditions=InboxFilters.base_fields)
    desk = desk_of(request.access)
    rows = {name: addresses(name, desk) for name in TABS}
    form = InboxFilters(
        {**state.data.dict(), "tab": tab}, access=request.access, of_step=tab == "todo",
        at="" if tab == "mine" else "case__",
    )  # fmt: skip
    cursor = Cursor.read(state.page, SORTS[tab]) if state.page else None
    page = fetch([form.narrow(part) for part in rows[tab]], SORTS[tab], state.size, cursor)
    keys = [pk for pk, _value in page.rows]
    context = {
        "tab": tab, "form": form, "state": state, "empty": EMPTY[tab], "reset": f"?tab={tab}",
        "tabs": [_tab(name, rows[name], name == tab) for name in TABS],
        "lines": lines_of(
            tab, keys, request.access, desk, timezone.localdate(), platform_calendar()
        ),
        "verbs": [(verb, VERBS[verb]) for verb in OFFERED[tab]],
        "narrowed": any(name != "tab" for name in state.query), "pager": _pager(page, state),
        "sizes": [(n, state.address(size=n), n == state.size) for n in SIZES],
    }  # fmt: skip
    return render(request, "cases/inbox.html", context)


def _tab(name: str, rows: Any, active: bool) -> dict[str, Any]:
    number = count_of(rows)
    shown = f"{COUNTED_TO}+" if number > COUNTED_TO else str(number)
    return {"name": name, "label": TABS[name], "count": shown, "active": active}


def _pager(page: Any, state: ListState) -> dict[str, str]:
    return {
        "first": state.address() if page.before else "",
        "before": state.address(page=page.before) if page.before else "",
        "after": state.address(page=page.after) if page.after else "",
    }


@requires(VIEW, HANDLE, APPLY)
@require_POST
def bulk(request: Any, verb: str) -> HttpResponse:
    """Carry out one verb on the ticked rows, and tell of each how it went.

    The page of results may be loaded again: what was done is not done twice.
    """
    tab = request.POST.get("tab", "")
    if tab not in TABS or verb not in OFFERED[tab]:
        raise Http404
    keys = [int(key) for key in request.POST.getlist("row") if key.isdigit()]
    problem, found = None, []
    try:
        found = carry_out(
            verb, tab, keys, nonce=request.POST.get("nonce", ""), access=request.access,
            path=request.path,
        )  # fmt: skip
    except JigaiError as error:
        problem = error
    context = {
        "verb": VERBS[verb], "tab": tab, "outcomes": found, "problem": problem,
        "done": sum(one.done for one in found), "missing": len(set(keys)) - len(found),
    }  # fmt: skip
    return render(request, "cases/inbox_result.html", context, status=422 if problem else 200)


URLS = [
    path("cases/", inbox, name="case-inbox"),
    path("cases/bulk/<slug:verb>/", bulk, name="case-bulk"),
]
