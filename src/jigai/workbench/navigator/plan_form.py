"""The renovation plan as typed: equipment, financing, taxes. Nothing of it is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms

from jigai.taxes.plan import (
    BUILDING,
    ELECTRONICS,
    MACHINE,
    TOOL,
    VEHICLE,
    PlannedAsset,
    RenovationPlan,
    Taxpayer,
)

MOST_ASSETS = 12
_WAN = 1_000_000
_USUAL_YEARS, _LONGEST = 10, 40
_KINDS = ((MACHINE, "机器、机械和其他生产设备"), (TOOL, "器具、工具、家具"),
          (ELECTRONICS, "电子设备"), (VEHICLE, "运输工具"), (BUILDING, "房屋、建筑物"))  # fmt: skip
_CLASSES = (("equipment", "设备"), ("robot", "机器人"), ("software", "软件"),
            ("it_hardware", "信息化硬件"), ("", "不计入奖补"))  # fmt: skip
_KNOWN = (("", "不知道"), ("yes", "是"), ("no", "否"))
_RESEARCH = (("", "不知道"), ("general", "一般企业"), ("manufacturing", "制造业"),
             ("small_tech", "科技型中小企业"), ("chip_machine", "集成电路与工业母机"))  # fmt: skip
_TRUTH = {"yes": True, "no": False}
_DAY = {"type": "date"}


def _wan(label: str, required: bool = False, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=f"{label}（万元）", required=required, min_value=0, max_digits=14, decimal_places=6,
        help_text=help_text,
    )  # fmt: skip


def _known(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=_KNOWN, required=False)


class PlanForm(forms.Form):
    """What holds for the whole plan."""

    day = forms.DateField(
        label="申报的日子", required=False, widget=forms.DateInput(attrs=_DAY),
        help_text="政策、税法按这一天看",
    )  # fmt: skip
    project = forms.ChoiceField(
        label="方案落在哪个项目", required=False, help_text="选已登记的项目，或作为新项目"
    )
    planned = forms.BooleanField(
        label="按计划办妥", required=False,
        help_text="假定备案、入统都办妥，属改建和技术改造，不另领财政资金",
    )  # fmt: skip
    grant_year = forms.IntegerField(
        label="奖补预计到账年份", required=False, min_value=2000, max_value=2100,
        help_text="文件没有写到账时间，不填按申报当年",
    )  # fmt: skip
    rate = forms.DecimalField(
        label="折现率（%）", required=False, min_value=0, max_value=50, max_digits=6,
        decimal_places=3, help_text="不填按 0，即不折现",
    )  # fmt: skip
    loan_principal = _wan("贷款本金")
    loan_rate = forms.DecimalField(label="贷款年利率（%）", required=False, min_value=0,
                                   max_value=50, max_digits=6, decimal_places=3)  # fmt: skip
    loan_interest = _wan("预计付息", help_text="计息期间实际要付的利息")
    loan_from = forms.DateField(label="计息起日", required=False,
                                widget=forms.DateInput(attrs=_DAY))  # fmt: skip
    loan_to = forms.DateField(label="计息止日", required=False,
                              widget=forms.DateInput(attrs=_DAY))  # fmt: skip
    industry = forms.CharField(label="国民经济行业代码", required=False, max_length=6,
                               help_text="如 34，按它判断加速折旧的行业")  # fmt: skip
    general = _known("增值税一般纳税人")
    small_profit = _known("小型微利企业")
    high_tech_from = forms.IntegerField(label="高新技术企业起年", required=False, min_value=2008,
                                        max_value=2100)  # fmt: skip
    high_tech_until = forms.IntegerField(label="高新技术企业止年", required=False, min_value=2008,
                                         max_value=2100)  # fmt: skip
    income = _wan("预计每年应纳税所得额", help_text="扣除本方案之前；不填按够抵扣，并注明是假定")
    research = _wan("每年研发费用")
    research_kind = forms.ChoiceField(label="研发类别", choices=_RESEARCH, required=False)
    years = forms.IntegerField(label="测算年数", required=False, min_value=1, max_value=30,
                               help_text="不填算到折旧提完；有研发费用的按 10 年")  # fmt: skip

    def __init__(self, data: Any, projects: Mapping[int, str], day: dt.date) -> None:
        super().__init__(data)
        listed = [(str(key), name) for key, name in projects.items()]
        self.fields["project"].choices = [("", "新项目"), *listed]
        self.usual_day = day
        self.fields["day"].initial = day.isoformat()
        self.fields["planned"].initial = True


class AssetForm(forms.Form):
    """One line of equipment."""

    name = forms.CharField(label="名称", max_length=60, required=False)
    cost = _wan("不含税价")
    item_class = forms.ChoiceField(label="奖补类别", choices=_CLASSES, required=False)
    kind = forms.ChoiceField(label="税法类别", choices=_KINDS, required=False)
    in_service = forms.DateField(label="投用日期", required=False,
                                 widget=forms.DateInput(attrs=_DAY))  # fmt: skip
    unit_price = _wan("单价", help_text="不填同不含税价")
    input_tax = _wan("进项税")
    catalogue = _known("目录内专用设备")

    def clean(self) -> dict[str, Any]:
        """A price without a day of use cannot be placed in a year."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("cost") and not given.get("in_service"):
            self.add_error("in_service", "填投用日期，折旧和扣除从那时起算")
        return given

    @property
    def is_blank(self) -> bool:
        """Whether nothing was bought on this line."""
        return not (self.is_valid() and self.cleaned_data.get("cost"))


