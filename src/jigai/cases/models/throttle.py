"""How much came from one network address."""

from __future__ import annotations

from django.db import models


class FilingThrottle(models.Model):
    """How many complaints came from one address in one hour; the address is only a digest."""

    digest = models.CharField("地址摘要", max_length=64)
    hour = models.DateTimeField("时段")
    count = models.IntegerField("件数", default=0)

    class Meta:
        verbose_name = "举报频次"
        verbose_name_plural = "举报频次"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["digest", "hour"], name="filing_throttle_once")
        ]

    def __str__(self) -> str:
        return f"{self.hour} {self.count}"
