"""Papers the platform has issued, and templates a region has put in place of the shipped one."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked


@tracked(exclude=["content"])
class IssuedDocument(models.Model):
    """One issued paper as it was printed. It stays as it is; it can only be revoked, once.

    ``content`` is the whole context of the template, ``public_summary`` the ``[label, value]``
    pairs that everybody with the code may read (jsonb would not keep the order of an object).
    """

    code = models.CharField("查验码", max_length=19, unique=True)
    kind = models.SlugField("文书种类", max_length=60, db_index=False)
    title = models.CharField("文书名称", max_length=100)
    number = models.CharField("文号", max_length=100, blank=True)
    organ = models.CharField("出具单位", max_length=100, blank=True)
    dated = models.DateField("落款日期")
    object_kind = models.CharField("对象类别", max_length=40)
    object_key = models.CharField("对象", max_length=80)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    enterprise = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, blank=True, related_name="+"
    )
    content = models.JSONField("内容", default=dict)
    public_summary = models.JSONField("公开摘要", default=list)
    file = models.ForeignKey("core.EvidenceFile", models.PROTECT, related_name="+")
    sha256 = models.CharField("文件散列", max_length=64)
    template_sha256 = models.CharField("模板散列", max_length=64)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField("出具时间", auto_now_add=True)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    revoked_reason = models.CharField("撤销原因", max_length=200, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "出具的文书"
        verbose_name_plural = "出具的文书"
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_kind", "object_key"], name="document_of_object")]
        constraints = [
            models.CheckConstraint(
                name="revoked_with_reason",
                condition=models.Q(
                    revoked_at=None, revoked_reason="", revoked_by=None
                ) | (models.Q(revoked_at__isnull=False, revoked_by__isnull=False)
                     & ~models.Q(revoked_reason="")),
            )
        ]  # fmt: skip
        triggers = [
            *append_only("issued_documents_stay", may_update=True),
            pgtrigger.ReadOnly(
                name="issued_document_is_as_printed",
                exclude=["revoked_at", "revoked_reason", "revoked_by"],
            ),
            pgtrigger.Protect(
                name="document_is_revoked_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False),  # type: ignore[call-arg]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()


@tracked()
class DocumentTemplate(models.Model):
    """The Word template a region (and those below it) prints one kind of paper with."""

    kind = models.SlugField("文书种类", max_length=60, db_index=False)
    region_code = models.CharField("区划代码", max_length=12)
    file = models.ForeignKey("core.EvidenceFile", models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("更换时间", auto_now=True)

    class Meta:
        verbose_name = "文书模板"
        verbose_name_plural = "文书模板"
        ordering = ["kind", "region_code"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "region_code"], name="one_template_a_region")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.region_code}"
