"""Contradictions between lists of key enterprises, each with both sources."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.registers.access import VIEW
from jigai.registers.special.key_list_data import key_registers, listed_up_to, place_word
from jigai.registers.special.list_conflicts import find_conflicts
from jigai.registers.special.question_forms import DayForm


@requires(VIEW)
@require_GET
def conflicts(request: Any) -> HttpResponse:
    """Every contradiction on a day, and the lists that were compared."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return render(request, "registers/key_conflicts.html", {"form": form}, status=422)
    day = form.cleaned_data["on"]
    registers = key_registers()
    rows = listed_up_to(request.access, day, registers)
    found = find_conflicts(rows, day)
    sources: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        if row.holds(day):
            key = (row.kind_word, place_word(row.place), row.source, row.document)
            sources[key] = sources.get(key, 0) + 1
    context = {
        "form": form, "day": day, "conflicts": [(c, place_word(c.left.place)) for c in found],
        "sources": [(*key, number) for key, number in sorted(sources.items())],
        "codes": {register.code: register for register in registers},
    }  # fmt: skip
    return render(request, "registers/key_conflicts.html", context)
