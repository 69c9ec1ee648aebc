"""The questions of each tax calculator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from jigai.registers.taxes.fields import (
    DAY,
    FenField,
    RateField,
    TellField,
    YearField,
    YearsField,
)
from jigai.taxes.imports import MAJOR, OWN_USE
from jigai.taxes.research import KINDS
from jigai.taxes.shapes import BUILDING, ELECTRONICS, MACHINE, TOOL, VEHICLE
from jigai.taxes.vat import CUSTOMS, ORDINARY, SPECIAL
from jigai.taxes.vat import KINDS as INVOICE_KINDS

ASSET_KINDS = (
    (MACHINE, "机器和生产设备"),
    (ELECTRONICS, "电子设备"),
    (TOOL, "器具、工具、家具"),
    (VEHICLE, "运输工具"),
    (BUILDING, "房屋、建筑物"),
)
RESEARCH_KINDS = (("", "不知道"), *KINDS.items())


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DAY), **more)


class DepreciationForm(forms.Form):
    """One asset."""

    cost = FenField(label="原值", help_text="不含可以抵扣的进项税；合计数")
    unit_price = FenField(label="单位价值", required=False, help_text="单台的金额；空着按原值")
    kind = forms.ChoiceField(label="资产类别", choices=ASSET_KINDS)
    in_service = _day("投入使用日期")
    bought = _day("购进日期", required=False, help_text="空着按投入使用日期")
    industry = forms.CharField(label="行业代码", required=False, max_length=6, help_text="如 C3511")
    residual = FenField(label="预计净残值", required=False, help_text="空着按零")
    book_years = forms.IntegerField(
        label="会计折旧年限", required=False, min_value=1, max_value=60, help_text="空着按最低年限"
    )
    discount = RateField(
        label="折现率", required=False, initial="5%", help_text="自己定；空着按零，先后没有差别"
    )
    research_only = TellField(label="专门用于研发")
    fast_renewal = TellField(label="更新快或常年强震动、高腐蚀")
    small_or_medium = TellField(label="中小微企业")
    high_tech_from = YearField(label="高新技术企业起始年度")
    high_tech_until = YearField(label="高新技术企业最后年度")
    incomes = YearsField(
        label="各年应纳税所得额",
        help_text="扣折旧以前，自投入使用的年度起逐年填；空着假定足够抵减",
    )


class ResearchForm(forms.Form):
    """Spending of one year."""

    year = YearField(label="年度", required=True)
    kind = forms.ChoiceField(label="企业类别", choices=RESEARCH_KINDS, required=False)
    industry = forms.CharField(label="行业代码", required=False, max_length=6, help_text="如 C3511")
    own = FenField(label="自主研发费用")
    entrusted = FenField(label="委托境内研发费用", required=False)
    overseas = FenField(label="委托境外研发费用", required=False)
    late = FenField(
        label="提高比例以后的自主研发费用", required=False,
        help_text="只有年中提高过比例的年度用得上（如 2022 年四季度）；空着按月分摊",
    )  # fmt: skip
    share = RateField(label="制造业收入占比", required=False, help_text="制造业企业填")
    high_tech = TellField(label="高新技术企业")


class HolidayForm(forms.Form):
    """The project's years."""

    scheme = forms.ChoiceField(
        label="项目",
        choices=(("eco", "环境保护、节能节水项目"), ("emc", "合同能源管理项目")),
    )
    first_income = YearField(label="取得第一笔经营收入的年度")
    assessed = YearField(label="税务机关核定的起算年度", help_text="没有核定的空着")
    incomes = YearsField(
        label="项目各年所得", help_text="自第一笔收入的年度起逐年填，亏损写负数，不知道写“未知”"
    )
    listed = TellField(label="项目在当期目录之内")
    separate = TellField(label="项目所得单独核算")
    high_tech_from = YearField(label="高新技术企业起始年度")
    high_tech_until = YearField(label="高新技术企业最后年度")


class CreditForm(forms.Form):
    """Tax payable by year; purchases are rows."""

    first = YearField(label="应纳税额从哪一年起", help_text="空着按最早的购置年度")
    payable = YearsField(
        label="各年抵免前应纳税额", negative=False, help_text="逐年填，不知道写“未知”"
    )
    sold = _day("转让或出租日期", required=False, help_text="持有期内转让的填")


class CreditRow(forms.Form):
    """One purchase."""

    name = forms.CharField(label="设备", max_length=100, required=False)
    bought = _day("购置日期", required=False)
    price = FenField(label="投资额", required=False, help_text="进项税已抵扣的按不含税价")
    public_funds = FenField(label="其中财政拨款", required=False, help_text="空着按没有")
    catalogue = TellField(label="在目录内")
    kind = forms.ChoiceField(
        label="抵免种类", required=False,
        choices=(("equipment", "购置专用设备"), ("digital", "数字化智能化改造")),
    )  # fmt: skip
    original = FenField(label="专用设备原值", required=False, help_text="数字化改造填")


