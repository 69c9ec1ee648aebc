"""Invoices and consortia as imported; S08's rounds and ledgers build on these tables."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class Consortium(models.Model):
    """A 技改共同体 of one year: enterprises that invest together under a lead."""

    year = models.SmallIntegerField("年度", db_index=True)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    code = models.CharField("编号", max_length=40)
    name = models.CharField("名称", max_length=200)
    batch = models.ForeignKey("core.ImportBatch", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "技改共同体"
        verbose_name_plural = "技改共同体"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "year", "code"], name="consortium_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.code


@tracked()
class ConsortiumMember(models.Model):
    """One enterprise in a consortium; ``equipment_fen`` is its investment in integer fen."""

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="members")
    enterprise = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    enterprise_raw = models.CharField("填报单位", max_length=200)
    match = models.CharField("匹配方式", max_length=20, null=True, blank=True)
    role = models.CharField("角色", max_length=20, null=True, blank=True)
    equipment_fen = models.BigIntegerField("设备投资", null=True, blank=True)
    in_statistics = models.BooleanField("入统", null=True, blank=True)
    filing_no = models.CharField("备案号", max_length=100, null=True, blank=True)
    cell_errors = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    duplicate = models.BooleanField("重复", default=False)
    batch = models.ForeignKey("core.ImportBatch", models.SET_NULL, null=True, related_name="+")
    source_row = models.IntegerField("来源行", null=True, blank=True)

    class Meta:
        verbose_name = "共同体成员"
        verbose_name_plural = "共同体成员"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.enterprise_raw


@tracked()
class InvoiceLine(models.Model):
    """One line of one invoice with what import found out about it. Money in integer fen.

    ``project`` or ``consortium`` is what it was bought for, at most one of the two; amounts of a
    line whose unit is suspect are empty. ``item_class`` is the class by the item's name, whatever
    was claimed. Whether the line counts is for a policy to say.
    """

    year = models.SmallIntegerField("年度", db_index=True)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="lines"
    )
    consortium = models.ForeignKey(
        Consortium, models.PROTECT, null=True, blank=True, related_name="lines"
    )
    attached_by = models.CharField("归集方式", max_length=20, null=True, blank=True)
    buyer_raw = models.CharField("购买方", max_length=200)
    buyer = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )
    buyer_matches = models.BooleanField("购买方相符", null=True, blank=True)
    kind = models.CharField("发票种类", max_length=40, null=True, blank=True)
    invoice_code = models.CharField("发票代码", max_length=40, null=True, blank=True)
    invoice_no = models.CharField("发票号码", max_length=40, null=True, blank=True)
    date = models.DateField("开票日期", null=True, blank=True)
    seller = models.CharField("销售方", max_length=200, null=True, blank=True)
    item = models.CharField("货物名称", max_length=300)
    spec = models.CharField("规格型号", max_length=200, null=True, blank=True)
    unit = models.CharField("单位", max_length=40, null=True, blank=True)
    quantity = models.DecimalField("数量", max_digits=24, decimal_places=8, null=True, blank=True)
    unit_price = models.DecimalField("单价", max_digits=24, decimal_places=8, null=True, blank=True)
    amount_fen = models.BigIntegerField("不含税金额", null=True, blank=True)
    tax_rate_pct = models.DecimalField(
        "税率", max_digits=9, decimal_places=4, null=True, blank=True
    )
    tax_fen = models.BigIntegerField("税额", null=True, blank=True)
    total_fen = models.BigIntegerField("价税合计", null=True, blank=True)
    unit_suspect = models.BooleanField("单位可疑", default=False)
    arithmetic_ok = models.BooleanField("加总相符", null=True, blank=True)
    status = models.CharField("状态", max_length=20)
    item_class = models.CharField("类别", max_length=40)
    item_kind = models.CharField("细类", max_length=60)
    claimed_class = models.CharField("自报类别", max_length=40, null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="repeats"
    )
    duplicate_scope = models.CharField("重复范围", max_length=20, null=True, blank=True)
    red_of_code = models.CharField("红冲原票代码", max_length=40, null=True, blank=True)
    red_of_no = models.CharField("红冲原票号码", max_length=40, null=True, blank=True)
    red_original = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="red_letters"
    )
    batch = models.ForeignKey("core.ImportBatch", models.SET_NULL, null=True, related_name="+")
    source_row = models.IntegerField("来源行", null=True, blank=True)

    class Meta:
        verbose_name = "发票行"
        verbose_name_plural = "发票行"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["region_code", "year", "id"], name="line_region_year"),
            models.Index(fields=["invoice_code", "invoice_no"], name="line_invoice"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(project__isnull=True) | models.Q(consortium__isnull=True),
                name="line_for_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.invoice_no or ''} {self.item}".strip()
