"""我的任务: long work, its progress, and what to do when it went wrong."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import Access, signed_in
from jigai.core.jobs.registry import cancel_words
from jigai.core.models import Job
from jigai.core.screens.list_columns import MOMENT, STATUS, Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import ListPage
from jigai.core.selectors_jobs import visible_jobs
from jigai.core.services.cancel_job import cancel_job
from jigai.core.services.retry_job import retry_job
from jigai.core.services.send_once import send_once


class JobFilters(ListFilters):
    """By state and title."""

    lookups = {"title": "title__icontains"}
    title = words_field("名称")
    status = choice("状态", Job.Status.choices)


class JobList(ListPage):
    """Own jobs; everybody's for those who keep the platform running."""

    page = "jobs"
    title = "我的任务"
    url_name = "job-list"
    can_export = False
    filters = JobFilters
    empty_title = "还没有任务"
    empty_hint = "导入、导出、测算等耗时的工作在这里看进度和结果。"
    columns = (
        Column("id", "编号", shown=False),
        Column("title", "名称", link=True),
        Column("status", "状态", kind=STATUS),
        Column("progress", "进度", lambda job: f"{job.percent}%" if not job.is_over else None),
        Column("step", "步骤", lambda job: job.error or job.step, clip=True),
        Column("owner", "提交人", "owner.name"),
        Column("created_at", "提交时间", kind=MOMENT),
        Column("finished_at", "结束时间", kind=MOMENT, sort="finished_at"),
    )

    def rows(self, access: Access) -> QuerySet[Any]:
        """Visible jobs."""
        return visible_jobs(access).select_related("owner")

    def row_url(self, row: Any) -> str:
        """The job."""
        return reverse("job-detail", args=[row.pk])


def _job(request: Any, pk: int) -> Job:
    return get_object_or_404(visible_jobs(request.access).select_related("owner"), pk=pk)


def _shown(request: Any, job: Job) -> dict[str, Any]:
    own = job.owner_id == request.user.pk
    again = job.status in (Job.Status.FAILED, Job.Status.CANCELLED)
    return {"job": job, "own": own, "can_retry": own and again, "facts": job.told,
            "cancel_question": f"要取消这项任务吗？{cancel_words(job.kind)}"}  # fmt: skip


@signed_in
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One job; asked by htmx it answers with the part that changes."""
    context = _shown(request, _job(request, pk))
    template = "core/work/job_part.html" if request.htmx else "core/work/job.html"
    return render(request, template, context)


@signed_in
@require_POST
def cancel(request: Any, pk: int) -> HttpResponse:
    """Ask an own job to stop."""
    job = get_object_or_404(visible_jobs(request.access), pk=pk, owner=request.user)
    stopped = cancel_job(job=job)
    words = "任务已取消" if stopped.is_over else "已请求取消，进行到下一步时停止"
    messages.success(request, words)
    return redirect("job-detail", pk)


@signed_in
@require_POST
def retry(request: Any, pk: int) -> HttpResponse:
    """Run an own failed job again."""
    job = get_object_or_404(visible_jobs(request.access), pk=pk, owner=request.user)

    def act() -> str:
        return reverse("job-detail", args=[retry_job(job=job, owner=request.user).pk])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
