"""Work on projects: who is responsible, who went there, who was asked to move on."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked

_USER = settings.AUTH_USER_MODEL


@tracked()
class ZoneDuty(models.Model):
    """A person answers for a zone (a region, a park by name) or for one project, from a day on."""

    person = models.ForeignKey(_USER, models.PROTECT, related_name="zone_duties")
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    zone = models.CharField("片区", max_length=100, blank=True)
    project = models.ForeignKey(
        "projects.Project", models.CASCADE, null=True, blank=True, related_name="duties"
    )
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "包干责任"
        verbose_name_plural = "包干责任"
        ordering = ["region_code", "zone", "id"]

    def __str__(self) -> str:
        return self.zone or self.region_code


@tracked()
class Visit(models.Model):
    """One visit to a project: when, whom, what was found, what comes next."""

    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="visits")
    visited_on = models.DateField("走访日期")
    visitor = models.ForeignKey(_USER, models.PROTECT, related_name="project_visits")
    met = models.CharField("见到的人", max_length=200, blank=True)
    found = models.TextField("了解到的情况")
    next_step = models.CharField("下一步", max_length=400, blank=True)
    next_on = models.DateField("下一步日期", null=True, blank=True)
    version = models.IntegerField("版本", default=1)
    created_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "走访记录"
        verbose_name_plural = "走访记录"
        ordering = ["-visited_on", "-id"]

    def __str__(self) -> str:
        return f"{self.visited_on}"


@tracked()
class WorkTask(models.Model):
    """One task about one project: to start, or to speed up. Two kinds with their own rule and text.

    ``because`` holds the figures the rule saw (dates, fen); ``round`` makes a second run of the
    same round a no-op.
    """

    class Kind(models.TextChoices):
        START = "start", "催开工"
        PROGRESS = "progress", "催进度"

    class Status(models.TextChoices):
        OPEN = "open", "待办"
        ANSWERED = "answered", "已反馈"
        DONE = "done", "已办结"
        CANCELLED = "cancelled", "已取消"

    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="tasks")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    round = models.CharField("批次", max_length=20)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.OPEN)
    person = models.ForeignKey(
        _USER, models.PROTECT, null=True, blank=True, related_name="project_tasks"
    )
    text = models.TextField("内容")
    because = models.JSONField("依据", default=dict)
    due_on = models.DateField("限期")
    received_at = models.DateTimeField("签收时间", null=True, blank=True)
    answer = models.TextField("反馈", blank=True)
    answered_at = models.DateTimeField("反馈时间", null=True, blank=True)
    result = models.CharField("核实结果", max_length=400, blank=True)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("生成时间", auto_now_add=True)

    class Meta:
        verbose_name = "督办任务"
        verbose_name_plural = "督办任务"
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "round"], name="one_task_a_round_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.round}"
