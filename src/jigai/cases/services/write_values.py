"""Writes form values of a case: the applicant's, or those a step may write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jigai.cases.flow.shapes import Procedure
from jigai.cases.models import Case
from jigai.cases.services.deed import Deed
from jigai.core.fields.shapes import Field
from jigai.core.fields.values import read_value, show_value
from jigai.errors import JigaiError


def applicants_fields(spec: Procedure) -> tuple[Field, ...]:
    """Fields no step writes: the applicant's."""
    stepwise = {name for step in spec.steps for name in step.write}
    return tuple(item for item in spec.fields if item.id not in stepwise)


def write_values(deed: Deed) -> dict[str, list[str]]:
    """Write what the form of a step brought into the fields it may write; what changed, in words.

    Raises :class:`JigaiError` for a required field left empty or a value that cannot be read.
    """
    given = deed.data.get("values") or {}
    names = set(deed.shape.write)
    fields = [item for item in deed.spec.fields if item.id in names]
    changed = take_values(deed.case, fields, given)
    missing = [f.label for f in fields if f.required and deed.case.values.get(f.id) is None]
    if missing:
        raise JigaiError("field-missing", f"没有填写：{'、'.join(missing)}", "填写后再办")
    if changed:
        deed.note("", verb="write", changed=changed)
    return changed


def take_values(
    case: Case, fields: Iterable[Field], given: Mapping[str, Any]
) -> dict[str, list[str]]:
    """Read what was given for these fields into the case; what changed as [before, after]."""
    values, changed = dict(case.values), {}
    for item in fields:
        if item.id not in given:
            continue
        value = read_value(item, given[item.id])
        if value != values.get(item.id):
            changed[item.label] = [show_value(item, values.get(item.id)), show_value(item, value)]
            values[item.id] = value
    case.values = values
    case.words = " ".join(filter(None, (show_value(f, values.get(f.id)) for f in
                                        case.release.spec.fields)))[:4000]  # fmt: skip
    return changed
