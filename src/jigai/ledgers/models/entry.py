"""An entry moves quantities between accounts of a book; it is written once and never changed."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from jigai.core.models.append_only import NEW_ROWS, append_only
from jigai.ledgers.models.account import Account
from jigai.ledgers.models.book import Book

_NOT_LOCKED = """
    IF EXISTS (SELECT 1 FROM ledgers_book b WHERE b.id = NEW.book_id
               AND b.closed_until IS NOT NULL AND NEW.happened_on <= b.closed_until) THEN
      RAISE EXCEPTION 'ledger period is locked' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ledger_period_locked';
    END IF;
    RETURN NEW;
"""
# One update an account and statement, in the order of their keys: two people who post to the same
# accounts wait for each other and never lock each other out.
_BALANCES = """
    PERFORM 1 FROM ledgers_account WHERE id IN (SELECT account_id FROM new_values)
      ORDER BY id FOR UPDATE;
    UPDATE ledgers_account a SET balance = a.balance + moved.amount
      FROM (SELECT account_id, sum(amount)::bigint AS amount FROM new_values GROUP BY account_id)
        AS moved
      WHERE a.id = moved.account_id AND moved.amount <> 0;
    RETURN NULL;
"""
# The postings of an entry come in one statement, so one look at the statement tells.
_BALANCED = """
    IF EXISTS (SELECT 1 FROM ledgers_posting p
               WHERE p.entry_id IN (SELECT entry_id FROM new_values)
               GROUP BY p.entry_id HAVING sum(p.amount) <> 0) THEN
      RAISE EXCEPTION 'postings of an entry do not balance' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ledger_entry_balances';
    END IF;
    RETURN NULL;
"""
_SAME_BOOK = """
    IF EXISTS (SELECT 1 FROM new_values p JOIN ledgers_entry e ON e.id = p.entry_id
               JOIN ledgers_account a ON a.id = p.account_id WHERE a.book_id <> e.book_id) THEN
      RAISE EXCEPTION 'posting to an account of another book' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'ledger_one_book';
    END IF;
    RETURN NULL;
"""


class Entry(models.Model):
    """What moved, when and why. ``key`` makes it happen once: the same key never posts again.

    ``reverses`` is the entry it takes back (a counter-entry); an entry is taken back once at most.
    ``about`` names what it belongs to in another room (``application:12``); ``basis`` holds clause,
    paper and reason for people.
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="entries")
    key = models.CharField("幂等键", max_length=160, unique=True)
    kind = models.CharField("事项", max_length=40)
    happened_on = models.DateField("日期")
    text = models.CharField("摘要", max_length=300)
    about = models.CharField("事由对象", max_length=80, blank=True, db_index=True)
    basis = models.JSONField("依据", default=dict)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("记账时间", auto_now_add=True)

    class Meta:
        verbose_name = "分录"
        verbose_name_plural = "分录"
        ordering = ["book", "id"]
        indexes = [models.Index(fields=["book", "-id"], name="entry_of_book")]
        triggers = [
            pgtrigger.Trigger(
                name="entry_after_lock",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_NOT_LOCKED,
            ),
            *append_only("entries_stay"),
        ]

    def __str__(self) -> str:
        return self.text


class Posting(models.Model):
    """One side of an entry: ``amount`` comes to the account (positive) or leaves it (negative).

    The postings of an entry add up to nothing; they come in one statement, which the database
    refuses otherwise.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings")
    amount = models.BigIntegerField("数额")

    class Meta:
        verbose_name = "分录行"
        verbose_name_plural = "分录行"
        ordering = ["entry", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="posting_moves_something")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="posting_moves_balance",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=NEW_ROWS,
                func=_BALANCES,
            ),
            pgtrigger.Trigger(
                name="posting_in_one_book",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=NEW_ROWS,
                func=_SAME_BOOK,
            ),
            pgtrigger.Trigger(
                name="posting_balances",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=NEW_ROWS,
                func=_BALANCED,
            ),
            *append_only("postings_stay"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount:+d}"
