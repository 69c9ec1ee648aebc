"""Asking for exports, 我的导出, and downloading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views import View
from django.views.decorators.http import require_GET

from jigai.core.access import Access, requires
from jigai.core.models import AccessLog, Export
from jigai.core.screens import formats
from jigai.core.screens.list_columns import HTML, MOMENT, STATUS, WHOLE, Column
from jigai.core.screens.list_page import ListPage, list_page
from jigai.core.services.clear_exports import KEPT_FOR
from jigai.core.services.send_once import send_once
from jigai.core.services.start_export import start_export
from jigai.core.views.saved_views import state_in
from jigai.errors import JigaiError


@requires("export.make")
class ExportStart(View):
    """Queue the export of a list in the state its form carries."""

    http_method_names = ["post", "get"]
    list_class: type[ListPage] = ListPage

    def get(self, request: Any) -> HttpResponse:
        """Somebody reloaded the address: back to the list."""
        return redirect(self.list_class().home())

    def post(self, request: Any) -> HttpResponse:
        """Start the job and show its progress."""
        page = self.list_class()
        page.require(request.access)
        state = state_in(page, request.POST.get("state", ""))

        def act() -> str:
            csv = page.offers_csv and request.POST.get("form") == "csv"
            job = start_export(
                owner=request.user, page=page.page, title=page.title, state=state.kept(),
                form="csv" if csv else "xlsx",
            )  # fmt: skip
            return reverse("job-detail", args=[job.pk])

        nonce = request.POST.get("nonce", "")
        return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


def _file(export: Export) -> Any:
    if not export.path:
        over = export.job.is_over
        return "已清理" if over and export.rows is not None else "" if over else "正在生成"
    return format_html('<a href="{}" download>下载</a>', reverse("export-file", args=[export.pk]))


class ExportList(ListPage):
    """The exports of whoever looks."""

    page = "exports"
    title = "我的导出"
    note = f"文件保留 {KEPT_FOR.days} 天，到期自动清理"
    capability = "export.make"
    url_name = "export-list"
    can_export = False
    empty_title = "还没有导出过"
    empty_hint = "在任何列表上设好条件和列，点“导出”，文件就会出现在这里。"
    columns = (
        Column("title", "名称", link=True),
        Column("status", "状态", "job.status", kind=STATUS),
        Column("rows", "行数", kind=WHOLE, sort="rows"),
        Column("size", "大小", lambda row: formats.file_size(row.size) if row.size else None),
        Column("at", "申请时间", "job.created_at", kind=MOMENT),
        Column("sha256", "文件散列（SHA-256）", clip=True, shown=False),
        Column("file", "文件", _file, kind=HTML),
    )

    def rows(self, access: Access) -> QuerySet[Any]:
        """Own exports only, whatever one may see of others' data."""
        return Export.objects.filter(owner=access.user).select_related("job")

    def row_url(self, row: Any) -> str:
        """The job behind it."""
        return reverse("job-detail", args=[row.job_id])


@method_decorator(require_GET, name="dispatch")
@requires("export.make")
class ExportFile(View):
    """The file of an own export; the right to the list is checked again, the download recorded."""

    def get(self, request: Any, pk: int) -> FileResponse:
        """The bytes. 404 for somebody else's; a sentence where the file is gone."""
        export = get_object_or_404(Export, pk=pk, owner=request.user)
        list_page(export.page).require(request.access)
        path = Path(settings.DATA_DIR) / export.path
        if not export.path or not path.is_file():
            if not export.job.is_over:
                raise Http404
            raise JigaiError(
                "export-cleared", "这个导出文件已清理", f"文件只保留 {KEPT_FOR.days} 天，请重新导出"
            )
        AccessLog.objects.create(
            user=request.user, action="download", kind="export", key=str(export.pk),
            label=export.title, request_id=getattr(request, "request_id", ""),
            on_behalf=request.access.acting_for[:64],
        )  # fmt: skip
        name = f"{export.title}_{export.job.created_at:%Y%m%d}{path.suffix}"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
