"""What rests on a value of a project: said before the value is changed, kept with the change.

Other rooms that decide or grant something on a project add their own finder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import formats
from jigai.policies.models import Decision
from jigai.policies.selectors import visible_decisions
from jigai.policies.stored_packs import model_of
from jigai.policies.words import VERDICT_WORDS
from jigai.projects.library.adjustable import DIRECTION, Part
from jigai.projects.library.codes import Status
from jigai.projects.library.inputs import Found, inputs_of
from jigai.projects.library.judge import IN, judge
from jigai.projects.library.rule import LibraryRule, rule_for
from jigai.projects.models import LibraryEntry, Project
from jigai.registers.access import visible_entries
from jigai.registers.special.theme_keys import DATABASES
from jigai.rules.bearing import measure_bearing
from jigai.rules.model import Model

# {kind, key, text, url}, as ``Adjustment.effects`` keeps them.
Effect = dict[str, Any]
Finder = Callable[[Access, Project, Part, Any], Iterable[Effect]]
_FINDERS: dict[str, Finder] = {}


def register_effects(key: str, finder: Finder) -> None:
    """Say what else rests on a project's values; a key again replaces the finder."""
    _FINDERS[key] = finder


def effects_of(access: Access, project: Project, part: Part, value: Any) -> list[Effect]:
    """What the new value touches, as far as the person may see it."""
    return [each for finder in _FINDERS.values() for each in finder(access, project, part, value)]


def decided(access: Access, project: Project, part: Part, value: Any) -> Iterator[Effect]:
    """Decisions of the newest evaluation of each document and year that read the value."""
    rows = visible_decisions(access).filter(subject="project", subject_key=str(project.pk))
    newest = rows.filter(run__scenario={}).order_by(
        "run__pack__slug", "run__year", "-run_id", "-id"
    )
    for row in newest.distinct("run__pack__slug", "run__year").select_related("run__pack"):
        if rests_on(model_of(row.run.pack), row.measures, part.terms):
            url = reverse("decision-detail", args=[row.pk])
            yield _effect("decision", row.pk, _decision_words(row), url)


def rests_on(model: Model, measures: Iterable[str], terms: Iterable[str]) -> bool:
    """Whether what decides these measures (all on projects, if none was chosen) reads a term."""
    named = set(measures)
    wanted = set(terms)
    return any(
        wanted & set(measure_bearing(model, measure, None).facts)
        for measure in model.measures.values()
        if measure.computable and (measure.id in named if named else measure.subject == "project")
    )


def _decision_words(row: Decision) -> str:
    run = row.run
    said = VERDICT_WORDS.get(row.verdict, "")
    money = f"，{run.paid_word} {formats.yuan(row.paid_fen)} 元" if row.paid_fen else ""
    return f"《{run.pack.title}》{run.year} 年测算（第 {run.pk} 次，{run.purpose}）：{said}{money}"


def admitted(access: Access, project: Project, part: Part, value: Any) -> Iterator[Effect]:
    """Libraries the project stands in whose rule it would no longer fit."""
    rows = LibraryEntry.objects.filter(project=project, status=Status.IN)
    for entry in rows.select_related("decision").order_by("id"):
        day = entry.admitted_on
        rule = rule_for(entry.region_code, entry.level, day) if day else None
        if rule is None:
            continue
        found = _with(rule, project, part, value)
        judged = judge(rule, found)
        if judged.verdict != IN:
            text = f"{entry.get_level_display()}：按新值不再符合入库条件（{judged.lacks}）"
            url = reverse("library-of-project-page", args=[project.pk])
            yield _effect("library", entry.pk, text, url)


def _with(rule: LibraryRule, project: Project, part: Part, value: Any) -> dict[str, Found]:
    """Inputs with the new value in the place of the old."""
    found = inputs_of(rule, [project])[project.pk]
    if part.key == "fixed" and rule.option("admission_basis") != "b":
        found["fixed_investment"] = Found(value, "", "拟调整的新值")
    if part.kind == DIRECTION and "main_direction" in found:
        column = next(c for c in rule.columns if c.id == "main_direction")
        code = {word: key for key, word in column.options.items()}.get(value)
        if not found["main_direction"].any_of:
            found["main_direction"] = Found(code, value, "拟调整的新值")
    return found


def listed(access: Access, project: Project, part: Part, value: Any) -> Iterator[Effect]:
    """Titles and special databases that hold the project."""
    keys = [str(project.pk), project.number]
    rows = visible_entries(access).filter(register__code__in=DATABASES, values__project__in=keys)
    for row in rows.select_related("register").order_by("id")[:20]:
        text = f"在“{row.register.name}”里，请核对是否还符合"
        yield _effect(
            "register", row.pk, text, reverse("register-detail", args=[row.register.code])
        )


def _effect(kind: str, key: int, text: str, url: str) -> Effect:
    return {"kind": kind, "key": key, "text": text, "url": url}


def register() -> None:
    """The finders of this package."""
    register_effects("decisions", decided)
    register_effects("library", admitted)
    register_effects("registers", listed)
