"""New versions of packs on screen: upload, look at what changes, confirm or give up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.core.access import requires
from jigai.core.models import Job
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.policies.models import Clause, PackProposal
from jigai.policies.money_view import shown_money
from jigai.policies.proposals import (
    current_version,
    may_install,
    sees_subjects,
    unfinished_job,
    visible_proposals,
)
from jigai.policies.services.confirm_proposal import Overtaken, confirm_proposal
from jigai.policies.services.discard_proposal import discard_proposal
from jigai.policies.services.propose_pack import check_again, propose_pack
from jigai.policies.uploaded_packs import MOST_BYTES

Status = PackProposal.Status


class ProposalForm(forms.Form):
    """The zip of one pack."""

    file = forms.FileField(label="政策包", error_messages={"required": "请选择政策包的 .zip 文件"})


@requires("pack.install")
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Upload a version; a job checks and compares it."""
    if request.method == "GET":
        return _form(request, ProposalForm())
    form = ProposalForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, 422)
    file = form.cleaned_data["file"]

    def act() -> str:
        proposal = propose_pack(
            stream=file.file, name=file.name, size=file.size, by=request.user,
            access=request.access,
        )  # fmt: skip
        return reverse("proposal-detail", args=[proposal.pk])

    try:
        return redirect(_once(request, act))
    except JigaiError as problem:
        form.add_error(None, str(problem))
        return _form(request, form, 422)


def _form(request: Any, form: ProposalForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "max_mb": MOST_BYTES // 1024 // 1024}
    return render(request, "policies/proposal_new.html", context, status=status)


def _once(request: Any, act: Callable[[], str]) -> str:
    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


def _find(request: Any, pk: int) -> PackProposal:
    rows = visible_proposals(request.access).select_related("installed")
    return get_object_or_404(rows.defer("files", "installed__files"), pk=pk)


@requires("pack.install")
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """What the linter says, what changes, what that costs; and the decision."""
    proposal = _find(request, pk)
    current = current_version(proposal.slug)
    clauses = Clause.objects.filter(pack=current) if current else Clause.objects.none()
    names = sees_subjects(request.access, proposal.money)
    context = {
        "proposal": proposal,
        "job": unfinished_job(proposal),
        "failed": _failed(proposal),
        "current": current,
        "errors": sum(row["severity"] == "error" for row in proposal.problems),
        "sections": proposal.changes.get("sections", []),
        "known_clauses": set(clauses.values_list("code", flat=True)),
        "money": shown_money(proposal.money, names=names),
        "overtaken": proposal.changes.get("overtaken"),
        "can_open": request.access.can("evidence.view"),
        # What was handed in from a draft is issued on the page of the draft.
        "may": may_install(request.access, proposal) and proposal.draft_id is None,
        "waiting": proposal.status == Status.READY,
        "open": proposal.status not in (Status.INSTALLED, Status.DISCARDED)
        and proposal.draft_id is None,
    }
    return render(request, "policies/proposal.html", context)


def _failed(proposal: PackProposal) -> Job | None:
    """The check that ended without a result."""
    job = proposal.job
    stuck = proposal.status == Status.CHECKING and job is not None and job.is_over
    return job if stuck else None


@requires("pack.install")
@require_GET
def state(request: Any, pk: int) -> HttpResponse:
    """The progress; when nothing is running any more the page is loaded again."""
    proposal = _find(request, pk)
    job = unfinished_job(proposal)
    if job is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"job": job, "proposal": proposal}
    return render(request, "policies/proposal_progress.html", context)


@requires("pack.install")
@require_POST
def confirm(request: Any, pk: int) -> HttpResponse:
    """Install it, unless something else was installed since; then compare again."""
    proposal = _find(request, pk)
    url = reverse("proposal-detail", args=[proposal.pk])

    def act() -> str:
        try:
            version = confirm_proposal(
                proposal_id=proposal.pk, by=request.user, access=request.access
            )
        except Overtaken as moved:
            check_again(proposal_id=proposal.pk, by=request.user, overtaken=moved.found)
            messages.warning(request, f"没有安装：{moved.message}，正在重新比较")
        else:
            messages.success(request, f"已安装“{version.title}”的新版本，今后的测算按它进行")
        return url

    return redirect(_once(request, act))


@requires("pack.install")
@require_POST
def discard(request: Any, pk: int) -> HttpResponse:
    """Give it up; the uploaded file stays as evidence."""
    proposal = _find(request, pk)

    def act() -> str:
        discard_proposal(proposal_id=proposal.pk, by=request.user, access=request.access)
        messages.success(request, "已放弃这个版本，上传的文件保留")
        return reverse("proposal-list")

    return redirect(_once(request, act))


@requires("pack.install")
@require_POST
def recheck(request: Any, pk: int) -> HttpResponse:
    """Check and compare again, with the data of today and the runs this person may see."""
    proposal = _find(request, pk)

    def act() -> str:
        check_again(proposal_id=proposal.pk, by=request.user)
        return reverse("proposal-detail", args=[proposal.pk])

    return redirect(_once(request, act))
