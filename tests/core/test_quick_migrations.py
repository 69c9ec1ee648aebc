"""Migrations that only add things rebuild only what they are about: same database, same state."""

from __future__ import annotations

from typing import Any

import pgtrigger
import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

from jigai.core.quick_migrations import only_adds

NOTE = migrations.CreateModel(
    "Note",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("enterprise", models.ForeignKey("core.Enterprise", models.PROTECT)),
    ],
)
WORD = migrations.AddField("Note", "word", models.CharField(max_length=10, default=""))
BY_WORD = migrations.AddIndex("Note", models.Index(fields=["word"], name="by_word"))
LONGER = migrations.AlterField("Note", "word", models.CharField(max_length=20, default=""))


@pytest.fixture
def state() -> ProjectState:
    return MigrationLoader(connection=None).project_state(("core", "0001_initial"))


def apply(state: ProjectState, *operations: Any) -> list[str]:
    """Apply a migration of these operations; the statements it would run, comments left out."""
    migration = Migration("added", "core")
    migration.operations = list(operations)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(state, editor, collect_sql=True)
        return [line for line in editor.collected_sql if not line.startswith("--")]


def test_a_trigger_is_noted_and_the_model_is_not_rebuilt(state: ProjectState) -> None:
    built = state.apps.get_model("core", "enterprise")
    before = len(state.models["core", "enterprise"].options.get("triggers", []))
    trigger = pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)
    AddTrigger(model_name="Enterprise", trigger=trigger).state_forwards("core", state)
    assert len(state.models["core", "enterprise"].options["triggers"]) == before + 1
    assert state.apps.get_model("core", "enterprise") is built


@pytest.mark.django_db
def test_adding_gives_the_same_statements_and_leaves_other_models_alone(
    state: ProjectState, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = state.clone()
    built = state.apps.get_model("core", "enterprise")
    quick = apply(state, NOTE, WORD, BY_WORD)
    assert state.apps.get_model("core", "enterprise") is built and state.is_delayed
    monkeypatch.setattr("jigai.core.quick_migrations.only_adds", lambda migration: False)
    assert usual.apps.get_model("core", "enterprise")
    assert apply(usual, NOTE, WORD, BY_WORD) == quick and len(quick) > 3
    fields = [found.models["core", "note"].fields for found in (usual, state)]
    assert [list(found) for found in fields] == [["id", "enterprise", "word"]] * 2


@pytest.mark.django_db
def test_a_migration_that_changes_something_finds_every_model_up_to_date(
    state: ProjectState,
) -> None:
    built = state.apps.get_model("core", "enterprise")
    apply(state, NOTE, WORD)
    assert state.apps.get_model("core", "enterprise") is built
    apply(state, LONGER)
    assert state.apps.get_model("core", "enterprise") is not built
    assert relations(state) == ["note"]


@pytest.mark.django_db
def test_code_over_models_finds_them_up_to_date(state: ProjectState) -> None:
    assert state.apps.get_model("core", "enterprise")
    apply(state, NOTE)
    seen: list[Any] = []

    def look(apps: Any, _editor: Any) -> None:
        found = apps.get_model("core", "enterprise")._meta.related_objects
        seen.extend(r.related_model._meta.model_name for r in found if r.name == "note")

    migration = Migration("looked", "core")
    migration.operations = [migrations.RunPython(look)]
    with connection.schema_editor(atomic=False) as editor:
        migration.apply(state, editor)
    assert seen == ["note"]


def relations(state: ProjectState) -> list[str]:
    """Names of the models that refer to the enterprise as a note does."""
    found = state.apps.get_model("core", "enterprise")._meta.related_objects
    return [relation.name for relation in found if relation.name == "note"]


def test_what_counts_as_adding() -> None:
    def of(*operations: Any) -> Migration:
        migration = Migration("any", "core")
        migration.operations = list(operations)
        return migration

    assert only_adds(of(NOTE, WORD, BY_WORD))
    assert not only_adds(of(NOTE, LONGER))
    assert not only_adds(of(type("More", (migrations.RunSQL,), {})("SELECT 1")))


@pytest.mark.django_db
def test_every_trigger_the_migrations_name_is_in_the_database() -> None:
    state: ProjectState = MigrationLoader(connection=None).project_state()
    named = {
        (trigger.sql.table, trigger.sql.pgid)
        for model in state.models.values()
        for trigger in model.options.get("triggers", [])
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
                       "WHERE NOT tgisinternal")  # fmt: skip
        stored = set(cursor.fetchall())
    assert len(named) > 200
    assert named <= stored
