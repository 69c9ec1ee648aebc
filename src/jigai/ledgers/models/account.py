"""An account: what stands in one place of a book."""

from __future__ import annotations

import pgtrigger
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.ledgers.models.book import Book


class Account(models.Model):
    """One place of a book. ``balance`` is the sum of its postings, kept by the database itself.

    ``floor`` is the least it may hold: 0 for what can only be used up, ``None`` for where the
    quantity comes from. An entry that would take it lower fails as a whole, whoever else is at
    work. ``holder`` names whose it is in another room (``enterprise:7``).
    """

    class Kind(models.TextChoices):
        SOURCE = "source", "来源"
        AVAILABLE = "available", "可用"
        RESERVED = "reserved", "已占用"
        TRANSIT = "transit", "在途"
        USED = "used", "已使用"
        RECEIVABLE = "receivable", "应收回"
        OTHER = "other", "其他"

    book = models.ForeignKey(Book, models.PROTECT, related_name="accounts")
    code = models.CharField("科目", max_length=80)
    name = models.CharField("名称", max_length=200)
    kind = models.CharField("性质", max_length=12, choices=Kind)
    floor = models.BigIntegerField("余额下限", null=True, blank=True)
    balance = models.BigIntegerField("余额", default=0, editable=False)
    holder = models.CharField("所属对象", max_length=80, blank=True, db_index=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "科目"
        verbose_name_plural = "科目"
        ordering = ["book", "code"]
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], name="account_once_a_book"),
            models.CheckConstraint(
                condition=models.Q(floor__isnull=True) | models.Q(balance__gte=models.F("floor")),
                name="account_not_below_floor",
            ),
        ]
        triggers = [
            # Only postings move a balance, by the trigger on their own table.
            pgtrigger.Protect(
                name="balance_by_postings",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.* IS DISTINCT FROM NEW.* AND pg_trigger_depth() < 1"
                ),
            ),
            pgtrigger.Protect(
                name="account_starts_empty",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.balance <> 0"),
            ),
            *append_only("accounts_stay", may_update=True),
        ]

    def __str__(self) -> str:
        return self.name
