"""What a meeting decides about a round: versions of the list, and its publication."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked
from jigai.funding.models.application import Application
from jigai.funding.models.round import Round

_USER = settings.AUTH_USER_MODEL


@tracked(exclude=["effects"])
class DecisionList(models.Model):
    """One version of a round's list: bureau, then joint meeting, then government.

    ``rule`` is how money that does not reach was dealt with, chosen by people on record, never by
    default; ``effects`` holds what each rule would have given. Sums in fen. The list is frozen when
    it is submitted; ``root_hash`` covers its lines. Only an approved version binds money.
    """

    class Stage(models.TextChoices):
        BUREAU = "bureau", "主管部门审定"
        JOINT = "joint", "联席会议审定"
        GOVERNMENT = "government", "政府批准"

    class Rule(models.TextChoices):
        ENOUGH = "enough", "资金足够，按审核金额"
        PRO_RATA = "pro_rata", "按比例削减（最大余数法）"
        QUEUE = "queue", "按次序排队，排完为止"
        STOP = "stop", "停发，等追加预算"

    class State(models.TextChoices):
        DRAFT = "draft", "拟订"
        SUBMITTED = "submitted", "提请审定"
        APPROVED = "approved", "已通过"
        REFUSED = "refused", "未通过"

    round = models.ForeignKey(Round, models.PROTECT, related_name="lists")
    number = models.IntegerField("第几版")
    stage = models.CharField("环节", max_length=12, choices=Stage)
    rule = models.CharField("资金不足处理", max_length=10, choices=Rule, blank=True)
    rule_reason = models.CharField("选择理由", max_length=400, blank=True)
    budget_fen = models.BigIntegerField("可用预算")
    asked_fen = models.BigIntegerField("审核金额合计")
    total_fen = models.BigIntegerField("审定金额合计")
    effects = models.JSONField("各种处理的结果", default=dict)
    meeting = models.CharField("会议", max_length=200, blank=True)
    met_on = models.DateField("会议日期", null=True, blank=True)
    attendees = models.CharField("参会", max_length=1000, blank=True)
    minutes = models.TextField("会议纪要", blank=True)
    minutes_file = models.ForeignKey(
        "core.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(
        "core.IssuedDocument", models.PROTECT, null=True, blank=True, related_name="+"
    )
    root_hash = models.CharField("名单散列", max_length=64, blank=True)
    # An approved version may only go on to the next meeting; one that binds has money reserved.
    binding = models.BooleanField("已生效", default=False, db_default=False)
    # The version before this one, of the same applications at an earlier stage.
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    refusal = models.CharField("未通过理由", max_length=400, blank=True, default="", db_default="")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    version = models.IntegerField("版本", default=1)
    made_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("拟订时间", auto_now_add=True)
    decided_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("审定时间", null=True, blank=True)

    class Meta:
        verbose_name = "审定名单"
        verbose_name_plural = "审定名单"
        ordering = ["round", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="list_version_once"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("made_by")),
                name="list_four_eyes",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(total_fen__lte=models.F("budget_fen")),
                name="list_within_budget",
            ),
            models.CheckConstraint(
                condition=models.Q(binding=False) | models.Q(state="approved"),
                name="only_approved_lists_bind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} 第 {self.number} 版"


class DecisionLine(models.Model):
    """One application on a version of a list; rows only come in (a new version has new lines)."""

    decision_list = models.ForeignKey(DecisionList, models.PROTECT, related_name="lines")
    application = models.ForeignKey(Application, models.PROTECT, related_name="decision_lines")
    place = models.IntegerField("序号")
    name = models.CharField("单位", max_length=200)
    reviewed_fen = models.BigIntegerField("审核金额")
    decided_fen = models.BigIntegerField("审定金额")
    remark = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "审定名单行"
        verbose_name_plural = "审定名单行"
        ordering = ["decision_list", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision_list", "application"], name="application_once_a_list"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_fen__gte=0)
                & models.Q(decided_fen__lte=models.F("reviewed_fen")),
                name="decided_within_reviewed",
            ),
        ]
        triggers = append_only("decision_lines_stay")

    def __str__(self) -> str:
        return f"{self.place} {self.name}"


@tracked()
class Publicity(models.Model):
    """A public notice (公示) of an approved list, or of the rows of it whose amount changed.

    It runs ``days`` working days after ``starts_on``, to ``ends_on`` included. ``public`` decides
    whether the page is open to everybody now; it stays as an archive afterwards.
    """

    class State(models.TextChoices):
        RUNNING = "running", "公示中"
        ENDED = "ended", "期满"
        ARCHIVED = "archived", "已归档"

    round = models.ForeignKey(Round, models.PROTECT, related_name="publicities")
    decision_list = models.ForeignKey(DecisionList, models.PROTECT, related_name="publicities")
    number = models.CharField("编号", max_length=40, unique=True)
    title = models.CharField("标题", max_length=200)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    starts_on = models.DateField("开始日期")
    days = models.IntegerField("公示工作日")
    ends_on = models.DateField("截止日期")
    provisional = models.BooleanField("日历待定", default=False)
    contact = models.CharField("受理异议", max_length=200)
    # Published again because of rows of this one.
    again_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="again"
    )
    document = models.ForeignKey(
        "core.IssuedDocument", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.RUNNING)
    created_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("发布时间", auto_now_add=True)

    class Meta:
        verbose_name = "公示"
        verbose_name_plural = "公示"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


@tracked()
class PublicityLine(models.Model):
    """One row of a notice as published: name, project, measure, amount to the fen, basis."""

    class State(models.TextChoices):
        RUNNING = "running", "公示中"
        HELD = "held", "异议处理中"
        CLEARED = "cleared", "无异议"
        CHANGED = "changed", "金额变更，重新公示"
        DROPPED = "dropped", "取消支持"

    publicity = models.ForeignKey(Publicity, models.PROTECT, related_name="lines")
    application = models.ForeignKey(Application, models.PROTECT, related_name="publicity_lines")
    place = models.IntegerField("序号")
    name = models.CharField("单位", max_length=200)
    title = models.CharField("项目", max_length=300)
    measure = models.CharField("支持事项", max_length=200)
    clause = models.CharField("条款", max_length=120)
    amount_fen = models.BigIntegerField("金额")
    state = models.CharField("状态", max_length=8, choices=State, default=State.RUNNING)
    cleared_on = models.DateField("结论日期", null=True, blank=True)

    class Meta:
        verbose_name = "公示行"
        verbose_name_plural = "公示行"
        ordering = ["publicity", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publicity", "application"], name="application_once_a_notice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.name}"


@tracked()
class Objection(models.Model):
    """An objection to a row of a notice, handled as a case; the row waits for the answer."""

    class State(models.TextChoices):
        OPEN = "open", "核查中"
        UPHELD = "upheld", "异议成立"
        REJECTED = "rejected", "异议不成立"

    line = models.ForeignKey(PublicityLine, models.PROTECT, related_name="objections")
    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="objection")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField("答复", blank=True)
    # What the amount becomes where it is upheld: ``None`` until decided, 0 drops the row.
    amount_fen = models.BigIntegerField("更正金额", null=True, blank=True)
    created_at = models.DateTimeField("收到时间", auto_now_add=True)

    class Meta:
        verbose_name = "公示异议"
        verbose_name_plural = "公示异议"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.line_id} {self.state}"
