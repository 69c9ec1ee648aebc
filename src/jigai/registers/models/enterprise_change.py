"""What became of enterprises that entries name: merged into another, or closed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class EnterpriseChange(models.Model):
    """An enterprise that is no more, from a date on, and the one that took it over."""

    class Kind(models.TextChoices):
        MERGED = "merged", "被合并"
        CLOSED = "closed", "已注销"

    enterprise = models.OneToOneField(
        "core.Enterprise", models.PROTECT, related_name="register_change"
    )
    kind = models.CharField("情形", max_length=10, choices=Kind)
    successor = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, blank=True, related_name="+"
    )
    effective = models.DateField("生效日期")
    document = models.CharField("依据", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "企业存续变化"
        verbose_name_plural = "企业存续变化"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.get_kind_display()}"
