"""Which state of the shipped reference data the database holds."""

from __future__ import annotations

from django.db import models


class ReferenceInstall(models.Model):
    """One shipped table as last installed; an equal hash means there is nothing to do."""

    name = models.CharField("名称", max_length=40, primary_key=True)
    sha256 = models.CharField("散列", max_length=64)
    rows = models.IntegerField("行数")
    installed_at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = "参考数据"
        verbose_name_plural = "参考数据"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
