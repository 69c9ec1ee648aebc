"""Files on their way in: upload in pieces, one batch per file, findings, and what a commit did."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked


class Upload(models.Model):
    """A file that arrives in pieces and can be taken up again where it broke off."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField("文件名", max_length=255)
    size = models.BigIntegerField("字节数")
    received = models.BigIntegerField("已收字节", default=0)
    # Of the whole file as the browser states it; checked when the last piece is in.
    sha256 = models.CharField("散列", max_length=64, blank=True)
    file = models.ForeignKey("core.EvidenceFile", models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "上传"
        verbose_name_plural = "上传"
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return self.name


@tracked()
class ImportBatch(models.Model):
    """One file read as one kind of table for one year, from preview to commit and undo."""

    class Status(models.TextChoices):
        READING = "reading", "正在识别"
        # Read, but it can only be matched once another table is in (a ledger before its register).
        WAITING = "waiting", "等待前面的表"
        READY = "ready", "待确认"
        REFUSED = "refused", "不能识别"
        COMMITTING = "committing", "正在入库"
        COMMITTED = "committed", "已入库"
        UNDONE = "undone", "已撤销"
        DISCARDED = "discarded", "已放弃"

    kind = models.CharField("表类", max_length=40, blank=True)
    year = models.SmallIntegerField("年份")
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    file = models.ForeignKey("core.EvidenceFile", models.PROTECT, related_name="batches")
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.READING)
    # Files uploaded together.
    group = models.UUIDField("同批", default=uuid.uuid4, db_index=True)
    sheet = models.CharField("工作表", max_length=100, blank=True)
    # Names of the sheets that could be read, for the clerk to choose another.
    sheets = models.JSONField("可选工作表", default=list)
    # Every headed column: list of {letter, heading, field, name, unit, units}; field may be empty.
    columns = models.JSONField("列", default=list)
    # What the clerk chose otherwise than detected: {kind, sheet, fields: {letter: field},
    # units: {field: unit}}; absent keys are left to detection.
    choices = models.JSONField("人工指定", default=dict)
    # Counts by severity and code, numbers of rows created, changed, unchanged.
    counts = models.JSONField("统计", default=dict)
    # The first clean rows, for the preview.
    sample = models.JSONField("预览", default=list)
    problem = models.TextField("原因", blank=True)
    hint = models.TextField("办法", blank=True)
    # The clerk's own file with what could be repaired repaired, once asked for.
    corrected = models.ForeignKey(
        "core.EvidenceFile", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("时间", auto_now_add=True)
    committed_at = models.DateTimeField("入库时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "导入批次"
        verbose_name_plural = "导入批次"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "region_code", "year", "-id"], name="batch_of_region"),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.year}"

    @property
    def is_open(self) -> bool:
        """Whether it may still be committed, read again or given up."""
        return self.status in (self.Status.READY, self.Status.WAITING, self.Status.REFUSED)

    @property
    def is_busy(self) -> bool:
        """Whether a job is at work on it."""
        return self.status in (self.Status.READING, self.Status.COMMITTING)


class ImportIssue(models.Model):
    """One finding about one cell of a batch."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="issues")
    sheet = models.CharField("工作表", max_length=100, blank=True)
    row = models.IntegerField("行")
    column = models.CharField("列", max_length=4, blank=True)
    field = models.CharField("字段", max_length=40, blank=True)
    label = models.CharField("项目", max_length=60, blank=True)
    raw = models.TextField("原值", blank=True)
    code = models.CharField("代码", max_length=40)
    severity = models.CharField("轻重", max_length=10)
    clean_value = models.TextField("改为", blank=True)
    # Whether the cell counts as empty because of this (its row may be repeated or unmatched only).
    emptied = models.BooleanField("留空", default=False)
    message = models.TextField("说明")

    class Meta:
        verbose_name = "导入问题"
        verbose_name_plural = "导入问题"
        ordering = ["id"]
        indexes = [models.Index(fields=["batch", "severity", "id"], name="issue_by_severity")]

    def __str__(self) -> str:
        return f"{self.column}{self.row} {self.code}"


class ImportChange(models.Model):
    """What a commit changed in a row that existed before, so that an undo can put it back."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="changes")
    model = models.CharField("表", max_length=60)
    key = models.BigIntegerField("主键")
    before = models.JSONField("原值")
    after = models.JSONField("新值")

    class Meta:
        verbose_name = "导入改动"
        verbose_name_plural = "导入改动"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
