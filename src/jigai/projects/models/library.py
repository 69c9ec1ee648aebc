"""The project library: who is in at which level and why, and what a year's end did to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked


class Level(models.TextChoices):
    COUNTY = "county", "县级库"
    CITY = "city", "市级库"
    PROVINCE = "province", "省级库"


@tracked()
class LibraryEntry(models.Model):
    """One project in the library of one level. The project is the same record at every level.

    A lower level reports (``reported``), the level admits or returns with a reason. What was
    admitted keeps its day and the decision it rests on when it leaves.
    """

    class Status(models.TextChoices):
        REPORTED = "reported", "待审"
        RETURNED = "returned", "退回"
        IN = "in", "在库"
        OUT = "out", "已移出"

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="entries")
    level = models.CharField("级别", max_length=10, choices=Level)
    # Region that keeps this library: province, city or county.
    region_code = models.CharField("库所属区划", max_length=12, db_index=True)
    status = models.CharField("状态", max_length=10, choices=Status)
    reported_on = models.DateField("上报日期")
    admitted_on = models.DateField("入库日期", null=True, blank=True)
    left_on = models.DateField("移出日期", null=True, blank=True)
    reason = models.CharField("原因", max_length=400, blank=True)
    decision = models.ForeignKey(
        "projects.AdmissionDecision", models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.IntegerField("版本", default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "入库记录"
        verbose_name_plural = "入库记录"
        ordering = ["project", "level"]
        indexes = [models.Index(fields=["level", "status", "project"], name="library_by_level")]
        constraints = [
            models.UniqueConstraint(fields=["project", "level"], name="project_once_a_level"),
            models.CheckConstraint(
                name="admitted_with_a_day",
                condition=~models.Q(status__in=["in", "out"]) | models.Q(admitted_on__isnull=False),
            ),
            models.CheckConstraint(
                name="left_with_a_day_and_reason",
                condition=~models.Q(status="out")
                | (models.Q(left_on__isnull=False) & ~models.Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.get_status_display()}"


class AdmissionDecision(models.Model):
    """What a pack's admission rule said of a project on a day, and with which inputs.

    ``verdict`` is ``in``, ``out``, ``missing`` or ``undetermined``; ``conditions`` is a list of
    ``{text, holds (true/false/null), clause, inputs: [{term, name, value, source}], gap}``;
    ``pack_hash`` and ``readings`` make it reproducible.
    """

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="admissions")
    level = models.CharField("级别", max_length=10, choices=Level)
    slug = models.CharField("政策", max_length=60)
    item = models.CharField("名录", max_length=20)
    pack_hash = models.CharField("政策内容散列", max_length=64)
    readings = models.JSONField("读法", default=dict)
    as_of = models.DateField("判定日")
    verdict = models.CharField("结论", max_length=12)
    conditions = models.JSONField("条件", default=list)
    # The job that decided many at once; what one batch said is read, admitted and exported by it.
    batch = models.BigIntegerField("判定批次", null=True, blank=True, db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("判定时间", auto_now_add=True)

    class Meta:
        verbose_name = "入库判定"
        verbose_name_plural = "入库判定"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "level", "-id"], name="admission_latest"),
        ]
        triggers = append_only("admission_decisions_stay")

    def __str__(self) -> str:
        return f"{self.item} {self.verdict}"


@tracked()
class MainDirection(models.Model):
    """The one direction a project with several was settled on, by whom and why.

    A project with a single direction needs none: its tag says it.
    """

    project = models.OneToOneField(
        "projects.Project", models.CASCADE, related_name="main_direction"
    )
    direction = models.CharField("主方向", max_length=40)
    reason = models.CharField("理由", max_length=400)
    version = models.IntegerField("版本", default=1)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_on = models.DateField("认定日期")

    class Meta:
        verbose_name = "主方向认定"
        verbose_name_plural = "主方向认定"
        ordering = ["project"]

    def __str__(self) -> str:
        return self.direction


class Adjustment(models.Model):
    """One change to a project in the library: what, from what to what, why, and what it touches.

    ``effects`` lists benefits already decided or granted that rest on the changed value:
    ``[{kind, key, text, url}]``.
    """

    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="adjustments")
    field = models.CharField("项目", max_length=40)
    before = models.CharField("原值", max_length=400, blank=True)
    after = models.CharField("新值", max_length=400, blank=True)
    reason = models.CharField("原因", max_length=400)
    effects = models.JSONField("影响", default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("调整时间", auto_now_add=True)

    class Meta:
        verbose_name = "动态调整"
        verbose_name_plural = "动态调整"
        ordering = ["-id"]
        triggers = append_only("adjustments_stay")

    def __str__(self) -> str:
        return f"{self.field}：{self.before}→{self.after}"


class RollOver(models.Model):
    """A year's end of one library: the window moves on by a year, everything else is counted.

    Before = moved out + kept; after = kept + added (invariant 9). ``root_hash`` is over the lines.
    """

    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    level = models.CharField("级别", max_length=10, choices=Level)
    year = models.SmallIntegerField("结转年度")
    before = models.IntegerField("结转前")
    moved_out = models.IntegerField("移出")
    kept = models.IntegerField("保留")
    added = models.IntegerField("新增")
    after = models.IntegerField("结转后")
    root_hash = models.CharField("明细散列", max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("结转时间", auto_now_add=True)

    class Meta:
        verbose_name = "年末结转"
        verbose_name_plural = "年末结转"
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "level", "year"], name="one_rollover_a_library_and_year"
            ),
            models.CheckConstraint(
                name="rollover_adds_up",
                condition=models.Q(before=models.F("moved_out") + models.F("kept"))
                & models.Q(after=models.F("kept") + models.F("added")),
            ),
        ]
        triggers = append_only("rollovers_stay")

    def __str__(self) -> str:
        return f"{self.region_code} {self.year}"


class RollOverLine(models.Model):
    """What a year's end did with one project, and the rule that said so."""

    class Outcome(models.TextChoices):
        OUT = "out", "移出"
        KEPT = "kept", "续建顺延"
        ADDED = "added", "新年度补入"

    rollover = models.ForeignKey(RollOver, models.PROTECT, related_name="lines")
    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="+")
    number = models.CharField("项目编号", max_length=30)
    state = models.CharField("当时状态", max_length=12)
    outcome = models.CharField("结果", max_length=8, choices=Outcome)
    reason = models.CharField("理由", max_length=100)

    class Meta:
        verbose_name = "结转明细"
        verbose_name_plural = "结转明细"
        ordering = ["rollover", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rollover", "number"], name="project_once_a_rollover")
        ]
        triggers = append_only("rollover_lines_stay")

    def __str__(self) -> str:
        return f"{self.number} {self.get_outcome_display()}"


@tracked()
class PlanProject(models.Model):
    """A project that a plan (an entry of the register ``plans``) is carried out by."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="plans")
    plan = models.ForeignKey("registers.Entry", models.PROTECT, related_name="+")
    note = models.CharField("说明", max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("列入时间", auto_now_add=True)

    class Meta:
        verbose_name = "规划项目"
        verbose_name_plural = "规划项目"
        ordering = ["plan", "project"]
        constraints = [
            models.UniqueConstraint(fields=["project", "plan"], name="project_once_a_plan")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}-{self.project_id}"
