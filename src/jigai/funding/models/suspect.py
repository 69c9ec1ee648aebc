"""Sets of invoices and machines that look like the same thing paid for twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class SuspectSet(models.Model):
    """What shares a number, a sum or a machine, found over the whole platform, and a person's word.

    ``key`` is what the members share, squeezed. A set that grows after somebody ruled it distinct
    is open again: the ruling was about fewer papers.
    """

    class Kind(models.TextChoices):
        NUMBER = "number", "同号不同票"
        SUM = "sum", "销售方、日期、金额相同"
        SERIAL = "serial", "设备出厂编号相同"
        FUNDS = "funds", "已用于其他财政资金"
        LINE = "line", "同一票行多处列报"

    class State(models.TextChoices):
        OPEN = "open", "待核"
        REPEAT = "repeat", "确为重复"
        DISTINCT = "distinct", "不是重复"

    kind = models.CharField("类型", max_length=8, choices=Kind)
    key = models.CharField("共同点", max_length=300)
    members_count = models.IntegerField("票数", default=0)
    state = models.CharField("核定", max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField("理由", max_length=400, blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ruled_at = models.DateTimeField("核定时间", null=True, blank=True)
    version = models.IntegerField("版本", default=1)
    found_at = models.DateTimeField("发现时间", auto_now_add=True)

    class Meta:
        verbose_name = "疑似重复"
        verbose_name_plural = "疑似重复"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="suspect_once"),
            models.CheckConstraint(
                condition=models.Q(state="open") | ~models.Q(reason=""),
                name="ruling_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"


class SuspectMember(models.Model):
    """One paper of a set: an invoice line (``line_key``) or other funding (``fund_key``).

    By key and not by foreign key: the sets follow the papers and never hold them back.
    """

    suspect = models.ForeignKey(SuspectSet, models.CASCADE, related_name="members")
    line_key = models.BigIntegerField("发票行", null=True, blank=True)
    fund_key = models.BigIntegerField("其他资金", null=True, blank=True)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    enterprise = models.ForeignKey(
        "core.Enterprise", models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "疑似重复的票"
        verbose_name_plural = "疑似重复的票"
        ordering = ["suspect", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["suspect", "line_key", "fund_key"], nulls_distinct=False,
                name="suspect_member_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.line_key or self.fund_key)
