"""The course of an application as its pages show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from jigai.core.models import Assignment
from jigai.funding.models import Application


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One step: the words, the state after it, who, when, and what it changed."""

    verb: str
    code: str
    word: str
    who: str
    at: dt.datetime
    changed: list[tuple[str, str, str]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)


def timeline_of(application: Application, applicant: bool) -> list[TimelineEntry]:
    """Newest first. An applicant reads the unit, not the person, of the administration."""
    steps = application.steps.select_related("by").order_by("-id")
    names = _own_people(application) if applicant else set()
    return [
        TimelineEntry(
            step.text, step.state, step.get_state_display(), _who(step, applicant, names), step.at,
            list(_changed(step.data)), list(_asked(step.data)),
        )
        for step in steps
    ]  # fmt: skip


def _own_people(application: Application) -> set[int]:
    """Everybody of the applicant and of the members, and whoever was let in to fill it."""
    firms = [application.enterprise_id]
    firms += application.signatures.values_list("enterprise", flat=True)
    held = Assignment.objects.filter(enterprise__in=firms).values_list("user", flat=True)
    return {*held, *application.editors.values_list("user", flat=True)}


def _who(step: Any, applicant: bool, own: set[int]) -> str:
    if step.by is None:
        return "平台"
    return str(step.by) if not applicant or step.by_id in own else "主管部门"


def _changed(data: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
    for name, pair in (data.get("changed") or {}).items():
        yield name, str(pair[0] or "（空）"), str(pair[1] or "（空）")


def _asked(data: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for one in data.get("asked") or ():
        yield str(one.get("name", "")), str(one.get("say", ""))
