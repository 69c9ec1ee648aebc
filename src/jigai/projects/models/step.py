"""What happened to a project, with evidence: its lifecycle, moves and changes of owner."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.append_only import append_only


class ProjectStep(models.Model):
    """One step of a project's life (``jigai.projects.states``), as it was recorded.

    A step that was recorded wrongly is taken back by a later one with ``takes_back``; rows never
    change. Evidence files cite the step by ``EvidenceUse(kind="project-step")``.
    """

    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="steps")
    before = models.CharField("原状态", max_length=12)
    after = models.CharField("新状态", max_length=12)
    happened_on = models.DateField("发生日期", null=True, blank=True)
    reason = models.CharField("原因", max_length=400, blank=True)
    duty = models.CharField("责任单位或责任人", max_length=100, blank=True)
    takes_back = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="taken_back_by"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "项目进程"
        verbose_name_plural = "项目进程"
        ordering = ["id"]
        triggers = append_only("project_steps_stay")

    def __str__(self) -> str:
        return f"{self.before}→{self.after}"


class ProjectMove(models.Model):
    """A project that another county keeps from a day on, or that another enterprise carries on.

    What was reported before ``effective`` stays where it was reported.
    """

    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="moves")
    from_region = models.CharField("原属地", max_length=12)
    to_region = models.CharField("新属地", max_length=12)
    from_enterprise = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_enterprise = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, blank=True, related_name="+"
    )
    effective = models.DateField("生效日期")
    reason = models.CharField("原因", max_length=400)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "项目移交"
        verbose_name_plural = "项目移交"
        ordering = ["id"]
        triggers = append_only("project_moves_stay")

    def __str__(self) -> str:
        return f"{self.from_region}→{self.to_region}"
