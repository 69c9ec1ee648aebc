"""Departments of government by level and region, with other names and mergers."""

from __future__ import annotations

from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class Department(models.Model):
    """A department: 兖州区工业和信息化局 is line ``miit`` (工业和信息化) of region 370812."""

    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    line = models.CharField("条线", max_length=20, help_text="同一条线的上下级部门用同一个标识")
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="上级部门", null=True, blank=True, related_name="below"
    )
    valid_from = models.DateField("设立日期", null=True, blank=True)
    valid_to = models.DateField("撤销日期", null=True, blank=True)
    pinyin = models.CharField("拼音", max_length=200, blank=True)

    class Meta:
        verbose_name = "部门"
        verbose_name_plural = "部门"
        ordering = ["region_code", "line", "id"]
        constraints = [
            models.UniqueConstraint(fields=["region_code", "name"], name="department_once")
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


@tracked()
class DepartmentAlias(models.Model):
    """Another name a document uses for a department, with the span in which it was right."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField("别名", max_length=100, db_index=True)
    valid_from = models.DateField("起", null=True, blank=True)
    valid_to = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = "部门别名"
        verbose_name_plural = "部门别名"
        ordering = ["department", "name", "id"]

    def __str__(self) -> str:
        return self.name


@tracked()
class DepartmentMerger(models.Model):
    """A department that went over into another: 国家税务局 and 地方税务局 into 税务局 in 2018."""

    old = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="merged_into")
    new = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="merged_from")
    on = models.DateField("日期")
    note = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "部门合并"
        verbose_name_plural = "部门合并"
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
