"""Tables say in Chinese what they are, have a total order, and are as the migrations make them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.db.models import F, UniqueConstraint
from django.db.models.expressions import OrderBy

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    # History tables are made by the tracker and read through one screen of their own.
    if model.__module__.startswith("jigai.") and not hasattr(model, "pgh_id")
]


def name_of(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_it_has_a_chinese_name(model: type[models.Model]) -> None:
    assert CHINESE.search(str(model._meta.verbose_name))
    assert str(model._meta.verbose_name_plural) == str(model._meta.verbose_name)


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_its_order_leaves_no_two_rows_equal(model: type[models.Model]) -> None:
    assert is_total(model), f"ordering {model._meta.ordering} lets rows change places"


def is_total(model: type[models.Model]) -> bool:
    """Whether the default order contains something that is unique."""
    ordered = {column_of(item, model) for item in model._meta.ordering}
    single = any(field.unique for field in model._meta.concrete_fields if field.attname in ordered)
    return single or any(columns <= ordered for columns in unique_sets(model))


def unique_sets(model: type[models.Model]) -> Iterator[set[str]]:
    """Columns that are unique together, or whose function is."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.condition is None:
            parts = [part for whole in constraint.expressions for part in whole.flatten()]
            names = {*constraint.fields, *(part.name for part in parts if isinstance(part, F))}
            yield {model._meta.get_field(name).attname for name in names}


def column_of(item: object, model: type[models.Model]) -> str:
    if isinstance(item, OrderBy):
        item = item.expression
    name = item.name if isinstance(item, F) else str(item)
    name = name.lstrip("-")
    return model._meta.pk.attname if name == "pk" else model._meta.get_field(name).attname


def test_an_order_that_is_not_total_is_found() -> None:
    class Loose(models.Model):
        name = models.CharField(max_length=10)
        code = models.CharField(max_length=10, unique=True)

        class Meta:
            app_label = "nowhere"
            managed = False
            ordering = ["name"]

    try:
        assert not is_total(Loose)
        Loose._meta.ordering = ["-name", F("code").desc()]
        assert is_total(Loose)
        Loose._meta.ordering = ["name", "-pk"]
        assert is_total(Loose)
    finally:
        del apps.all_models["nowhere"]


@pytest.mark.django_db
def test_the_migrations_make_the_models(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(f"a migration is missing:\n{capsys.readouterr().out}")
