"""What the page of a case shows, part by part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from jigai.cases.asked import Section, kept_sections
from jigai.cases.due_words import (
    LIGHT_LOOKS,
    STEP_LOOKS,
    case_light,
    case_words,
    step_light,
    told,
)
from jigai.cases.flow.diagram import Picture, StepView, picture
from jigai.cases.flow.shapes import Evidence
from jigai.cases.inbox_lines import DECISIONS
from jigai.cases.models import Case, CaseEvidence, CaseRecord, CaseStep, Task
from jigai.cases.record_words import told_record
from jigai.cases.services.deed import TaskKind, TaskState
from jigai.cases.services.write_values import applicants_fields
from jigai.cases.viewer import Viewer
from jigai.core.access.capabilities import capability_names
from jigai.core.fields.shapes import Field
from jigai.core.fields.values import show_value
from jigai.core.platform_calendar import platform_calendar

EVIDENCE_LOOKS = {
    "given": "confirmed", "shared": "info", "deferred": "warning", "late": "error",
    "returned": "warning", "": "neutral",
}  # fmt: skip

NOT_GIVEN = {True: "未提交", False: "未提交（可选）"}


def light_of(case: Case) -> tuple[str, str]:
    """The light of the whole: the code it is drawn by and its words."""
    today = timezone.localdate()
    shown = case_light(case, today)
    return LIGHT_LOOKS[shown], case_words(case, shown, today, platform_calendar())


def values_of(view: Viewer) -> list[dict[str, Any]]:
    """Every field with its text, what it was before the first correction, and where its file is."""
    case, spec = view.case, view.spec
    own = {item.id for item in applicants_fields(spec)}
    before: dict[str, Any] = {}
    for row in reversed(list(case.corrections.order_by("id"))):
        before.update(row.before.get("values") or {})
    return [
        _value(view, item, before)
        for item in spec.fields
        if item.id not in view.hidden and (item.id in own or view.tells_opinions)
    ]


def answers_of(view: Viewer) -> list[Section]:
    """The questions answered one by one, unless they tell of what is kept from the reader."""
    return [one for one in kept_sections(view.case) if not view.hidden & set(one.fields)]


def _value(view: Viewer, item: Field, before: dict[str, Any]) -> dict[str, Any]:
    value = view.case.values.get(item.id)
    shown = show_value(item, value)
    was = show_value(item, before.get(item.id)) if item.id in before else None
    has_file = item.type == "file" and isinstance(value, dict) and value.get("id")
    url = reverse("case-file", args=[view.case.number, f"f-{item.id}"]) if has_file else ""
    return {
        "label": item.shown_label, "text": shown, "url": url,
        "wide": item.type == "long" or item.many,
        "was": (was or "（空）") if was is not None and was != shown else "",
    }  # fmt: skip


def materials_of(view: Viewer) -> list[dict[str, Any]]:
    """Every material the procedure names, with how it stands."""
    held = {row.item: row for row in view.case.evidence.select_related("file", "by")}
    return [_material(view, item, held.get(item.id)) for item in view.spec.evidence]


def _material(view: Viewer, item: Evidence, row: CaseEvidence | None) -> dict[str, Any]:
    number, has_file = view.case.number, row is not None and row.file is not None
    return {
        "item": item, "look": EVIDENCE_LOOKS[row.state if row else ""],
        "word": row.get_state_display() if row else NOT_GIVEN[item.required],
        "url": reverse("case-file", args=[number, f"e-{row.pk}"]) if row and has_file else "",
        "name": str(row.file.name) if row and row.file else "",
        "source": (row.words or item.shared) if row and row.state == "shared" else "",
        "given": row.given_on if row else None, "words": row.words if row else "",
        "promised": row.promised_on if row else None,
        "deferred": row is not None and row.state == "deferred",
    }  # fmt: skip


def steps_of_case(view: Viewer) -> list[dict[str, Any]]:
    """Every step that began, in every round, and those still to come."""
    today, calendar = timezone.localdate(), platform_calendar()
    tasks: dict[int, list[Task]] = {}
    for task in view.tasks:
        if task.step_id is not None and task.kind != TaskKind.COPY:
            tasks.setdefault(task.step_id, []).append(task)
    rows = list(view.case.steps.order_by("place", "round"))
    begun = {row.code for row in rows}
    found = []
    for row in rows:
        light = step_light(row, today) if row.state in ("active", "done") else "none"
        words = told(light, row.due, today, calendar, row.done_on) if row.days or row.due else ""
        found.append({
            "row": row, "name": row.name, "round": row.round, "look": STEP_LOOKS[row.state],
            "word": row.get_state_display(), "light": LIGHT_LOOKS[light], "days": row.days,
            "light_words": words if light != "none" else "",
            "started": row.started_on, "due": row.due, "done": row.done_on,
            "off": row.state in ("returned", "cancelled"),
            "people": [_who(view, task) for task in tasks.get(row.pk, [])],
        })  # fmt: skip
    if view.case.is_running or view.case.state == "draft":
        found += [
            {"row": None, "name": step.name, "round": None, "look": "neutral", "word": "未到",
             "days": step.days, "light": "", "light_words": "", "started": None, "due": None,
             "done": None, "off": False, "people": []}
            for step in view.spec.steps if step.id not in begun
        ]  # fmt: skip
    return found


def _who(view: Viewer, task: Task) -> dict[str, str]:
    unit = str(task.department or task.enterprise or _holders(task))
    name = str(task.acted_by or task.person or "")
    if view.as_applicant and task.enterprise_id is None:
        name = ""
    lent = f"（代{task.on_behalf}）" if task.on_behalf and name else ""
    decided = DECISIONS.get(task.decision, "已办") if task.state == TaskState.DONE else ""
    if task.state == TaskState.CANCELLED:
        decided = "已终止"
    opinion = task.opinion if view.tells_opinions else ""
    if not view.tells_opinions and task.decision and task.enterprise_id is None:
        decided = "已办"
    return {
        "unit": unit, "name": f"{name}{lent}", "decision": decided, "opinion": opinion,
        "kind": "加签" if task.kind == TaskKind.SIGN else "",
        "open": str(task.pk) if task.state == TaskState.OPEN else "",
    }  # fmt: skip


def _holders(task: Task) -> str:
    """Who may do a task that is for anybody with a right, in words."""
    if not task.capability:
        return ""
    return f"有“{capability_names().get(task.capability, task.capability)}”权限的人员"


def picture_of(view: Viewer, rows: Iterable[CaseStep]) -> Picture:
    """The diagram of the case as it runs."""
    today, calendar = timezone.localdate(), platform_calendar()
    views: dict[str, StepView] = {}
    for row in rows:
        light = step_light(row, today) if row.state == "active" else "none"
        limited = row.state == "active" and (row.days or row.due)
        words = told(light, row.due, today, calendar) if limited else ""
        refused = row.state == "done" and row.result == "disagree" and view.tells_opinions
        state = "refused" if refused else "returned" if row.state == "returned" else row.state
        if state == "cancelled":
            state, light = "waiting", "none"
        views[row.code] = StepView(state, light, words)
    return picture(view.spec, views)


def records_of(view: Viewer) -> list[dict[str, Any]]:
    """流转记录 from the first line on, as far as the person may read it."""
    rows: Iterable[CaseRecord] = view.case.records.select_related("by", "step", "task")
    return [line for row in rows if (line := told_record(view, row)) is not None]


def copies_of(view: Viewer) -> list[dict[str, Any]]:
    """Who the case was sent to, and whether they have read it."""
    return [
        {"who": str(t.person or t.department or t.enterprise), "read": t.done_at}
        for t in view.tasks if t.kind == TaskKind.COPY and not view.as_applicant
    ]  # fmt: skip
