"""Invoice lines as imported, and what is counted of them over the whole platform."""

from __future__ import annotations

import pgtrigger
from django.db import models

from jigai.core.models.append_only import NEW_ROWS, append_only
from jigai.core.models.tracking import tracked

# What has been counted of an item, kept by the database; more than there is fails as a whole.
_USED = """
    PERFORM 1 FROM funding_invoiceitem WHERE id IN (SELECT item_id FROM new_values)
      ORDER BY id FOR UPDATE;
    UPDATE funding_invoiceitem i SET used_fen = i.used_fen + moved.fen
      FROM (SELECT item_id, sum(fen)::bigint AS fen FROM new_values GROUP BY item_id) AS moved
      WHERE i.id = moved.item_id AND moved.fen <> 0;
    IF EXISTS (SELECT 1 FROM (SELECT item_id, sum(fen) AS fen FROM new_values GROUP BY item_id) m
               JOIN funding_invoiceitem i ON i.id = m.item_id
               WHERE i.used_fen < 0 OR (m.fen > 0 AND i.used_fen > i.capacity_fen)) THEN
      RAISE EXCEPTION 'invoice line counted beyond its amount' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'invoice_counted_once';
    END IF;
    RETURN NULL;
"""


class InvoiceItem(models.Model):
    """One line of one invoice as it exists in the world, however often it was imported.

    ``identity`` is the invoice code and number with item, model and amount, squeezed; the same line
    imported in another region, year or file is the same item. ``capacity_fen`` is its amount
    without tax less what red letters took back; ``used_fen`` what subsidies have counted of it, on
    the whole platform, over all policies, years and levels (invariant 4).
    """

    identity = models.CharField("票行标识", max_length=64, unique=True)
    invoice_code = models.CharField("发票代码", max_length=40, blank=True)
    invoice_no = models.CharField("发票号码", max_length=40, db_index=True)
    seller = models.CharField("销售方", max_length=200, blank=True)
    date = models.DateField("开票日期", null=True, blank=True)
    capacity_fen = models.BigIntegerField("可计金额", default=0)
    used_fen = models.BigIntegerField("已计金额", default=0, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "发票行（全平台）"
        verbose_name_plural = "发票行（全平台）"
        ordering = ["id"]
        indexes = [models.Index(fields=["seller", "date"], name="item_seller_date")]
        triggers = [
            pgtrigger.Protect(
                name="used_by_uses",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.used_fen IS DISTINCT FROM NEW.used_fen AND pg_trigger_depth() < 1"
                ),
            ),
            *append_only("items_stay", may_update=True),
        ]

    def __str__(self) -> str:
        return self.invoice_no

    @property
    def left_fen(self) -> int:
        """What may still be counted."""
        return self.capacity_fen - self.used_fen


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
        "funding.Consortium", models.PROTECT, null=True, blank=True, related_name="lines"
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
    # The same line in the world; empty without an invoice number.
    same = models.ForeignKey(
        InvoiceItem, models.PROTECT, null=True, blank=True, related_name="lines"
    )
    # What the applicant says about it; ``None`` where nobody was asked.
    second_hand = models.BooleanField("二手设备", null=True, blank=True)
    related_party = models.BooleanField("关联方交易", null=True, blank=True)
    leased = models.BooleanField("融资租赁", null=True, blank=True)
    lease_confirmed = models.BooleanField("租赁已核定", null=True, blank=True)
    customs_no = models.CharField(
        "进口报关单号", max_length=40, blank=True, default="", db_default=""
    )
    serial = models.CharField("设备出厂编号", max_length=80, blank=True, default="", db_default="")

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


class InvoiceUse(models.Model):
    """What an application counts of an item, in fen of its amount without tax; rows only come in.

    Positive when counted, negative when given back (withdrawn, refused, base lowered). The
    database keeps the sum and refuses more than the item holds.
    """

    item = models.ForeignKey(InvoiceItem, models.PROTECT, related_name="uses")
    application = models.ForeignKey("funding.Application", models.PROTECT, related_name="uses")
    fen = models.BigIntegerField("金额")
    why = models.CharField("事由", max_length=200)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "发票计用"
        verbose_name_plural = "发票计用"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~models.Q(fen=0), name="use_counts")]
        triggers = [
            pgtrigger.Trigger(
                name="use_moves_item",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=NEW_ROWS,
                func=_USED,
            ),
            *append_only("uses_stay"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.fen:+d}"
