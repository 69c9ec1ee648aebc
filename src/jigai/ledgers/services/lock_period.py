"""Close the periods of a book, or open them again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from jigai.core.models import User
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.ledgers.models import Book, PeriodLock
from jigai.ledgers.selectors import balances_on, root_hash, wrong_balances


def lock_period(*, book: int, until: dt.date, by: User, reason: str = "") -> PeriodLock:
    """Close a book up to a day, that day included; balances and the hash of its entries are kept.

    Raises :class:`JigaiError` for a day to come, one already closed, or balances that are not the
    sums of their postings.
    """
    with transaction.atomic():
        # Waits for everybody who is posting just now.
        held = Book.objects.select_for_update().get(pk=book)
        if until >= timezone.localdate():
            raise JigaiError("day-not-over", "只能关到昨天及以前", "当天的账还没有结束")
        if held.closed_until is not None and until <= held.closed_until:
            raise JigaiError(
                "already-closed", f"账簿已关账至 {formats.day(held.closed_until)}", "选更晚的日期"
            )
        wrong = wrong_balances(held)
        if wrong:
            raise JigaiError("books-disagree", f"科目余额与分录不符：{'、'.join(wrong)}", "先查明")
        lock = PeriodLock.objects.create(
            book=held, until=until, reason=reason.strip(), by=by,
            balances=balances_on(held, until), root_hash=root_hash(held, until),
        )  # fmt: skip
        _set(held, until)
    return lock


def reopen_period(*, book: int, until: dt.date | None, reason: str, by: User) -> PeriodLock:
    """Open periods again after ``until`` (``None``: all of them), with a reason.

    Raises :class:`JigaiError` without a reason, for the person who closed it, and where nothing
    would open.
    """
    with transaction.atomic():
        held = Book.objects.select_for_update().get(pk=book)
        if held.closed_until is None or (until is not None and until >= held.closed_until):
            raise JigaiError("not-closed", "这段期间没有关账", "刷新页面查看关账记录")
        if not reason.strip():
            raise JigaiError("no-reason", "重新开账要说明理由", "写清要更正什么")
        last = held.locks.filter(until=held.closed_until).order_by("-id").first()
        if last is not None and last.by_id == by.pk:
            raise JigaiError("same-person", "关账和重新开账须由两个人办理", "请另一位同事办理")
        lock = PeriodLock.objects.create(book=held, until=until, reason=reason.strip(), by=by)
        _set(held, until)
    return lock


def _set(book: Book, until: dt.date | None) -> None:
    book.closed_until = until
    book.save(update_fields=["closed_until"])
