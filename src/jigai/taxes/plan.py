"""Tax effects of a renovation plan, year by year: the contract other screens build on."""

from __future__ import annotations

from jigai.taxes.law import Law
from jigai.taxes.shapes import (
    BUILDING,
    DEFERRED,
    ELECTRONICS,
    MACHINE,
    RECOVERED,
    SAVED,
    TOOL,
    VEHICLE,
    Combination,
    Effect,
    PlanEffects,
    PlannedAsset,
    RenovationPlan,
    Taxpayer,
)

__all__ = [
    "BUILDING", "DEFERRED", "ELECTRONICS", "MACHINE", "RECOVERED", "SAVED", "TOOL", "VEHICLE",
    "Combination", "Effect", "PlanEffects", "PlannedAsset", "RenovationPlan", "Taxpayer",
    "plan_effects",
]  # fmt: skip


def plan_effects(plan: RenovationPlan, law: Law) -> PlanEffects:
    """Every instrument of the law on a plan and the best admissible combination of them.

    Money in fen by calendar year; unknown stays ``None`` and is named. Raises
    :class:`jigai.errors.JigaiError` for a plan with nothing in it.
    """
    from jigai.taxes.choose import chosen_effects

    return chosen_effects(plan, law)
