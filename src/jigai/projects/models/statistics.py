"""The statistics bureau's side: inclusion of projects, its own figures, and how they were ruled."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked

_USER = settings.AUTH_USER_MODEL


@tracked()
class StatisticsInclusion(models.Model):
    """Where a project stands on its way into the statistics of fixed-asset investment.

    ``why_not`` is asked of a project that fits and is not included (reading L19 b).
    """

    class Status(models.TextChoices):
        NONE = "none", "未申报"
        DECLARED = "declared", "已申报"
        RETURNED = "returned", "已退回"
        RESUBMITTED = "resubmitted", "已补报"
        INCLUDED = "included", "已入统"

    project = models.OneToOneField("projects.Project", models.CASCADE, related_name="inclusion")
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.NONE)
    since = models.DateField("状态日期", null=True, blank=True)
    included_from = models.DateField("入统月份", null=True, blank=True)
    note = models.CharField("退回或补报说明", max_length=400, blank=True)
    why_not = models.CharField("未入统原因", max_length=400, blank=True)
    version = models.IntegerField("版本", default=1)
    updated_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "入统办理"
        verbose_name_plural = "入统办理"
        ordering = ["project"]

    def __str__(self) -> str:
        return self.get_status_display()


@tracked()
class StatisticsFigure(models.Model):
    """One row of the statistics bureau's file of a month, matched to a project or not.

    Fen. The bureau's figure is never overwritten by ours or ours by it: :class:`FigureRuling`
    says what a difference comes from.
    """

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="statistics"
    )
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    year = models.SmallIntegerField("年度")
    month = models.SmallIntegerField("月份")
    name = models.CharField("项目名称", max_length=200)
    code = models.CharField("项目代码", max_length=40, null=True, blank=True)
    owner = models.CharField("单位", max_length=200, null=True, blank=True)
    cumulative_fen = models.BigIntegerField("自年初累计", null=True, blank=True)
    batch = models.ForeignKey(
        "core.ImportBatch", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source_row = models.IntegerField("来源行", null=True, blank=True)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "统计部门数"
        verbose_name_plural = "统计部门数"
        ordering = ["-year", "-month", "id"]
        indexes = [models.Index(fields=["year", "month", "project"], name="statistics_of_month")]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d} {self.name}"


class FigureRuling(models.Model):
    """Why two departments' figures of a project and month differ, and which one is used for what.

    The latest ruling of a project and month holds.
    """

    class Holds(models.TextChoices):
        OURS = "ours", "以月报为准"
        THEIRS = "theirs", "以统计为准"
        BOTH = "both", "口径不同，并列"

    project = models.ForeignKey("projects.Project", models.PROTECT, null=True, related_name="+")
    figure = models.ForeignKey(StatisticsFigure, models.SET_NULL, null=True, related_name="+")
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    year = models.SmallIntegerField("年度")
    month = models.SmallIntegerField("月份")
    ours_fen = models.BigIntegerField("月报数", null=True)
    theirs_fen = models.BigIntegerField("统计数", null=True)
    holds = models.CharField("裁定", max_length=8, choices=Holds)
    reason = models.CharField("原因", max_length=400)
    created_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("裁定时间", auto_now_add=True)

    class Meta:
        verbose_name = "数据裁定"
        verbose_name_plural = "数据裁定"
        ordering = ["-id"]
        triggers = append_only("figure_rulings_stay")

    def __str__(self) -> str:
        return self.get_holds_display()


class InvestmentRelease(models.Model):
    """Published figures of technical-transformation investment: frozen, with how they were made.

    A correction is a new release that names the one it ``revises``; small groups are already left
    out of ``figures``.
    """

    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    year = models.SmallIntegerField("年度")
    month = models.SmallIntegerField("截至月份")
    title = models.CharField("标题", max_length=120)
    method = models.TextField("口径说明")
    figures = models.JSONField("数据", default=dict)
    root_hash = models.CharField("散列", max_length=64)
    revises = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="revised_by"
    )
    revision_reason = models.CharField("修订原因", max_length=400, blank=True)
    released_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    released_at = models.DateTimeField("发布时间", auto_now_add=True)

    class Meta:
        verbose_name = "投资信息发布"
        verbose_name_plural = "投资信息发布"
        ordering = ["-year", "-month", "-id"]
        triggers = append_only("releases_stay")

    def __str__(self) -> str:
        return self.title
