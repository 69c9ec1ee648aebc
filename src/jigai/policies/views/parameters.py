"""One open parameter on screen: what waits on it, its values, proposing and approving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jigai.core.access import requires
from jigai.core.evidence import store_evidence
from jigai.core.models import EvidenceFile, Notice
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.policies.forms_open import DecisionForm, ProposalForm
from jigai.policies.models import PackParameter, PackVersion, ParameterDecision
from jigai.policies.selectors_open import open_parameters, standing_of
from jigai.policies.services.decide_value import decide_value, withdraw_value
from jigai.policies.services.propose_value import propose_value
from jigai.policies.services.remind_decider import EVENT, remind_decider
from jigai.policies.standing import is_open, slugs_of
from jigai.policies.stored_packs import model_of
from jigai.policies.words import PARAMETER_WORDS
from jigai.rules.environment import all_parameters

LOOKS = {"proposed": "pending", "approved": "confirmed", "refused": "rejected",
         "withdrawn": "withdrawn"}  # fmt: skip


def _row(slug: str, code: str) -> PackParameter:
    return get_object_or_404(open_parameters(timezone.localdate()), pack__slug=slug, code=code)


@requires("pack.view")
@require_http_methods(["GET", "POST"])
def detail(request: Any, slug: str, code: str) -> HttpResponse:
    """What the document leaves open, who decides, what waits, every proposal; propose here."""
    row = _row(slug, code)
    version = row.pack
    declared = all_parameters(model_of(version).pack)[code]
    may = is_open(declared) and _may(request, "parameter.propose", version)
    form = None
    if may:
        data = request.POST if request.method == "POST" else None
        form = ProposalForm(data, unit=declared.unit, kind=declared.kind)
        if data is not None and form.is_valid():
            try:
                return _once(request, lambda: _propose(request, row, form.cleaned_data))
            except JigaiError as problem:
                form.add_error(None, str(problem))
    elif request.method == "POST":
        request.access.require("parameter.propose")
        raise JigaiError("out-of-reach", "这个参数不能由您提出取值")
    context = {
        "row": row,
        "version": version,
        "status_word": PARAMETER_WORDS[row.status],
        "standing": standing_of([row], timezone.localdate())[row.pk],
        "decisions": _decisions(request, version, code),
        "form": form,
        "can_attach": request.access.can("evidence.add"),
        "can_open": request.access.can("evidence.view"),
        "reminded": _reminded(slug, code),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "policies/parameter.html", context, status=status)


def _may(request: Any, capability: str, version: PackVersion) -> bool:
    return reaches(request.access, capability, version.region_code, slug=version.slug)


def _reminded(slug: str, code: str) -> Any:
    url = reverse("parameter-detail", args=[slug, code])
    last = Notice.objects.filter(event=EVENT, url=url).order_by("-id").first()
    return last.created_at if last else None


def _decisions(request: Any, version: PackVersion, code: str) -> list[dict[str, Any]]:
    rows = ParameterDecision.objects.filter(
        slug__in=slugs_of(model_of(version).pack), parameter=code
    )
    may = _may(request, "parameter.approve", version)
    # What was never approved concerns only those who decide.
    inside = request.access.can("parameter.propose") or request.access.can("parameter.approve")
    if not inside:
        rows = rows.filter(status=ParameterDecision.Status.APPROVED)
    return [
        {
            "item": item,
            "look": LOOKS[item.status],
            "decide": may and item.status == "proposed" and item.proposed_by_id != request.user.pk,
            "own": item.status == "proposed" and item.proposed_by_id == request.user.pk,
        }
        for item in rows.select_related("proposed_by", "decided_by", "evidence").order_by("-id")
    ]


def _propose(request: Any, row: PackParameter, given: dict[str, Any]) -> str:
    propose_value(
        slug=row.pack.slug, parameter=row.code, by=request.user, access=request.access,
        evidence=_evidence(request, row), **given,
    )  # fmt: skip
    messages.success(request, "已提出，待另一人批准后生效")
    return _url(row)


def _evidence(request: Any, row: PackParameter) -> EvidenceFile | None:
    given = request.FILES.get("files")
    if given is None:
        return None
    request.access.require("evidence.add")
    return store_evidence(
        stream=given.file, name=given.name, owner=request.user,
        region_code=request.access.home_region, source=f"参数取值依据：{row.name}",
    )  # fmt: skip


def _url(row: PackParameter) -> str:
    return reverse("parameter-detail", args=[row.pack.slug, row.code])


def _once(request: Any, act: Callable[[], str]) -> HttpResponse:
    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


@requires("parameter.approve")
@require_POST
def decide(request: Any, pk: int) -> HttpResponse:
    """Approve or refuse a proposal of somebody else."""
    item = get_object_or_404(ParameterDecision, pk=pk)
    if not reaches(request.access, "parameter.approve", item.region_code, slug=item.slug):
        raise Http404
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise JigaiError("no-verb", "没有选择批准还是不批准", "返回上一页重新选择")
    given = form.cleaned_data

    def act() -> str:
        decide_value(
            decision=item.pk, approve=given["verb"] == "approve", note=given["note"],
            by=request.user, access=request.access,
        )  # fmt: skip
        messages.success(request, "已批准" if given["verb"] == "approve" else "已记为不批准")
        return reverse("parameter-detail", args=[item.slug, item.parameter])

    return _once(request, act)


@requires("parameter.propose")
@require_POST
def withdraw(request: Any, pk: int) -> HttpResponse:
    """Take back one's own proposal."""
    item = get_object_or_404(ParameterDecision, pk=pk, proposed_by=request.user)

    def act() -> str:
        withdraw_value(decision=item.pk, by=request.user)
        messages.success(request, "已撤销")
        return reverse("parameter-detail", args=[item.slug, item.parameter])

    return _once(request, act)


@requires("parameter.propose")
@require_POST
def remind(request: Any, slug: str, code: str) -> HttpResponse:
    """Remind those who decide."""
    row = _row(slug, code)

    def act() -> str:
        told = remind_decider(slug=slug, parameter=code, by=request.user, access=request.access)
        messages.success(request, f"已提醒 {told} 人")
        return _url(row)

    return _once(request, act)
