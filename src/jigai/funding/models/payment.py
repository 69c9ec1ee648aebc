"""Payments as they are really made: request, quota document, batches, bank answers, recovery."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked
from jigai.funding.models.application import Application
from jigai.funding.models.programme import Programme
from jigai.funding.models.round import Round

_USER = settings.AUTH_USER_MODEL


@tracked()
class BankAccount(models.Model):
    """An enterprise's bank account, checked by somebody else before money goes to it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待核对"
        VERIFIED = "verified", "已核对"
        REFUSED = "refused", "不相符"
        RETIRED = "retired", "已停用"

    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, related_name="bank_accounts")
    holder = models.CharField("户名", max_length=200)
    bank = models.CharField("开户银行", max_length=200)
    branch_no = models.CharField("行号", max_length=20, blank=True)
    number = models.CharField("账号", max_length=40)
    evidence = models.ForeignKey(
        "core.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    note = models.CharField("核对意见", max_length=300, blank=True)
    proposed_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提交时间", auto_now_add=True)
    verified_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField("核对时间", null=True, blank=True)

    class Meta:
        verbose_name = "收款账户"
        verbose_name_plural = "收款账户"
        ordering = ["enterprise", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=models.Q(state="verified"),
                name="one_verified_account",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_by__isnull=True)
                | ~models.Q(verified_by=models.F("proposed_by")),
                name="account_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} …{self.number[-4:]}"


@tracked()
class PaymentRequest(models.Model):
    """A request (资金拨付请示) to the finance department and the quota document it answers with."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟稿"
        SENT = "sent", "已送财政"
        GRANTED = "granted", "已下达指标"
        RETURNED = "returned", "财政退回"

    round = models.ForeignKey(Round, models.PROTECT, related_name="payment_requests")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="payment_requests")
    number = models.CharField("编号", max_length=40, unique=True)
    total_fen = models.BigIntegerField("金额合计")
    rows = models.IntegerField("户数")
    document = models.ForeignKey(
        "core.IssuedDocument", models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_on = models.DateField("送出日期", null=True, blank=True)
    quota_no = models.CharField("指标文号", max_length=100, blank=True)
    quota_on = models.DateField("下达日期", null=True, blank=True)
    quota_fen = models.BigIntegerField("指标金额", null=True, blank=True)
    quota_file = models.ForeignKey(
        "core.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField("退回原因", max_length=400, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    version = models.IntegerField("版本", default=1)
    made_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("拟稿时间", auto_now_add=True)
    granted_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "拨付请示"
        verbose_name_plural = "拨付请示"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


@tracked()
class RequestLine(models.Model):
    """One application on a request: ``amount_fen`` is what was decided for it, in fen.

    It is open until the finance department leaves it out or sends the request back; an application
    stands open on one request at most.
    """

    class State(models.TextChoices):
        ASKED = "asked", "已请示"
        GRANTED = "granted", "在指标内"
        RELEASED = "released", "未列入指标"

    request = models.ForeignKey(PaymentRequest, models.PROTECT, related_name="lines")
    application = models.ForeignKey(Application, models.PROTECT, related_name="request_lines")
    place = models.IntegerField("序号")
    name = models.CharField("单位", max_length=200)
    amount_fen = models.BigIntegerField("金额")
    state = models.CharField("状态", max_length=8, choices=State, default=State.ASKED)

    class Meta:
        verbose_name = "请示明细"
        verbose_name_plural = "请示明细"
        ordering = ["request", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(state__in=["asked", "granted"]),
                name="application_on_one_request",
            ),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="request_line_pays"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.name}"


@tracked()
class CostShare(models.Model):
    """What one level of government bears of a round's money (分级负担), as people set it.

    ``percent`` is ``None`` while the document leaves it open (未定): the fund of the round then
    bears everything. ``parameter`` is the parameter of the policy it comes from, if there is one.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="cost_shares")
    place = models.SmallIntegerField("序号")
    level = models.CharField("层级", max_length=12)
    percent = models.DecimalField(
        "比例（%）", max_digits=7, decimal_places=4, null=True, blank=True
    )
    source = models.CharField("依据", max_length=200, blank=True)
    parameter = models.CharField("政策参数", max_length=80, blank=True)
    set_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    set_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "分级负担比例"
        verbose_name_plural = "分级负担比例"
        ordering = ["round", "place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "level"], name="level_once_a_round"),
            models.CheckConstraint(
                condition=models.Q(percent__isnull=True)
                | (models.Q(percent__gte=0) & models.Q(percent__lte=100)),
                name="share_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.percent}"


@tracked()
class PaymentBatch(models.Model):
    """A file of payments for the treasury: made by one person, released by another."""

    class State(models.TextChoices):
        DRAFT = "draft", "待复核"
        RELEASED = "released", "已复核"
        SENT = "sent", "已送出"
        SETTLED = "settled", "已对账"
        VOID = "void", "已作废"

    request = models.ForeignKey(PaymentRequest, models.PROTECT, related_name="batches")
    number = models.CharField("批号", max_length=40, unique=True)
    total_fen = models.BigIntegerField("金额合计")
    rows = models.IntegerField("笔数")
    file_hash = models.CharField("文件散列", max_length=64, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    version = models.IntegerField("版本", default=1)
    made_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("制单时间", auto_now_add=True)
    released_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField("复核时间", null=True, blank=True)
    sent_at = models.DateTimeField("送出时间", null=True, blank=True)
    note = models.CharField("作废原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "支付批"
        verbose_name_plural = "支付批"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(released_by__isnull=True)
                | ~models.Q(released_by=models.F("made_by")),
                name="batch_two_persons",
            )
        ]

    def __str__(self) -> str:
        return self.number


@tracked()
class PaymentOrder(models.Model):
    """One payment to one account. ``reference`` travels with it and comes back with the answer.

    ``level`` is who bears it where several levels share. A returned payment (退票) is issued again
    as a new order that names the one it replaces; an application is never paid twice because the
    money itself moves in the book under a key of its own.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待送出"
        SENT = "sent", "已送出"
        PAID = "paid", "已到账"
        RETURNED = "returned", "退票"
        VOID = "void", "已作废"

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="orders")
    application = models.ForeignKey(Application, models.PROTECT, related_name="orders")
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, related_name="+")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    level = models.CharField("负担层级", max_length=12, blank=True)
    reference = models.CharField("支付编号", max_length=40, unique=True)
    amount_fen = models.BigIntegerField("金额")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    paid_on = models.DateField("到账日期", null=True, blank=True)
    returned_on = models.DateField("退票日期", null=True, blank=True)
    returned_reason = models.CharField("退票原因", max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    class Meta:
        verbose_name = "支付明细"
        verbose_name_plural = "支付明细"
        ordering = ["batch", "id"]
        indexes = [models.Index(fields=["application", "state"], name="order_of_application")]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="order_pays"),
            models.UniqueConstraint(
                fields=["application", "enterprise", "level"],
                condition=models.Q(state__in=["waiting", "sent", "paid"]),
                name="one_living_order",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ReturnFile(models.Model):
    """A file of answers from the treasury, taken in once; what did not fit is kept with it."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="answers")
    name = models.CharField("文件名", max_length=200)
    file_hash = models.CharField("散列", max_length=64, unique=True)
    rows = models.IntegerField("行数")
    paid = models.IntegerField("到账笔数", default=0)
    returned = models.IntegerField("退票笔数", default=0)
    evidence = models.ForeignKey(
        "core.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # [{row, reference, problem, next}], isolated, never booked.
    problems = models.JSONField("问题行", default=list)
    by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    at = models.DateTimeField("导入时间", auto_now_add=True)

    class Meta:
        verbose_name = "回单文件"
        verbose_name_plural = "回单文件"
        ordering = ["-id"]
        triggers = append_only("return_files_stay")

    def __str__(self) -> str:
        return self.name


@tracked()
class Recovery(models.Model):
    """Money to come back: how much and why, interest by rule, agreement, repayments.

    ``interest_fen`` is ``None`` while the rule is not set (未定). ``basis`` holds old and new
    amounts and the run they come from.
    """

    class Reason(models.TextChoices):
        RED_LETTER = "red_letter", "发票红冲"
        OTHER_FUNDS = "other_funds", "另获其他财政资金"
        FRAUD = "fraud", "虚报冒领"
        CONDITION = "condition", "不再符合条件"
        MISTAKE = "mistake", "多拨"

    class State(models.TextChoices):
        OPENED = "opened", "待核定"
        CONFIRMED = "confirmed", "已核定"
        AGREED = "agreed", "已签退款协议"
        REPAID = "repaid", "已收回"
        DROPPED = "dropped", "不予追回"

    number = models.CharField("编号", max_length=40, unique=True)
    application = models.ForeignKey(Application, models.PROTECT, related_name="recoveries")
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, related_name="recoveries")
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    reason = models.CharField("原因", max_length=12, choices=Reason)
    # What called for it, so that it is opened once: ``red:<line>``, ``other:<funding>``.
    trigger = models.CharField("起因", max_length=80, unique=True)
    text = models.CharField("说明", max_length=400)
    amount_fen = models.BigIntegerField("应收回")
    interest_fen = models.BigIntegerField("利息", null=True, blank=True)
    interest_rule = models.JSONField("计息规则", default=dict)
    basis = models.JSONField("依据", default=dict)
    due_on = models.DateField("限期", null=True, blank=True)
    agreement = models.ForeignKey(
        "core.IssuedDocument", models.PROTECT, null=True, blank=True, related_name="+"
    )
    repaid_fen = models.BigIntegerField("已收回", default=0)
    note = models.CharField("意见", max_length=400, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPENED)
    version = models.IntegerField("版本", default=1)
    opened_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField("时间", auto_now_add=True)
    confirmed_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "资金追回"
        verbose_name_plural = "资金追回"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True)
                | models.Q(opened_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("opened_by")),
                name="recovery_four_eyes",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Repayment(models.Model):
    """Money that came back. ``reference`` is the treasury's, booked once."""

    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="repayments")
    amount_fen = models.BigIntegerField("金额")
    received_on = models.DateField("到账日期")
    reference = models.CharField("缴款编号", max_length=60, unique=True)
    by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "收回明细"
        verbose_name_plural = "收回明细"
        ordering = ["recovery", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="repayment_pays")
        ]
        triggers = append_only("repayments_stay")

    def __str__(self) -> str:
        return self.reference
