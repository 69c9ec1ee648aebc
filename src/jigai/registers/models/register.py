"""Registers and the versions of their schema."""

from __future__ import annotations

from functools import cached_property

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked
from jigai.registers.shapes import Schema, read_schema


@tracked()
class Register(models.Model):
    """One list with a rule. ``region_code`` is the keeper's, empty for a national one."""

    class Kind(models.TextChoices):
        CATALOGUE = "catalogue", "目录"
        LIST = "list", "清单"
        NAMES = "names", "名单"
        POOL = "pool", "资源池"
        TITLES = "titles", "称号名录"

    class State(models.TextChoices):
        DRAFT = "draft", "草拟"
        PUBLISHED = "active", "已发布"
        RETIRED = "inactive", "已停用"

    code = models.SlugField("代号", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=12, choices=Kind)
    keeper = models.CharField("管理单位", max_length=200, blank=True)
    region_code = models.CharField("区划代码", max_length=12, blank=True, db_index=True)
    level = models.CharField("级别", max_length=60, blank=True)
    purpose = models.CharField("用途", max_length=300, blank=True)
    cadence = models.CharField("更新", max_length=120, blank=True)
    admission = models.TextField("进入条件", blank=True)
    note = models.TextField("说明", blank=True)
    # Where it comes from: ``content:<file>``, ``pack:<slug>:<item>``, or empty for one's own.
    origin = models.CharField("来历", max_length=160, blank=True, db_index=True)
    clause = models.CharField("条款", max_length=40, blank=True)
    systems = ArrayField(models.CharField(max_length=60), verbose_name="系统", default=list,
                         blank=True)  # fmt: skip
    # Items of packs that this register carries out, as ``<slug>:<item>``.
    items = ArrayField(models.CharField(max_length=140), verbose_name="事项", default=list,
                       blank=True)  # fmt: skip
    public = models.BooleanField("对外公开", default=False)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    current = models.ForeignKey(
        "registers.RegisterSchema", models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "名录"
        verbose_name_plural = "名录"
        ordering = ["id"]
        indexes = [GinIndex(fields=["items"], name="register_items")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def schema(self) -> Schema:
        """The published schema; an empty one before there is any."""
        return self.current.schema if self.current else Schema()


@tracked()
class RegisterSchema(models.Model):
    """One version of a register's schema: a draft may change, a published one never does."""

    register = models.ForeignKey(Register, models.CASCADE, related_name="schemas")
    number = models.IntegerField("版次")
    content = models.JSONField("内容")
    sha256 = models.CharField("散列", max_length=64)
    published = models.BooleanField("已发布", default=False)
    origin = models.CharField("来历", max_length=160, blank=True)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        verbose_name = "名录结构"
        verbose_name_plural = "名录结构"
        ordering = ["register", "-number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="schema_number_once"),
            models.UniqueConstraint(
                fields=["register"], condition=models.Q(published=False), name="one_draft_schema"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_schema_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published=True),  # type: ignore[call-arg]
            ),
            *append_only("schemas_are_kept", may_update=True, may_delete=True),
        ]

    def __str__(self) -> str:
        return f"{self.register} 第{self.number}版"

    @cached_property
    def schema(self) -> Schema:
        """The content as a schema."""
        return read_schema(self.content)
