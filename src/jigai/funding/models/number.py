"""Who numbers papers of money: one series a prefix, never used twice."""

from __future__ import annotations

from django.db import models


class FundingNumber(models.Model):
    """The last number given under a prefix (``SB-370812-2021``)."""

    prefix = models.CharField("前缀", max_length=40, unique=True)
    last = models.IntegerField("最后一号", default=0)

    class Meta:
        verbose_name = "资金编号序列"
        verbose_name_plural = "资金编号序列"
        ordering = ["prefix"]

    def __str__(self) -> str:
        return self.prefix
