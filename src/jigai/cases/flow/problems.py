"""What a check of a procedure says: where, what is wrong, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.cases.flow.shapes import Evidence, Step
from jigai.core.fields.shapes import Field

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` is stable; ``severity`` is ``error`` (cannot be published) or ``warning``."""

    code: str
    where: str
    message: str
    fix: str
    severity: str = ERROR

    def __str__(self) -> str:
        return f"{self.where}：{self.message}。{self.fix}"


def at_step(step: Step) -> str:
    """The place of a step in words."""
    return f"步骤“{step.name or step.id}”"


def at_field(item: Field) -> str:
    """The place of a field in words."""
    return f"字段“{item.label or item.id}”"


def at_evidence(item: Evidence) -> str:
    """The place of a material in words."""
    return f"材料“{item.name or item.id}”"


def quoted(names: list[str]) -> str:
    """Names in quotation marks, one after another."""
    return "、".join(f"“{name}”" for name in names)