class VatForm(forms.Form):
    """Who claims, and when; invoice lines are rows."""

    general = TellField(label="一般纳税人")
    claimed = _day("勾选抵扣日期", required=False, help_text="空着按今天")

    def clean_claimed(self) -> Any:
        """Today where nothing is given."""
        return self.cleaned_data.get("claimed") or timezone.localdate()


class VatRow(forms.Form):
    """One invoice line."""

    number = forms.CharField(label="发票号码", max_length=40, required=False)
    issued = _day("开票日期", required=False)
    amount = FenField(label="不含税金额", required=False, negative=True)
    tax = FenField(label="税额", required=False, negative=True)
    kind = forms.ChoiceField(
        label="种类", required=False,
        choices=[(key, INVOICE_KINDS[key]) for key in (SPECIAL, CUSTOMS, ORDINARY)],
    )  # fmt: skip
    status = forms.ChoiceField(
        label="状态", required=False,
        choices=(("", "正常"), ("void", "作废"), ("red", "红字")),
    )  # fmt: skip
    red_of = forms.CharField(label="红字对应的蓝字号码", max_length=40, required=False)
    in_base = TellField(label="计入补助基数")


class ImportForm(forms.Form):
    """One import and its transfer."""

    name = forms.CharField(label="设备", max_length=100, required=False)
    value = FenField(label="完税价格")
    released = _day("进口放行日期")
    scheme = forms.ChoiceField(
        label="免税依据",
        choices=((OWN_USE, "鼓励项目进口自用设备"), (MAJOR, "重大技术装备零部件、原材料")),
    )
    goods = forms.ChoiceField(
        label="货物",
        choices=(("machine", "机器设备等"), ("vehicle", "机动车"), ("ship", "船舶、飞机")),
    )
    duty_rate = RateField(label="关税税率", required=False, help_text="按税则号列；空着是未知")
    encouraged = TellField(label="有项目确认书，或在当年目录内")
    excluded = TellField(label="列在不予免税目录内")
    sold = _day("转让日期", required=False, help_text="监管期内要转让的填")


class ResourceForm(forms.Form):
    """Sales of a product or of an energy contract."""

    scheme = forms.ChoiceField(
        label="业务", choices=(("resource", "资源综合利用"), ("emc", "合同能源管理"))
    )
    product = forms.CharField(
        label="产品或劳务", max_length=60, required=False, help_text="照目录的写法，如 再生水"
    )
    day = _day("纳税期", help_text="这一期的任一天")
    revenue = FenField(label="不含税销售额")
    input_tax = FenField(label="对应的进项税额")
    rate = RateField(label="销项税率", help_text="如 13%、6%")
    standards = TellField(label="原料占比和排放达到目录标准")
    clean = TellField(label="没有处罚、纳税信用级别合格")
    shared = TellField(label="节能效益分享型合同")


class PlanForm(forms.Form):
    """Who plans and what is expected; equipment is rows."""

    industry = forms.CharField(label="行业代码", required=False, max_length=6, help_text="如 C3511")
    general = TellField(label="一般纳税人")
    research_kind = forms.ChoiceField(label="企业类别", choices=RESEARCH_KINDS, required=False)
    small_profit = TellField(label="小型微利企业")
    small_or_medium = TellField(label="中小微企业")
    high_tech_from = YearField(label="高新技术企业起始年度")
    high_tech_until = YearField(label="高新技术企业最后年度")
    first_year = YearField(label="从哪一年算起", help_text="下面各年的第一年；空着按最早的设备")
    incomes = YearsField(label="各年应纳税所得额", help_text="项目以外的；空着假定足够抵减")
    research = YearsField(label="各年研发费用", negative=False)
    eligible_project = TellField(label="项目在环保、节能节水目录内")
    first_income_year = YearField(label="项目取得第一笔收入的年度")
    project_incomes = YearsField(label="项目各年所得", help_text="自第一笔收入的年度起逐年填")
    losses = forms.ChoiceField(
        label="优惠期亏损", required=False,
        choices=(("a", "分开弥补（默认读法）"), ("b", "合并弥补")),
    )  # fmt: skip
    discount = RateField(
        label="折现率", required=False, initial="5%", help_text="自己定；空着按零，先后没有差别"
    )


class PlanRow(forms.Form):
    """One line of equipment."""

    name = forms.CharField(label="设备", max_length=100, required=False)
    cost = FenField(label="原值", required=False)
    unit_price = FenField(label="单位价值", required=False)
    kind = forms.ChoiceField(label="类别", choices=ASSET_KINDS, required=False)
    in_service = _day("投入使用日期", required=False)
    input_tax = FenField(label="进项税额", required=False)
    catalogue = TellField(label="在专用设备目录内")
    public_funds = FenField(label="其中财政拨款", required=False)
    in_project = TellField(label="属于优惠项目")
