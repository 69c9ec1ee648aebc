"""Policy documents on screen: clauses with their numbers, parameters, readings, measures."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import requires
from jigai.core.screens.detail_parts import parts_of
from jigai.policies.fact_run import Choices, build_run_environment
from jigai.policies.lineage import reference_words, referred_to, upstream_rows
from jigai.policies.living import items_beside
from jigai.policies.models import Clause, ClauseFact, PackItem, PackParameter, PackVersion
from jigai.policies.overlays import overlays_of
from jigai.policies.policy_status import status_shown
from jigai.policies.selectors_open import answers_of
from jigai.policies.stored_packs import model_of
from jigai.policies.successions import replaced_by
from jigai.policies.task_departments import named_departments
from jigai.policies.words import PARAMETER_WORDS, READING_KINDS, STATUS_WORDS, clause_kinds
from jigai.rules.describe import describe_measure
from jigai.rules.environment import all_readings


@requires("pack.view")
def detail(request: Any, slug: str) -> HttpResponse:
    """One document as installed."""
    version = get_object_or_404(PackVersion, slug=slug, is_current=True)
    model = model_of(version)
    identity = model.pack.identity
    waiting = _waiting(version)
    context = {
        "version": version,
        "identity": identity,
        "run_url": f"{reverse('run-new')}?pack={version.pk}",
        "status": STATUS_WORDS.get(version.status, version.status),
        "clauses": _clauses(version),
        "counted": _counted(version),
        "parameters": _parameters(version),
        "readings": _readings(version),
        "overlays": overlays_of(version),
        "parts": parts_of("pack", version.pk, request.access),
        "status_on": status_shown(version, request.GET.get("on", "")),
        "upstream": list(upstream_rows([slug])),
        "replaced_by": replaced_by(version),
        "departments": named_departments(model.pack),
        "measures": [
            {
                "title": f"措施 {measure.number}　{measure.name}（{measure.clause}）",
                "lines": _described(version, measure.id),
                "waits": waiting.get(measure.id, ""),
                "note": measure.status_note,
                "charge": measure.charge,
            }
            for measure in sorted(model.measures.values(), key=lambda m: m.number)
        ],
        "versions": PackVersion.objects.filter(slug=slug).defer("files").order_by("-id"),
    }
    return render(request, "policies/pack.html", context)


def _waiting(version: PackVersion) -> dict[str, str]:
    """Measures that only refer to another document, in words, by id."""
    rows = list(upstream_rows([version.slug]))
    items = PackItem.objects.filter(pack=version, section="measures").order_by("place", "id")
    found = {item.code: referred_to(item, rows) for item in items}
    return {code: reference_words(row) for code, row in found.items() if row is not None}


def _clauses(version: PackVersion) -> list[dict[str, Any]]:
    rows = Clause.objects.filter(pack=version).order_by("place")
    return [{"row": row, "kinds": clause_kinds(row.kind)} for row in rows]


def _counted(version: PackVersion) -> str:
    clauses = Clause.objects.filter(pack=version).count()
    return f"{clauses} 条，{ClauseFact.objects.filter(pack=version).count()} 个数值"


def _described(version: PackVersion, measure: str) -> list[tuple[int, str]]:
    """What a measure gives, in words: lines with their depth."""
    model = model_of(version)
    day = version.valid_from or version.issued or timezone.localdate()
    env = build_run_environment(model, max(day.year, 2000), Choices())
    lines = describe_measure(model, measure, env).splitlines()
    found = []
    for line in lines:
        text = line.strip()
        if text.startswith("#"):
            continue
        if text:
            depth = 1 if line.startswith((" ", "\t")) else 0
            found.append((depth, text.removeprefix("- ").removeprefix("* ")))
    return found


def _parameters(version: PackVersion) -> list[dict[str, Any]]:
    rows = PackParameter.objects.filter(pack=version).order_by("id")
    return [{"row": row, "status": PARAMETER_WORDS.get(row.status, row.status)} for row in rows]


def _readings(version: PackVersion) -> list[dict[str, Any]]:
    found = all_readings(model_of(version).pack).values()
    return [
        {
            "reading": reading,
            "kind": READING_KINDS[reading.kind],
            "options": [
                (word.word, word.means, key == reading.default)
                for key, word in reading.options.items()
            ],
        }
        for reading in found
    ]


@requires("pack.view")
def clause(request: Any, slug: str, code: str) -> HttpResponse:
    """One clause: what it says in our words, its numbers, and what they are used for."""
    version = get_object_or_404(PackVersion, slug=slug, is_current=True)
    found = get_object_or_404(Clause, pack=version, code=code)
    parameters = PackParameter.objects.filter(pack=version, clause=code).order_by("id")
    model = model_of(version)
    context = {
        "version": version,
        "clause": found,
        "kinds": clause_kinds(found.kind),
        "facts": found.facts.order_by("id"),
        "parameters": [
            {"row": row, "status": PARAMETER_WORDS.get(row.status, row.status)}
            for row in parameters
        ],
        "readings": [r for r in all_readings(model.pack).values() if r.clause == code],
        "items": items_beside(request.access, version, code),
        "answers": answers_of(slug, code),
        "previous": Clause.objects.filter(pack=version, place=found.place - 1).first(),
        "next": Clause.objects.filter(pack=version, place=found.place + 1).first(),
    }
    return render(request, "policies/clause.html", context)
