"""Investment by year, kind and statement: the statements of one project, kept apart."""

from __future__ import annotations

from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class ProjectInvestment(models.Model):
    """What one statement says of one kind of investment of a project. Integer fen.

    Statements never stand in for one another (reading U16): targets ask the statistical one,
    admission the filed one, subsidies the invoiced one; what a year plans is none of them.
    ``year`` 0 is the whole project.
    """

    class Statement(models.TextChoices):
        STATISTICAL = "statistical", "统计口径"
        FILED = "filed", "备案口径"
        INVOICED = "invoiced", "发票口径"
        PLANNED = "planned", "年度计划"

    class Kind(models.TextChoices):
        TOTAL = "total", "总投资"
        FIXED = "fixed", "固定资产投资"
        EQUIPMENT = "equipment", "设备投资"
        ROBOT = "robot", "机器人投资"
        SOFTWARE = "software", "软件投资"
        HARDWARE = "hardware", "信息化硬件投资"

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="investments")
    year = models.SmallIntegerField("年度", default=0)
    statement = models.CharField("口径", max_length=12, choices=Statement)
    kind = models.CharField("类别", max_length=10, choices=Kind)
    amount_fen = models.BigIntegerField("金额")
    source = models.CharField("来源", max_length=100)
    batch = models.ForeignKey(
        "core.ImportBatch", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.IntegerField("版本", default=1)

    class Meta:
        verbose_name = "项目投资"
        verbose_name_plural = "项目投资"
        ordering = ["project", "year", "statement", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year", "statement", "kind"], name="one_amount_a_statement"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_statement_display()} {self.get_kind_display()}"
