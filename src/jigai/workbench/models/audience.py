"""应享名单: one look over a population under a document, its rows, and the notices sent by it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.search import SearchColumn


class AudienceList(models.Model):
    """Who could be served by each measure of a document, by the data of one moment.

    ``summary`` by measure id: name, number, subject, counts by group (ready, lacking, near), rows
    in all, ``ready_fen``. ``simulation`` says why nothing is payable; empty while in force.
    """

    pack = models.ForeignKey("policies.PackVersion", models.PROTECT, related_name="audiences")
    year = models.SmallIntegerField("年度")
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    as_of = models.DateField("按哪一天")
    simulation = models.CharField("仅模拟原因", max_length=300, blank=True)
    summary = models.JSONField("汇总", default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "应享名单"
        verbose_name_plural = "应享名单"
        ordering = ["-id"]
        triggers = append_only("audiences_stay")

    def __str__(self) -> str:
        return f"{self.pack.title} {self.year} 年"

    @property
    def watermark(self) -> str:
        """模拟 on everything shown or exported while nothing is payable."""
        return "模拟" if self.simulation else ""


class AudienceEntry(models.Model):
    """One row under one measure. Fen; ``amount_fen`` is ``None`` while it is open.

    ``state`` says what becomes of a row that fits: taken, given up for another measure, beyond the
    quota. ``gap_share`` is the distance to the threshold in hundredths of a per cent of it.
    """

    class Group(models.TextChoices):
        READY = "ready", "现在就符合"
        LACKING = "lacking", "只缺一项资料"
        NEAR = "near", "差不到两成"

    class State(models.TextChoices):
        NONE = "", "—"
        TAKEN = "taken", "建议申报"
        GIVEN_UP = "given-up", "择一后放弃"
        OUT_OF_QUOTA = "out-of-quota", "名额已满"
        QUOTA_OPEN = "quota-open", "名额待定"

    audience = models.ForeignKey(AudienceList, models.PROTECT, related_name="entries")
    measure = models.CharField("措施编号", max_length=80)
    measure_name = models.CharField("措施", max_length=200)
    group = models.CharField("情况", max_length=8, choices=Group)
    subject = models.CharField("对象", max_length=12)
    subject_key = models.CharField("对象主键", max_length=60)
    label = models.CharField("对象名称", max_length=200, blank=True)
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, null=True, related_name="+")
    enterprise_name = models.CharField("企业", max_length=200, blank=True)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    state = models.CharField("去向", max_length=12, choices=State, blank=True, default="")
    amount_fen = models.BigIntegerField("测算金额", null=True)
    high_fen = models.BigIntegerField("最多可得", null=True)
    lacking = models.CharField("所缺资料", max_length=200, blank=True)
    holder = models.CharField("由谁掌握", max_length=200, blank=True)
    gap = models.CharField("差距", max_length=300, blank=True)
    gap_share = models.IntegerField("差距占起点（万分之）", null=True)
    search = SearchColumn("label", "enterprise_name")

    class Meta:
        verbose_name = "应享对象"
        verbose_name_plural = "应享对象"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["audience", "measure", "subject", "subject_key"], name="audience_row_once"
            )
        ]
        indexes = [
            models.Index(fields=["audience", "measure", "group", "id"], name="audience_group"),
            GinIndex(fields=["search"], name="audience_search"),
        ]
        triggers = append_only("audience_rows_stay")

    def __str__(self) -> str:
        return f"{self.measure_name} {self.label}"


class AudienceNotice(models.Model):
    """One sending to the enterprises of a list; the receipts are those of the distribution."""

    audience = models.ForeignKey(AudienceList, models.PROTECT, related_name="notices")
    measure = models.CharField("措施编号", max_length=80)
    group = models.CharField("情况", max_length=8, choices=AudienceEntry.Group)
    distribution = models.OneToOneField(
        "outreach.Distribution", models.PROTECT, related_name="audience_notice"
    )
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "应享通知"
        verbose_name_plural = "应享通知"
        ordering = ["-id"]
        triggers = append_only("audience_notices_stay")

    def __str__(self) -> str:
        return f"{self.audience} {self.measure}"
