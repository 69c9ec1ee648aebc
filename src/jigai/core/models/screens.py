"""What people keep of their screens: saved views of lists, and exports."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class SavedView(models.Model):
    """A list with a filter, columns and order, kept under a name; shared with the department."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.CharField("页面", max_length=100)
    name = models.CharField("名称", max_length=60)
    query = models.JSONField("条件", default=dict)
    columns = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    sort = models.CharField("排序", max_length=60, blank=True)
    department = models.ForeignKey(
        "core.Department", models.CASCADE, null=True, blank=True, related_name="+"
    )
    is_default = models.BooleanField("默认", default=False)

    class Meta:
        verbose_name = "保存的视图"
        verbose_name_plural = "保存的视图"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_view_once")
        ]

    def __str__(self) -> str:
        return self.name


class Export(models.Model):
    """A list written to a file by a job: exactly the rows filtered, with the columns chosen."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    job = models.OneToOneField("core.Job", models.CASCADE, related_name="export")
    page = models.CharField("页面", max_length=100)
    title = models.CharField("名称", max_length=200)
    # {"query": {...}, "columns": [...], "sort": "..."} as the list was when asked.
    state = models.JSONField("条件", default=dict)
    rows = models.IntegerField("行数", null=True, blank=True)
    sha256 = models.CharField("散列", max_length=64, blank=True)
    size = models.BigIntegerField("字节数", null=True, blank=True)
    # Path below the data directory; empty once the file has been cleared away.
    path = models.CharField("文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "导出"
        verbose_name_plural = "导出"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
