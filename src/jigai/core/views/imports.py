"""导入: hand files over, check what was read, commit, take back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.core.access import Access, Denied, requires
from jigai.core.imports import page, services
from jigai.core.imports.forms import ImportForm, chosen_from, given_files
from jigai.core.imports.reach import CAPABILITIES, batches_for, may_import, may_undo, require_place
from jigai.core.imports.registry import importer_of, importers, kind_titles, offered_kinds
from jigai.core.imports.undo import blockers
from jigai.core.models import ImportBatch
from jigai.core.screens.list_columns import MOMENT, STATUS, Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    words_field,
    year_field,
)
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError

Status = ImportBatch.Status
_IMPORT = requires(*CAPABILITIES)


class ImportFilters(ListFilters):
    """By file, kind, state, year and region."""

    lookups = {"name": "file__name__icontains"}
    name = words_field("文件名")
    kind = choice("表类", [])
    status = choice("状态", Status.choices)
    year = year_field()
    region = RegionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(item.kind, item.title) for item in importers()]
        more = offered_kinds(self.access) if self.access else []
        self.fields["kind"].choices = [("", "全部"), *dict([*kinds, *more]).items()]

    def by_region(self, rows: Any, value: str) -> Any:
        """The region and below."""
        return below(rows, "region_code", value)


def _problems(batch: ImportBatch) -> str:
    counts = batch.counts.get("severity", {})
    words = [("error", "错误"), ("warning", "提醒"), ("autofix", "修正")]
    return "，".join(f"{word} {counts[code]}" for code, word in words if counts.get(code))


class ImportList(ListPage):
    """Batches the person may see."""

    page = "imports"
    title = "数据导入"
    url_name = "import-list"
    capability = CAPABILITIES
    can_export = False
    filters = ImportFilters
    actions = (ListAction("导入文件", "import-new", "file-import", primary=True),)
    empty_title = "还没有导入过文件"
    empty_hint = (
        "先导入企业名录，再导入项目台账、共同体名单和发票清单；可以一次选中，系统按顺序入库。"
    )
    columns = (
        Column("id", "批次", sort="id", shown=False),
        Column("file", "文件", "file.name", link=True),
        Column("kind", "表类", lambda row: row.kind_title),
        Column("year", "年度"),
        Column("region", "地区", lambda row: row.region_name, sort="region_code"),
        Column("status", "状态", kind=STATUS, choices=dict(Status.choices)),
        Column("problems", "问题", _problems),
        Column("created_by", "经办人", "created_by.name"),
        Column("created_at", "上传时间", kind=MOMENT),
        Column("committed_at", "入库时间", kind=MOMENT, shown=False),
    )

    def rows(self, access: Access) -> QuerySet[Any]:
        """Visible batches."""
        return batches_for(access).select_related("file", "created_by").defer("sample", "columns")

    def decorate(self, rows: Any, state: Any) -> None:
        """Names of the regions and titles of the kinds of a page, set by set."""
        names = names_of_regions(row.region_code for row in rows)
        titles = kind_titles(row.kind for row in rows)
        for row in rows:
            row.kind_title = titles.get(row.kind, "")
            row.region_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: Any) -> str:
        """The batch."""
        return reverse("import-detail", args=[row.pk])


import_list = ImportList.as_view()


@_IMPORT
@require_http_methods(["GET", "POST"])
def import_new(request: Any) -> HttpResponse:
    """Choose up to ten files, the year and the region."""
    if request.method == "GET":
        form = ImportForm(request.access, initial={"kind": request.GET.get("kind", "")})
        return render(request, "core/imports/new.html", {"form": form})
    form = ImportForm(request.access, request.POST)
    if not form.is_valid():
        return render(request, "core/imports/new.html", {"form": form}, status=422)

    def start() -> str:
        values = form.cleaned_data
        require_place(request.access, values["region"], values["kind"])
        files, refused = given_files(request, values["region"])
        for problem in refused:
            messages.error(request, str(problem))
        group = services.start_group(
            files=files, year=values["year"], region_code=values["region"], kind=values["kind"],
            by=request.user,
        )  # fmt: skip
        return reverse("import-group", args=[group])

    try:
        url = send_once(
            user=request.user, nonce=request.POST.get("nonce", ""), path=request.path, act=start
        )
    except JigaiError as problem:
        form.add_error(None, str(problem))
        return render(request, "core/imports/new.html", {"form": form}, status=422)
    return redirect(url)


def _batch(request: Any, pk: int, *, write: bool = False) -> ImportBatch:
    """A batch in reach; to change it the person must hold its kind's capability."""
    rows = batches_for(request.access).select_related("file", "job", "created_by", "corrected")
    batch = get_object_or_404(rows, pk=pk)
    if write and not may_import(request.access, batch.kind):
        raise Denied("denied", "您没有导入这类表的权限", "需要时请联系本单位的平台管理员授权")
    return batch


