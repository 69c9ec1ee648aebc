"""What the workbench itself keeps: studies of the policy sandbox."""

from jigai.workbench.models.audience import AudienceEntry, AudienceList, AudienceNotice
from jigai.workbench.models.sandbox import (
    SandboxAnalysis,
    SandboxResult,
    SandboxScenario,
    SandboxStudy,
)

__all__ = [
    "AudienceEntry",
    "AudienceList",
    "AudienceNotice",
    "SandboxAnalysis",
    "SandboxResult",
    "SandboxScenario",
    "SandboxStudy",
]
