"""消息: what the platform told a person, and through which channel it should."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import Access, signed_in
from jigai.core.models import Notice
from jigai.core.notice_events import event_of, known_events
from jigai.core.screens.list_columns import HTML, MOMENT, STATUS, Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import ListPage
from jigai.core.screens.notice_parts import open_button
from jigai.core.services.choose_notices import choices_of, choose_notices


class NoticeFilters(ListFilters):
    """By words, kind and whether it was read."""

    lookups = {"title": "title__icontains"}
    title = words_field("标题")
    state = choice("状态", (("unread", "未读"), ("read", "已读")))
    event = choice("类别", ())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["event"]
        field.choices = [("", "全部"), *((event.code, event.name) for event in known_events())]

    @staticmethod
    def by_state(rows: QuerySet[Notice], state: str) -> QuerySet[Notice]:
        """Read or not."""
        return rows.filter(read_at__isnull=state == "unread")


class NoticeList(ListPage):
    """One's own messages."""

    page = "notices"
    title = "消息"
    url_name = "notice-list"
    filters = NoticeFilters
    can_export = False
    template_name = "core/notices/list.html"
    empty_title = "没有消息"
    empty_hint = "任务完成、授权变化、交接和委托等会在这里通知您。"
    columns = (
        Column("title", "标题", open_button, HTML),
        Column("body", "内容", clip=True),
        Column("event", "类别", lambda row: event_of(row.event).name),
        Column("read", "状态", lambda row: "read" if row.read_at else "unread", STATUS,
               choices={"read": "已读", "unread": "未读"}),
        Column("created_at", "时间", kind=MOMENT),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """One's own."""
        return Notice.objects.filter(user=access.user)

    def row_css(self, row: Any) -> str:
        """Read ones stand back."""
        return "is-off" if row.read_at else ""


def mark_read(rows: QuerySet[Notice]) -> int:
    """Set the time on those not read yet."""
    return rows.filter(read_at__isnull=True).update(read_at=timezone.now())


@signed_in
@require_POST
def open_notice(request: Any, pk: int) -> HttpResponse:
    """Mark as read and go where it leads."""
    row = get_object_or_404(Notice, pk=pk, user=request.user)
    mark_read(Notice.objects.filter(pk=pk))
    safe = url_has_allowed_host_and_scheme(row.url, allowed_hosts=None)
    return redirect(row.url if row.url and safe else reverse("notice-list"))


@signed_in
@require_POST
def read_all(request: Any) -> HttpResponse:
    """Everything is read."""
    count = mark_read(Notice.objects.filter(user=request.user))
    messages.success(request, f"已将 {count} 条消息标为已读")
    return redirect("notice-list")


@signed_in
@require_GET
def bell(request: Any) -> HttpResponse:
    """The number at the bell, for a part of a page."""
    count = Notice.objects.filter(user=request.user, read_at__isnull=True).count()
    return render(request, "core/notices/bell.html", {"count": count})


@signed_in
def choices(request: Any) -> HttpResponse:
    """Which kind reaches one through which channel."""
    if request.method == "POST":
        choose_notices(
            user=request.user,
            in_app=set(request.POST.getlist("in_app")),
            by_email=set(request.POST.getlist("by_email")),
        )
        messages.success(request, "消息设置已保存")
        return redirect("notice-choices")
    return render(request, "core/notices/choices.html", {"lines": choices_of(request.user)})
