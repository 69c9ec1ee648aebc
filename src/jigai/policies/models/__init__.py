"""Installed packs, evaluations, what people confirmed, decided and asked."""

from jigai.policies.models.confirmation import Confirmation
from jigai.policies.models.desk import Interpretation
from jigai.policies.models.draft import PackDraft
from jigai.policies.models.evaluation import Decision, EvaluationRun
from jigai.policies.models.item import PackItem
from jigai.policies.models.original import OriginalText
from jigai.policies.models.pack import Clause, ClauseFact, PackParameter, PackVersion
from jigai.policies.models.parameter_decision import ParameterDecision
from jigai.policies.models.proposal import PackProposal
from jigai.policies.models.succession import Succession
from jigai.policies.models.upstream import UpstreamDocument

__all__ = [
    "Clause",
    "ClauseFact",
    "Confirmation",
    "Decision",
    "EvaluationRun",
    "Interpretation",
    "OriginalText",
    "PackDraft",
    "PackItem",
    "PackParameter",
    "PackProposal",
    "PackVersion",
    "ParameterDecision",
    "Succession",
    "UpstreamDocument",
]
