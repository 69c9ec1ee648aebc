"""What replaced what, what explains on a day, and the chain above and below a document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_http_methods

from jigai.core.access import requires
from jigai.core.services.send_once import send_once
from jigai.core.views.form_page import FormPage
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.policies.force import force_on
from jigai.policies.forms_documents import AttachForm, FindForm, SuccessionForm, WithdrawForm
from jigai.policies.lineage import chain_above, chain_below
from jigai.policies.lists_documents import name_packs
from jigai.policies.models import PackVersion, Succession, UpstreamDocument
from jigai.policies.policy_status import LOOKS
from jigai.policies.proposals import CAPABILITY
from jigai.policies.retroactive import retroactive_words
from jigai.policies.services.attach_upstream import CAPABILITY as ATTACH
from jigai.policies.services.attach_upstream import attach_upstream
from jigai.policies.services.register_succession import register_succession, withdraw_succession
from jigai.policies.successions import Followed, follow, replaced_by, replaces


@requires("pack.view")
@require_GET
def find(request: Any) -> HttpResponse:
    """From an old number to what holds on a day."""
    form = FindForm(request.GET or None)
    asked = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
    day = (form.is_bound and form.is_valid() and form.cleaned_data["on"]) or timezone.localdate()
    found = follow(asked, day) if asked else None
    context = {"form": form, "asked": asked, "day": day, "found": found}
    if found is not None:
        context["words"] = _words(found)
        context["force"] = _force(found.holds.version, day)
        version = found.holds.version
        # The gap is told for the document that begins late, reached or still to come.
        later = found.coming and _installed(found.coming)
        context["retroactive"] = [
            words for v in (version, later) if v and (words := retroactive_words(v, day))
        ]
    return render(request, "policies/document_find.html", context)


def _installed(step: Succession) -> PackVersion | None:
    rows = PackVersion.objects.filter(slug=step.new_slug, is_current=True)
    return rows.defer("files").first()


def _force(version: PackVersion | None, day: Any) -> tuple[str, str] | None:
    if version is None:
        return None
    force = force_on(version, day)
    return LOOKS[force.status], force.word


def _words(found: Followed) -> str:
    if found.steps:
        return "已被替代，这一天适用新文件"
    if found.coming is not None:
        return "这一天还没有被替代，按这份文件解释"
    return "没有登记替代它的文件"


@requires("pack.view")
@require_http_methods(["GET", "POST"])
def succession(request: Any, pk: int) -> HttpResponse:
    """One record of a replacement; who entered it may take it back."""
    row = get_object_or_404(Succession.objects.select_related("recorded_by"), pk=pk)
    may = request.access.can(CAPABILITY) and not row.from_pack and row.withdrawn_at is None
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_withdraw(request, row, form.cleaned_data["because"]))
        except JigaiError as problem:
            form.add_error(None, str(problem))
    context = {"row": row, "may": may, "form": form, "new": _installed(row)}
    status = 422 if request.method == "POST" else 200
    return render(request, "policies/succession.html", context, status=status)


def _withdraw(request: Any, row: Succession, because: str) -> str:
    def act() -> str:
        withdraw_succession(
            succession=row.pk, because=because, by=request.user, access=request.access
        )
        messages.success(request, "已撤回，记录仍保留")
        return reverse("succession-detail", args=[row.pk])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


@method_decorator(requires(CAPABILITY), name="dispatch")
class NewSuccession(FormPage):
    """Register a replacement."""

    form_class = SuccessionForm
    title = "登记替代"
    note = "旧文件从哪一天起由哪份文件替代；两份都可以没有数据包"
    submit = "登记"
    done = "替代关系已登记"
    above = ("文件替代", "succession-list")

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Record it."""
        made = register_succession(**values, by=request.user, access=request.access)
        return reverse("succession-detail", args=[made.pk])


@requires("pack.view")
@require_GET
def lineage(request: Any, slug: str) -> HttpResponse:
    """What a document leans on, what leans on it, what it replaced and what replaced it."""
    version = get_object_or_404(PackVersion, slug=slug, is_current=True)
    above = chain_above(version)
    name_packs([node.row for node in above])
    context = {
        "version": version,
        "above": above,
        "below": chain_below(version),
        "before": replaces(version),
        "after": replaced_by(version),
        "retroactive": retroactive_words(version),
        "may": reaches(request.access, ATTACH, version.region_code, slug=slug),
        "can_open": request.access.can("evidence.view"),
    }
    return render(request, "policies/lineage.html", context)


@method_decorator(requires(ATTACH), name="dispatch")
class Attach(FormPage):
    """Attach what stands for an upstream document."""

    form_class = AttachForm
    title = "挂接上位依据"
    note = "挂接后仍保留这一行；没有挂接的一直标为待导入"
    submit = "保存"
    done = "已保存"
    above = ("上位依据", "upstream-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The row."""
        rows = UpstreamDocument.objects.filter(pk=kwargs["pk"], listed=True)
        found = rows.select_related("file").first()
        if found is None:
            raise Http404
        self.row = found

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the file that came along."""
        files = request.FILES if data is not None else None
        first = {
            "kind": self._kind(), "pack_slug": self.row.pack_slug,
            "parameter": self.row.parameter, "note": self.row.note,
        }  # fmt: skip
        return AttachForm(data, files, row=self.row, initial=first)

    def _kind(self) -> str:
        if self.row.state != UpstreamDocument.State.ATTACHED:
            return "none" if self.row.state == UpstreamDocument.State.NONE else "pack"
        return "pack" if self.row.pack_slug else "parameter" if self.row.parameter else "file"

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Attach it."""
        seen = request.POST.get("seen", "")
        attach_upstream(
            **values, upstream=self.row.pk, seen=int(seen) if seen.isdecimal() else 0,
            by=request.user, access=request.access,
        )  # fmt: skip
        return reverse("pack-lineage", args=[self.row.slug])

    def context(self, request: Any) -> dict[str, Any]:
        """Which document, and the version that was on screen."""
        name_packs([self.row])
        facts = [("上位文件", str(self.row)), ("被哪份文件依据", self.row.pack_title)]
        seen = request.POST.get("seen") or str(self.row.version)
        return {"facts": facts, "seen": seen, "back": reverse("upstream-list")}
