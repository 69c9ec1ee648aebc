"""Evaluations and their decisions: written once, chained, never changed."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.search import SearchColumn
from jigai.policies.models.pack import PackVersion
from jigai.rules.plan import UNDETERMINED


class EvaluationRun(models.Model):
    """One run: pack version, snapshot, dates, readings, and the hash over all its decisions.

    ``chain_hash`` covers the chain hash of the run before it and everything above, so no earlier
    run can be changed or dropped without the later ones showing it.
    """

    pack = models.ForeignKey(PackVersion, models.PROTECT, related_name="runs")
    year = models.SmallIntegerField("年度")
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    as_of = models.DateField("按何日取值")
    deadline = models.DateField("申报截止", null=True, blank=True)
    payment_date = models.DateField("兑付日期", null=True, blank=True)
    # Data recorded later than this were not seen.
    known_at = models.DateTimeField("按何时所知")
    readings = models.JSONField("读法", default=dict)
    scenario = models.JSONField("情景", default=dict)
    # What the document left open and people had settled by that day: {"parameters": {id: value,
    # since, source, approver, decision}, "readings": {id: option, since, number, answer}}.
    settled = models.JSONField("依答复与批准取值", default=dict)
    population = models.JSONField("对象范围", default=dict)
    snapshot = models.CharField("快照", max_length=64)
    snapshot_file = models.CharField("快照文件散列", max_length=64)
    root_hash = models.CharField("决定根散列", max_length=64)
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="next")
    chain_hash = models.CharField("链散列", max_length=64, unique=True)
    payable = models.BooleanField("可据以兑付")
    simulation = models.CharField("仅模拟原因", max_length=300, blank=True)
    departures = models.TextField("与默认不同的读法", blank=True)
    # Figures of the summary: counts by verdict, totals in fen by measure.
    summary = models.JSONField("汇总", default=dict)
    # Assumptions nobody verified: list of {term, subject, count, assumed, source, clauses}.
    unverified = models.JSONField("未核实事项", default=list)
    engine = models.CharField("程序版本", max_length=40)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "测算"
        verbose_name_plural = "测算"
        ordering = ["-id"]
        triggers = append_only("runs_stay")

    def __str__(self) -> str:
        return f"{self.pack} {self.year}年 第{self.pk}次"

    @property
    def watermark(self) -> str:
        """模拟 on everything a run shows or exports that can never be paid; else empty."""
        return "" if self.payable else "模拟"

    @property
    def purpose(self) -> str:
        """What the run may be used for."""
        return "可据以兑付" if self.payable else "仅模拟"

    @property
    def asked(self) -> str:
        """Who was asked: everybody of the region, or the applicants of a round on some basis."""
        return f"批次（{self.population['basis']}）" if "round" in self.population else "辖区全部"

    @property
    def total_word(self) -> str:
        """What its total is called: that of a simulation is never one to be paid."""
        return "拟补助合计" if self.payable else "模拟合计"

    @property
    def paid_word(self) -> str:
        """What the amount of one row is called."""
        return "拟补助" if self.payable else "模拟金额"


class Decision(models.Model):
    """What one run decided about one project, consortium or member. Amounts in fen.

    ``amount_fen`` is ``None`` while open, with ``low_fen`` and ``high_fen`` as bounds; ``selected``
    is ``None`` while the quota is open; ``paid_fen`` is what remains after selection and caps.
    """

    class Subject(models.TextChoices):
        PROJECT = "project", "项目"
        CONSORTIUM = "consortium", "共同体"
        MEMBER = "member", "共同体成员"

    run = models.ForeignKey(EvaluationRun, models.PROTECT, related_name="decisions")
    subject = models.CharField("对象", max_length=12, choices=Subject)
    subject_key = models.CharField("对象主键", max_length=60)
    label = models.CharField("对象名称", max_length=200)
    source_row = models.IntegerField("台账行", null=True)
    enterprise = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, related_name="decisions"
    )
    enterprise_name = models.CharField("企业", max_length=200, blank=True)
    region_code = models.CharField("区划代码", max_length=12)
    verdict = models.SmallIntegerField("结论")
    track = models.SmallIntegerField("所选措施组", null=True)
    measures = ArrayField(models.CharField(max_length=80), verbose_name="措施", default=list)
    amount_fen = models.BigIntegerField("测算金额", null=True)
    low_fen = models.BigIntegerField("下限", null=True)
    high_fen = models.BigIntegerField("上限", null=True)
    selected = models.BooleanField("入选", null=True)
    paid_fen = models.BigIntegerField("拟补助", null=True)
    reason_codes = ArrayField(models.CharField(max_length=80), verbose_name="原因", default=list)
    # List of {code, text, clause}.
    reasons = models.JSONField("原因说明", default=list)
    search = SearchColumn("label", "enterprise_name")

    class Meta:
        verbose_name = "决定"
        verbose_name_plural = "决定"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["run", "subject", "id"], name="decision_of_run"),
            models.Index(fields=["run", "verdict", "id"], name="decision_verdict"),
            models.Index(fields=["run", "-paid_fen", "id"], name="decision_paid"),
            models.Index(fields=["run", "amount_fen", "id"], name="decision_amount"),
            GinIndex(fields=["search"], name="decision_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "subject", "subject_key", "measures"], name="decided_once_a_run"
            )
        ]
        triggers = append_only("decisions_stay")

    def __str__(self) -> str:
        return f"{self.label} {self.verdict}"

    @property
    def proposed_fen(self) -> int | None:
        """What is proposed to be paid; ``None``, never zero, while the amount is open."""
        open_ = self.amount_fen is None and self.subject != self.Subject.MEMBER
        return None if open_ else self.paid_fen

    @property
    def is_undetermined(self) -> bool:
        """Whether it waits for a value the document does not give."""
        return bool(self.verdict == UNDETERMINED)
