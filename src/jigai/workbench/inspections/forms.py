"""The form of a plan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from jigai.cases.models import CaseProcedure, InspectionPlan
from jigai.core.screens.list_filters import RegionField
from jigai.workbench.inspections.plans import JOINT
from jigai.workbench.inspections.population import CHECKED_KINDS, HIGH

_DAY = {"type": "date"}


def _day(label: str, help_text: str = "", required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def _share(label: str, help_text: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, required=False, min_value=Decimal("0.1"), max_value=100,
        decimal_places=1,
    )  # fmt: skip


class PlanForm(forms.Form):
    """Whom, how many, by which seed."""

    name = forms.CharField(label="计划名称", max_length=120)
    region_code = RegionField("地区", required=True)
    basis = forms.CharField(label="依据", max_length=300, help_text="文件和条款，检查通知里写明")
    period_from = _day("检查期自")
    period_to = _day("检查期至")
    joint = forms.MultipleChoiceField(
        label="联合部门", choices=list(JOINT.items()), required=False,
        widget=forms.CheckboxSelectMultiple, help_text="工业和信息化牵头，另有谁一起去",
    )  # fmt: skip
    subject = forms.ChoiceField(label="抽查对象", choices=InspectionPlan.Subject.choices)
    industry = forms.CharField(
        label="行业代码", max_length=6, required=False, help_text="企业和项目可用，如 34"
    )
    procedure = forms.ChoiceField(
        label="哪一种事项", required=False, help_text="只对已办结的事项有用；不选就是全部许可和备案"
    )
    since = _day("自", "企业按成立、事项按办结、备案按发证、项目按开工日期", required=False)
    until = _day("至", required=False)
    number = forms.IntegerField(
        label="抽取数量", min_value=1, required=False, help_text="数量和比例填一样"
    )
    permille = _share("抽取比例（%）", "如 5 就是百分之五；不足一个进一个")
    high = _share("有不良信用记录的比例（%）", "信用差的多抽；不填就不分层")
    exempt_after = forms.IntegerField(
        label="连续几次无问题免检",
        min_value=1,
        required=False,
        help_text="文件没有规定；不填就是未定，谁也不免",
    )
    seed_kind = forms.ChoiceField(label="种子来历", choices=InspectionPlan.SeedKind.choices)
    seed_source = forms.CharField(
        label="种子出处", max_length=300,
        help_text="写清取哪一个公开数、怎样写成一串字；或由哪个单位保管原文",
    )  # fmt: skip
    seed_day = _day("公开数产生日期", "要在公布名单之后", required=False)
    commitment = forms.CharField(
        label="种子散列",
        max_length=64,
        required=False,
        help_text="保管人算好的 SHA-256，只填散列，不填原文",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = CaseProcedure.objects.filter(kind__in=CHECKED_KINDS).order_by("name")
        self.fields["procedure"].choices = [("", "全部"), *rows.values_list("code", "name")]

    def values(self) -> dict[str, Any]:
        """As the service takes them: shares in ‰, days of the range as text."""
        given = dict(self.cleaned_data)
        days = {name: given.pop(name) for name in ("since", "until")}
        filters = {name: given.pop(name) for name in ("industry", "procedure")}
        filters |= {name: day.isoformat() for name, day in days.items() if day}
        high, share = given.pop("high"), given["permille"]
        given["permille"] = None if share is None else int(share * 10)
        given.pop("version")
        return {
            **given, "filters": {name: value for name, value in filters.items() if value},
            "strata": {HIGH: int(high * 10)} if high is not None else {},
            "commitment": given["commitment"].strip().lower(),
        }  # fmt: skip


def initial_of(plan: InspectionPlan) -> dict[str, Any]:
    """What stands in the form of a plan already there."""
    high = plan.strata.get(HIGH)
    return {
        "name": plan.name, "region_code": plan.region_code, "basis": plan.basis,
        "period_from": plan.period_from, "period_to": plan.period_to, "joint": plan.joint,
        "subject": plan.subject, **plan.filters, "number": plan.number,
        "permille": Decimal(plan.permille) / 10 if plan.permille is not None else None,
        "high": Decimal(high) / 10 if high is not None else None,
        "exempt_after": plan.exempt_after, "seed_kind": plan.seed_kind,
        "seed_source": plan.seed_source, "seed_day": plan.seed_day, "commitment": plan.commitment,
        "version": plan.version,
    }  # fmt: skip


class SeedForm(forms.Form):
    """The seed, once it is known."""

    seed = forms.CharField(label="种子", max_length=200, help_text="照公开的一字不差地写")
