"""The living document: clauses, original and live items side by side; bringing in the original."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.views.form_page import FormPage
from jigai.errors import JigaiError
from jigai.policies.living import counted, living_clauses
from jigai.policies.models import PackVersion
from jigai.policies.originals import newest_original
from jigai.policies.policy_status import status_shown
from jigai.policies.sections import TITLES
from jigai.policies.services.store_original import store_original
from jigai.policies.stored_packs import model_of


@requires("pack.view")
@require_GET
def living(request: Any, slug: str) -> HttpResponse:
    """The whole document on one page; ``?section=`` keeps the clauses that have such items."""
    version = get_object_or_404(PackVersion, slug=slug, is_current=True)
    original = newest_original(slug)
    clauses = living_clauses(request.access, version, model_of(version).pack, original)
    section = request.GET.get("section", "")
    shown = [
        clause
        for clause in clauses
        if not section or any(item.item.section == section for item in clause.items)
    ]
    context = {
        "version": version,
        "status_on": status_shown(version),
        "clauses": shown,
        "tree": clauses,
        "original": original,
        "unmatched": original.missing if original else [],
        "sections": list(counted(clauses)),
        "section": section,
        "section_title": TITLES.get(section, ""),
    }
    return render(request, "policies/living.html", context)


class OriginalForm(forms.Form):
    """Paste the text, or bring the Word file."""

    upload = forms.FileField(label="Word 文件", required=False, help_text=".docx；扫描件请粘贴文字")
    text = forms.CharField(
        label="或粘贴全文", required=False, widget=forms.Textarea(attrs={"rows": 14}),
        max_length=400_000,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        given = super().clean() or {}
        if not given.get("upload") and not (given.get("text") or "").strip():
            raise forms.ValidationError("粘贴全文，或选择一个 .docx 文件")
        return given


@method_decorator(requires("pack.original"), name="dispatch")
class NewOriginal(FormPage):
    """Bring in the original text of a document."""

    form_class = OriginalForm
    title = "上传原文"
    note = "原文只留在本平台，用来与条款对照；找得到条款开头才收"
    submit = "保存并对照"
    columns = 1
    done = "原文已保存"
    above = ("政策文件", "pack-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """Find the document."""
        self.version = PackVersion.objects.filter(slug=kwargs["slug"], is_current=True).first()
        if self.version is None:
            raise Http404

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the file that came along."""
        return OriginalForm(data, request.FILES if data is not None else None)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Keep it."""
        if self.version is None:
            raise JigaiError("no-pack", "没有这份政策文件")
        store_original(
            version=self.version, text=values["text"], upload=values["upload"], by=request.user,
            access=request.access,
        )  # fmt: skip
        return reverse("pack-living", args=[self.version.slug])

    def context(self, request: Any) -> dict[str, Any]:
        """Which document."""
        return {"heading": f"上传原文：{self.version.title if self.version else ''}"}
