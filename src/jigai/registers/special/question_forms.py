"""The questions asked on the special pages of catalogues and lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import Enterprise
from jigai.core.screens.list_filters import ANY, RegionField
from jigai.errors import JigaiError
from jigai.registers.access import visible_entries
from jigai.registers.special.energy_limits import SHOWN_UNITS, unit_key
from jigai.registers.special.equipment import WORDS
from jigai.registers.special.ledger import LEDGER, find_register

_DAY = {"type": "date"}
_RULES = (("before", "1990年以前（不含九十年代）"), ("within", "2000年以前（含九十年代）"))


class DayForm(forms.Form):
    """A day, today by default."""

    on = forms.DateField(label="按某日", required=False, widget=forms.DateInput(attrs=_DAY))

    def clean_on(self) -> Any:
        """Today where nothing is given."""
        return self.cleaned_data.get("on") or timezone.localdate()


class EquipmentForm(DayForm):
    """Which machines are compared, on which day, and from when on a machine is old."""

    enterprise = forms.ChoiceField(label="企业", required=False)
    rule = forms.ChoiceField(label="老旧设备", choices=_RULES, required=False)
    verdict = forms.ChoiceField(
        label="结论", required=False, choices=(("", "全部"), *WORDS.items())
    )
    field_order = ("enterprise", "on", "rule", "verdict")

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprise"].choices = [("", "全部"), *_firms(access)]

    def clean_rule(self) -> str:
        """The narrower reading where nothing is chosen."""
        return self.cleaned_data.get("rule") or "before"


def _firms(access: Access) -> list[tuple[str, str]]:
    register = find_register(LEDGER)
    if register is None:
        return []
    own = visible_entries(access, register).filter(enterprise__isnull=False).values("enterprise")
    rows = Enterprise.objects.filter(pk__in=own).order_by("pinyin", "id")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


class LimitForm(forms.Form):
    """A reading with its unit and the period it arose in."""

    indicator = forms.ChoiceField(label="标准与指标")
    value = forms.DecimalField(label="单位产品能耗", max_digits=18, decimal_places=6)
    unit = forms.CharField(label="单位", max_length=20, help_text=f"如 {'、'.join(SHOWN_UNITS)}")
    first = forms.DateField(label="数据期自", widget=forms.DateInput(attrs=_DAY))
    last = forms.DateField(label="数据期至", widget=forms.DateInput(attrs=_DAY))
    new = forms.BooleanField(
        label="新建或改扩建装置", required=False, help_text="按准入值判；不选按限定值判"
    )

    def __init__(self, *args: Any, indicators: list[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = [
            ("", "请选择"),
            *(
                (f"{code}|{name}", f"{line}　{name or '（没有登记指标）'}")
                for code, line, name in indicators
            ),
        ]

    def clean_unit(self) -> str:
        """A unit that is known; as typed."""
        typed = str(self.cleaned_data["unit"]).strip()
        try:
            unit_key(typed)
        except JigaiError as error:
            raise forms.ValidationError(f"{error.message}。{error.hint}") from error
        return typed


class IndustryForm(DayForm):
    """An industry by name or code, one list or all, and a day."""

    q = forms.CharField(label="行业名称或代码", max_length=60, required=False)
    list = forms.ChoiceField(label="清单", required=False)
    field_order = ("q", "list", "on")

    def __init__(self, *args: Any, words: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].choices = [("", "全部"), *words.items()]


class ProgressForm(DayForm):
    """A region and a day."""

    region = RegionField("地区", empty=ANY)
    field_order = ("region", "on")
