"""What happened to a case and its clocks."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.cases.flow.shapes import PAUSES
from jigai.cases.models.case import Case, CaseStep, Task
from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked


class CaseRecord(models.Model):
    """One line of 流转记录. Rows only come in; ``by`` is empty where time itself did it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="records")
    step = models.ForeignKey(CaseStep, models.PROTECT, null=True, related_name="+")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+")
    verb = models.CharField("动作", max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on_behalf = models.CharField("代谁办理", max_length=100, blank=True)
    unit = models.CharField("单位", max_length=120, blank=True)
    reason = models.CharField("意见或理由", max_length=2000, blank=True)
    data = models.JSONField("内容", default=dict)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "流转记录"
        verbose_name_plural = "流转记录"
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "id"], name="event_of_case")]
        triggers = append_only("case_events_stay")

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d}"


@tracked()
class Pause(models.Model):
    """A time that does not count: the days after ``starts`` up to and including ``ends``.

    With a step the clock of that step and of the case stops; without one only the case's.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    step = models.ForeignKey(CaseStep, models.CASCADE, null=True, related_name="pauses")
    kind = models.CharField("事由", max_length=12, choices=list(PAUSES.items()))
    starts = models.DateField("自")
    ends = models.DateField("至", null=True, blank=True)
    reason = models.CharField("说明", max_length=400)
    basis = models.CharField("依据", max_length=200, blank=True)
    # The applicant must be told in writing how long it takes (行政许可法 45).
    expected_days = models.IntegerField("预计（工作日）", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "计时暂停"
        verbose_name_plural = "计时暂停"
        ordering = ["case", "starts", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
                name="pause_ends_later",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(ends__isnull=True, step__isnull=True),
                name="one_open_pause_of_case",
            ),
            models.UniqueConstraint(
                fields=["step"], condition=models.Q(ends__isnull=True), name="one_open_pause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts} 至 {self.ends or '今'}"


class Extension(models.Model):
    """More working days for a case, with reason and basis. Rows only come in."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="extensions")
    days = models.IntegerField("工作日")
    reason = models.CharField("理由", max_length=400)
    basis = models.CharField("依据", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "延期"
        verbose_name_plural = "延期"
        ordering = ["case", "id"]
        triggers = append_only("extensions_stay", may_delete=True)

    def __str__(self) -> str:
        return f"延长 {self.days} 个工作日"


@tracked()
class Correction(models.Model):
    """One notice of 补正: everything that is missing, told at once.

    ``items`` are materials, ``fields`` form fields, each ``{"id", "say"}``; ``before`` holds the
    values as they were, to show what changed.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="corrections")
    step = models.ForeignKey(CaseStep, models.CASCADE, null=True, related_name="corrections")
    items = models.JSONField("材料", default=list)
    fields = models.JSONField("字段", default=list)
    before = models.JSONField("补正前", default=dict)
    reason = models.CharField("说明", max_length=2000, blank=True)
    told_on = models.DateField("告知日期")
    due = models.DateField("补正期限", null=True, blank=True)
    supplied_on = models.DateField("补齐日期", null=True, blank=True)
    # The day on which it was over without an answer.
    lapsed_on = models.DateField("逾期未补日期", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "补正"
        verbose_name_plural = "补正"
        ordering = ["case", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(supplied_on__isnull=True, lapsed_on__isnull=True),
                name="one_open_correction",
            )
        ]

    def __str__(self) -> str:
        return f"补正 {self.told_on}"


@tracked()
class CaseEvidence(models.Model):
    """One material of a case: handed in, promised (容缺) until a day, or shared by the platform."""

    class State(models.TextChoices):
        GIVEN = "given", "已提交"
        SHARED = "shared", "平台已有，免提交"
        DEFERRED = "deferred", "容缺待补"
        LATE = "late", "逾期未补"
        RETURNED = "returned", "需补正"

    case = models.ForeignKey(Case, models.CASCADE, related_name="evidence")
    item = models.CharField("材料", max_length=40)
    file = models.ForeignKey(
        "core.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=State)
    words = models.CharField("说明", max_length=400, blank=True)
    promised_on = models.DateField("承诺补齐日期", null=True, blank=True)
    given_on = models.DateField("提交日期", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "办件材料"
        verbose_name_plural = "办件材料"
        ordering = ["case", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "item"], name="case_evidence_once")]

    def __str__(self) -> str:
        return f"{self.item} {self.get_state_display()}"


class Visit(models.Model):
    """The applicant had to come in person, and why. Rows only come in."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="visits")
    on = models.DateField("日期")
    reason = models.CharField("事由", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "跑动"
        verbose_name_plural = "跑动"
        ordering = ["case", "on", "id"]
        triggers = append_only("visits_stay", may_delete=True)

    def __str__(self) -> str:
        return f"{self.on} {self.reason}"


class CaseRound(models.Model):
    """A day whose daily work is done; none is done twice, and none is left out."""

    day = models.DateField("日期", unique=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "办件每日处理"
        verbose_name_plural = "办件每日处理"
        ordering = ["-day"]


class CaseCounter(models.Model):
    """The last number given out in a region and year."""

    prefix = models.CharField("前缀", max_length=20, unique=True)
    last = models.IntegerField("末号", default=0)

    class Meta:
        verbose_name = "编号"
        verbose_name_plural = "编号"
        ordering = ["prefix"]
