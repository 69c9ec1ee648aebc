"""Packs as installed: every version is kept, for old decisions run on theirs."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.search import SearchColumn
from jigai.core.models.tracking import tracked


@tracked(exclude=["files"])
class PackVersion(models.Model):
    """One content of one pack. ``files`` holds its YAML files by name, enough to run it again.

    What the document does not give (number, date) is ``None``, never made up.
    """

    slug = models.CharField("标识", max_length=60, db_index=True)
    sha256 = models.CharField("内容散列", max_length=64)
    title = models.CharField("标题", max_length=200)
    number = models.CharField("文号", max_length=100, null=True, blank=True)
    issuer = models.CharField("发文机关", max_length=200, null=True, blank=True)
    region_code = models.CharField("区划代码", max_length=12, blank=True, db_index=True)
    issued = models.DateField("成文日期", null=True, blank=True)
    valid_from = models.DateField("施行日期", null=True, blank=True)
    valid_to = models.DateField("有效期止", null=True, blank=True)
    status = models.CharField("状态", max_length=20)
    # Documents this one replaces, and those it leans on, as their number or title.
    supersedes = ArrayField(models.CharField(max_length=200), verbose_name="替代", default=list)
    upstream = ArrayField(models.CharField(max_length=250), verbose_name="上位依据", default=list)
    files = models.JSONField("文件")
    is_current = models.BooleanField("现行安装", default=True)
    installed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    installed_at = models.DateTimeField("安装时间", auto_now_add=True)

    class Meta:
        verbose_name = "政策包"
        verbose_name_plural = "政策包"
        ordering = ["slug", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "sha256"], name="pack_content_once"),
            models.UniqueConstraint(
                fields=["slug"], condition=models.Q(is_current=True), name="one_current_version"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="pack_content_stays", fields=["slug", "sha256", "files"]),
            *append_only("packs_are_kept", may_update=True),
        ]

    def __str__(self) -> str:
        return self.title


class Clause(models.Model):
    """One clause of a pack version, for reading and search."""

    pack = models.ForeignKey(PackVersion, models.CASCADE, related_name="clauses")
    place = models.IntegerField("顺序")
    code = models.CharField("条号", max_length=40)
    heading = models.CharField("标题", max_length=200, blank=True)
    kind = models.CharField("类型", max_length=120, blank=True)
    summary = models.TextField("要点")
    mark = models.CharField("原文记号", max_length=200, blank=True)
    search = SearchColumn("code", "heading", "summary")

    class Meta:
        verbose_name = "条款"
        verbose_name_plural = "条款"
        ordering = ["pack", "place", "id"]
        indexes = [GinIndex(fields=["search"], name="clause_search")]
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="clause_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.heading}".strip()


class ClauseFact(models.Model):
    """One number of the document: where it stands, what it says, what uses it."""

    pack = models.ForeignKey(PackVersion, models.CASCADE, related_name="facts")
    clause = models.ForeignKey(Clause, models.CASCADE, related_name="facts")
    code = models.CharField("编号", max_length=40)
    text = models.CharField("原文数值", max_length=200)
    meaning = models.TextField("含义", blank=True)
    used_by = ArrayField(models.CharField(max_length=120), verbose_name="被用于", default=list)
    waived = models.CharField("未用原因", max_length=300, blank=True)
    search = SearchColumn("code", "text", "meaning")

    class Meta:
        verbose_name = "事实"
        verbose_name_plural = "事实"
        ordering = ["pack", "id"]
        indexes = [GinIndex(fields=["search"], name="clause_fact_search")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class PackParameter(models.Model):
    """One parameter with its value over one span."""

    pack = models.ForeignKey(PackVersion, models.CASCADE, related_name="parameters")
    code = models.CharField("标识", max_length=80)
    name = models.CharField("名称", max_length=120)
    clause = models.CharField("条号", max_length=120, blank=True)
    value = models.CharField("取值", max_length=200, blank=True)
    unit = models.CharField("单位", max_length=40, blank=True)
    valid_from = models.DateField("起", null=True, blank=True)
    status = models.CharField("来源性质", max_length=20)
    decided_by = models.CharField("由谁确定", max_length=120, blank=True)
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "参数"
        verbose_name_plural = "参数"
        ordering = ["pack", "id"]

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
