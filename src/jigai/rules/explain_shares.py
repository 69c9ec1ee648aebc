"""Who pays an amount and when, in whole fen that add up to it."""

from __future__ import annotations

from collections.abc import Iterator

from jigai.rules.explanation import Entry, Explanation, Input
from jigai.rules.model import Model
from jigai.rules.plan import Plan
from jigai.rules.population import Part, parts
from jigai.rules.wording import yuan

KINDS = {"payers": "分担", "instalments": "分期"}


def shared_out(plan: Plan, kind: str, measure: str, amount: int) -> list[Part] | None:
    """Parts of an amount under a measure; ``None`` if it is undivided or a share is not set."""
    shares = getattr(plan, kind).get(measure)
    return parts(shares, amount) if shares else None


def share_entries(plan: Plan, model: Model, found: Explanation) -> Iterator[Entry]:
    """How the amount of the measure that applies is divided among payers and instalments."""
    if found.paid is None or len(found.chosen) != 1:
        return
    measure = found.chosen[0]
    for kind, stage in KINDS.items():
        if measure not in getattr(plan, kind):
            continue
        divided = shared_out(plan, kind, measure, found.paid)
        inputs = [Input(p.name, p.name, yuan(p.amount), computed=True) for p in divided or ()]
        yield Entry(
            stage,
            f"{stage}明细",
            model.measures[measure].clause,
            "按各份比例分，舍到分，余下的分按余数大小逐一补足",
            "、".join(f"{p.name} {yuan(p.amount)}" for p in divided) if divided else "比例没有确定",
            found.paid if divided else None,
            kind,
            inputs,
        )
