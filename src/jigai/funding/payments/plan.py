"""What a batch would pay now, and what cannot be paid and why. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from jigai.core.models import Enterprise
from jigai.core.models.enterprise import EnterpriseName
from jigai.funding.models import (
    Application,
    BankAccount,
    PaymentOrder,
    PaymentRequest,
    Programme,
    RequestLine,
)
from jigai.funding.payments.accounts import verified_of
from jigai.funding.payments.payees import payees_of
from jigai.funding.payments.shares import levels_of, split_levels
from jigai.sheets.values.names import canonical_name

LIVING = (PaymentOrder.State.WAITING, PaymentOrder.State.SENT, PaymentOrder.State.PAID)
_RESERVED = """
    SELECT e.about, sum(p.amount)::bigint FROM ledgers_entry e
    JOIN ledgers_posting p ON p.entry_id = e.id
    JOIN ledgers_account a ON a.id = p.account_id AND a.code = 'reserved'
    WHERE e.book_id = %s AND e.about = ANY(%s) GROUP BY e.about
"""
Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment to make; ``replaces`` is the returned order it is made for anew."""

    application: int
    enterprise: int
    account: int
    level: str
    fen: int
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Blocked:
    """An application that cannot be paid now: why, and what to do next."""

    application: Application
    reason: str
    next: str


@dataclass(slots=True)
class Plan:
    """What would be paid and what not; ``done`` applications have all their payments already."""

    payments: list[Payment] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    done: int = 0

    @property
    def fen(self) -> int:
        """The sum of the payments."""
        return sum(payment.fen for payment in self.payments)


@dataclass(slots=True)
class _Known:
    """Everything the plan looks at, read once."""

    payees: Mapping[int, Sequence[tuple[int, int]]]
    accounts: Mapping[int, BankAccount]
    names: Mapping[int, set[str]]
    firms: Mapping[int, str]
    reserved: Mapping[int, int]
    living: Mapping[int, Mapping[Key, int]]
    returned: Mapping[int, Mapping[Key, int]]


def plan_batch(request: PaymentRequest, only: Iterable[int] | None = None) -> Plan:
    """The payments of a request's granted lines that are still to be made.

    A fixed number of queries, however many lines.
    """
    lines = request.lines.filter(state=RequestLine.State.GRANTED)
    if only is not None:
        lines = lines.filter(application__in=list(only))
    rows = list(lines.select_related("application").order_by("place", "id"))
    applications = [line.application for line in rows]
    known = _known(request.programme, applications)
    levels = levels_of(request.round)
    plan = Plan()
    for line in rows:
        _plan_one(plan, line, levels, known)
    return plan


def _known(programme: Programme, applications: Sequence[Application]) -> _Known:
    payees = payees_of(applications)
    firms = {firm for parts in payees.values() for firm, _fen in parts}
    names: dict[int, set[str]] = defaultdict(set)
    told = dict(Enterprise.objects.filter(pk__in=firms).order_by("id").values_list("pk", "name"))
    former = EnterpriseName.objects.filter(enterprise__in=firms).order_by("id")
    for firm, name in [*told.items(), *former.values_list("enterprise", "name")]:
        names[firm].add(canonical_name(name))
    keys = [item.pk for item in applications]
    living, returned = _orders(keys)
    return _Known(
        payees, verified_of(list(firms)), names, told, reserved_of(programme, keys), living,
        returned,
    )  # fmt: skip


def _orders(keys: Sequence[int]) -> tuple[dict[int, dict[Key, int]], dict[int, dict[Key, int]]]:
    """Amounts of living orders and keys of returned ones not yet replaced, by application."""
    living: dict[int, dict[Key, int]] = defaultdict(dict)
    returned: dict[int, dict[Key, int]] = defaultdict(dict)
    rows = PaymentOrder.objects.filter(application__in=keys).exclude(state="void")
    told = rows.order_by("id").values_list(
        "pk", "application", "enterprise", "level", "amount_fen", "state", "replaced_by"
    )
    for pk, application, firm, level, fen, state, replaced in told:
        if state in LIVING:
            living[application][firm, level] = fen
        elif replaced is None:
            returned[application][firm, level] = pk
    return living, returned


def reserved_of(programme: Programme, applications: Iterable[int]) -> dict[int, int]:
    """What stands bound for each application in the fund's book, in fen; one query."""
    keys = [f"application:{pk}" for pk in applications]
    with connection.cursor() as cursor:
        cursor.execute(_RESERVED, [programme.book_id, keys])
        return {int(about.partition(":")[2]): fen for about, fen in cursor.fetchall()}


def _plan_one(plan: Plan, line: RequestLine, levels: Sequence[tuple[str, object]],
              known: _Known) -> None:  # fmt: skip
    item = line.application
    parts = {
        (firm, level): part
        for firm, fen in known.payees[item.pk]
        for level, part in split_levels(fen, levels)  # type: ignore[arg-type]
    }
    living = known.living.get(item.pk, {})
    fresh = {key: fen for key, fen in parts.items() if key not in living}
    if parts and not fresh:
        plan.done += 1
        return
    why = _why_not(line, parts, fresh, known)
    if why is not None:
        plan.blocked.append(Blocked(item, *why))
        return
    returned = known.returned.get(item.pk, {})
    plan.payments += [
        Payment(item.pk, firm, known.accounts[firm].pk, level, fen, returned.get((firm, level)))
        for (firm, level), fen in fresh.items()
    ]


def _why_not(
    line: RequestLine, parts: Mapping[Key, int], fresh: Mapping[Key, int], known: _Known
) -> tuple[str, str] | None:
    """Reason and next step, or nothing in the way."""
    item = line.application
    if item.state != Application.State.CLEARED:
        return f"申报现在是“{item.get_state_display()}”", "等它回到“待拨付”再制单"
    if item.stale:
        return f"待重算：{item.stale}", "主管部门重新测算并确认金额后再制单"
    if item.decided_fen != line.amount_fen:
        return "审定金额与请示不同", "主管部门重新请款"
    if not parts:
        return "共同体没有成员的分配结果", "重新测算本批次，或补齐成员与名录的对应"
    living = sum(known.living.get(item.pk, {}).values())
    if living + sum(fresh.values()) != item.decided_fen:
        return "与已经支付的份额对不上", "核对成员份额或分级比例是否变过"
    if known.reserved.get(item.pk, 0) < sum(fresh.values()):
        return "专项资金里没有为它占用足够的预算", "先在审定名单里占用预算"
    return _account_wrong({firm for firm, _level in fresh}, known)


def _account_wrong(firms: Iterable[int], known: _Known) -> tuple[str, str] | None:
    for firm in sorted(firms):
        account = known.accounts.get(firm)
        if account is None:
            return (
                f"{known.firms[firm]}没有核对过的收款账户",
                "请企业提交账户，由另一人核对",
            )
        if canonical_name(account.holder) not in known.names[firm]:
            return (
                f"收款账户的户名“{account.holder}”与“{known.firms[firm]}”不符",
                "请企业提交更名证明登记曾用名，或换成自己的账户",
            )
    return None
