"""Everything a pack asks for, item by item, whatever engine runs it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jigai.core.models.search import SearchColumn
from jigai.policies.models.pack import PackVersion


class PackItem(models.Model):
    """One measure, target, title, register, procedure, task, obligation or match of a version.

    ``section`` is the pack section (:mod:`jigai.policies.sections`), ``data`` the item as written.
    """

    pack = models.ForeignKey(PackVersion, models.CASCADE, related_name="items")
    section = models.CharField("部分", max_length=20)
    place = models.IntegerField("顺序")
    code = models.CharField("编号", max_length=80)
    name = models.CharField("名称", max_length=200)
    # The clause it comes from first, then the others it touches.
    clauses = ArrayField(models.CharField(max_length=40), verbose_name="条号", default=list)
    systems = ArrayField(models.CharField(max_length=60), verbose_name="系统", default=list)
    data = models.JSONField("内容")
    search = SearchColumn("code", "name")

    class Meta:
        verbose_name = "事项"
        verbose_name_plural = "事项"
        ordering = ["pack", "section", "place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "section", "code"], name="pack_item_once")
        ]
        indexes = [
            GinIndex(fields=["search"], name="pack_item_search"),
            GinIndex(fields=["clauses"], name="pack_item_clauses"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
