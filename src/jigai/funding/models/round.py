"""Rounds: measures of a policy opened for applications in a window."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from jigai.core.models.tracking import tracked
from jigai.funding.models.programme import Programme

_USER = settings.AUTH_USER_MODEL


@tracked()
class Round(models.Model):
    """One round (申报批次) of a special fund under one version of a policy document.

    ``readings`` are the readings chosen for it and ``as_of`` the day its facts hold, both sealed
    when it opens. ``timetable`` are working days by stage (``formal``, ``review``, ``decision``,
    ``publicity``, ``payment``), all promised to the applicant; ``pay_by_days`` is their sum as a
    payment clock from the close of the window. A sealed round shows no application to reviewers
    before it closes.
    """

    class Mode(models.TextChoices):
        APPLY = "apply", "企业申报"
        CONFIRM = "confirm", "免申即享"
        INSTANT = "instant", "即申即享"
        COMPETE = "compete", "竞争性评审"
        CASE = "case", "一事一议"

    class State(models.TextChoices):
        DRAFT = "draft", "筹备"
        OPEN = "open", "申报中"
        CLOSED = "closed", "已截止"
        DECIDED = "decided", "已审定"
        DONE = "done", "已办结"
        CANCELLED = "cancelled", "已取消"

    number = models.CharField("编号", max_length=40, unique=True)
    name = models.CharField("名称", max_length=200)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    pack = models.ForeignKey("policies.PackVersion", models.PROTECT, related_name="rounds")
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    year = models.SmallIntegerField("申报年度")
    batch = models.SmallIntegerField("批次", default=1)
    mode = models.CharField("方式", max_length=8, choices=Mode, default=Mode.APPLY)
    sealed = models.BooleanField("密封至截止", default=False)
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("截止时间")
    as_of = models.DateField("取值日期")
    readings = models.JSONField("读法", default=dict)
    timetable = models.JSONField("办理时限（工作日）", default=dict)
    pay_by_days = models.IntegerField("承诺拨付（截止后工作日）")
    # Order of priorities (funding directions), for ranking only, never a condition.
    priorities = models.JSONField("优先方向", default=list)
    overlap_reason = models.CharField("与其他批次重叠的理由", max_length=300, blank=True)
    notice = models.ForeignKey(
        "core.IssuedDocument", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The evaluation whose amounts stand now; earlier ones are kept.
    run = models.ForeignKey(
        "policies.EvaluationRun", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    opened_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField("开放时间", null=True, blank=True)

    class Meta:
        verbose_name = "申报批次"
        verbose_name_plural = "申报批次"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="round_has_a_window"
            ),
            models.CheckConstraint(
                condition=models.Q(opened_by__isnull=True)
                | ~models.Q(opened_by=models.F("created_by")),
                name="round_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class RoundMeasure(models.Model):
    """A measure of the document opened in a round: its evidence list, form and quota.

    ``evidence`` is a list of ``{"id", "name", "required", "help"}``; ``fields`` a form in the shape
    of :mod:`jigai.core.fields`; ``places`` how many may be chosen, ``None`` without a limit.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="measures")
    code = models.CharField("措施", max_length=80)
    name = models.CharField("名称", max_length=200)
    clause = models.CharField("条款", max_length=120, blank=True)
    subject = models.CharField("对象", max_length=20)
    evidence = models.JSONField("材料清单", default=list)
    fields = models.JSONField("申报表", default=list)
    places = models.IntegerField("名额", null=True, blank=True)
    place = models.IntegerField("次序", default=0)

    class Meta:
        verbose_name = "批次措施"
        verbose_name_plural = "批次措施"
        ordering = ["round", "place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "code"], name="measure_once_a_round")
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CaseTopic(models.Model):
    """A matter decided case by case (一事一议): topic, materials, meetings, what was decided.

    The amount is what the meeting decided, in fen, with its minutes; there is no formula here.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", "筹备"
        TABLED = "tabled", "已提交会议"
        DECIDED = "decided", "已议定"
        REFUSED = "refused", "未同意"
        FULFILLED = "fulfilled", "已兑现"

    round = models.ForeignKey(Round, models.PROTECT, related_name="topics", null=True, blank=True)
    number = models.CharField("编号", max_length=40, unique=True)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, related_name="+")
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="+"
    )
    application = models.OneToOneField(
        "funding.Application", models.PROTECT, null=True, blank=True, related_name="topic"
    )
    title = models.CharField("议题", max_length=200)
    clause = models.CharField("条款", max_length=120)
    reason = models.TextField("事由与诉求")
    files = ArrayField(models.IntegerField(), verbose_name="材料", default=list, blank=True)
    meeting = models.CharField("会议", max_length=200, blank=True)
    met_on = models.DateField("会议日期", null=True, blank=True)
    attendees = models.CharField("参会", max_length=1000, blank=True)
    decision = models.TextField("议定事项", blank=True)
    amount_fen = models.BigIntegerField("议定金额", null=True, blank=True)
    minutes = models.ForeignKey(
        "core.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.PREPARED)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    decided_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "一事一议"
        verbose_name_plural = "一事一议"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__isnull=True) | models.Q(minutes__isnull=False),
                name="topic_amount_has_minutes",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("created_by")),
                name="topic_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.title
