"""What is published about projects by period: dispatch bulletins and yearly key-project lists."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked

_USER = settings.AUTH_USER_MODEL


@tracked(exclude=["content"])
class Bulletin(models.Model):
    """A dispatch bulletin of a region and period: its figures are frozen when it is made.

    ``method`` names the version of the way of counting; ``content`` holds tables, figures and
    texts as printed. Whoever releases it is not who made it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "起草"
        REVIEW = "review", "送审"
        RELEASED = "released", "已印发"
        VOID = "void", "作废"

    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    cadence = models.CharField("周期", max_length=8)
    year = models.SmallIntegerField("年度")
    period = models.SmallIntegerField("期")
    number = models.IntegerField("期号")
    method = models.CharField("口径版本", max_length=40)
    content = models.JSONField("内容", default=dict)
    root_hash = models.CharField("散列", max_length=64)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT)
    reason = models.CharField("退回或作废原因", max_length=400, blank=True)
    document = models.ForeignKey(
        "core.IssuedDocument", models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("生成时间", auto_now_add=True)
    released_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField("印发时间", null=True, blank=True)

    class Meta:
        verbose_name = "调度通报"
        verbose_name_plural = "调度通报"
        ordering = ["-year", "-period", "-id"]

    def __str__(self) -> str:
        return f"{self.year} 年第 {self.number} 期"


@tracked()
class KeyList(models.Model):
    """A year's key projects of a region; ``conditions`` are the filters it was made with."""

    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    year = models.SmallIntegerField("年度")
    title = models.CharField("名称", max_length=120)
    clause = models.CharField("依据", max_length=200, blank=True)
    conditions = models.JSONField("筛选条件", default=dict)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "年度重点项目清单"
        verbose_name_plural = "年度重点项目清单"
        ordering = ["-year", "-id"]

    def __str__(self) -> str:
        return self.title


@tracked()
class KeyListLine(models.Model):
    """One project on a list. After publication rows only join or leave with a reason."""

    key_list = models.ForeignKey(KeyList, models.CASCADE, related_name="lines")
    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="key_lines")
    place = models.IntegerField("序号")
    unit = models.CharField("责任单位", max_length=100, blank=True)
    planned_fen = models.BigIntegerField("当年计划投资", null=True, blank=True)
    joined_reason = models.CharField("列入理由", max_length=400, blank=True)
    left_at = models.DateTimeField("移出时间", null=True, blank=True)
    left_reason = models.CharField("移出原因", max_length=400, blank=True)
    version = models.IntegerField("版本", default=1)

    class Meta:
        verbose_name = "清单项目"
        verbose_name_plural = "清单项目"
        ordering = ["key_list", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key_list", "project"],
                condition=models.Q(left_at=None),
                name="project_once_on_a_list",
            ),
            models.CheckConstraint(
                condition=models.Q(left_at=None) | ~models.Q(left_reason=""),
                name="left_a_list_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.place)


class KeyListVersion(models.Model):
    """A published version of a list, row by row as it was, with what changed since the last."""

    key_list = models.ForeignKey(KeyList, models.PROTECT, related_name="versions")
    number = models.IntegerField("第几版")
    rows = models.JSONField("项目", default=list)
    joined = models.JSONField("列入", default=list)
    left = models.JSONField("移出", default=list)
    root_hash = models.CharField("散列", max_length=64)
    published_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    published_at = models.DateTimeField("发布时间", auto_now_add=True)

    class Meta:
        verbose_name = "清单发布版"
        verbose_name_plural = "清单发布版"
        ordering = ["key_list", "number"]
        constraints = [
            models.UniqueConstraint(fields=["key_list", "number"], name="list_versions_follow")
        ]
        triggers = append_only("list_versions_stay")

    def __str__(self) -> str:
        return f"第 {self.number} 版"
