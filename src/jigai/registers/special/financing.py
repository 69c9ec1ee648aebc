"""What becomes of a need pushed to an institution, and how often it comes to anything.

Clause GD 四.二: needs are listed and told to banks; the enterprise consents first (reading
“清单授权”).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from jigai.errors import JigaiError

PUSHED, RECEIVED, ACCEPTED, CREDITED, LENT, REFUSED = (
    "pushed", "received", "accepted", "credited", "lent", "refused",
)  # fmt: skip
STATES = {
    PUSHED: "待签收", RECEIVED: "已签收", ACCEPTED: "已受理", CREDITED: "已授信", LENT: "已放款",
    REFUSED: "未通过",
}  # fmt: skip
LOOKS = {
    PUSHED: "pending", RECEIVED: "info", ACCEPTED: "running", CREDITED: "ready", LENT: "done",
    REFUSED: "rejected",
}  # fmt: skip
# What an institution may report from each state; 放款 without 授信 recorded apart is common.
NEXT: Mapping[str, tuple[str, ...]] = {
    PUSHED: (), RECEIVED: (ACCEPTED, REFUSED), ACCEPTED: (CREDITED, LENT, REFUSED),
    CREDITED: (LENT, REFUSED), LENT: (), REFUSED: (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rates:
    """Outcomes of one institution: numbers of needs, amounts in fen, shares of those received.

    A share is ``None`` while nothing was received. ``silent`` are received ones without any
    outcome.
    """

    institution: str
    pushed: int
    received: int
    accepted: int
    credited: int
    lent: int
    refused: int
    silent: int
    credited_sum: int
    lent_sum: int

    @property
    def accepted_share(self) -> Fraction | None:
        """Accepted of those received."""
        return _share(self.accepted, self.received)

    @property
    def credited_share(self) -> Fraction | None:
        """Credited, or lent, of those received."""
        return _share(self.credited, self.received)

    @property
    def lent_share(self) -> Fraction | None:
        """Lent of those received."""
        return _share(self.lent, self.received)


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def rates(pushes: Iterable[Mapping[str, Any]]) -> list[Rates]:
    """Outcomes by institution of pushes as stored, the one with most pushes first.

    A need that was refused after it had been accepted counts as accepted and as refused.
    """
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in pushes:
        groups[one["institution_id"]].append(one)
    found = [_rates(rows) for rows in groups.values()]
    return sorted(found, key=lambda r: (-r.pushed, r.institution))


def _rates(rows: list[Mapping[str, Any]]) -> Rates:
    def count(*names: str) -> int:
        return sum(1 for row in rows if any(row.get(name) for name in names))

    silent = sum(1 for row in rows if row["state"] == RECEIVED)
    return Rates(
        institution=rows[-1]["institution"], pushed=len(rows), received=count("received_on"),
        accepted=count("accepted_on", "credited_on", "lent_on"),
        credited=count("credited_on", "lent_on"), lent=count("lent_on"),
        refused=count("refused_on"), silent=silent,
        credited_sum=sum(row.get("credited") or 0 for row in rows),
        lent_sum=sum(row.get("lent") or 0 for row in rows),
    )  # fmt: skip


def check_outcome(
    before: Mapping[str, Any], state: str, amount: int | None, reason: str
) -> None:  # fmt: skip
    """Raise :class:`JigaiError` for an outcome that does not follow, or lacks amount or reason.

    ``amount`` in fen; ``before`` the values of the push.
    """
    now = before["state"]
    if state not in NEXT[now]:
        allowed = "、".join(STATES[one] for one in NEXT[now])
        raise JigaiError(
            "outcome-step", f"这项需求{STATES[now]}，不能改成{STATES.get(state, state)}",
            f"可以填：{allowed}" if allowed else "没有下一步" if now != PUSHED else "先签收",
        )  # fmt: skip
    if state in (CREDITED, LENT) and not amount:
        raise JigaiError("outcome-amount", f"{STATES[state]}要写金额", "填写金额，如 300万元")
    if state not in (CREDITED, LENT) and amount:
        raise JigaiError("outcome-amount", "只有授信和放款填金额", "去掉金额，或改选结果")
    if state == REFUSED and not reason.strip():
        raise JigaiError("outcome-reason", "未通过要写原因", "写明原因，企业看得到")
    credited = before.get("credited")
    if state == LENT and amount and credited and amount > credited:
        raise JigaiError("outcome-more", "放款金额大于授信金额", "核对金额")
