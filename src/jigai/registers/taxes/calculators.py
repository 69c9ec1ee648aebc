"""The calculators by code: questions, rows, how they are answered; one run of one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict

from jigai.errors import JigaiError
from jigai.registers.taxes import answers_assets, answers_trade, answers_years
from jigai.registers.taxes import forms as asked
from jigai.registers.taxes.national import national_law
from jigai.registers.taxes.sheet import Result
from jigai.taxes.law import Cite, Law, unique

MOST_ROWS = 40
Run = Callable[[Mapping[str, Any], Sequence[Mapping[str, Any]], Law], list[Result]]


@dataclass(frozen=True, slots=True)
class Calculator:
    """One calculator; ``row`` is the form of a line where it has lines."""

    code: str
    title: str
    lead: str
    form: type[forms.Form]
    run: Run
    row: type[forms.Form] | None = None
    row_name: str = ""


CALCULATORS = {
    one.code: one
    for one in (
        Calculator("plan", "税收优惠导航", "一项改造能用哪些优惠，怎样搭配最合算", asked.PlanForm,
                   answers_assets.plan, asked.PlanRow, "设备"),
        Calculator("depreciation", "加速折旧测算", "各种扣除方法逐年比：会计、税法、推迟的税、现值",
                   asked.DepreciationForm, answers_assets.depreciation),
        Calculator("research", "研发费用加计扣除", "按年度和企业类别取比例，算加计额和少缴的税",
                   asked.ResearchForm, answers_years.research),
        Calculator("holiday", "三免三减半时间线", "按起算年排六年日历，逐年算税",
                   asked.HolidayForm, answers_years.holiday),
        Calculator("credit", "专用设备投资抵免", "抵多少税，当年不够的结转到哪一年",
                   asked.CreditForm, answers_years.credit, asked.CreditRow, "设备"),
        Calculator("vat", "设备进项抵扣", "哪些发票能抵，哪些剔除，与补助基数怎样对上",
                   asked.VatForm, answers_trade.vat, asked.VatRow, "发票"),
        Calculator("import", "进口设备免税", "免多少税，监管到哪一天，转让要补多少",
                   asked.ImportForm, answers_trade.imports),
        Calculator("resource", "资源综合利用与合同能源管理", "即征即退还是免征，分开算",
                   asked.ResourceForm, answers_trade.resource),
    )
}  # fmt: skip


@dataclass(slots=True)
class Asked:
    """One run: the form as filled, its rows, results or the problem."""

    calculator: Calculator
    form: forms.Form
    rows: list[forms.Form] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    problem: JigaiError | None = None
    started: bool = False

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(question, what is wrong) of everything typed, lines with their number."""
        found = _errors(self.form, "")
        for number, row in enumerate(self.rows, start=1):
            found += _errors(row, f"{self.calculator.row_name} {number} ")
        return found

    @property
    def cites(self) -> tuple[Cite, ...]:
        """Everything the results rest on, each once."""
        return unique(cite for one in self.results for cite in one.cites)


def ask(code: str, data: QueryDict | Mapping[str, Any]) -> Asked:
    """Fill a calculator with what was typed and answer where everything needed is there.

    Raises ``KeyError`` for a code there is not.
    """
    calculator = CALCULATORS[code]
    typed = {
        key: value for key, value in data.items() if key not in ("add", "drop", "rows", "blank")
    }
    started = any(str(value).strip() for value in typed.values())
    form = calculator.form(data if started else None)
    made = Asked(calculator, form, _rows(calculator, data), started=started)
    if not started:
        return made
    rows = [row for row in made.rows if row.is_bound]
    good = all([form.is_valid(), *(row.is_valid() for row in rows)])
    if not good:
        return made
    filled = [row.cleaned_data for row in rows if _filled(row.cleaned_data)]
    try:
        made.results = calculator.run(form.cleaned_data, filled, national_law())
    except JigaiError as problem:
        made.problem = problem
    return made


def _errors(form: forms.Form, before: str) -> list[tuple[str, str]]:
    if not form.is_bound:
        return []
    return [
        (
            f"{before}{form.fields[name].label}" if name in form.fields else before or "表单",
            str(text),
        )
        for name, texts in form.errors.items()
        for text in texts
    ]


def _rows(calculator: Calculator, data: Mapping[str, Any]) -> list[forms.Form]:
    if calculator.row is None:
        return []
    text = str(data.get("rows", ""))
    count = int(text) if text.isdigit() else 1
    count += 1 if "add" in data else -1 if "drop" in data else 0
    count = max(1, min(count, MOST_ROWS))
    made = []
    for place in range(count):
        prefix = f"r{place}"
        given = any(str(data.get(f"{prefix}-{name}", "")).strip()
                    for name in calculator.row.base_fields)  # fmt: skip
        made.append(calculator.row(data if given else None, prefix=prefix))
    return made


def _filled(cleaned: Mapping[str, Any]) -> bool:
    """Whether a line says anything besides its preset choices."""
    preset = ("kind", "status")
    return any(value not in (None, "") for name, value in cleaned.items() if name not in preset)
