"""What a renovation plan brings altogether: grants and interest support, and taxes year by year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from jigai.core.access import Access
from jigai.core.models import Enterprise
from jigai.core.screens import formats
from jigai.registers.taxes.national import national_law
from jigai.taxes.amounts import present_value
from jigai.taxes.plan import DEFERRED, RECOVERED, Effect, PlanEffects, plan_effects
from jigai.workbench.navigator.matches import OUT_OF_QUOTA, TAKEN, Match
from jigai.workbench.navigator.navigate import Answer, Difference, Question, navigate
from jigai.workbench.navigator.plan_form import Typed
from jigai.workbench.navigator.tries import NEW

GRANT, INTEREST, TAX, LATER, BACK = "奖补", "贴息", "少缴税", "晚缴税", "进项抵扣"
# Facts of a planned project (packs/national/vocabulary.yaml) once everything has gone to plan.
PLANNED = {"filed": "是", "in_statistics": "是", "has_other_funds": "否",
           "construction_nature": "改建和技术改造"}  # fmt: skip
_KINDS = {DEFERRED: LATER, RECOVERED: BACK}


@dataclass(slots=True)
class Row:
    """One line of the table. Fen by year; ``counts`` is false for what is shown but not added.

    ``open`` says in words what is not known, ``cites`` where the line comes from.
    """

    kind: str
    name: str
    years: dict[int, int] = field(default_factory=dict)
    total: int | None = None
    present: int | None = None
    counts: bool = True
    open: str = ""
    cites: list[str] = field(default_factory=list)
    note: str = ""


@dataclass(slots=True)
class Benefit:
    """The whole: rows, their sums, what is not known and what is assumed."""

    rows: list[Row]
    years: list[int]
    answer: Answer
    effects: PlanEffects | None
    unknown: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    refused: list[Match] = field(default_factory=list)

    @property
    def by_year(self) -> dict[int, int]:
        """Fen of all rows that count, by year."""
        return {y: sum(r.years.get(y, 0) for r in self.rows if r.counts) for y in self.years}

    @property
    def total(self) -> int:
        """Fen of the known part."""
        return sum(row.total or 0 for row in self.rows if row.counts)

    @property
    def present(self) -> int:
        """Its present value."""
        return sum(row.present or 0 for row in self.rows if row.counts)

    @property
    def table(self) -> list[tuple[Row, list[int | None]]]:
        """Rows with their figures in the order of the years."""
        return [(row, [row.years.get(year) for year in self.years]) for row in self.rows]


def total_benefit(enterprise: Enterprise, typed: Typed, access: Access) -> Benefit:
    """Grants by the navigator's answer to the plan as a what-if, taxes by the law of each year.

    What is not known is named and never counted as zero.
    """
    answer = navigate(_question(enterprise, typed), access)
    base = typed.plan.start if typed.plan.assets or typed.plan.research else typed.day.year
    rows = list(_grants(answer, typed, base))
    wanted = bool(typed.plan.assets or typed.plan.research)
    effects = plan_effects(typed.plan, national_law()) if wanted else None
    if effects is not None:
        rows += _taxes(effects, typed, base)
    years = sorted({year for row in rows for year in row.years})
    found = Benefit(rows, years, answer, effects)
    found.unknown = [f"{row.name}：{row.open}" for row in rows if row.open]
    found.assumed = _assumed(answer, typed, effects)
    found.refused = [
        match for match in answer.matches
        if match.code in ("excluded", "below-threshold") and not match.measure.charge
        and (match.subject, str(match.key)) in _touched(typed)
    ]  # fmt: skip
    return found


def _touched(typed: Typed) -> set[tuple[str, str]]:
    """Rows the plan is about."""
    found = {("project", typed.project or "-1")} if typed.purchases or typed.project else set()
    return found | ({("loan", "-1")} if typed.loan else set())


def _question(enterprise: Enterprise, typed: Typed) -> Question:
    """The plan as tries: its purchases on the project, the loan as a new one."""
    key = typed.project or NEW
    tried = {f"try.project.{key}.+{name}": f"{formats.yuan(fen).replace(',', '')}元"
             for name, fen in typed.purchases.items()}  # fmt: skip
    if typed.planned:
        tried |= {f"try.project.{key}.{term}": word for term, word in PLANNED.items()}
    tried |= {f"try.loan.{NEW}.{term}": word for term, word in typed.loan.items()}
    chosen = None if typed.project else ()
    return Question(enterprise, typed.day, chosen, tried)


def _grants(answer: Answer, typed: Typed, base: int) -> Iterable[Row]:
    """Every measure the plan changes or opens, those in force only."""
    for difference in answer.differences:
        match = difference.match
        if match.measure.charge or not match.document.payable or match.absent:
            continue
        if match.code in ("excluded", "below-threshold"):
            continue
        yield _grant(match, difference, typed, base)


def _grant(match: Match, difference: Difference, typed: Typed, base: int) -> Row:
    row = Row(INTEREST if match.subject == "loan" else GRANT, match.measure.name)
    row.cites = [f"《{match.document.version.title}》{match.measure.clause}"]
    row.note = match.state_word
    gain = difference.fen
    if match.state and match.state != TAKEN:
        row.counts = False
        row.note += "，不计入合计" if match.state != OUT_OF_QUOTA else "，本次不计入"
    if gain is None:
        row.counts, row.open = False, _open(match)
        return row
    row.years, row.total = {typed.grant_year: gain}, gain
    row.present = present_value(row.years, typed.rate, base)
    return row


def _open(match: Match) -> str:
    """Why an amount is open: its range and what is missing."""
    missing = "、".join(f"{fact.name}（{fact.source}）" for fact in match.missing)
    waits = missing or "、".join(match.undetermined) or match.word
    return f"{match.text}{' 元' if match.has_unit else ''}，待定：{waits}"


def _taxes(effects: PlanEffects, typed: Typed, base: int) -> Iterable[Row]:
    for effect in effects.effects:
        yield _tax(effect, typed, base)


def _tax(effect: Effect, typed: Typed, base: int) -> Row:
    row = Row(_KINDS.get(effect.kind, TAX), effect.name)
    row.cites = [f"{cite.name} {cite.text}（{cite.reference}）" for cite in effect.cites]
    row.counts = effect.state == "yes" and effect.kind != RECOVERED
    row.note = "；".join(effect.why)
    if effect.kind == RECOVERED:
        row.note = "先付给供方，抵回来的，不计入合计" + (f"；{row.note}" if row.note else "")
    if effect.state == "unknown":
        row.open = "、".join(effect.missing) or "不能确定"
    elif effect.state == "yes":
        row.years, row.total = dict(effect.years), effect.total
        row.present = present_value(effect.years, typed.rate, base)
    return row


def _assumed(answer: Answer, typed: Typed, effects: PlanEffects | None) -> list[str]:
    found = [*(effects.assumed if effects else ())]
    if typed.planned:
        found.append("备案、入统按计划办妥，属改建和技术改造，不另领财政资金")
    found.append(f"奖补和贴息按 {typed.grant_year} 年到账，文件没有写到账时间")
    found.append("奖补要不要计入应纳税所得额另定，没有从合计里扣")
    found.append("事后奖补不当作购置时的财政拨款，专用设备抵免没有因此减少")
    found += [f"{tried.option.name}：{tried.error}" for tried in answer.tries.given if tried.error]
    return list(dict.fromkeys(found))
