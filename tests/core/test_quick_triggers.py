"""Triggers added by migrations without rebuilding models: the same triggers, the same state."""

from __future__ import annotations

import pgtrigger
import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


def test_a_trigger_is_noted_and_the_model_is_not_rebuilt() -> None:
    state = MigrationLoader(connection=None).project_state(("core", "0001_initial"))
    built = state.apps.get_model("core", "enterprise")
    before = len(state.models["core", "enterprise"].options.get("triggers", []))
    trigger = pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)
    operation = AddTrigger(model_name="Enterprise", trigger=trigger)
    operation.state_forwards("core", state)
    assert len(state.models["core", "enterprise"].options["triggers"]) == before + 1
    assert state.apps.get_model("core", "enterprise") is built


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
