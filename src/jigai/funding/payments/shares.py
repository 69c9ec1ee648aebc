"""Who bears what: an amount split by weights, to the fen, with nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from jigai.funding.models import CostShare, Round

Weight = int | Decimal | Fraction
WHOLE = 100


def split(fen: int, weights: Sequence[Weight]) -> list[int]:
    """``fen`` by weights in whole fen (largest remainder; equal remainders go to the earlier).

    The parts always add up to ``fen``. Raises ``ValueError`` for weights that are negative or
    together nothing.
    """
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if whole <= 0 or min(exact) < 0:
        raise ValueError("weights must be positive together and never negative")
    wanted = [fen * weight / whole for weight in exact]
    parts = [int(share) for share in wanted]
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - wanted[at], at))
    for at in order[: fen - sum(parts)]:
        parts[at] += 1
    return parts


def levels_of(round_: Round) -> list[tuple[str, Decimal]]:
    """Levels and their percents, where a round's shares are all settled; else nothing.

    Nothing means that the round's fund bears everything.
    """
    rows = list(round_.cost_shares.order_by("place", "id"))
    known = [(row.level, row.percent) for row in rows if row.percent is not None]
    return known if known and len(known) == len(rows) else []


def split_levels(fen: int, levels: Sequence[tuple[str, Decimal]]) -> list[tuple[str, int]]:
    """What each level bears of an amount; a level that bears nothing is left out."""
    if not levels:
        return [("", fen)]
    parts = split(fen, [percent for _name, percent in levels])
    return [(name, part) for (name, _), part in zip(levels, parts, strict=True) if part]


def shares_told(shares: Sequence[CostShare]) -> str:
    """The rule in one sentence, for papers and pages."""
    if not shares:
        return "未设分级负担，由本专项资金全额负担"
    if any(share.percent is None for share in shares):
        open_ = "、".join(share.level for share in shares if share.percent is None)
        return f"分级负担比例未定（{open_}），暂由本专项资金全额负担"
    told = "，".join(f"{share.level} {share.percent.normalize():f}%" for share in shares
                     if share.percent is not None)  # fmt: skip
    return f"分级负担：{told}"
