"""Saves fields of an application's form, one or many, without losing what another editor wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from jigai.core.access import Access
from jigai.core.fields.controls import given, written
from jigai.core.fields.shapes import Field, read_field
from jigai.core.fields.values import read_value, show_value
from jigai.errors import JigaiError
from jigai.funding.applications.editing import FORM, open_section
from jigai.funding.models import Application


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that another editor changed meanwhile: what was typed and what stands now."""

    field: Field
    mine: str
    theirs: str


@dataclass(slots=True)
class Saved:
    """What became of the fields: those saved, those another editor had changed, those unreadable
    with the reason."""

    application: Application
    fields: list[str] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    problems: dict[str, JigaiError] = field(default_factory=dict)


def fill_form(
    *, application: int, typed: Mapping[str, Any], before: Mapping[str, str], access: Access,
    overwrite: bool = False,
) -> Saved:  # fmt: skip
    """Store what was typed by field id. ``before`` is what each box held when it was drawn: a field
    that stands otherwise now is not overwritten unless ``overwrite`` says so.

    Raises :class:`JigaiError` where the form may not be changed (state, window, section).
    """
    with transaction.atomic():
        row = open_section(application=application, section=FORM, access=access)
        saved = Saved(row)
        for item in fields_of(row):
            if item.id in typed:
                _take(saved, item, typed[item.id], before.get(item.id, ""), overwrite)
        if saved.fields:
            row.save(update_fields=["values"])
    return saved


def fields_of(row: Application) -> list[Field]:
    """The fields of the measure's form; files belong among the materials."""
    fields = [read_field(content) for content in row.measure.fields]
    return [item for item in fields if item.type != "file"]


def shown_now(row: Application, item: Field) -> str:
    """A stored value as it stands in its box."""
    value = written(item, row.values.get(item.id))
    return "" if value is None else str(value)


def words_of(row: Application) -> list[tuple[str, str]]:
    """Label and value of every field, as people read them."""
    return [
        (item.shown_label, show_value(item, row.values.get(item.id))) for item in fields_of(row)
    ]


def _take(saved: Saved, item: Field, raw: Any, before: str, overwrite: bool) -> None:
    row = saved.application
    now = shown_now(row, item)
    mine = "" if raw is None else str(raw).strip()
    if mine == now:
        return
    if now != before and not overwrite:
        saved.clashes.append(Clash(item, mine, now))
        return
    try:
        row.values[item.id] = read_value(item, given(item, raw, row.values))
    except JigaiError as problem:
        saved.problems[item.id] = problem
        return
    saved.fields.append(item.id)
