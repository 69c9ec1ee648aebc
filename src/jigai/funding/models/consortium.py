"""Consortia as imported: enterprises that invest together under a lead."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class Consortium(models.Model):
    """A 技改共同体 of one year: enterprises that invest together under a lead."""

    year = models.SmallIntegerField("年度", db_index=True)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    code = models.CharField("编号", max_length=40)
    name = models.CharField("名称", max_length=200)
    batch = models.ForeignKey("core.ImportBatch", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "技改共同体"
        verbose_name_plural = "技改共同体"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "year", "code"], name="consortium_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.code


@tracked()
class ConsortiumMember(models.Model):
    """One enterprise in a consortium; ``equipment_fen`` is its investment in integer fen."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="members")
    enterprise = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    enterprise_raw = models.CharField("填报单位", max_length=200)
    match = models.CharField("匹配方式", max_length=20, null=True, blank=True)
    role = models.CharField("角色", max_length=20, null=True, blank=True)
    equipment_fen = models.BigIntegerField("设备投资", null=True, blank=True)
    in_statistics = models.BooleanField("入统", null=True, blank=True)
    filing_no = models.CharField("备案号", max_length=100, null=True, blank=True)
    cell_errors = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    duplicate = models.BooleanField("重复", default=False)
    batch = models.ForeignKey("core.ImportBatch", models.SET_NULL, null=True, related_name="+")
    source_row = models.IntegerField("来源行", null=True, blank=True)

    class Meta:
        verbose_name = "共同体成员"
        verbose_name_plural = "共同体成员"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.enterprise_raw
