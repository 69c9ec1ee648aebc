"""A draft on its way: handed in, reviewed, sent back, finished, issued, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jigai.core.access import Denied, requires
from jigai.errors import JigaiError
from jigai.policies.editor.forms.new import IssueForm, ReasonForm, SubmitForm
from jigai.policies.editor.selectors import DRAFT, ISSUE
from jigai.policies.editor.services.issue_draft import issue_draft
from jigai.policies.editor.services.move_draft import (
    finish_draft,
    return_draft,
    review_draft,
    submit_draft,
    withdraw_draft,
)
from jigai.policies.editor.views.drafts import overview
from jigai.policies.editor.views.shared import find, once
from jigai.policies.models import PackDraft
from jigai.policies.services.confirm_proposal import Overtaken
from jigai.policies.services.propose_pack import check_again


def _carry_out(
    request: Any, pk: int, act: Callable[[PackDraft], str], name: str = "", form: Any = None
) -> HttpResponse:  # fmt: skip
    """Do it once and go back to the draft; what is refused is said there with the form as typed."""
    draft = find(request, pk)
    refused: JigaiError | None = None
    if form is None or form.is_valid():

        def done() -> str:
            messages.success(request, act(draft))
            return reverse("draft-detail", args=[draft.pk])

        try:
            return redirect(once(request, done))
        except Denied as problem:
            if problem.code == "out-of-reach":
                raise
            refused = problem
        except Overtaken as moved:
            check_again(proposal_id=draft.proposal_id, by=request.user, overtaken=moved.found)
            messages.warning(request, f"没有印发：{moved.message}，正在重新比较")
            return redirect("draft-detail", pk=draft.pk)
        except JigaiError as problem:
            refused = problem
    draft.refresh_from_db()
    more = {name: form} if form is not None else {}
    context = overview(request, draft, refused=refused, **more)
    return render(request, "policies/draft/detail.html", context, status=422)


@requires(DRAFT)
@require_POST
def submit(request: Any, pk: int) -> HttpResponse:
    """Hand in for review."""
    form = SubmitForm(request.POST)

    def act(draft: PackDraft) -> str:
        submit_draft(draft=draft.pk, by=request.user, access=request.access, **form.cleaned_data)
        return "已送审，内容冻结；审核人已收到通知"

    return _carry_out(request, pk, act, "submit_form", form)


@requires(ISSUE)
@require_POST
def review(request: Any, pk: int) -> HttpResponse:
    """Pass the review."""

    def act(draft: PackDraft) -> str:
        moved = review_draft(draft=draft.pk, by=request.user, access=request.access)
        return "审核通过，可以公开征求意见" if moved.consults else "审核通过，请起草人定稿"

    return _carry_out(request, pk, act)


@requires(ISSUE)
@require_POST
def send_back(request: Any, pk: int) -> HttpResponse:
    """Send back to be written."""
    form = ReasonForm(request.POST)

    def act(draft: PackDraft) -> str:
        reason = form.cleaned_data["reason"]
        return_draft(draft=draft.pk, reason=reason, by=request.user, access=request.access)
        return "已退回，起草人可以修改"

    return _carry_out(request, pk, act, "reason_form", form)


@requires(DRAFT)
@require_POST
def finish(request: Any, pk: int) -> HttpResponse:
    """Hand the final text in."""

    def act(draft: PackDraft) -> str:
        finish_draft(draft=draft.pk, by=request.user, access=request.access)
        return "已送印发，内容冻结"

    return _carry_out(request, pk, act)


@requires(ISSUE)
@require_POST
def issue(request: Any, pk: int) -> HttpResponse:
    """Issue it: from now on it is an installed document."""
    form = IssueForm(request.POST)

    def act(draft: PackDraft) -> str:
        issue_draft(draft=draft.pk, by=request.user, access=request.access, **form.cleaned_data)
        return "已印发并安装，今后的计算、导航按它"

    return _carry_out(request, pk, act, "issue_form", form)


@requires(DRAFT)
@require_POST
def withdraw(request: Any, pk: int) -> HttpResponse:
    """Give it up."""
    form = ReasonForm(request.POST)

    def act(draft: PackDraft) -> str:
        reason = form.cleaned_data["reason"]
        withdraw_draft(draft=draft.pk, reason=reason, by=request.user, access=request.access)
        return "已撤回，内容保留"

    return _carry_out(request, pk, act, "reason_form", form)


@requires(DRAFT, ISSUE)
@require_POST
def recheck(request: Any, pk: int) -> HttpResponse:
    """Check and compare what was handed in once more, with the data of today."""

    def act(draft: PackDraft) -> str:
        if draft.proposal_id is None or draft.is_open:
            raise JigaiError("nothing-handed-in", "没有送审的内容", "送审以后才有检查")
        check_again(proposal_id=draft.proposal_id, by=request.user)
        return "正在重新检查和比较"

    return _carry_out(request, pk, act)
