"""一条龙: chains of tasks, which of them are at risk, and the way a delay takes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.registers.access import EDIT, VIEW
from jigai.registers.special.ledger import find_register
from jigai.registers.special.question_forms import DayForm
from jigai.registers.special.stored_chain_tasks import TASKS, chains_on


def _kinds() -> dict[str, str]:
    register = find_register(TASKS)
    field = register.schema.field("kind") if register else None
    return dict(field.options) if field else {}


@requires(VIEW)
@require_GET
def chains(request: Any) -> HttpResponse:
    """Every chain with a task in reach."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return render(request, "projects/chains/tasks.html", {"form": form}, status=422)
    day = form.cleaned_data["on"]
    context = {
        "form": form, "day": day, "chains": chains_on(request.access, day),
        "may_edit": request.access.can(EDIT) and find_register(TASKS) is not None, "code": TASKS,
    }  # fmt: skip
    return render(request, "projects/chains/tasks.html", context)


@requires(VIEW)
@require_GET
def chain(request: Any) -> HttpResponse:
    """One chain: its tasks, what each waits for, and where a delay goes."""
    form = DayForm(request.GET)
    day = form.cleaned_data["on"] if form.is_valid() else None
    name = request.GET.get("chain", "")
    found = chains_on(request.access, day, name) if day and name else []
    if not found:
        raise Http404
    one, kinds = found[0], _kinds()
    # In the order of kinds in the register: the machine, its bases, the technical basis.
    order = list(kinds)
    tasks = sorted(
        one.tasks,
        key=lambda t: (order.index(t.task.kind) if t.task.kind in kinds else 9, t.task.code),
    )
    context = {
        "one": one, "day": day, "tasks": [(t, kinds.get(t.task.kind, "")) for t in tasks],
        "lacking": "、".join(kinds.get(kind, kind) for kind in one.lacking),
    }  # fmt: skip
    return render(request, "projects/chains/task_chain.html", context)
