"""Entries of registers, what happened to them, and when that put them in the list."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.search import SearchColumn
from jigai.core.models.tracking import tracked
from jigai.registers.lifecycle import KINDS
from jigai.registers.models.edition import Edition
from jigai.registers.models.register import Register


@tracked(exclude=["search"])
class Entry(models.Model):
    """One entry as it stands by its latest events; what held on a day is in :class:`EntrySpan`.

    ``values`` by field id (see :mod:`jigai.core.fields.values`); ``key`` is what makes it unique in
    its edition; ``state`` what its events come to apart from the date; ``starts`` and ``ends``
    (exclusive) those of its last span.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待审核"
        LISTED = "listed", "在册"
        REMOVED = "removed", "已移出"
        REVOKED = "revoked", "已撤销"
        REFUSED = "refused", "未通过"
        WITHDRAWN = "withdrawn", "已撤回"

    register = models.ForeignKey(Register, models.PROTECT, related_name="entries")
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="entries"
    )
    key = models.CharField("唯一键", max_length=400)
    title = models.CharField("名称", max_length=300)
    pinyin = models.CharField("拼音", max_length=600, blank=True)
    region_code = models.CharField("区划代码", max_length=12, blank=True, db_index=True)
    enterprise = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, blank=True, related_name="register_entries"
    )
    values = models.JSONField("内容", default=dict)
    words = models.TextField("检索用文字", blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    starts = models.DateField("入册日期", null=True, blank=True)
    ends = models.DateField("离册日期", null=True, blank=True)
    source = models.CharField("来源", max_length=300, blank=True)
    origin = models.CharField("来历", max_length=160, blank=True)
    reason = models.CharField("未通过的理由", max_length=400, blank=True)
    batch = models.ForeignKey(
        "core.ImportBatch", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source_row = models.IntegerField("来源行", null=True, blank=True)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    search = SearchColumn("title", "words")

    class Meta:
        verbose_name = "名录条目"
        verbose_name_plural = "名录条目"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "edition", "key"],
                condition=~models.Q(state__in=["refused", "withdrawn"]),
                nulls_distinct=False,
                name="entry_once_in_edition",
            ),
        ]
        indexes = [
            models.Index(fields=["register", "-id"], name="entry_of_register"),
            models.Index(fields=["register", "pinyin", "id"], name="entry_by_name"),
            models.Index(fields=["register", "starts", "id"], name="entry_by_start"),
            models.Index(fields=["register", "ends", "id"], name="entry_by_end"),
            # Entries without a date come last the other way round as well.
            models.Index(
                "register",
                models.F("starts").desc(nulls_last=True),
                models.F("id").desc(),
                name="entry_by_start_down",
            ),
            models.Index(
                "register",
                models.F("ends").desc(nulls_last=True),
                models.F("id").desc(),
                name="entry_by_end_down",
            ),
            models.Index(fields=["register", "state", "-id"], name="entry_by_state"),
            GinIndex(fields=["search"], name="entry_search"),
        ]

    def __str__(self) -> str:
        return self.title


class LifeEvent(models.Model):
    """One thing that happened to an entry, effective from a date. Rows only come in.

    ``until`` is the last valid day the event gives, ``values`` the whole values from then on.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="life")
    kind = models.CharField("事项", max_length=10, choices=list(KINDS.items()))
    effective = models.DateField("生效日期")
    until = models.DateField("有效期至", null=True, blank=True)
    values = models.JSONField("内容", null=True, blank=True)
    reason = models.CharField("理由", max_length=400, blank=True)
    document = models.CharField("文号", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("记录时间", auto_now_add=True)
    batch = models.ForeignKey(
        "core.ImportBatch", models.SET_NULL, null=True, blank=True, related_name="+",
        db_constraint=False,
    )  # fmt: skip

    class Meta:
        verbose_name = "名录事项"
        verbose_name_plural = "名录事项"
        ordering = ["entry", "effective", "id"]
        triggers = [
            # Only an undone import takes back the events it brought itself.
            pgtrigger.Protect(
                name="events_stay",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__batch__isnull=True),  # type: ignore[call-arg]
            ),
            *append_only("events_are_not_rewritten", may_delete=True),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective}"


class EntrySpan(models.Model):
    """In the list from ``starts`` until before ``ends``, with the values of that time.

    Derived from events whenever one is recorded; ``EntrySpan`` alone answers what held on a day.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="spans")
    register = models.ForeignKey(Register, models.CASCADE, related_name="+", db_index=False)
    edition = models.ForeignKey(Edition, models.CASCADE, null=True, related_name="+")
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, null=True, related_name="+")
    region_code = models.CharField("区划代码", max_length=12, blank=True)
    starts = models.DateField("自")
    ends = models.DateField("至（不含）", null=True)
    values = models.JSONField("内容")
    batch = models.ForeignKey(
        "core.ImportBatch", models.SET_NULL, null=True, related_name="+", db_constraint=False
    )

    class Meta:
        verbose_name = "在册期间"
        verbose_name_plural = "在册期间"
        ordering = ["entry", "starts", "id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "starts"], name="span_start_once"),
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gt=models.F("starts")),
                name="span_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["register", "starts", "ends"], name="span_on_day"),
            models.Index(fields=["register", "enterprise", "starts"], name="span_of_enterprise"),
        ]

    def __str__(self) -> str:
        return f"{self.starts} 至 {self.ends or '今'}"


class DailyRound(models.Model):
    """A day whose reminders have been sent; none is sent twice, and none is left out."""

    day = models.DateField("日期", unique=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "名录每日提醒"
        verbose_name_plural = "名录每日提醒"
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.day)
