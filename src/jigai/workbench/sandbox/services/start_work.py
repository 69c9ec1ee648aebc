"""Puts the long work of a study into the queue: runs, questions, exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jigai.core.access import Access, Denied
from jigai.core.jobs import start_job
from jigai.core.models import Job, User
from jigai.errors import JigaiError
from jigai.workbench.models import SandboxScenario, SandboxStudy
from jigai.workbench.sandbox.access import USE, may_change, visible_studies

RUN, ASK, EXPORT = "sandbox-run", "sandbox-ask", "sandbox-export"


def start_run(*, study: SandboxStudy, scenarios: Sequence[int], by: User, access: Access) -> Job:
    """Run these scenarios (all, where none are named). Asking while it runs gives the same job.

    Raises :class:`Denied` for anybody but the owner.
    """
    access.require(USE)
    if not may_change(access, study):
        raise Denied("not-the-owner", "只有建立人可以运行", "先另存一份再运行")
    running = running_job(study)
    return running or start_job(
        kind=RUN, title=f"沙盘：{study.title}"[:200], owner=by,
        params={"study": study.pk, "scenarios": list(scenarios)},
    )  # fmt: skip


def running_job(study: SandboxStudy) -> Job | None:
    """The work on a study that is not over."""
    found: Job | None = (
        Job.objects.filter(
            kind__in=(RUN, ASK), params__study=study.pk,
            status__in=[Job.Status.WAITING, Job.Status.RUNNING],
        )
        .order_by("-id")
        .first()
    )  # fmt: skip
    return found


def start_question(
    *, scenario: SandboxScenario, kind: str, asked: Mapping[str, Any], by: User, access: Access
) -> Job:
    """Have a question answered: ``solve``, ``marginal`` or ``heat``.

    Raises :class:`Denied` for anybody but the owner and :class:`JigaiError` before the first run.
    """
    access.require(USE)
    study = scenario.study
    if not may_change(access, study):
        raise Denied("not-the-owner", "只有建立人可以提问", "先另存一份")
    if not study.facts_file:
        raise JigaiError("not-run", "还没有取数", "先运行一次情景")
    return start_job(
        kind=ASK, title=f"沙盘分析：{study.title}"[:200], owner=by,
        params={"study": study.pk, "scenario": scenario.pk, "kind": kind, "asked": dict(asked)},
    )  # fmt: skip


def start_export(*, study: SandboxStudy, form: str, by: User, access: Access) -> Job:
    """Write the study as a paper (``docx``) or a workbook (``xlsx``).

    Raises :class:`Denied` out of reach and :class:`JigaiError` for another form or before a run.
    """
    access.require(USE)
    access.require("export.make")
    if not visible_studies(access).filter(pk=study.pk).exists():
        raise Denied("out-of-reach", "这个沙盘不在您的数据权限之内")
    if form not in ("docx", "xlsx"):
        raise JigaiError("bad-form", "只能导出 Word 或 Excel")
    if not study.results.exists():
        raise JigaiError("not-run", "还没有结果可以导出", "先运行一次情景")
    return start_job(
        kind=EXPORT, title=f"导出沙盘：{study.title}"[:200], owner=by,
        params={"study": study.pk, "form": form},
    )  # fmt: skip
