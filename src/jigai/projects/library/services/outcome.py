"""How a change of many rows ended."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Done:
    """How many rows changed, and (name, why) of those that did not."""

    count: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, name: str, why: str) -> None:
        """A row stays as it is."""
        self.refused.append((name, why))

    @property
    def told(self) -> list[str]:
        """A sentence for each row that stayed."""
        return [f"{name}：{why}" for name, why in self.refused]

    def add(self, other: Done) -> None:
        """Count another part of the same work."""
        self.count += other.count
        self.refused += other.refused
