"""Applications: what an enterprise or a consortium asks for in a round."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from jigai.core.models.search import SearchColumn
from jigai.core.models.tracking import tracked
from jigai.funding.models.round import Round, RoundMeasure

_USER = settings.AUTH_USER_MODEL


@tracked(exclude=["search"])
class Application(models.Model):
    """One application of one enterprise (or of a consortium by its lead) in a round.

    Money in integer fen; every amount is ``None`` until it is known. ``estimate_fen`` is what the
    platform computed when it was handed in; ``computed_fen`` what the review's run gives from the
    claimed base, ``reviewed_fen`` from the audited base; ``decided_fen`` what the meeting decided;
    ``paid_fen`` what has arrived. ``subject_key`` is the key of what it is about in the facts of
    the run (a project's primary key, a consortium's code). ``promised_on`` is the day by which the
    money was promised, ``paid_on`` the day it arrived.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "填报中"
        SIGNING = "signing", "待成员签署"
        SUBMITTED = "submitted", "已提交"
        CORRECTION = "correction", "补正中"
        REVIEW = "review", "审核中"
        REVIEWED = "reviewed", "审核完毕"
        PROPOSED = "proposed", "列入拟支持名单"
        DECIDED = "decided", "已审定"
        PUBLIC = "public", "公示中"
        HELD = "held", "异议暂停"
        CLEARED = "cleared", "待拨付"
        PAYING = "paying", "拨付中"
        PAID = "paid", "已拨付"
        REFUSED = "refused", "不予支持"
        WITHDRAWN = "withdrawn", "已撤回"
        RECOVERING = "recovering", "追回中"

    number = models.CharField("编号", max_length=40, unique=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="applications")
    measure = models.ForeignKey(RoundMeasure, models.PROTECT, related_name="applications")
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, related_name="applications")
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="applications"
    )
    consortium = models.ForeignKey(
        "funding.Consortium", models.PROTECT, null=True, blank=True, related_name="applications"
    )
    subject_key = models.CharField("测算对象", max_length=60, blank=True)
    title = models.CharField("名称", max_length=300)
    values = models.JSONField("申报表", default=dict)
    # {evidence id: [primary keys of files]}
    evidence = models.JSONField("材料", default=dict)
    # Order among an enterprise's own applications, where only one of them can be supported.
    priority = models.SmallIntegerField("优先次序", null=True, blank=True)
    claimed_fen = models.BigIntegerField("申报基数", null=True, blank=True)
    audited_fen = models.BigIntegerField("审定基数", null=True, blank=True)
    estimate_fen = models.BigIntegerField("提交时预估", null=True, blank=True)
    computed_fen = models.BigIntegerField("按申报基数测算", null=True, blank=True)
    reviewed_fen = models.BigIntegerField("按审定基数测算", null=True, blank=True)
    decided_fen = models.BigIntegerField("审定金额", null=True, blank=True)
    paid_fen = models.BigIntegerField("已拨付金额", null=True, blank=True)
    # The decision of the run that the amounts above rest on; its page shows every step.
    decision = models.ForeignKey(
        "policies.Decision", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Something it rests on changed after the amounts were worked out (a red letter, a fact).
    stale = models.CharField("待重算原因", max_length=300, blank=True)
    score = models.DecimalField("评分", max_digits=9, decimal_places=4, null=True, blank=True)
    directions = ArrayField(
        models.CharField(max_length=80), verbose_name="优先方向", default=list, blank=True
    )
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    refusal = models.JSONField("不予支持的理由", default=dict)
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="applications"
    )
    receipt = models.CharField("提交回执", max_length=64, null=True, blank=True, unique=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    promised_on = models.DateField("承诺拨付日期", null=True, blank=True)
    paid_on = models.DateField("到账日期", null=True, blank=True)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    search = SearchColumn("title", "number")

    class Meta:
        verbose_name = "申报"
        verbose_name_plural = "申报"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["round", "state", "id"], name="application_of_round"),
            models.Index(fields=["enterprise", "-id"], name="application_of_firm"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "project", "measure"],
                condition=~models.Q(state__in=["withdrawn", "refused"]),
                name="project_applies_once",
            ),
            models.UniqueConstraint(
                fields=["round", "consortium"],
                condition=~models.Q(state__in=["withdrawn", "refused"]),
                name="consortium_applies_once",
            ),
            models.CheckConstraint(
                condition=models.Q(project__isnull=True) | models.Q(consortium__isnull=True),
                name="application_for_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(receipt__isnull=True) | models.Q(submitted_at__isnull=False),
                name="receipt_of_a_submission",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class ApplicationEditor(models.Model):
    """A person of the enterprise who may fill an application together with who began it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="editors")
    user = models.ForeignKey(_USER, models.CASCADE, related_name="+")
    added_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "共同填报人"
        verbose_name_plural = "共同填报人"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="editor_once")]

    def __str__(self) -> str:
        return str(self.user_id)


@tracked()
class ApplicationLine(models.Model):
    """An invoice line that an application counts, whole or in part; both figures are kept.

    ``share_fen`` is what of the line's amount without tax is claimed, ``audited_fen`` what
    the audit allows (``None`` before), with a reason where it is less.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="lines")
    line = models.ForeignKey(
        "funding.InvoiceLine", models.PROTECT, related_name="application_lines"
    )
    share_fen = models.BigIntegerField("申报计入")
    audited_fen = models.BigIntegerField("审定计入", null=True, blank=True)
    audit_reason = models.CharField("核减理由", max_length=400, blank=True)
    audited_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    audited_at = models.DateTimeField("审定时间", null=True, blank=True)

    class Meta:
        verbose_name = "申报发票"
        verbose_name_plural = "申报发票"
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "line"], name="line_once_applied"),
            models.CheckConstraint(
                condition=models.Q(audited_fen__isnull=True)
                | models.Q(audited_fen=models.F("share_fen"))
                | ~models.Q(audit_reason=""),
                name="lowered_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.line_id}"


@tracked()
class EvidenceCheck(models.Model):
    """What a reviewer found of one part of an application.

    ``item`` is the id of a material of the measure, or a section (``form``, ``lines``,
    ``members``). What is insufficient says why; it becomes the notice of 补正.
    """

    class State(models.TextChoices):
        FINE = "fine", "已核对"
        SHORT = "short", "不符合要求"

    application = models.ForeignKey(Application, models.CASCADE, related_name="checks")
    item = models.CharField("材料", max_length=60)
    state = models.CharField("结果", max_length=6, choices=State)
    words = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = "材料核对"
        verbose_name_plural = "材料核对"
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "item"], name="item_checked_once"),
            models.CheckConstraint(
                condition=models.Q(state="fine") | ~models.Q(words=""),
                name="insufficient_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.item}"


@tracked()
class MemberSignature(models.Model):
    """A consortium member's signature under the agreement of an application.

    ``content_hash`` is what was signed: members, investment, shares; a change asks all to sign
    again. ``left_at`` is set when the member leaves; everything is then worked out anew.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="signatures")
    member = models.ForeignKey("funding.ConsortiumMember", models.PROTECT, related_name="+")
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, related_name="+")
    content_hash = models.CharField("签署内容", max_length=64, blank=True)
    signed_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField("签署时间", null=True, blank=True)
    left_at = models.DateTimeField("退出时间", null=True, blank=True)
    left_reason = models.CharField("退出原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "成员签署"
        verbose_name_plural = "成员签署"
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "member"], name="member_signs_once")
        ]

    def __str__(self) -> str:
        return str(self.enterprise_id)


class ApplicationStep(models.Model):
    """One line of an application's course, for the applicant's timeline. Rows only come in."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="steps")
    state = models.CharField("状态", max_length=12, choices=Application.State)
    text = models.CharField("事项", max_length=400)
    # Fields that were changed in a correction: {field: [before, after]}.
    data = models.JSONField("内容", default=dict)
    by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "申报经过"
        verbose_name_plural = "申报经过"
        ordering = ["application", "id"]
        triggers = [
            pgtrigger.Protect(
                name="application_steps_stay", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class OtherFunding(models.Model):
    """Public money for the same enterprise or project from elsewhere, or sought from above.

    The whole life: matched, applied for, approved, received; what is received counts against what
    this level pays (不重复奖补). ``kind`` is a code of the vocabulary's 其他资金类别. ``invoices``
    are the numbers of invoices it was given for, so that double funding is found by them and not
    by names.
    """

    class State(models.TextChoices):
        MATCHED = "matched", "可争取"
        APPLIED = "applied", "已申报"
        APPROVED = "approved", "已批复"
        RECEIVED = "received", "已到账"
        REFUSED = "refused", "未获批"
        RETURNED = "returned", "已退回"

    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, related_name="other_funding")
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="other_funding"
    )
    kind = models.CharField("类别", max_length=20)
    level = models.CharField("层级", max_length=10)
    programme = models.CharField("资金名称", max_length=200)
    document = models.CharField("文号或依据", max_length=200, blank=True)
    year = models.SmallIntegerField("年度")
    amount_fen = models.BigIntegerField("金额", null=True, blank=True)
    invoices = ArrayField(
        models.CharField(max_length=40), verbose_name="发票号码", default=list, blank=True
    )
    serials = ArrayField(
        models.CharField(max_length=80), verbose_name="设备出厂编号", default=list, blank=True
    )
    applied_on = models.DateField("申报日期", null=True, blank=True)
    approved_on = models.DateField("批复日期", null=True, blank=True)
    received_on = models.DateField("到账日期", null=True, blank=True)
    source = models.CharField("来源", max_length=200, blank=True)
    evidence = models.ForeignKey(
        "core.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.MATCHED)
    version = models.IntegerField("版本", default=1)
    batch = models.ForeignKey("core.ImportBatch", models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "其他财政资金"
        verbose_name_plural = "其他财政资金"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="received")
                | (models.Q(amount_fen__isnull=False) & models.Q(received_on__isnull=False)),
                name="received_has_amount_and_day",
            )
        ]

    def __str__(self) -> str:
        return self.programme
