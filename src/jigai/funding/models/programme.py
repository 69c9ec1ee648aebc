"""Special funds: what there is to spend in a year, where it came from, how it is shared out."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked

_USER = settings.AUTH_USER_MODEL


@tracked()
class Programme(models.Model):
    """A special fund (专项资金) of a region and budget year, kept in a book of its own.

    ``pack`` is the document it pays for (its slug), empty for a fund of no installed document.
    Its accounts: 来源 (``source``), 可用 (``available``, never below nothing), 已审定
    (``reserved``), 在途 (``transit``), 已拨付 (``paid``), 应收回 (``receivable``).
    """

    class State(models.TextChoices):
        OPEN = "open", "执行中"
        CLOSED = "closed", "已结清"

    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    year = models.SmallIntegerField("预算年度")
    code = models.CharField("编号", max_length=40)
    name = models.CharField("名称", max_length=200)
    pack = models.CharField("政策", max_length=60, blank=True, db_index=True)
    clause = models.CharField("依据", max_length=200, blank=True)
    payer = models.CharField("出资", max_length=200, blank=True)
    book = models.OneToOneField("ledgers.Book", models.PROTECT, related_name="programme")
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "专项资金"
        verbose_name_plural = "专项资金"
        ordering = ["-year", "region_code", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "year", "code"], name="programme_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class BudgetChange(models.Model):
    """Money coming into or leaving a special fund: proposed by one person, approved by another.

    ``amount_fen`` is positive; 调减 takes it away. Only an approved change has an entry.
    """

    class Kind(models.TextChoices):
        GRANT = "grant", "年初安排"
        ADD = "add", "追加"
        CUT = "cut", "调减"
        ABOVE = "above", "上级下达"
        CARRIED = "carried", "上年结转"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="changes")
    kind = models.CharField("事项", max_length=8, choices=Kind)
    amount_fen = models.BigIntegerField("金额")
    document = models.CharField("文号或依据", max_length=200)
    happened_on = models.DateField("日期")
    evidence = models.ForeignKey(
        "core.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    entry = models.OneToOneField(
        "ledgers.Entry", models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField("意见", max_length=300, blank=True)
    proposed_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)

    class Meta:
        verbose_name = "预算变动"
        verbose_name_plural = "预算变动"
        ordering = ["programme", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name="budget_change_is_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by")),
                name="budget_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document}"


@tracked()
class Allocation(models.Model):
    """A share of a special fund given to a place or purpose below (切块、分配).

    ``amount_fen`` is ``None`` until it is set (未定, never nothing); ``share_pct`` is its share of
    ``base_fen`` where the document gives one. Its money is spent in a programme of its own.
    """

    class State(models.TextChoices):
        OPEN = "open", "未定"
        SET = "set", "已定"
        SENT = "sent", "已下达"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="allocations")
    place = models.IntegerField("序号")
    name = models.CharField("对象", max_length=200)
    region_code = models.CharField("区划代码", max_length=12, blank=True)
    purpose = models.CharField("用途", max_length=200, blank=True)
    share_pct = models.DecimalField(
        "比例（%）", max_digits=9, decimal_places=4, null=True, blank=True
    )
    amount_fen = models.BigIntegerField("金额", null=True, blank=True)
    document = models.CharField("下达文号", max_length=200, blank=True)
    sent_on = models.DateField("下达日期", null=True, blank=True)
    used_fen = models.BigIntegerField("报告支出", null=True, blank=True)
    performance = models.CharField("绩效说明", max_length=1000, blank=True)
    state = models.CharField("状态", max_length=6, choices=State, default=State.OPEN)
    entry = models.OneToOneField(
        "ledgers.Entry", models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    sent_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.IntegerField("版本", default=1)

    class Meta:
        verbose_name = "资金分配"
        verbose_name_plural = "资金分配"
        ordering = ["programme", "place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "place"], name="allocation_place_once"),
            models.CheckConstraint(
                condition=models.Q(amount_fen__isnull=True) | models.Q(amount_fen__gte=0),
                name="allocation_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") | models.Q(amount_fen__isnull=False),
                name="allocation_set_has_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_by__isnull=True) | ~models.Q(sent_by=models.F("set_by")),
                name="allocation_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.name
