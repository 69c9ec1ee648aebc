"""Parts of an explanation that no stage owns: policy status, invoice lines, what is unverified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from jigai.rules.bearing import Bearing
from jigai.rules.binding import Environment, bind
from jigai.rules.blame import MATCH, Blame
from jigai.rules.environment import Status, status_on
from jigai.rules.explanation import Entry, LineExplanation, Unverified
from jigai.rules.facts import Row
from jigai.rules.measure_trace import gate_column
from jigai.rules.model import Model
from jigai.rules.phrases import describe_formula
from jigai.rules.plan import CheckPlan, MeasurePlan
from jigai.rules.settle import settle
from jigai.rules.trace import Tracer
from jigai.rules.wording import date_text

# A pack that judges invoice lines names the verdict, class and amount of a line like this.
LINE_STATUS, LINE_CLASS, LINE_AMOUNT = "line_status", "counted_class", "line_amount"
LINE_COUNTED, LINE_PAYABLE = "is_counted", "is_payable_line"


def status_entry(model: Model, env: Environment) -> tuple[Status | None, Entry]:
    """Whether the policy was in force on the day its validity clause asks about."""
    identity, validity = model.pack.identity, model.pack.measures.validity
    formula, clause, day = "申报截止日", "", env.context.get("deadline")
    if validity is not None:
        node = model.formulas["validity", "", "date"]
        bound = bind(node, env)
        day = bound.value if bound.op == "const" else None
        formula, clause = describe_formula(settle(node, env), model, env), validity.clause
    status = status_on(identity, day) if day is not None else None
    begin, end = date_text(identity.effective_from), date_text(identity.effective_to)
    word = status.value if status else "未定"
    result = word if status is Status.IN_FORCE else f"仅模拟：{word}"
    entry = Entry(
        "有效期",
        "政策有效期",
        clause,
        f"{formula}在 {begin} 至 {end} 之内（首尾两日都算）",
        result,
        day.isoformat() if day else None,
    )
    if status is not Status.IN_FORCE:
        entry.note = "只作测算，不产生应付"
    return status, entry


def lines_of(tracer: Tracer, lines: Iterable[Row]) -> list[LineExplanation]:
    """Invoice lines with the word of their verdict; empty if the pack judges no lines."""
    if LINE_STATUS not in tracer.items:
        return []
    blame = Blame(tracer)
    found = []
    for line in sorted(lines, key=lambda row: str(row["key"]).rjust(12)):
        counted = line.get(LINE_COUNTED)
        status = tracer.text(line, "line", LINE_STATUS)
        if counted and line.get(LINE_PAYABLE) is False:
            counted, status = False, "以前已兑付"
        missing: list[str] = []
        if counted is None or line.get(LINE_AMOUNT) is None:
            blanks = blame.blanks(line, "line", LINE_STATUS)
            blanks.update(blame.blanks(line, "line", LINE_AMOUNT))
            terms = tracer.model.scope.terms
            missing = [terms[b.term].name if b.term != MATCH else "所属企业" for b in blanks]
        kind = tracer.text(line, "line", LINE_CLASS) if LINE_CLASS in tracer.items else ""
        owner = (
            line.get("project_key")
            if line.get("project_key") is not None
            else line.get("member_key")
        )
        found.append(
            LineExplanation(
                line["key"], owner, status, kind, line.get(LINE_AMOUNT), counted, missing
            )
        )
    return found


def unverified_facts(
    tracer: Tracer,
    row: Row,
    subject: str,
    facts: list[str],
    measures: Sequence[MeasurePlan | CheckPlan],
) -> list[Unverified]:
    """Facts that bear on the decision but were assumed, and manual gates nobody has confirmed."""
    near = {(s, r["key"]) for s, r in _rows_near(row, subject)}
    counted: Counter[str] = Counter(
        term for s, key, term in tracer.assumed if (s, key) in near and term in facts
    )
    manual, behind = [], set()
    for gate in dict.fromkeys(gate for measure in measures for gate in measure.gates):
        declared = tracer.model.gates[gate]
        trusted = _assumed_behind(tracer, row, subject, gate) if declared.manual else []
        if trusted or (declared.manual and tracer.stored(row, subject, gate_column(gate)) is None):
            terms = [tracer.model.scope.terms[name] for name in trusted]
            value = "、".join(f"{info.name} {info.assume}" for info in terms)
            by = declared.duty or "有职责的部门"
            manual.append(Unverified(declared.name, value, by, 1, "manual"))
            behind |= set(trusted)
    found = []
    for term in facts:
        if counted[term] and term not in behind:
            info = tracer.model.scope.terms[term]
            found.append(Unverified(info.name, str(info.assume), info.source, counted[term]))
    return found + manual


def _assumed_behind(tracer: Tracer, row: Row, subject: str, gate: str) -> list[str]:
    """Facts under a gate that were assumed: nobody has given the answer it waits for."""
    node = tracer.model.formulas["gate", gate, "formula"]
    facts = Bearing(tracer.model, tracer.env).add([node]).facts
    return [fact for fact in facts if tracer.input(row, subject, fact).assumed]


def _rows_near(row: Row, subject: str) -> Iterable[tuple[str, Row]]:
    """The row, those above it and those below it."""
    yield subject, row
    for name in ("enterprise", "consortium"):
        above: Any = row.get(f"#{name}")
        if isinstance(above, dict):
            yield name, above
    for name in ("line", "member"):
        below = row.get(f"#{name}")
        for child in below if isinstance(below, list) else ():
            yield from _rows_near(child, name)
