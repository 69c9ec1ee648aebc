"""Fixed awards for titles, and charges a project was let off."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked
from jigai.funding.models.programme import Programme

_USER = settings.AUTH_USER_MODEL


@tracked()
class AwardGrant(models.Model):
    """The award for one title of an enterprise (or one demonstration project), granted once.

    ``source`` is what it is given for (``entry:<register entry>:<level>``,
    ``project:<pk>:<measure>``): one living grant a source and document. ``title`` is the title
    whatever its level, so that a later grant for a higher level finds the earlier one;
    ``prior_fen`` is what was granted for it before. ``readings`` and ``basis`` say under which
    reading and by which steps the amount came about.
    With ``application`` it came through a round: its money moves there, and this row follows it.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待批准"
        APPROVED = "approved", "待兑付"
        PAID = "paid", "已兑付"
        CANCELLED = "cancelled", "已取消"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="awards")
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, related_name="awards")
    pack = models.CharField("政策", max_length=60)
    measure = models.CharField("措施", max_length=80)
    measure_name = models.CharField("支持事项", max_length=200)
    clause = models.CharField("条款", max_length=120, blank=True)
    title = models.CharField("称号", max_length=200)
    level = models.CharField("级别", max_length=20, blank=True)
    recognised_on = models.DateField("认定日期", null=True, blank=True)
    source = models.CharField("奖励对象", max_length=80)
    amount_fen = models.BigIntegerField("奖励金额")
    prior_fen = models.BigIntegerField("同一称号已奖", default=0)
    readings = models.JSONField("读法", default=dict)
    basis = models.JSONField("计算依据", default=dict)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    entry = models.OneToOneField(
        "ledgers.Entry", models.PROTECT, null=True, blank=True, related_name="+"
    )
    application = models.ForeignKey(
        "funding.Application", models.PROTECT, null=True, blank=True, related_name="awards"
    )
    paid_on = models.DateField("兑付日期", null=True, blank=True)
    paid_document = models.CharField("拨付凭证", max_length=200, blank=True)
    note = models.CharField("意见", max_length=300, blank=True)
    version = models.IntegerField("版本", default=1)
    proposed_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)

    class Meta:
        verbose_name = "称号奖励"
        verbose_name_plural = "称号奖励"
        ordering = ["-id"]
        indexes = [models.Index(fields=["enterprise", "title"], name="award_of_title")]
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "source"],
                condition=~models.Q(state="cancelled"),
                name="award_once_a_source",
            ),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="award_pays"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by")),
                name="award_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_name} {self.title}"


@tracked()
class FeeWaiver(models.Model):
    """A project's right to be let off a charge, and what became of it at the counter.

    ``charge`` is the charge's name as in the list; ``due_fen`` what would have been due and
    ``charged_fen`` what was charged all the same (``None``: nobody has looked yet, 0: let off).
    """

    class State(models.TextChoices):
        MATCHED = "matched", "可免"
        CERTIFIED = "certified", "已出具证明"
        WAIVED = "waived", "已免"
        CHARGED = "charged", "免了没有落实"
        APPEALED = "appealed", "申诉中"
        REFUNDED = "refunded", "已退还"
        REJECTED = "rejected", "申诉不成立"

    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="fee_waivers")
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, related_name="fee_waivers")
    pack = models.CharField("政策", max_length=60)
    clause = models.CharField("条款", max_length=120, blank=True)
    charge = models.CharField("收费项目", max_length=200)
    unit = models.CharField("收费单位", max_length=200, blank=True)
    rule = models.IntegerField("减免规则", null=True, blank=True)
    basis = models.JSONField("依据", default=dict)
    due_fen = models.BigIntegerField("应缴金额", null=True, blank=True)
    charged_fen = models.BigIntegerField("实际收取", null=True, blank=True)
    checked_on = models.DateField("核查日期", null=True, blank=True)
    document = models.ForeignKey(
        "core.IssuedDocument", models.PROTECT, null=True, blank=True, related_name="+"
    )
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="fee_waivers"
    )
    refunded_fen = models.BigIntegerField("已退还", default=0)
    note = models.CharField("说明", max_length=400, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.MATCHED)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "收费免征"
        verbose_name_plural = "收费免征"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "pack", "charge"], name="waiver_once"),
            models.CheckConstraint(
                condition=models.Q(charged_fen__isnull=True)
                | models.Q(refunded_fen__lte=models.F("charged_fen")),
                name="refund_within_charged",
            ),
        ]

    def __str__(self) -> str:
        return self.charge
