"""Tables of the cases room."""

from jigai.cases.models.case import Case, CaseStep, Task
from jigai.cases.models.commitment import (
    CaseRating,
    Commitment,
    FulfilmentCheck,
    Revocation,
)
from jigai.cases.models.inspection import InspectionPick, InspectionPlan, InspectionSubject
from jigai.cases.models.procedure import CaseProcedure, ProcedureVersion
from jigai.cases.models.record import (
    CaseCounter,
    CaseEvidence,
    CaseRecord,
    CaseRound,
    Correction,
    Extension,
    Pause,
    Visit,
)
from jigai.cases.models.throttle import FilingThrottle

__all__ = [
    "Case",
    "CaseCounter",
    "CaseEvidence",
    "CaseProcedure",
    "CaseRating",
    "CaseRecord",
    "CaseRound",
    "CaseStep",
    "Commitment",
    "Correction",
    "Extension",
    "FilingThrottle",
    "FulfilmentCheck",
    "InspectionPick",
    "InspectionPlan",
    "InspectionSubject",
    "Pause",
    "ProcedureVersion",
    "Revocation",
    "Task",
    "Visit",
]
