"""Plans of random inspection: whom they may meet, what was promised before, who was drawn."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.cases.models.case import Case
from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked


@tracked()
class InspectionPlan(models.Model):
    """One plan. Once published its population stands; once drawn its seed does.

    ``number`` is how many are drawn; else ``permille`` of the population, rounded up; ``strata``
    gives a share (‰) of its own to a stratum. ``exempt_after`` leaves out whoever had that many
    clean results in a row; empty is 未定 and leaves nobody out. ``commitment`` is the SHA-256 of a
    seed somebody else keeps until the draw.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草拟"
        PUBLISHED = "published", "已公布名单，待抽取"
        DRAWN = "drawn", "已抽取"

    class Subject(models.TextChoices):
        ENTERPRISE = "enterprise", "企业"
        CASE = "case", "已办结的审批、备案和承诺事项"
        FILING = "filing", "备案核准的项目"
        PROJECT = "project", "技改项目库里的项目"

    class SeedKind(models.TextChoices):
        PUBLIC = "public", "公布以后才产生的公开数"
        COMMIT = "commit", "先公布散列、后公开原文"

    name = models.CharField("计划名称", max_length=120)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    basis = models.CharField("依据", max_length=300)
    period_from = models.DateField("检查期自")
    period_to = models.DateField("检查期至")
    subject = models.CharField("抽查对象", max_length=12, choices=Subject)
    # ``industry`` a code prefix; ``since`` and ``until`` ISO days; ``procedure`` a code.
    filters = models.JSONField("范围", default=dict, blank=True)
    number = models.IntegerField("抽取数量", null=True, blank=True)
    permille = models.IntegerField("抽取比例（‰）", null=True, blank=True)
    strata = models.JSONField("分层比例（‰）", default=dict, blank=True)
    # Lines of departments that go along.
    joint = models.JSONField("联合部门", default=list, blank=True)
    exempt_after = models.IntegerField("连续无问题几次免检", null=True, blank=True)
    seed_kind = models.CharField("种子来历", max_length=8, choices=SeedKind)
    seed_source = models.CharField("种子出处", max_length=300)
    seed_day = models.DateField("种子产生日期", null=True, blank=True)
    commitment = models.CharField("种子散列", max_length=64, blank=True)
    seed = models.CharField("种子", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    population_size = models.IntegerField("名单数", default=0)
    population_sha256 = models.CharField("名单散列", max_length=64, blank=True)
    exempted = models.JSONField("免检的", default=list, blank=True)
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    drawn_at = models.DateTimeField("抽取时间", null=True, blank=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "抽查计划"
        verbose_name_plural = "抽查计划"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class InspectionSubject(models.Model):
    """One of the population, as it stood when the list was published. Rows only come in.

    ``key`` is the credit code, else the number of the matter; ``ref`` names the record it is here
    (``enterprise:5``, ``case:9``).
    """

    plan = models.ForeignKey(InspectionPlan, models.PROTECT, related_name="subjects")
    key = models.CharField("编码", max_length=120)
    name = models.CharField("名称", max_length=300)
    stratum = models.CharField("层", max_length=20, blank=True)
    ref = models.CharField("对象", max_length=60)
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "抽查名单"
        verbose_name_plural = "抽查名单"
        ordering = ["plan", "key"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="inspection_subject_once")
        ]
        triggers = append_only("inspection_subjects_stay")

    def __str__(self) -> str:
        return self.name


class InspectionPick(models.Model):
    """Somebody drawn, in the order drawn, with the case that follows. Rows only come in."""

    plan = models.ForeignKey(InspectionPlan, models.PROTECT, related_name="picks")
    subject = models.OneToOneField(InspectionSubject, models.PROTECT, related_name="pick")
    place = models.IntegerField("抽中次序")
    score = models.CharField("散列", max_length=64)
    case = models.OneToOneField(Case, models.PROTECT, related_name="inspection")

    class Meta:
        verbose_name = "抽中对象"
        verbose_name_plural = "抽中对象"
        ordering = ["plan", "place"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "place"], name="inspection_place_once")
        ]
        triggers = append_only("inspection_picks_stay")

    def __str__(self) -> str:
        return f"{self.place} {self.subject}"
