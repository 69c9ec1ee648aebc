"""Certificates and changes as stored; the interface for whoever asks how a project stands."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Q

from jigai.core.models import Enterprise
from jigai.registers.entry_values import Prepared, ValueProblem
from jigai.registers.models import EntrySpan, Register
from jigai.registers.special.filing import (
    Change,
    Difference,
    FilingState,
    Record,
    Stored,
    is_code,
    judged,
    match,
    plain_code,
    state_of,
)
from jigai.registers.special.ledger import find_register
from jigai.registers.special.stored_handling import span_of
from jigai.rules.errors import FormulaError
from jigai.rules.values import parse_quantity

RECORDS, CHANGES = "filing-records", "filing-changes"
# The constant of the register that says from which share on a change of investment is large.
SHARE = "投资变动起点"


@dataclass(frozen=True, slots=True)
class Line:
    """A project with its state, the differences, and whether its code is another's."""

    project: Stored
    state: FilingState
    differences: tuple[Difference, ...]

    @property
    def code_differs(self) -> bool:
        """Whether certificate and project say different project codes."""
        return any(d.what == "项目代码" for d in self.differences)


def filing_state_of(
    project_code: str = "", on: dt.date | None = None, *, enterprise: int | None = None,
    name: str = "",
) -> FilingState:  # fmt: skip
    """How a project stands on a day, found by its code, else by enterprise (key) and name.

    Only what registers say: for the comparison with a stored project use :func:`lines_of`.
    Raises ``ValueError`` where neither a code nor an enterprise with a name is given, or no day.
    """
    if on is None or not (project_code.strip() or (enterprise and name.strip())):
        raise ValueError("a day, and a project code or an enterprise with a name")
    code = plain_code(project_code)
    wanted = Q(values__code=code) if code else Q(pk__in=())
    if enterprise and name.strip():
        wanted |= Q(enterprise=enterprise)
    firm = Enterprise.objects.filter(pk=enterprise).values_list("name", flat=True).first() or ""
    project = Stored(0, name, "", code, enterprise, firm, None)
    found = match(project, _records(wanted, on))
    return state_of(found, _changes([r.key for r in found]), on)


def lines_of(projects: Sequence[Stored], on: dt.date) -> list[Line]:
    """Every project with its state and differences; three queries, whatever their number."""
    codes = {plain_code(p.code) for p in projects if p.code}
    firms = {p.enterprise for p in projects if p.enterprise}
    names = {p.name for p in projects}
    wanted = Q(values__code__in=codes) | Q(enterprise__in=firms) | Q(values__name__in=names)
    records = _records(wanted, on)
    by_code: dict[str, list[Record]] = defaultdict(list)
    by_firm: dict[int, list[Record]] = defaultdict(list)
    by_name: dict[str, list[Record]] = defaultdict(list)
    for one in records:
        by_code[one.code].append(one)
        by_name[one.name].append(one)
        if one.enterprise:
            by_firm[one.enterprise].append(one)
    changes = defaultdict(list)
    for change in _changes([r.key for r in records]):
        changes[change.record].append(change)
    share, found = change_share(), []
    for project in projects:
        near = {
            r.key: r
            for r in (
                *(by_code[plain_code(project.code)] if project.code else ()),
                *by_name[project.name],
                *by_firm.get(project.enterprise or 0, ()),
            )
        }  # fmt: skip
        mine = [c for key in near for c in changes[key]]
        state, differences = judged(project, near.values(), mine, on, share)
        found.append(Line(project, state, tuple(differences)))
    return found


def change_share() -> Fraction | None:
    """The share from which on a change of investment counts as large; ``None`` while unset."""
    register = find_register(RECORDS)
    text = register.schema.constants.get(SHARE, "") if register else ""
    try:
        quantity = parse_quantity(text) if text else None
    except FormulaError:
        return None
    return quantity.value if quantity is not None and not quantity.dimension else None


def _last_spans(rows: Any) -> Iterable[EntrySpan]:
    """The last span of every entry: what was corrected later counts for all days."""
    return {span.entry_id: span for span in rows.order_by("entry_id", "starts")}.values()


def _records(wanted: Q, on: dt.date) -> list[Record]:
    # By entry, not by span: a value that was changed since must not leave half of a history out.
    entries = EntrySpan.objects.filter(wanted, register__code=RECORDS).values("entry")
    rows = EntrySpan.objects.filter(entry__in=entries).order_by("entry_id", "starts")
    held: dict[int, list[EntrySpan]] = defaultdict(list)
    for span in rows:
        held[span.entry_id].append(span)
    return [_record(span_of(spans, on), spans[-1]) for spans in held.values()]


def _record(span: EntrySpan, last: EntrySpan) -> Record:
    """The certificate as it stood; what carries its own date is taken from the last word."""
    given, late = span.values, last.values
    firm = given.get("enterprise") or {}
    begun: dt.date | bool | None = _day(late, "started")
    if begun is None and late.get("building") == "no":
        begun = False
    return Record(
        key=span.entry_id, code=given.get("code") or "", name=given["name"], kind=given["kind"],
        certificate=given["certificate"], organ=given["organ"],
        decided=dt.date.fromisoformat(given["decided"]), enterprise=span.enterprise_id,
        firm=firm.get("name") or "", region=given.get("place") or "",
        location=given.get("location") or "", invest=given.get("invest"), started=begun,
        extended=_day(late, "extended"), valid_to=_day(late, "valid_to"), ends=last.ends,
    )  # fmt: skip


def _changes(records: Sequence[int]) -> list[Change]:
    rows = EntrySpan.objects.filter(register__code=CHANGES, values__record__id__in=records)
    return [
        Change(
            key=span.entry_id, record=span.values["record"]["id"], what=span.values["what"],
            on=dt.date.fromisoformat(span.values["changed"]), told=span.values.get("told") or "",
            certificate=span.values.get("certificate") or "",
            certified=_day(span.values, "certified"),
        )
        for span in _last_spans(rows)
    ]  # fmt: skip


def check_records(register: Register, rows: Sequence[Prepared]) -> None:
    """A project code in its form; what began is not "not begun"."""
    for row in rows:
        given = row.values
        if given.get("code") and not is_code(given["code"]):
            row.problems.append(
                ValueProblem("code", f"项目代码“{given['code']}”不是 24 位的写法",
                             "写成 2101-370812-07-02-123456；校验码平台不验")
            )  # fmt: skip
        if given.get("started") and given.get("building") == "no":
            row.problems.append(
                ValueProblem("building", "写了开工日期，又写没有开工", "核对是否已开工")
            )


def check_changes(register: Register, rows: Sequence[Prepared]) -> None:
    """A new certificate has both its number and its day."""
    for row in rows:
        given = row.values
        if bool(given.get("certificate")) != bool(given.get("certified")):
            row.problems.append(
                ValueProblem("certificate", "新证编号和换证日期要一起填",
                             "两项都填；还没有换证的都空着")
            )  # fmt: skip
        if given.get("certified") and given["certified"] < given["changed"]:
            row.problems.append(ValueProblem("certified", "换证日期早于变更日期", "核对两个日期"))


def _day(values: dict[str, Any], name: str) -> dt.date | None:
    text = values.get(name)
    return dt.date.fromisoformat(text) if text else None
