"""What a person with that duty confirmed because no rule and no data can tell."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.append_only import append_only


class Confirmation(models.Model):
    """One answer about one term of the vocabulary for one enterprise, project or consortium.

    Answers are added, never changed; the latest before the as-of moment counts and goes before
    imported data. ``value`` is ``None`` where an earlier answer is taken back.
    """

    term = models.CharField("事项", max_length=80)
    term_name = models.CharField("事项名称", max_length=120)
    year = models.SmallIntegerField("年度")
    subject = models.CharField("对象", max_length=12)
    subject_key = models.CharField("对象主键", max_length=60)
    label = models.CharField("对象名称", max_length=200)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    enterprise = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, related_name="confirmations"
    )
    value = models.BooleanField("是否符合", null=True)
    note = models.CharField("说明", max_length=400, blank=True)
    evidence = models.ForeignKey("core.EvidenceFile", models.PROTECT, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    department = models.CharField("确认单位", max_length=100, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "人工确认"
        verbose_name_plural = "人工确认"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["subject", "subject_key", "term", "-id"],
                name="confirmation_latest",
            )
        ]
        triggers = append_only("confirmations_stay")

    def __str__(self) -> str:
        return f"{self.term_name} {self.label}"
