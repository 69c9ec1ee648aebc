"""证据文件: the list, one file with its uses, the bytes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jigai.core.access import Access, requires
from jigai.core.evidence import store_evidence
from jigai.core.evidence.kinds import kind_name
from jigai.core.evidence.serve import serve_evidence
from jigai.core.imports.reach import files_for
from jigai.core.models import Enterprise, EvidenceFile
from jigai.core.screens import formats
from jigai.core.screens.list_columns import DAY, MOMENT, WHOLE, Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError


class EvidenceFilters(ListFilters):
    """By name, source, content and scan."""

    lookups = {"name": "name__icontains", "source": "source__icontains"}
    name = words_field("文件名")
    source = words_field("来源")
    scan = choice("查毒", EvidenceFile.Scan.choices)
    sha256 = words_field("散列", "开头几位")

    def by_sha256(self, rows: Any, value: str) -> Any:
        """Files whose hash begins like this."""
        return rows.filter(sha256__startswith=value.lower())


class EvidenceList(ListPage):
    """Evidence files in reach."""

    page = "evidence"
    title = "证据文件"
    url_name = "evidence-list"
    capability = "evidence.view"
    can_export = False
    filters = EvidenceFilters
    actions = (ListAction("上传文件", "evidence-add", "upload", "evidence.add", primary=True),)
    empty_title = "还没有证据文件"
    empty_hint = "导入的表格会自动留存在这里；也可以上传批文、证书等附件备查。"
    columns = (
        Column("name", "文件名", link=True),
        Column("size", "大小", lambda file: formats.file_size(file.size)),
        Column("scan", "查毒", "get_scan_display"),
        Column("source", "来源", clip=True),
        Column("uses", "引用", "use_count", kind=WHOLE),
        Column("valid_to", "有效期止", kind=DAY),
        Column("sha256", "散列", lambda file: file.sha256[:12]),
        Column("created_by", "上传人", "created_by.name"),
        Column("created_at", "上传时间", kind=MOMENT),
    )

    def rows(self, access: Access) -> QuerySet[Any]:
        """Visible files with the number of their uses."""
        return files_for(access).select_related("created_by").annotate(use_count=Count("uses"))

    def row_url(self, row: Any) -> str:
        """The file's page."""
        return reverse("evidence-detail", args=[row.pk])


evidence_list = EvidenceList.as_view()


def _file(request: Any, pk: int) -> EvidenceFile:
    rows = files_for(request.access).select_related("created_by", "enterprise")
    return get_object_or_404(rows, pk=pk)


@requires("evidence.view")
@require_GET
def evidence_detail(request: Any, pk: int) -> HttpResponse:
    """One file: where it came from, its hash, who uses it."""
    file = _file(request, pk)
    uses = file.uses.select_related("created_by").order_by("-id")
    context = {"file": file, "uses": uses, "kind": kind_name(file.media_type)}
    return render(request, "core/evidence/detail.html", context)


@requires("evidence.view")
@require_GET
def evidence_file(request: Any, pk: int) -> HttpResponse:
    """The bytes, as a download; who took them is on record."""
    return serve_evidence(request, _file(request, pk))


class EvidenceForm(forms.Form):
    """A file with its source and until when it holds."""

    source = forms.CharField(
        label="来源", max_length=100, required=False, help_text="例如：区发改局、企业提交"
    )
    valid_to = forms.DateField(
        label="有效期止", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="没有期限的留空",
    )  # fmt: skip


def _own_enterprise(access: Access) -> Enterprise | None:
    """The enterprise the person acts for, if they act for one."""
    grants = access.granting("evidence.add")
    key = next((grant.enterprise_id for grant in grants if grant.enterprise_id), None)
    return Enterprise.objects.filter(pk=key).first() if key else None


@requires("evidence.add")
@require_http_methods(["GET", "POST"])
def evidence_add(request: Any) -> HttpResponse:
    """Upload one file."""
    form = EvidenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            url = send_once(
                user=request.user, nonce=request.POST.get("nonce", ""), path=request.path,
                act=lambda: _store(request, form.cleaned_data),
            )  # fmt: skip
        except JigaiError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "文件已保存")
            return redirect(url)
    status = 422 if form.errors else 200
    return render(request, "core/evidence/add.html", {"form": form}, status=status)


def _store(request: Any, values: dict[str, Any]) -> str:
    given = request.FILES.get("files")
    if given is None:
        raise JigaiError("evidence-none", "还没有选择文件", "请选择一个文件")
    enterprise = _own_enterprise(request.access)
    region = enterprise.region_code if enterprise else request.access.home_region
    file = store_evidence(
        stream=given.file, name=given.name, owner=request.user, region_code=region,
        enterprise=enterprise, source=values["source"], valid_to=values["valid_to"],
    )  # fmt: skip
    return reverse("evidence-detail", args=[file.pk])
