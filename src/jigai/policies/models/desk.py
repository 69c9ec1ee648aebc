"""Questions about a document, and the answers of whoever may interpret it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class Interpretation(models.Model):
    """One question and its answer. An answer that picks an option of a reading applies from its
    date on: evaluations as of an earlier day keep the reading that was in force then.
    """

    class Status(models.TextChoices):
        OPEN = "open", "待答复"
        ANSWERED = "answered", "已答复"
        WITHDRAWN = "withdrawn", "已撤回"

    slug = models.CharField("政策", max_length=60, db_index=True)
    clause = models.CharField("条号", max_length=40)
    question = models.TextField("问题")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提问时间", auto_now_add=True)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.OPEN)
    answer = models.TextField("答复", blank=True)
    # The reading the answer settles, and the option it chooses; both empty for an explanation only.
    reading = models.CharField("读法", max_length=80, blank=True)
    option = models.CharField("所取", max_length=20, blank=True)
    effective_from = models.DateField("适用起日", null=True, blank=True)
    number = models.CharField("文号", max_length=100, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    public = models.BooleanField("公开", default=True)
    version = models.IntegerField("版本", default=1)

    class Meta:
        verbose_name = "解释答复"
        verbose_name_plural = "解释答复"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.clause} {self.question[:30]}"
