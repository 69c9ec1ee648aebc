"""Administrative regions by GB/T 2260 code with their validity, and groups of them."""

from __future__ import annotations

from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class Region(models.Model):
    """One code under one name for a span of whole years; ``None`` where no start or end is known.

    Codes of parks and towns below a county are the deployer's own: twelve characters at most, with
    the county's six digits in front, so that a prefix always means "this region and below".
    """

    class Level(models.TextChoices):
        PROVINCE = "province", "省级"
        CITY = "city", "市级"
        COUNTY = "county", "县级"
        PARK = "park", "园区"
        TOWN = "town", "镇街"

    code = models.CharField("代码", max_length=12)
    name = models.CharField("名称", max_length=64)
    level = models.CharField("级别", max_length=10, choices=Level)
    parent_code = models.CharField("上级代码", max_length=12, blank=True)
    valid_from = models.SmallIntegerField("启用年份", null=True, blank=True)
    valid_to = models.SmallIntegerField("停用年份", null=True, blank=True)
    pinyin = models.CharField("拼音", max_length=200, blank=True)
    initials = models.CharField("拼音首字母", max_length=64, blank=True)

    class Meta:
        verbose_name = "行政区划"
        verbose_name_plural = "行政区划"
        ordering = ["code", "valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"], nulls_distinct=False, name="region_code_from_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"


@tracked()
class RegionGroup(models.Model):
    """A set of regions a policy document names, such as 苏南五市; not a statutory division."""

    slug = models.SlugField("标识", max_length=40, unique=True)
    name = models.CharField("名称", max_length=64)
    source = models.CharField("出处", max_length=200, blank=True)

    class Meta:
        verbose_name = "区域组"
        verbose_name_plural = "区域组"
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


@tracked()
class RegionGroupMember(models.Model):
    """A region code in a group."""

    group = models.ForeignKey(RegionGroup, on_delete=models.CASCADE, related_name="members")
    region_code = models.CharField("代码", max_length=12)

    class Meta:
        verbose_name = "区域组成员"
        verbose_name_plural = "区域组成员"
        ordering = ["group", "region_code"]
        constraints = [
            models.UniqueConstraint(fields=["group", "region_code"], name="region_once_in_group")
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.region_code}"
