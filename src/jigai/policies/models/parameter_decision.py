"""Values for parameters a document leaves open: proposed by one person, approved by another."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class ParameterDecision(models.Model):
    """A value of an undetermined parameter from a date on, with its source and who approved it.

    Only approved values count, and only from ``valid_from``; without one the answer stays 未定.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", "待批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        WITHDRAWN = "withdrawn", "已撤销"

    slug = models.CharField("政策", max_length=60, db_index=True)
    parameter = models.CharField("参数", max_length=80)
    name = models.CharField("名称", max_length=120)
    value = models.CharField("取值", max_length=200)
    valid_from = models.DateField("生效日")
    source = models.CharField("依据", max_length=300)
    evidence = models.ForeignKey(
        "core.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)
    note = models.CharField("意见", max_length=300, blank=True)
    version = models.IntegerField("版本", default=1)

    class Meta:
        verbose_name = "参数决定"
        verbose_name_plural = "参数决定"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "parameter", "valid_from"],
                condition=models.Q(status="approved"),
                name="one_value_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by")),
                name="four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