@_IMPORT
@require_GET
def import_detail(request: Any, pk: int) -> HttpResponse:
    """One file: what was found, what a commit will do, what it did."""
    batch = _batch(request, pk)
    context = page.shown(batch, request.GET)
    context["failed"] = page.failed_job(batch)
    context["can_undo"] = batch.status == Status.COMMITTED and may_undo(request.access, batch)
    context["form"] = ImportForm.of(request.access, batch)
    return render(request, "core/imports/detail.html", context)


@_IMPORT
@require_GET
def import_state(request: Any, pk: int) -> HttpResponse:
    """The progress; when nothing is running any more the page is loaded again."""
    batch = _batch(request, pk)
    job = page.running_job(batch)
    if job is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "core/imports/progress.html", {"batch": batch, "job": job})


@_IMPORT
@require_GET
def import_issues(request: Any, pk: int) -> HttpResponse:
    """Findings under a filter, a part of the page."""
    batch = _batch(request, pk)
    if not request.htmx:
        return redirect(f"{reverse('import-detail', args=[pk])}?{request.GET.urlencode()}#findings")
    found = page.findings(batch, request.GET)
    context = {"batch": batch, "severities": page.severities(batch), **found}
    template = "core/imports/issue_rows.html" if found["paged"] else "core/imports/issues.html"
    return render(request, template, context)


@_IMPORT
@require_POST
def import_reread(request: Any, pk: int) -> HttpResponse:
    """Read again with the kind, year, region, sheet, columns and units as chosen."""
    batch = _batch(request, pk, write=True)
    form = ImportForm(request.access, request.POST)
    if not form.is_valid():
        raise JigaiError("import-choices", "年份、地区或表类没有填对", "请返回检查后再提交")
    values = form.cleaned_data
    require_place(request.access, values["region"], values["kind"])
    choices = chosen_from(request.POST, batch, values["kind"])
    services.reread(
        batch_id=pk, by=request.user, year=values["year"], region_code=values["region"],
        choices=choices,
    )  # fmt: skip
    return redirect("import-detail", pk)


@_IMPORT
@require_POST
def import_commit(request: Any, pk: int) -> HttpResponse:
    """Start the commit."""
    batch = _batch(request, pk, write=True)
    require_place(request.access, batch.region_code, batch.kind)
    services.commit(batch_id=pk, by=request.user, repeat=bool(request.POST.get("repeat")))
    return redirect("import-detail", pk)


@_IMPORT
@require_http_methods(["GET", "POST"])
def import_undo(request: Any, pk: int) -> HttpResponse:
    """Say what taking back means and what stands in the way; then do it."""
    batch = _batch(request, pk)
    if not may_undo(request.access, batch):
        raise Denied("denied", "只有经办人本人和有“撤销导入”权限的人可以撤销", "请联系科室负责人")
    if request.method == "POST":
        services.undo(batch_id=pk, by=request.user)
        return redirect("import-detail", pk)
    if batch.status != Status.COMMITTED:
        return redirect("import-detail", pk)
    importer = importer_of(batch.kind)
    context = {
        "batch": batch,
        "importer": importer,
        "blockers": blockers(batch),
        "sentence": page.sentence(batch, importer),
    }
    return render(request, "core/imports/undo.html", context)


