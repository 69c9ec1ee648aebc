"""Numbers of entries on a day: what targets and terms count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from jigai.core.access import Access
from jigai.core.access.scoping import region_prefix
from jigai.core.fields.formulas import many_true
from jigai.errors import JigaiError
from jigai.registers.models import EntrySpan, Register
from jigai.registers.selectors import countable, entries_on
from jigai.registers.shapes import Counting


def count_on(
    register: Register, day: dt.date, rule: str = "total", region: str = "",
    access: Access | None = None,
) -> int:  # fmt: skip
    """Entries of a register on a day under a counting rule, in a region and below; for a reader
    (``access``) of those whose number that reader may learn.

    A row of which the rule cannot tell does not count. Raises :class:`JigaiError` for an unknown
    rule.
    """
    counting = counting_rule(register, rule)
    rows = entries_on(register, day)
    if access is not None:
        rows = countable(access, rows)
    if region:
        rows = rows.filter(region_code__startswith=region_prefix(region))
    if counting is None or not counting.when:
        return rows.count()
    return len(counted(register, counting, list(rows)))


def counting_rule(register: Register, rule: str) -> Counting | None:
    """The rule of an id; ``None`` for ``total``. Raises :class:`JigaiError` for one unknown."""
    if rule == "total":
        return None
    found = next((c for c in register.schema.counting if c.id == rule), None)
    if found is None:
        raise JigaiError("no-counting", f"“{register.name}”没有计数规则“{rule}”", "核对代号")
    return found


def counted(
    register: Register, counting: Counting | None, spans: Sequence[EntrySpan]
) -> list[EntrySpan]:
    """The spans a rule counts."""
    if counting is None or not counting.when:
        return list(spans)
    where = f"计数规则“{counting.name}”"
    schema, rows = register.schema, [span.values for span in spans]
    answers = many_true(schema.fields, counting.when, rows, schema.constants, where=where)
    return [span for span, answer in zip(spans, answers, strict=True) if answer]
