"""Studies of the policy sandbox: whose data, which scenarios, what came out. Never payable."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked

MOST_SCENARIOS = 6


@tracked()
class SandboxStudy(models.Model):
    """One study: a population frozen when it was taken, and up to six scenarios over it.

    ``facts_file`` and ``people_file`` are the hashes of the snapshots of facts and of the names and
    groups of enterprises (empty until they were taken); ``taken`` tells what was found. Only the
    owner changes a study; ``shared`` lets colleagues with the same reach read and copy it.
    """

    class Population(models.TextChoices):
        CURRENT = "current", "现有数据"
        IMPORTED = "imported", "上传的工作簿"
        DEMO = "demo", "演示省（虚构）"

    title = models.CharField("名称", max_length=120)
    note = models.CharField("说明", max_length=400, blank=True)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    year = models.SmallIntegerField("年度")
    as_of = models.DateField("按何日取值", null=True, blank=True)
    deadline = models.DateField("申报截止", null=True, blank=True)
    population = models.CharField("对象", max_length=10, choices=Population)
    # Evidence files by kind of workbook, for an imported population.
    sources = models.JSONField("上传文件", default=dict, blank=True)
    facts_file = models.CharField("事实快照", max_length=64, blank=True)
    people_file = models.CharField("名称快照", max_length=64, blank=True)
    known_at = models.DateTimeField("取数时间", null=True, blank=True)
    # Rows by subject, and what reading the files found.
    taken = models.JSONField("取数结果", default=dict, blank=True)
    shared = models.BooleanField("同事可看", default=False)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("最近修改", auto_now=True)

    class Meta:
        verbose_name = "政策沙盘"
        verbose_name_plural = "政策沙盘"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


@tracked(exclude=["files"])
class SandboxScenario(models.Model):
    """One scenario: an installed version or a copy of a draft's files, other values, readings.

    ``files`` (``slug/name`` → text) stand in for those of ``base`` where rules were changed;
    ``overrides`` maps parameters to typed text, ``None`` for 未定. The first place is what the
    others are compared with.
    """

    study = models.ForeignKey(SandboxStudy, models.PROTECT, related_name="scenarios")
    place = models.SmallIntegerField("次序")
    name = models.CharField("名称", max_length=60)
    slug = models.CharField("政策", max_length=60)
    base = models.ForeignKey(
        "policies.PackVersion", models.PROTECT, null=True, related_name="+", verbose_name="版本"
    )
    draft = models.ForeignKey(
        "policies.PackDraft", models.PROTECT, null=True, related_name="+", verbose_name="起草稿"
    )
    draft_version = models.IntegerField("起草稿版本", null=True, blank=True)
    files = models.JSONField("改动的规则", default=dict, blank=True)
    overrides = models.JSONField("参数改动", default=dict, blank=True)
    readings = models.JSONField("读法", default=dict, blank=True)
    active = models.BooleanField("在用", default=True)
    version = models.IntegerField("版本", default=1)

    class Meta:
        verbose_name = "沙盘情景"
        verbose_name_plural = "沙盘情景"
        ordering = ["study", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "place"], condition=Q(active=True), name="scenario_place_once"
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=MOST_SCENARIOS), name="scenario_up_to_six"
            ),
            models.CheckConstraint(
                condition=Q(base__isnull=False) | ~Q(files={}), name="scenario_has_rules"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SandboxResult(models.Model):
    """One run of a scenario. The same fingerprint gives the same bytes in ``file``.

    ``fingerprint`` is over pack, facts, values, readings and dates; ``root_hash`` over all
    decisions; ``file`` the hash of the rows kept below the data directory. ``summary`` in fen.
    """

    study = models.ForeignKey(SandboxStudy, models.PROTECT, related_name="results")
    scenario = models.ForeignKey(SandboxScenario, models.PROTECT, related_name="results")
    fingerprint = models.CharField("输入散列", max_length=64, db_index=True)
    pack_hash = models.CharField("政策内容散列", max_length=64)
    snapshot = models.CharField("快照", max_length=64)
    as_of = models.DateField("取值日")
    overrides = models.JSONField("参数改动", default=dict)
    readings = models.JSONField("读法", default=dict)
    settled = models.JSONField("依答复与批准取值", default=dict)
    root_hash = models.CharField("决定根散列", max_length=64)
    file = models.CharField("结果文件散列", max_length=64)
    summary = models.JSONField("汇总", default=dict)
    engine = models.CharField("程序版本", max_length=40)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="运行人"
    )
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "沙盘结果"
        verbose_name_plural = "沙盘结果"
        ordering = ["-id"]
        triggers = append_only("sandbox_results_stay")

    def __str__(self) -> str:
        return f"{self.scenario} 第{self.pk}次"


class SandboxAnalysis(models.Model):
    """One question asked of a scenario: by which value it meets a budget, what a step of each
    parameter costs, two parameters as a table, ways to make a short budget do."""

    class Kind(models.TextChoices):
        SOLVE = "solve", "按预算求解"
        MARGINAL = "marginal", "每个参数的边际成本"
        HEAT = "heat", "两个参数的成本表"

    study = models.ForeignKey(SandboxStudy, models.PROTECT, related_name="analyses")
    scenario = models.ForeignKey(SandboxScenario, models.PROTECT, related_name="analyses")
    kind = models.CharField("种类", max_length=10, choices=Kind)
    fingerprint = models.CharField("输入散列", max_length=64)
    asked = models.JSONField("问", default=dict)
    found = models.JSONField("答", default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提问人"
    )
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "沙盘分析"
        verbose_name_plural = "沙盘分析"
        ordering = ["-id"]
        triggers = append_only("sandbox_analyses_stay")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