@_IMPORT
@require_POST
def import_discard(request: Any, pk: int) -> HttpResponse:
    """Give the batch up."""
    batch = _batch(request, pk, write=True)
    services.discard(batch_id=pk)
    messages.success(request, f"已放弃导入“{batch.file.name}”，文件仍可在证据文件里找到")
    return redirect("import-list")


@_IMPORT
@require_POST
def import_corrected(request: Any, pk: int) -> HttpResponse:
    """Ask for the corrected file."""
    _batch(request, pk)
    services.ask_corrected(batch_id=pk, by=request.user)
    return redirect("import-detail", pk)


def _group(request: Any, group: uuid.UUID) -> dict[str, Any]:
    rows = batches_for(request.access).filter(group=group).select_related("file", "job")
    batches = sorted(rows, key=_turn)
    if not batches:
        raise Http404
    waiting = [b for b in batches if b.status in (Status.READY, Status.WAITING)]
    ready = [b for b in waiting if not services.writes_nothing(b)]
    running = next((b.job for b in batches if b.is_busy and b.job and not b.job.is_over), None)
    return {
        "group": group,
        "lines": [_line(batch) for batch in batches],
        "batches": batches,
        "open": waiting,
        "ready": ready,
        "waiting": sum(batch.status == Status.WAITING for batch in ready),
        "busy": running is not None,
        "same": [b for b in ready if b.status == Status.READY and services.earlier_same(b)],
        "all_done": all(batch.status == Status.COMMITTED for batch in batches),
        "step": _group_step(batches),
        "steps": page.STEPS,
    }


def _turn(batch: ImportBatch) -> tuple[int, int]:
    """The order in which files go in."""
    return (importer_of(batch.kind).order if batch.kind else 99, batch.pk)


def _group_step(batches: list[ImportBatch]) -> int:
    if all(batch.status == Status.COMMITTED for batch in batches):
        return 5
    return 3 if any(batch.status == Status.COMMITTING for batch in batches) else 2


def _line(batch: ImportBatch) -> dict[str, Any]:
    importer = importer_of(batch.kind) if batch.kind else None
    return {
        "batch": batch,
        "title": importer.title if importer else "",
        "sentence": page.sentence(batch, importer),
        "nothing": services.writes_nothing(batch),
        "severity": batch.counts.get("severity", {}),
        "failed": page.failed_job(batch) if batch.is_busy else None,
    }


@_IMPORT
@require_GET
def import_group(request: Any, group: uuid.UUID) -> HttpResponse:
    """Files that came together; a single one has its own page."""
    context = _group(request, group)
    if len(context["batches"]) == 1:
        return redirect("import-detail", context["batches"][0].pk)
    return render(request, "core/imports/group.html", context)


@_IMPORT
@require_GET
def group_state(request: Any, group: uuid.UUID) -> HttpResponse:
    """The part of the group's page that changes while jobs run."""
    return render(request, "core/imports/group_part.html", _group(request, group))


@_IMPORT
@require_POST
def group_commit(request: Any, group: uuid.UUID) -> HttpResponse:
    """Start the commit of all files, in order."""
    batches = _group(request, group)["ready"]
    for batch in batches:
        if not may_import(request.access, batch.kind):
            raise Denied(
                "denied", f"您没有导入“{batch.file.name}”这类表的权限", "请单独处理其他文件"
            )
        require_place(request.access, batch.region_code, batch.kind)
    services.commit_group(
        group=group, by=request.user, allowed=[batch.pk for batch in batches],
        repeat=bool(request.POST.get("repeat")),
    )  # fmt: skip
    return redirect("import-group", group)
