"""Spares migrations that add triggers the rebuilding of models.

``AddTrigger`` of django-pgtrigger rebuilds the model it is about, and with it every model that
refers to it, although a trigger is SQL that was compiled when the migration was written and changes
nothing of a model. With triggers on every table that was about half the time of a first start.
"""

from __future__ import annotations

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


def leave_models_alone() -> None:
    """Let ``AddTrigger`` note its trigger in the options of the model without rebuilding it."""
    AddTrigger.state_forwards = _noted  # type: ignore[method-assign]


def _noted(self: AddTrigger, app_label: str, state: ProjectState) -> None:
    options = state.models[app_label, self.model_name.lower()].options
    options["triggers"] = [*options.get("triggers", []), self.trigger]
