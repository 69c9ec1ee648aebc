"""A book: accounts in one unit whose balances always add up to nothing."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked


@tracked()
class Book(models.Model):
    """Accounts of one matter in one unit: a special fund of a year, a pool, a quota.

    ``unit`` is what the whole numbers of its postings count. ``closed_until`` is the last day of
    the locked periods: no entry of that day or earlier comes in any more.
    """

    class Unit(models.TextChoices):
        FEN = "fen", "分（人民币）"
        COUNT = "count", "个"
        KGCE = "kgce", "千克标准煤"
        GRAM = "gram", "克"

    code = models.CharField("编号", max_length=80, unique=True)
    name = models.CharField("名称", max_length=200)
    unit = models.CharField("单位", max_length=8, choices=Unit)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    # What it is the book of in another room: ``programme:3``.
    about = models.CharField("事由对象", max_length=80, blank=True, db_index=True)
    closed_until = models.DateField("已关账至", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "账簿"
        verbose_name_plural = "账簿"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class PeriodLock(models.Model):
    """One closing of a book's periods, or its reopening by another person with a reason.

    Rows only come in; the newest says up to which day the book is closed (``None``: open again).
    ``balances`` are the balances by account code on that day, ``root_hash`` that of the entries.
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="locks")
    until = models.DateField("关账至", null=True)
    reason = models.CharField("说明", max_length=400, blank=True)
    balances = models.JSONField("余额", default=dict)
    root_hash = models.CharField("散列", max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "关账记录"
        verbose_name_plural = "关账记录"
        ordering = ["book", "id"]
        triggers = append_only("ledger_locks_stay")

    def __str__(self) -> str:
        return f"{self.book_id} 至 {self.until or '重新开账'}"
