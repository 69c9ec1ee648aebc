"""Nothing tracked goes without a trace, not even by a statement past the platform."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model

from jigai.core.models import Enterprise, EnterpriseName
from jigai.funding.models import Consortium, InvoiceLine
from jigai.projects.models import Project
from tests.factories import make_enterprise, make_line, make_project

pytestmark = pytest.mark.django_db
TRACKED = sorted(
    {
        found
        for model in apps.get_models()
        if (found := getattr(model, "pgh_tracked_model", None)) is not None
        and found.__module__.startswith("jigai.")
    },
    key=lambda model: str(model._meta.label),
)


@pytest.mark.system("audit-log")
@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model._meta.label)
def test_every_tracked_table_has_a_trigger_for_each_kind_of_change(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bit_or(tgtype::int) FROM pg_trigger WHERE NOT tgisinternal "
            "AND tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_%%\\_%%'",
            [model._meta.db_table],
        )
        (kinds,) = cursor.fetchone()
    # Bits of pg_trigger.tgtype: 4 insert, 8 delete, 16 update.
    assert kinds is not None and kinds & 28 == 28


@pytest.mark.parametrize("model", [Enterprise, EnterpriseName, Project, InvoiceLine, Consortium])
def test_a_bare_delete_leaves_the_last_state(model: type[Model]) -> None:
    row = make_row(model)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [row.pk])
    events = apps.get_model(f"{model._meta.label}Event")
    labels = list(events.objects.filter(id=row.pk).order_by("pgh_id"))
    assert [event.pgh_label for event in labels] == ["insert", "delete"]
    named = {Project: "name", Enterprise: "name", Consortium: "name", EnterpriseName: "name"}
    field = named.get(model, "item")
    assert getattr(labels[-1], field) == getattr(row, field) != ""


def make_row(model: type[Model]) -> Model:
    if model is Enterprise:
        return make_enterprise("兖州甲机械有限公司")
    if model is EnterpriseName:
        return EnterpriseName.objects.create(enterprise=make_enterprise(), name="旧名")
    if model is Project:
        return make_project(make_enterprise())
    if model is Consortium:
        return Consortium.objects.create(year=2021, region_code="370812", code="1", name="甲组")
    return make_line(make_project(make_enterprise()))
