"""Installed packs, evaluations and what people confirmed."""

from jigai.policies.models.confirmation import Confirmation
from jigai.policies.models.evaluation import Decision, EvaluationRun
from jigai.policies.models.pack import Clause, ClauseFact, PackParameter, PackVersion

__all__ = [
    "Clause",
    "ClauseFact",
    "Confirmation",
    "Decision",
    "EvaluationRun",
    "PackParameter",
    "PackVersion",
]
