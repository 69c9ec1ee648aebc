"""Monthly reports: one row a project and month, and the months a region opens and locks."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked

_USER = settings.AUTH_USER_MODEL


@tracked()
class MonthlyPeriod(models.Model):
    """One month of one region: open until ``cut_off``, then locked; a reopened one locks anew.

    ``published`` is the number of the locked version that was last published, 0 for none.
    """

    class Status(models.TextChoices):
        OPEN = "open", "填报中"
        LOCKED = "locked", "已锁定"

    region_code = models.CharField("区划代码", max_length=12)
    year = models.SmallIntegerField("年度")
    month = models.SmallIntegerField("月份")
    status = models.CharField("状态", max_length=8, choices=Status, default=Status.OPEN)
    cut_off = models.DateField("截止日")
    reopened_reason = models.CharField("重开原因", max_length=400, blank=True)
    published = models.IntegerField("已发布第几版", default=0)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    reminded_at = models.DateTimeField("最近一次催报", null=True, blank=True)
    reminded = models.IntegerField("最近一次催报项目数", default=0)
    version = models.IntegerField("版本", default=1)
    updated_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "月报期"
        verbose_name_plural = "月报期"
        ordering = ["-year", "-month", "region_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "year", "month"], name="one_period_a_region_and_month"
            ),
            models.CheckConstraint(
                condition=models.Q(month__gte=1, month__lte=12), name="period_month_exists"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.year}-{self.month:02d}"


@tracked()
class MonthlyReport(models.Model):
    """What one project reported for one month. Integer fen; ``None`` means "not known".

    ``region_code`` is where the project was then, so that a later move changes no past month.
    ``accepted`` is false while an error stands; the figures are then unknown and count nowhere.
    ``flags`` are codes of ``projects.monthly.checks``; ``confirmed`` says why a warning was
    confirmed in spite of it. ``written`` holds the figures of a row that was not taken over, in
    fen as read (``current``, ``cumulative``); ``year_plan_fen`` is the annual plan it states.
    """

    class Origin(models.TextChoices):
        ENTERPRISE = "enterprise", "企业填报"
        CLERK = "clerk", "代填"
        IMPORT = "import", "表格导入"
        QUIET = "quiet", "本月无进展"

    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="reports")
    region_code = models.CharField("当时属地", max_length=12)
    year = models.SmallIntegerField("年度")
    month = models.SmallIntegerField("月份")
    current_fen = models.BigIntegerField("本月完成", null=True, blank=True)
    cumulative_fen = models.BigIntegerField("自年初累计", null=True, blank=True)
    year_plan_fen = models.BigIntegerField("本年计划", null=True, blank=True)
    since_start_fen = models.BigIntegerField("自开工累计", null=True, blank=True)
    equipment_fen = models.BigIntegerField("其中设备投资", null=True, blank=True)
    progress = models.CharField("形象进度", max_length=200, null=True, blank=True)
    accepted = models.BooleanField("计入", default=True)
    flags = ArrayField(
        models.CharField(max_length=20), verbose_name="问题", default=list, blank=True
    )
    confirmed = models.CharField("确认说明", max_length=400, blank=True)
    written = models.JSONField("表中原文", default=dict, blank=True)
    origin = models.CharField("来源", max_length=10, choices=Origin)
    batch = models.ForeignKey(
        "core.ImportBatch", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source_row = models.IntegerField("来源行", null=True, blank=True)
    source_sheet = models.CharField("来源表", max_length=60, null=True, blank=True)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("报送时间", auto_now_add=True)

    class Meta:
        verbose_name = "月报"
        verbose_name_plural = "月报"
        ordering = ["project", "year", "month"]
        indexes = [
            models.Index(fields=["year", "month", "region_code"], name="report_of_month"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year", "month"], name="one_report_a_project_and_month"
            ),
            models.CheckConstraint(
                condition=models.Q(month__gte=1, month__lte=12), name="report_month_exists"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"


class MonthlyLock(models.Model):
    """One locked version of a month, readable again as it was published (invariant 11).

    ``sums`` in fen by region; the rows lie in :class:`MonthlyLockRow`; ``root_hash`` is over them.
    """

    period = models.ForeignKey(MonthlyPeriod, models.PROTECT, related_name="locks")
    number = models.IntegerField("第几版")
    rows = models.IntegerField("行数")
    sums = models.JSONField("合计", default=dict)
    root_hash = models.CharField("明细散列", max_length=64)
    reason = models.CharField("原因", max_length=400, blank=True)
    locked_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    locked_at = models.DateTimeField("锁定时间", auto_now_add=True)

    class Meta:
        verbose_name = "月报锁定版"
        verbose_name_plural = "月报锁定版"
        ordering = ["period", "number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="lock_numbers_follow")
        ]
        triggers = append_only("monthly_locks_stay")

    def __str__(self) -> str:
        return f"第 {self.number} 版"


class MonthlyLockRow(models.Model):
    """One project's figures in a locked version."""

    lock = models.ForeignKey(MonthlyLock, models.PROTECT, related_name="lines")
    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="+")
    region_code = models.CharField("属地", max_length=12)
    current_fen = models.BigIntegerField("本月完成", null=True)
    cumulative_fen = models.BigIntegerField("自年初累计", null=True)
    accepted = models.BooleanField("计入")

    class Meta:
        verbose_name = "月报锁定明细"
        verbose_name_plural = "月报锁定明细"
        ordering = ["lock", "project"]
        constraints = [
            models.UniqueConstraint(fields=["lock", "project"], name="project_once_a_lock")
        ]
        triggers = append_only("monthly_lock_rows_stay")

    def __str__(self) -> str:
        return str(self.project_id)
