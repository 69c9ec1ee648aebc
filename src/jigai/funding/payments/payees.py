"""Who is paid for an application: the enterprise, or each member of a consortium its share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jigai.funding.models import Application, ConsortiumMember
from jigai.funding.payments.shares import split
from jigai.policies.models import Decision

# (enterprise primary key, fen); an empty list where nobody can be named.
Payees = dict[int, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class _Share:
    consortium: int
    enterprise: int | None
    fen: int


def payees_of(applications: Sequence[Application]) -> Payees:
    """Payees with their part of ``decided_fen`` by application; three queries at most.

    A consortium's money goes by the shares of its members in the run that was decided on; where
    the meeting lowered the amount, in the same proportion to the fen.
    """
    pools = [item for item in applications if item.consortium_id is not None]
    shares = _shares(pools) if pools else {}
    found: Payees = {}
    for item in applications:
        fen = item.decided_fen or 0
        if item.consortium_id is None:
            found[item.pk] = [(item.enterprise_id, fen)]
        else:
            found[item.pk] = _members(fen, shares.get(item.pk, []))
    return found


def _members(fen: int, shares: Iterable[_Share]) -> list[tuple[int, int]]:
    """One payee an enterprise, even if it is a member twice."""
    sums: dict[int, int] = defaultdict(int)
    for share in shares:
        if share.enterprise is None:
            return []
        sums[share.enterprise] += share.fen
    if not sums:
        return []
    parts = split(fen, list(sums.values()))
    return [(enterprise, part) for enterprise, part in zip(sums, parts, strict=True) if part]


def _shares(pools: Sequence[Application]) -> dict[int, list[_Share]]:
    """What the run gave each member with a share, by application."""
    consortia = {item.consortium_id for item in pools}
    members = ConsortiumMember.objects.filter(consortium__in=consortia)
    # The key of a member in the facts of a run: its consortium's code and its own primary key.
    owner = {
        f"{code}#{pk}": (pool, firm)
        for pk, pool, code, firm in members.values_list(
            "pk", "consortium", "consortium__code", "enterprise"
        )
    }
    runs = dict(
        Decision.objects.filter(pk__in={item.decision_id for item in pools if item.decision_id})
        .order_by("id").values_list("pk", "run")
    )  # fmt: skip
    rows = Decision.objects.filter(
        run__in=set(runs.values()), subject=Decision.Subject.MEMBER, subject_key__in=owner,
        paid_fen__gt=0,
    )  # fmt: skip
    by_pool: dict[tuple[int, int], list[_Share]] = defaultdict(list)
    for run, key, fen in rows.order_by("id").values_list("run", "subject_key", "paid_fen"):
        pool, firm = owner[key]
        by_pool[run, pool].append(_Share(pool, firm, fen))
    return {
        item.pk: by_pool[runs[item.decision_id], item.consortium_id]
        for item in pools
        if item.decision_id in runs and item.consortium_id is not None
    }
