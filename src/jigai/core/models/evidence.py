"""Evidence files: kept once by content, never replaced, with every place that uses one."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class EvidenceFile(models.Model):
    """One stored file. The bytes lie under their hash; two uploads of the same bytes share them."""

    class Scan(models.TextChoices):
        NONE = "none", "未查毒"
        CLEAN = "clean", "未发现病毒"
        INFECTED = "infected", "发现病毒"

    sha256 = models.CharField("散列", max_length=64, db_index=True)
    size = models.BigIntegerField("字节数")
    media_type = models.CharField("类型", max_length=100)
    name = models.CharField("文件名", max_length=255)
    scan = models.CharField("查毒", max_length=10, choices=Scan, default=Scan.NONE)
    source = models.CharField("来源", max_length=100, blank=True)
    valid_to = models.DateField("有效期止", null=True, blank=True)
    region_code = models.CharField("区划代码", max_length=12, blank=True, db_index=True)
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "证据文件"
        verbose_name_plural = "证据文件"
        ordering = ["-id"]
        triggers = [
            pgtrigger.ReadOnly(name="evidence_is_not_replaced", fields=["sha256", "size"]),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class EvidenceUse(models.Model):
    """Where a file is cited: which kind of record, which one, and as what."""

    file = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="uses")
    kind = models.CharField("对象类别", max_length=40)
    key = models.CharField("对象", max_length=80)
    label = models.CharField("对象名称", max_length=200)
    purpose = models.CharField("用途", max_length=100)
    url = models.CharField("地址", max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("引用时间", auto_now_add=True)

    class Meta:
        verbose_name = "证据引用"
        verbose_name_plural = "证据引用"
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "key"], name="evidence_use_object")]

    def __str__(self) -> str:
        return f"{self.label} {self.purpose}"
