"""Procedures and their versions."""

from __future__ import annotations

from functools import cached_property

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jigai.cases.flow.shapes import APPLICANTS, KINDS, Procedure, read_procedure
from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked


@tracked()
class CaseProcedure(models.Model):
    """One way of doing things. ``region_code`` is where it runs (with everything below it), empty
    for everywhere. ``kind`` and ``applicant`` repeat those of the published version."""

    class State(models.TextChoices):
        DRAFT = "draft", "草拟"
        PUBLISHED = "active", "已发布"
        RETIRED = "inactive", "已停用"

    code = models.SlugField("代号", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    summary = models.CharField("说明", max_length=400, blank=True)
    kind = models.CharField("类别", max_length=12, choices=list(KINDS.items()), default="service")
    applicant = models.CharField(
        "申请人", max_length=12, choices=list(APPLICANTS.items()), default="enterprise"
    )
    region_code = models.CharField("区划代码", max_length=12, blank=True, db_index=True)
    owner = models.CharField("主管单位", max_length=200, blank=True)
    clause = models.CharField("条款", max_length=120, blank=True)
    # Where it comes from: ``content:<file>``, ``pack:<slug>:<item>``, or empty for one's own.
    origin = models.CharField("来历", max_length=160, blank=True, db_index=True)
    systems = ArrayField(models.CharField(max_length=60), verbose_name="系统", default=list,
                         blank=True)  # fmt: skip
    # Items of packs that this procedure carries out, as ``<slug>:<item>``.
    items = ArrayField(models.CharField(max_length=140), verbose_name="事项", default=list,
                       blank=True)  # fmt: skip
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    current = models.ForeignKey(
        "cases.ProcedureVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "办事方式"
        verbose_name_plural = "办事方式"
        ordering = ["id"]
        indexes = [GinIndex(fields=["items"], name="procedure_items")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def spec(self) -> Procedure:
        """The published version; an empty one before there is any."""
        return self.current.spec if self.current else Procedure()


@tracked()
class ProcedureVersion(models.Model):
    """One version: a draft may change, a published one never does. A case keeps its version."""

    procedure = models.ForeignKey(CaseProcedure, models.CASCADE, related_name="versions")
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
        verbose_name = "办事方式版次"
        verbose_name_plural = "办事方式版次"
        ordering = ["procedure", "-number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedure_number_once"),
            models.UniqueConstraint(
                fields=["procedure"],
                condition=models.Q(published=False),
                name="one_draft_procedure",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_procedure_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published=True),  # type: ignore[call-arg]
            ),
            *append_only("procedures_are_kept", may_update=True, may_delete=True),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} 第{self.number}版"

    @cached_property
    def spec(self) -> Procedure:
        """The content as a procedure."""
        return read_procedure(self.content)
