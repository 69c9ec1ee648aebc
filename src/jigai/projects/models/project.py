"""Projects: one record each, from the first idea to the evaluation, at all levels at once."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jigai.core.models.search import SearchColumn
from jigai.core.models.tracking import tracked
from jigai.projects.models.number import numbered
from jigai.projects.states import STATES, State


@tracked(exclude=["search"])
class Project(models.Model):
    """One project. Money in integer fen; ``None`` means "not known".

    ``number`` is given once and kept through moves and years; ``year`` is the first ledger it
    stood in, ``ledger_years`` all of them. ``state`` changes only by a recorded step.
    ``cell_errors`` names fields whose cell could not be read: their value is unknown, which is not
    the same as left empty. A row that repeats another is kept and points to it.
    """

    class Filing(models.TextChoices):
        YES = "yes", "已备案"
        NONE = "none", "未备案"
        UNKNOWN = "unknown", "不明"

    number = models.CharField("项目编号", max_length=30, blank=True, db_default="")
    state = models.CharField("所处阶段", max_length=12, choices=STATES, default=State.PLANNED.value)
    state_since = models.DateField("阶段起始日", null=True, blank=True)
    year = models.SmallIntegerField("年度", db_index=True)
    ledger_years = ArrayField(
        models.SmallIntegerField(), verbose_name="入账年度", blank=True, db_default=[]
    )
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    name = models.CharField("项目名称", max_length=200)
    code = models.CharField("项目代码", max_length=40, null=True, blank=True)
    enterprise = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, blank=True, related_name="projects"
    )
    enterprise_raw = models.CharField("填报单位", max_length=200)
    match = models.CharField("匹配方式", max_length=20, null=True, blank=True)
    filing_no = models.CharField("备案号", max_length=100, null=True, blank=True)
    filing = models.CharField("备案", max_length=10, choices=Filing, default=Filing.UNKNOWN)
    nature = models.CharField("建设性质", max_length=40, null=True, blank=True)
    total_fen = models.BigIntegerField("总投资", null=True, blank=True)
    fixed_fen = models.BigIntegerField("固定资产投资", null=True, blank=True)
    equipment_fen = models.BigIntegerField("设备投资", null=True, blank=True)
    robot_fen = models.BigIntegerField("机器人投资", null=True, blank=True)
    software_fen = models.BigIntegerField("软件投资", null=True, blank=True)
    hardware_fen = models.BigIntegerField("信息化硬件投资", null=True, blank=True)
    start = models.DateField("开工", null=True, blank=True)
    start_precision = models.CharField("开工精度", max_length=10, null=True, blank=True)
    end = models.DateField("竣工", null=True, blank=True)
    end_precision = models.CharField("竣工精度", max_length=10, null=True, blank=True)
    in_statistics = models.BooleanField("入统", null=True, blank=True)
    stage = models.CharField("进展", max_length=200, null=True, blank=True)
    other_support = models.CharField("其他财政支持", max_length=400, null=True, blank=True)
    # Ids of :mod:`jigai.core.project_tags`: industries, directions and clusters, several at once.
    tags = ArrayField(
        models.CharField(max_length=60), verbose_name="标签", default=list, blank=True
    )
    park = models.CharField("园区", max_length=100, null=True, blank=True)
    chain = models.CharField("产业链", max_length=60, null=True, blank=True)
    chain_position = models.CharField("产业链环节", max_length=60, null=True, blank=True)
    chain_effect = models.CharField("带动关系", max_length=400, null=True, blank=True)
    cell_errors = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    duplicate_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)
    batch = models.ForeignKey(
        "core.ImportBatch", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source_row = models.IntegerField("来源行", null=True, blank=True)
    version = models.IntegerField("版本", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    search = SearchColumn("name", "enterprise_raw", "code")

    class Meta:
        verbose_name = "项目"
        verbose_name_plural = "项目"
        ordering = ["id"]
        indexes = [
            GinIndex(fields=["search"], name="project_search"),
            GinIndex(fields=["tags"], name="project_tags"),
            models.Index(fields=["region_code", "year", "id"], name="project_region_year"),
            models.Index(fields=["state", "region_code", "id"], name="project_by_state"),
        ]
        constraints = [models.UniqueConstraint(fields=["number"], name="project_number_once")]
        triggers = [
            numbered("project_is_numbered"),
            pgtrigger.ReadOnly(name="project_number_stays", fields=["number"]),
        ]

    def __str__(self) -> str:
        return self.name
