"""Long work of the workbench: runs of the policy sandbox, questions asked of it, its exports."""

from __future__ import annotations

from jigai.workbench.sandbox import work as work
