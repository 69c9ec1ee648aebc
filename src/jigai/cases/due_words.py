"""How a time limit is told: the light as a word, the working days left or over as a sentence."""

from __future__ import annotations

import datetime as dt

from jigai.cases.flow.workdays import index_of
from jigai.cases.models import Case, CaseStep
from jigai.cases.services.clocks import light
from jigai.core.calendar import WorkCalendar

# The codes of ``core.screens.status`` that draw each light, state and result.
LIGHT_LOOKS = {
    "green": "ok", "amber": "warning", "red": "error", "paused": "waiting", "none": "neutral",
    "met": "done", "missed": "failed",
}  # fmt: skip
LIGHT_WORDS = {
    "red": "超期", "amber": "临期", "green": "正常", "paused": "暂停", "none": "时限未定",
}  # fmt: skip
STATE_LOOKS = {
    "draft": "draft", "submitted": "pending", "correction": "warning", "open": "running",
    "done": "done", "refused": "refused", "withdrawn": "withdrawn", "void": "cancelled",
    "lapsed": "expired",
}  # fmt: skip
RESULT_LOOKS = {"agreed": "confirmed", "refused": "rejected"}
STEP_LOOKS = {
    "active": "running", "done": "done", "skipped": "neutral", "returned": "withdrawn",
    "cancelled": "cancelled", "waiting": "neutral",
}  # fmt: skip


def told(
    shown: str, due: dt.date | None, today: dt.date, calendar: WorkCalendar,
    stopped: dt.date | None = None,
) -> str:  # fmt: skip
    """``剩 3 个工作日``, ``超 2 个工作日``, ``暂停``: a light with its day, in words."""
    if shown == "paused" or due is None:
        return {"paused": "暂停", "none": "时限未定"}.get(shown, "—")
    if shown == "met":
        return "按期"
    index = index_of(calendar)
    until = stopped if shown == "missed" and stopped else today
    left = index.number(due.toordinal()) - index.number(until.toordinal())
    if until > due:
        # Over on days off still is not on time, though no working day has passed.
        return f"超 {-left} 个工作日" if left else "已过期限"
    return f"剩 {left} 个工作日" if left else "今天到期"


def case_light(case: Case, today: dt.date) -> str:
    """The light of the whole."""
    return light(case.due, case.amber_from, case.paused, today, case.closed_on)


def case_words(case: Case, shown: str, today: dt.date, calendar: WorkCalendar) -> str:
    """The light of the whole in words; a clock that has not begun yet is not one without limit."""
    if case.clock_from is None:
        return "—" if case.closed_on else "未起算"
    return told(shown, case.due, today, calendar, case.closed_on)


def step_light(step: CaseStep, today: dt.date) -> str:
    """The light of a step: one that has a limit and no day to keep stands still."""
    paused = step.days > 0 and step.due is None and step.done_on is None
    return light(step.due, step.amber_from, paused, today, step.done_on)
