"""Spares migrations that only add things the rebuilding of every related model.

While migrating, Django rebuilds the model an operation is about and, through its relations, nearly
every other one. With a history table beside every table that was nine tenths of a first start. What
an operation that adds a table, a column, an index, a constraint or a trigger does to the database
needs its own model only; so in a migration of such operations only that one is rebuilt. The rest
is marked as delayed, which Django itself makes good before it runs code over models, and which is
made good here before a migration that does anything else.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import CreateExtension
from django.db.migrations.migration import Migration
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterModelManagers,
    AlterModelOptions,
    CreateModel,
    RunPython,
    RunSQL,
)
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

# Exactly these: what derives from them may do more. Taking a trigger away needs its own model only
# as well; a table that gets a column has its history triggers written anew.
ADDING = frozenset({
    AddConstraint, AddField, AddIndex, AddTrigger, AlterModelManagers, AlterModelOptions,
    CreateExtension, CreateModel, RemoveTrigger, RunPython, RunSQL,
})  # fmt: skip
_apply = Migration.apply
_affected = ProjectState._find_reload_model


class _Quick:
    """Whether the migration being applied only adds; migrations are applied one at a time."""

    on = False


def quicken_migrations() -> None:
    """Apply migrations that only add things without rebuilding other models."""
    Migration.apply = _applied
    ProjectState._find_reload_model = _found
    AddTrigger.state_forwards = _noted  # type: ignore[method-assign]


def only_adds(migration: Migration) -> bool:
    """Whether every operation of a migration merely adds to what is there."""
    return all(type(operation) in ADDING for operation in migration.operations)


def _applied(self: Migration, project_state: ProjectState, *rest: Any, **named: Any) -> Any:
    quick = only_adds(self)
    if not quick:
        project_state.clear_delayed_apps_cache()
        project_state.apps  # noqa: B018 — renders all models anew
        project_state.is_delayed = False
    _Quick.on = quick
    try:
        return _apply(self, project_state, *rest, **named)
    finally:
        _Quick.on = False


def _found(self: ProjectState, app_label: str, model_name: str, delay: bool = False) -> Any:
    if not _Quick.on:
        return _affected(self, app_label, model_name, delay)
    self.is_delayed = True
    return {(app_label, model_name.lower())}


def _noted(self: AddTrigger, app_label: str, state: ProjectState) -> None:
    """A trigger is SQL compiled when the migration was written; nothing of a model changes."""
    options = state.models[app_label, self.model_name.lower()].options
    options["triggers"] = [*options.get("triggers", []), self.trigger]
