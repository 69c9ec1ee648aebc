"""National parameters as shipped, as of a day, and the preferences in force."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import cache

from jigai.paths import packs_dir
from jigai.registers.models import EntrySpan
from jigai.registers.selectors import entries_on, register_by_code
from jigai.registers.special.tax import Known
from jigai.rules.environment import all_parameters, parameter_as_of
from jigai.rules.loader import load_pack
from jigai.rules.schema import Parameter

CODE = "tax-preference-catalog"


@cache
def _national() -> dict[str, Parameter]:
    return all_parameters(load_pack(packs_dir() / "national"))


def parameters_on(day: dt.date) -> dict[str, Known]:
    """Every national parameter on a day, by id; without a value where it is undetermined."""
    found = {}
    for name, parameter in _national().items():
        known = parameter_as_of(parameter, day)
        value = known.value if isinstance(known.value, Fraction | int) else None
        found[name] = Known(
            name,
            parameter.name,
            None if value is None else Fraction(value),
            known.text or "未定",
            known.reference or "",
        )
    return found


def preferences_on(day: dt.date) -> list[EntrySpan]:
    """Preferences in force on a day, in the order they were entered."""
    return list(entries_on(register_by_code(CODE), day))
