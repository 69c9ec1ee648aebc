"""Take in a file of answers: what fits is booked once, what does not is kept apart."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable

from django.db import connection, transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.imports.reading import readable
from jigai.core.models import EvidenceFile, User
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.funding.budgets import money
from jigai.funding.models import BankAccount, PaymentBatch, PaymentOrder, ReturnFile
from jigai.funding.payments.answers import Answer, Answers, read_answers
from jigai.funding.payments.matching import Matched, Sent, match
from jigai.funding.payments.outcomes import carry_on
from jigai.funding.payments.selectors import MAKE
from jigai.funding.payments.services.release_batch import State, held_batch
from jigai.funding.pending_checks import checks_at_once

Progress = Callable[[str, float], None]
_PAID = """
    UPDATE funding_paymentorder o SET state = 'paid', paid_on = a.day
    FROM unnest(%s::bigint[], %s::date[]) AS a(id, day) WHERE o.id = a.id
"""
_RETURNED = """
    UPDATE funding_paymentorder o SET state = 'returned', returned_on = a.day,
      returned_reason = a.reason
    FROM unnest(%s::bigint[], %s::date[], %s::text[]) AS a(id, day, reason) WHERE o.id = a.id
"""
_DOUBTED = """
    UPDATE funding_bankaccount a SET state = 'proposed', note = d.note, verified_by_id = NULL,
      verified_at = NULL
    FROM unnest(%s::bigint[], %s::text[]) AS d(id, note) WHERE a.id = d.id
"""


def book_answers(
    *, batch: int, file: EvidenceFile, by: User, access: Access, progress: Progress | None = None
) -> ReturnFile:
    """Book the answers of a stored file; all of it in one transaction.

    A file whose control totals are wrong is recorded and nothing of it booked. Raises
    :class:`JigaiError` for a file taken in before, a batch that was not sent, or what is no such
    file.
    """
    tell = progress or (lambda _step, _share: None)
    tell("读取回单", 0.1)
    with readable(file) as path:
        answers = read_answers(path)
    tell("核对", 0.5)
    with transaction.atomic(), checks_at_once():
        row = held_batch(batch, access, MAKE)
        _may(row, file)
        matched = _match(row, answers)
        _book(row, matched, by)
        record = ReturnFile.objects.create(
            batch=row, name=file.name[:200], file_hash=file.sha256, evidence=file, by=by,
            rows=len(answers.rows), paid=len(matched.paid), returned=len(matched.returned),
            problems=matched.problems,
        )  # fmt: skip
    return record


def _may(row: PaymentBatch, file: EvidenceFile) -> None:
    if row.state not in (State.SENT, State.SETTLED):
        raise JigaiError("not-sent", f"支付批 {row.number} 还没有送出，不会有回单", "核对批号")
    before = ReturnFile.objects.filter(file_hash=file.sha256).select_related("batch").first()
    if before is not None:
        raise JigaiError(
            "answers-repeated",
            f"这个回单文件已于 {formats.moment(before.at)} 导入过"
            f"（{before.batch.number}，到账 {before.paid} 笔，退票 {before.returned} 笔）",
            "不用再导；要补记的，请银行另出文件",
        )


def _match(row: PaymentBatch, answers: Answers) -> Matched:
    wrong = answers.wrong_total()
    if wrong:
        return Matched(problems=[{
            "row": answers.total_row or None, "reference": "", "problem": wrong,
            "next": "整个文件没有记账；请银行重出完整的文件",
        }])  # fmt: skip
    held = PaymentOrder.objects.select_for_update(of=("self",)).filter(batch=row)
    told = held.order_by("id").values_list(
        "reference", "pk", "account__number", "amount_fen", "state"
    )
    orders = {reference: Sent(*rest) for reference, *rest in told}
    strange = {answer.reference for answer in answers.rows} - set(orders)
    others = PaymentOrder.objects.filter(reference__in=strange)
    elsewhere = dict(others.order_by("id").values_list("reference", "batch__number"))
    assert row.sent_at is not None
    return match(
        answers.rows, orders, elsewhere, sent_on=timezone.localdate(row.sent_at),
        today=timezone.localdate(),
    )  # fmt: skip


def _book(row: PaymentBatch, matched: Matched, by: User) -> None:
    if not matched.paid and not matched.returned:
        return
    with connection.cursor() as cursor:
        cursor.execute(_PAID, [_keys(matched.paid), [a.day for _, a in matched.paid]])
        cursor.execute(_RETURNED, [
            _keys(matched.returned), [a.day for _, a in matched.returned],
            [a.reason or "银行没有说明" for _, a in matched.returned],
        ])  # fmt: skip
    # Applications before the book, as everybody else locks them.
    carry_on(_keys([*matched.paid, *matched.returned]), by)
    _move_money(row, matched.paid, money.settle, by)
    _move_money(row, matched.returned, money.give_back, by)
    _doubt_accounts(_keys(matched.returned))
    if not row.orders.filter(state=PaymentOrder.State.SENT).exists():
        row.state = State.SETTLED
    row.version += 1
    row.save(update_fields=["state", "version"])


def _keys(rows: Iterable[tuple[int, Answer]]) -> list[int]:
    return [pk for pk, _answer in rows]


def _move_money(
    row: PaymentBatch, rows: list[tuple[int, Answer]], book: Callable[..., object], by: User
) -> None:
    """By day of the bank; a day whose period is closed counts as today."""
    programme = row.request.programme
    closed = programme.book.closed_until
    days: dict[dt.date, list[int]] = defaultdict(list)
    for pk, answer in rows:
        day = answer.day or timezone.localdate()
        days[timezone.localdate() if closed and day <= closed else day].append(pk)
    for day, keys in sorted(days.items()):
        orders = list(PaymentOrder.objects.filter(pk__in=keys).order_by("id"))
        book(programme=programme, orders=orders, on=day, by=by)


def _doubt_accounts(orders: list[int]) -> None:
    """An account that sent money back is looked at again before any more goes to it."""
    reasons = dict(
        PaymentOrder.objects.filter(pk__in=orders).order_by("id")
        .values_list("account", "returned_reason")
    )  # fmt: skip
    held = BankAccount.objects.select_for_update().filter(pk__in=reasons, state="verified")
    keys = list(held.order_by("id").values_list("pk", flat=True))
    words = [f"退票：{reasons[key]}"[:300] for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(_DOUBTED, [keys, words])