@dataclass(frozen=True, slots=True)
class Typed:
    """The plan as typed, ready to be reckoned: money in fen."""

    day: dt.date
    project: str
    planned: bool
    grant_year: int
    rate: Fraction
    purchases: dict[str, int]
    loan: dict[str, str]
    plan: RenovationPlan


def fen(wan: Decimal | None) -> int | None:
    """Fen of 万元; ``None`` stays unknown."""
    return None if wan is None else int(wan * _WAN)


def read_plan(form: PlanForm, assets: list[AssetForm]) -> Typed:
    """The values of valid forms."""
    given = form.cleaned_data
    day = given["day"] or form.usual_day
    bought = [asset.cleaned_data for asset in assets if not asset.is_blank]
    purchases: dict[str, int] = {}
    for row in bought:
        if row["item_class"]:
            cost = fen(row["cost"]) or 0
            purchases[row["item_class"]] = purchases.get(row["item_class"], 0) + cost
    rate = Fraction(given["rate"] or 0) / 100
    return Typed(
        day, given["project"], given["planned"], given["grant_year"] or day.year, rate, purchases,
        _loan(given), _plan(given, bought, day, rate),
    )  # fmt: skip


def _loan(given: Mapping[str, Any]) -> dict[str, str]:
    """Terms of the loan (national vocabulary) as texts; only what was typed."""
    found: dict[str, str] = {}
    for term, name in (("loan_principal", "loan_principal"),
                       ("loan_interest_paid", "loan_interest")):  # fmt: skip
        if given[name] is not None:
            found[term] = f"{given[name]}万元"
    if given["loan_rate"] is not None:
        found["loan_rate"] = f"{given['loan_rate']}%"
    for term, name in (("loan_interest_from", "loan_from"), ("loan_interest_to", "loan_to")):
        if given[name]:
            found[term] = given[name].isoformat()
    return {**found, "loan_for_retrofit": "是"} if found else {}


def _plan(
    given: Mapping[str, Any], bought: list[dict[str, Any]], day: dt.date, rate: Fraction
) -> RenovationPlan:
    first = min([day.year, *(row["in_service"].year for row in bought)])
    income, research = fen(given["income"]), fen(given["research"])
    span = range(first, first + (given["years"] or _USUAL_YEARS))
    # Without a last year asked for, deductions run until the last asset is written off.
    ends = given["years"] is not None or bool(research)
    earning = span if ends else range(first, first + _LONGEST)
    return RenovationPlan(
        assets=tuple(_asset(row, number) for number, row in enumerate(bought, 1)),
        taxpayer=Taxpayer(
            industry=given["industry"], general=_TRUTH.get(given["general"]),
            high_tech_from=given["high_tech_from"], high_tech_until=given["high_tech_until"],
            research_kind=given["research_kind"] or None,
            small_profit=_TRUTH.get(given["small_profit"]),
        ),
        first_year=first,
        incomes={} if income is None else dict.fromkeys(earning, income),
        research={} if not research else dict.fromkeys(span, research),
        discount_rate=rate,
        horizon=span[-1] if ends else None,
    )  # fmt: skip


def _asset(row: Mapping[str, Any], number: int) -> PlannedAsset:
    return PlannedAsset(
        name=row["name"] or f"设备 {number}", cost=fen(row["cost"]) or 0,
        in_service=row["in_service"], kind=row["kind"] or MACHINE,
        unit_price=fen(row["unit_price"]), input_tax=fen(row["input_tax"]),
        catalogue=_TRUTH.get(row["catalogue"]),
    )  # fmt: skip
