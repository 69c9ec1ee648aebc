"""Books, their accounts, and the entries that move quantities between accounts."""

from __future__ import annotations

from jigai.ledgers.models.account import Account
from jigai.ledgers.models.book import Book, PeriodLock
from jigai.ledgers.models.entry import Entry, Posting

__all__ = ["Account", "Book", "Entry", "PeriodLock", "Posting"]
