"""Which answers fit which orders; what does not fit is set apart with reason and next step."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jigai.funding.models import PaymentOrder
from jigai.funding.payments.answers import PAID, RETURNED, Answer

State: Any = PaymentOrder.State
_BANK = "请国库或银行更正这一行后，另出回单文件"


@dataclass(frozen=True, slots=True)
class Sent:
    """An order as the answers are compared with it."""

    pk: int
    account: str
    fen: int
    state: str


@dataclass(slots=True)
class Matched:
    """Answers that fit, with the order each is for, and the rows set apart."""

    paid: list[tuple[int, Answer]] = field(default_factory=list)
    returned: list[tuple[int, Answer]] = field(default_factory=list)
    problems: list[dict[str, object]] = field(default_factory=list)

    def isolate(self, answer: Answer, problem: str, next_: str) -> None:
        """Set a row apart."""
        self.problems.append(
            {"row": answer.row, "reference": answer.reference[:40], "problem": problem,
             "next": next_}
        )  # fmt: skip


def match(
    answers: Sequence[Answer], orders: Mapping[str, Sent], elsewhere: Mapping[str, str],
    *, sent_on: dt.date, today: dt.date,
) -> Matched:  # fmt: skip
    """``orders`` of the batch by reference; ``elsewhere`` names the batches of other references."""
    found = Matched()
    by_reference: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_reference[answer.reference].append(answer)
    for reference, rows in by_reference.items():
        fits = _one_voice(rows, found)
        if fits is None:
            continue
        order = orders.get(reference)
        if order is None:
            _unknown(fits, elsewhere, found)
        else:
            _compare(fits, order, found, sent_on, today)
    found.problems.sort(key=lambda item: int(str(item["row"])))
    return found


def _one_voice(rows: Sequence[Answer], found: Matched) -> Answer | None:
    """The row that speaks for a reference: the only one, or the first of several that agree."""
    first, *others = rows
    if any(other.told != first.told for other in others):
        for row in rows:
            found.isolate(row, "同一支付编号有互相矛盾的几行", _BANK)
        return None
    for row in others:
        found.isolate(row, f"与第 {first.row} 行重复，只记一次", "不用处理")
    return first


def _unknown(answer: Answer, elsewhere: Mapping[str, str], found: Matched) -> None:
    if not answer.reference:
        found.isolate(answer, "没有支付编号", _BANK)
    elif answer.reference in elsewhere:
        other = elsewhere[answer.reference]
        found.isolate(answer, f"是支付批 {other} 的，不是这一批的", f"到 {other} 的页面导入")
    else:
        found.isolate(answer, "平台没有这个支付编号", "请银行核对是否混入了别的款项")


def _compare(answer: Answer, order: Sent, found: Matched, sent_on: dt.date, today: dt.date) -> None:
    problem = _differs(answer, order, sent_on, today)
    if problem:
        found.isolate(answer, problem, _BANK)
    elif order.state == State.SENT:
        (found.paid if answer.result == PAID else found.returned).append((order.pk, answer))
    else:
        found.isolate(answer, *_answered(answer, order))


def _differs(answer: Answer, order: Sent, sent_on: dt.date, today: dt.date) -> str:
    if answer.fen != order.fen:
        return "金额与支付明细不符"
    if answer.account != order.account:
        return "收款账号与支付明细不符"
    if answer.result not in (PAID, RETURNED):
        return f"结果应是“{PAID}”或“{RETURNED}”"
    if answer.day is None or not sent_on <= answer.day <= today:
        return "日期读不出，或不在送出之后、今天之前"
    return ""


def _answered(answer: Answer, order: Sent) -> tuple[str, str]:
    """An order that has its answer: said again, or said otherwise."""
    if (order.state, answer.result) in ((State.PAID, PAID), (State.RETURNED, RETURNED)):
        return "这一笔以前的回单已经记过，没有重复记账", "不用处理"
    if order.state == State.PAID:
        return "这一笔已记到账，现在又说退票", "与银行核实；确已退回的，按资金追回登记收回"
    if order.state == State.RETURNED:
        return "这一笔已记退票，现在又说到账", "与银行核实，先不要重新支付"
    return "这一笔没有送出过", "查明文件来源"
