"""Enterprises and institutions; what changes from year to year is kept as dated facts."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jigai.core.models.search import SearchColumn
from jigai.core.models.tracking import tracked


@tracked(exclude=["search"])
class Enterprise(models.Model):
    """One enterprise of the register, named by its credit code once that is known.

    ``region_code`` is the region whose register it stands in and decides who sees it;
    ``registered_region`` is what the register says about where it is registered, which may be
    elsewhere or unknown. ``version`` grows by one with every change and guards against two people
    editing at once.
    """

    uscc = models.CharField("统一社会信用代码", max_length=18, null=True, blank=True)
    name = models.CharField("名称", max_length=200)
    pinyin = models.CharField("拼音", max_length=400, blank=True)
    legal_type = models.CharField("法人类型", max_length=20, blank=True)
    region_code = models.CharField("所属地区划代码", max_length=12, blank=True, db_index=True)
    registered_region = models.CharField("登记机关区划代码", max_length=12, blank=True)
    town = models.CharField("所属镇街", max_length=60, blank=True)
    address = models.CharField("注册地址", max_length=300, blank=True)
    founded = models.DateField("成立日期", null=True, blank=True)
    industry_code = models.CharField("行业代码", max_length=6, blank=True)
    industry_name = models.CharField("行业名称", max_length=100, blank=True)
    batch = models.ForeignKey(
        "core.ImportBatch", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source_row = models.IntegerField("来源行", null=True, blank=True)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    search = SearchColumn("name", "uscc", "town")

    class Meta:
        verbose_name = "企业"
        verbose_name_plural = "企业"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["uscc"], name="enterprise_uscc_once"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="enterprise_search"),
            models.Index(fields=["pinyin", "id"], name="enterprise_pinyin"),
            models.Index(fields=["name"], name="enterprise_name"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class EnterpriseName(models.Model):
    """A name the enterprise bore before."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="former_names")
    name = models.CharField("曾用名", max_length=200, db_index=True)
    until = models.DateField("用至", null=True, blank=True)
    batch = models.ForeignKey("core.ImportBatch", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "曾用名"
        verbose_name_plural = "曾用名"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class EnterpriseFigure(models.Model):
    """One dated fact about one enterprise with its source; a correction is a new row.

    ``term`` is a field of the register (``revenue``, ``employees``, ``grade``…). Exactly one of the
    value columns is set: ``number`` in the term's whole unit (fen, 0.01 m², persons), ``text`` for
    codes and words, ``day`` for dates. A row whose three values are all empty says "known to be
    missing". Withdrawing (an undone import) is the only change allowed.
    """

    # No index of its own: ``figure_latest`` begins with it, and figures come in by the million.
    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, related_name="figures", db_index=False
    )
    term = models.CharField("项目", max_length=40)
    year = models.SmallIntegerField("年份")
    number = models.BigIntegerField("数值", null=True, blank=True)
    text = models.CharField("文字", max_length=400, null=True, blank=True)
    day = models.DateField("日期", null=True, blank=True)
    source = models.CharField("来源", max_length=100)
    # Why a person corrected it; a default in the database keeps bulk loading free of it.
    reason = models.CharField("理由", max_length=200, blank=True, db_default="")
    # Neither batches nor accounts are ever deleted; checking these two keys row by row would cost
    # an import of a county more than writing the rows.
    batch = models.ForeignKey(
        "core.ImportBatch", models.SET_NULL, null=True, blank=True, related_name="figures",
        db_constraint=False,
    )  # fmt: skip
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = "年度数据"
        verbose_name_plural = "年度数据"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["enterprise", "year", "term", "-id"], name="figure_latest"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="figures_are_not_overwritten",
                fields=["enterprise", "term", "year", "number", "text", "day", "source", "reason",
                        "recorded_at", "recorded_by"],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.term} {self.year}"


@tracked()
class Institution(models.Model):
    """A bank, auditor, diagnoser, testing body or industry association that takes part."""

    class Kind(models.TextChoices):
        BANK = "bank", "银行"
        AUDITOR = "auditor", "审计机构"
        SERVICE = "service", "服务机构"
        ASSOCIATION = "association", "行业协会"

    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("名称", max_length=200)
    kind = models.CharField("类别", max_length=20, choices=Kind)
    region_code = models.CharField("区划代码", max_length=12, blank=True, db_index=True)

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
