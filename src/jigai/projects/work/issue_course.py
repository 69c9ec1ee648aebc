"""What the course of a problem asks beyond its procedure: a day, a result, another person."""

from __future__ import annotations

from django.utils import timezone

from jigai.cases.about import About
from jigai.cases.models import Case, CaseStep, Task
from jigai.cases.services.step_days import last_until
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import Project
from jigai.projects.work.issues import CODE, LINES


def check_assignment(case: Case, row: CaseStep, by: User | None) -> None:
    """Raise :class:`JigaiError` for a limit that has passed already."""
    if str(case.values.get("limit_on") or "") < timezone.localdate().isoformat():
        raise JigaiError("limit-past", "办理期限已经过去", "填今天或以后的一天")


def set_limit(case: Case, row: CaseStep, by: User | None) -> None:
    """The handling step lasts to the day fixed."""
    last_until(case, row, "limit_on")


def check_closing(case: Case, row: CaseStep, by: User | None) -> None:
    """Raise :class:`JigaiError` where whoever handled the problem closes it."""
    handled = Task.objects.filter(
        case=case, step__code__in=list(LINES), state=Task.State.DONE
    ).order_by("-done_at", "-id").first()  # fmt: skip
    if handled is not None and by is not None and handled.acted_by_id == by.pk:
        raise JigaiError(
            "own-closing", "这个问题是您办理的，不能由您自己销号", "请本单位另一人销号"
        )


def require_confirmed(case: Case, by: User | None) -> None:
    """Raise :class:`JigaiError` where a problem ends without result, feedback or confirmation,
    however its procedure was changed."""
    given = case.values
    for name, words in (("outcome", "办理结果"), ("feedback", "反馈意见"), ("closing", "销号意见")):
        if not str(given.get(name) or "").strip():
            raise JigaiError("not-confirmed", f"没有写{words}，不能销号", "补上后再办")
    done = CaseStep.objects.filter(case=case, code="confirm").order_by("-round").first()
    if done is None or done.state != "done" or done.result != "agree":
        raise JigaiError("not-confirmed", "提出人还没有确认，不能销号", "先由提出人反馈确认")


def about_project(pk: int) -> About | None:
    """The project a case is about; its page checks reach."""
    from django.urls import reverse

    row = Project.objects.filter(pk=pk).only("name").first()
    return About("项目", row.name, reverse("project-detail", args=[pk])) if row else None


def register() -> None:
    """Join the procedure with the library."""
    from jigai.cases.about import register_about
    from jigai.cases.hooks import register_hook, register_start_hook, register_step_hook

    register_about("project", about_project)
    register_step_hook(CODE, "assign", check_assignment)
    for line in LINES:
        register_start_hook(CODE, line, set_limit)
    register_step_hook(CODE, "close", check_closing)
    register_hook(CODE, "closed", require_confirmed)
