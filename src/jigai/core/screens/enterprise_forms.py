"""Forms for enterprises: editing the record, correcting a figure, and the bulk actions."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.forms.models import model_to_dict

from jigai.core.industries import UnknownIndustryError, industry, load_industries
from jigai.core.models import Enterprise
from jigai.core.screens import list_columns as kinds
from jigai.core.screens.enterprise_words import LEGAL_TYPES, Term
from jigai.core.services.edit_enterprise import EDITABLE
from jigai.sheets.values.amounts import read_money, yuan_text
from jigai.sheets.values.areas import mu_text, read_area
from jigai.sheets.values.codes import uscc_is_valid
from jigai.sheets.values.names import canonical_name


def checked_industry(text: str) -> str:
    """A code of GB/T 4754-2017 as stored. Raises ``ValidationError`` for one it does not have."""
    if not text:
        return ""
    try:
        industry(text)
    except UnknownIndustryError as error:
        raise forms.ValidationError(str(error)) from None
    return text.strip().upper()


class DayField(forms.DateField):
    """A calendar day in the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        box = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=box, input_formats=["%Y-%m-%d"], **options)


class EnterpriseForm(forms.Form):
    """The record of an enterprise; ``version`` is the one that was opened."""

    name = forms.CharField(label="名称", max_length=200)
    uscc = forms.CharField(label="统一社会信用代码", max_length=18, required=False)
    legal_type = forms.ChoiceField(
        label="法人类型", required=False, choices=[("", "不明"), *LEGAL_TYPES.items()]
    )
    registered_region = forms.RegexField(
        r"^\d{6}$", label="登记机关区划代码", required=False,
        error_messages={"invalid": "应为六位数字"},
    )  # fmt: skip
    town = forms.CharField(label="所属镇街", max_length=60, required=False)
    address = forms.CharField(label="注册地址", max_length=300, required=False)
    founded = DayField(label="成立日期", required=False)
    industry_code = forms.CharField(
        label="行业代码", max_length=6, required=False,
        help_text="国民经济行业分类（GB/T 4754-2017），如 3421 或 C3421",
    )  # fmt: skip
    industry_name = forms.CharField(
        label="行业名称", max_length=100, required=False, help_text="留空则按代码填写"
    )
    keep_former_name = forms.BooleanField(
        label="更名：把原名称记为曾用名", required=False, help_text="只是改正错字时不要勾选"
    )
    accept_code = forms.BooleanField(
        label="信用代码已核实无误，校验位不符也照此保存", required=False
    )
    reason = forms.CharField(label="修改理由", max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    @classmethod
    def of(cls, enterprise: Enterprise) -> EnterpriseForm:
        """The form with what is stored."""
        return cls(initial=model_to_dict(enterprise, [*EDITABLE, "version"]))

    def clean_name(self) -> str:
        """Without blanks, with full-width brackets, as imported names are."""
        return canonical_name(self.cleaned_data["name"])

    def clean_uscc(self) -> str | None:
        """Capitals without blanks; ``None`` for none."""
        return re.sub(r"\s", "", self.cleaned_data["uscc"]).upper() or None

    def clean_industry_code(self) -> str:
        """A code of the standard."""
        return checked_industry(self.cleaned_data["industry_code"])

    def clean(self) -> dict[str, Any]:
        """Warn about a code that fails its check; let it pass when accepted with a reason."""
        data = dict(super().clean() or self.cleaned_data)
        code = data.get("uscc")
        if code and not uscc_is_valid(code):
            if not data.get("accept_code"):
                self.add_error("uscc", "校验位不符，请核对；确认无误请勾选“已核实无误”并写明理由")
            elif not data.get("reason"):
                self.add_error("reason", "请写明核实的依据")
        if data.get("industry_code") and not data.get("industry_name"):
            data["industry_name"] = industry(data["industry_code"]).name
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the service stores."""
        return {name: self.cleaned_data[name] for name in EDITABLE}


class FigureForm(forms.Form):
    """A yearly figure of one term, typed as its kind asks."""

    source = forms.CharField(label="来源", max_length=100, help_text="如：2021 年统计年报")
    reason = forms.CharField(label="更正理由", max_length=200)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, term: Term, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.term = term
        self.fields["value"] = _value_field(term)
        self.order_fields(["value", *self.base_fields])

    def clean_value(self) -> int | str | date | None:
        """The value in the term's whole unit; nothing typed says "known to be missing"."""
        given = self.cleaned_data["value"]
        if given in (None, ""):
            return None
        if self.term.kind in (kinds.MONEY, kinds.AREA):
            read = (
                read_money(given, "元", negative_allowed=True)
                if self.term.kind == kinds.MONEY
                else read_area(given, "亩")
            )
            if "E_TOO_LARGE" in read.codes:
                raise forms.ValidationError("数值太大，无法存放，请核对单位")
            if read.value is None:
                raise forms.ValidationError("数值无法识别，请只填数字")
            return int(read.value)
        value: int | str | date = given
        return value

    def clean_seen(self) -> int | None:
        """The id of the figure that was on screen."""
        text = self.cleaned_data["seen"]
        return int(text) if text.isdecimal() and len(text) < 19 else None


def _value_field(term: Term) -> forms.Field:
    options: dict[str, Any] = {"label": term.label, "required": False}
    note = "留空表示“已知缺数据”"
    if term.choices is not None:
        return forms.ChoiceField(choices=[("", "缺数据"), *term.choices.items()], **options)
    if term.kind == kinds.WHOLE:
        return forms.IntegerField(min_value=0, max_value=2**31 - 1, help_text=note, **options)
    if term.kind == kinds.DAY:
        return DayField(help_text=note, **options)
    length = 400 if term.kind == kinds.TEXT else 20
    return forms.CharField(max_length=length, help_text=note, **options)


def typed(term: Term, value: Any) -> Any:
    """A stored value as the form shows it."""
    if value is None:
        return ""
    if term.kind == kinds.MONEY:
        return yuan_text(value)
    return mu_text(value) if term.kind == kinds.AREA else value


class TownForm(forms.Form):
    """A town for many enterprises."""

    town = forms.CharField(label="所属镇街", max_length=60)
    reason = forms.CharField(label="修改理由", max_length=200)


class IndustryForm(forms.Form):
    """An industry code for many enterprises."""

    industry_code = forms.CharField(label="行业代码", max_length=6, help_text="如 3421 或 C3421")
    reason = forms.CharField(label="修改理由", max_length=200)

    def clean_industry_code(self) -> str:
        """A code of the standard."""
        return checked_industry(self.cleaned_data["industry_code"])


def divisions() -> list[tuple[str, str]]:
    """The two-digit industries, for the query form."""
    table = load_industries().values()
    return [(row.code, f"{row.code} {row.name}") for row in table if row.level == "division"]
