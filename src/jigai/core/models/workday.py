"""Days that differ from the plain week: statutory holidays and days worked instead."""

from __future__ import annotations

from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class Workday(models.Model):
    """One exceptional day; a year without a published notice has none and is provisional."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "放假"
        WORKDAY = "workday", "调休上班"

    day = models.DateField("日期", unique=True)
    kind = models.CharField("类别", max_length=10, choices=Kind)
    name = models.CharField("说明", max_length=60, blank=True)
    source = models.CharField("依据", max_length=120, blank=True)
    # Shipped days follow the release; days entered on screen are the platform's own and stay.
    shipped = models.BooleanField("随版本提供", default=False)

    class Meta:
        verbose_name = "工作日历"
        verbose_name_plural = "工作日历"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"
