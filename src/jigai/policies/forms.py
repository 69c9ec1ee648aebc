"""Forms of the policies room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from jigai.core.access import Access
from jigai.core.screens.list_filters import RegionField
from jigai.policies.fact_run import Settled, Words
from jigai.policies.models import PackVersion
from jigai.policies.stored_packs import model_of
from jigai.policies.words import READING_KINDS
from jigai.rules.environment import all_parameters, all_readings
from jigai.rules.loader import Pack
from jigai.rules.regions import applies_to
from jigai.rules.schema import Reading

_DAY = {"type": "date"}
_DATES = ("as_of", "known_at", "deadline", "payment_date")


class EvaluationForm(forms.Form):
    """Which policy, whose projects, which year, which dates; readings come in ``ReadingsForm``."""

    pack = forms.ModelChoiceField(label="政策文件", queryset=PackVersion.objects.none())
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    region = RegionField("对象范围", required=True)
    as_of = forms.DateField(
        label="按何日取值", required=False, widget=forms.DateInput(attrs=_DAY),
        help_text="参数、名单取这一天有效的值；不填为该年度最后一天",
    )  # fmt: skip
    known_at = forms.DateTimeField(
        label="按何时所知", required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="只看这一刻之前录入的数据；不填为现在",
    )  # fmt: skip
    deadline = forms.DateField(label="申报截止", required=False, widget=forms.DateInput(attrs=_DAY))
    payment_date = forms.DateField(
        label="兑付日期", required=False, widget=forms.DateInput(attrs=_DAY)
    )

    exact = forms.BooleanField(
        label="只按所选文件", required=False,
        help_text="不勾选时，取值日期适用的若是它替代的旧文件或替代它的新文件，就按那一份",
    )  # fmt: skip

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        packs = PackVersion.objects.filter(is_current=True).exclude(status="standard")
        self.fields["pack"].queryset = packs.defer("files").order_by("slug")
        self.access = access

    def clean_region(self) -> str:
        """A region within the person's reach."""
        from jigai.core.access.scoping import region_prefix

        region = str(self.cleaned_data["region"])
        for grant in self.access.granting("evaluation.run"):
            if grant.scope == "all":
                return region
            if any(region.startswith(region_prefix(own)) for own in grant.regions):
                return region
        raise forms.ValidationError("这个地区不在您的数据权限之内")

    def clean(self) -> dict[str, Any]:
        """A document of a group of regions (苏南五市) is evaluated in one of its members."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("pack") and given.get("region"):
            identity = model_of(given["pack"]).pack.identity
            region = identity.region
            if region and region.members and not applies_to(identity, given["region"]):
                self.add_error("region", f"文件只适用于{region.name}，请选其中的一个市或其下级")
        return given

    def params(self) -> dict[str, Any]:
        """The parameters of the job."""
        given = self.cleaned_data
        return {
            "pack": given["pack"].pk,
            "year": given["year"],
            "region": given["region"],
            **{name: _iso(given[name]) for name in _DATES},
            **({"exact": True} if given["exact"] else {}),
        }


def _iso(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


class ReadingsForm(forms.Form):
    """One choice for each reading of a pack. Left alone, an answer that holds on the day counts,
    else the default; ``settled`` are the answers of the day shown. What is chosen goes before both.
    """

    def __init__(self, *args: Any, pack: Pack, settled: Settled, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readings: dict[str, Reading] = all_readings(pack)
        for key, reading in self.readings.items():
            choices = [
                ("", _left_alone(reading, settled.readings.get(key))),
                *((option, meaning.word) for option, meaning in reading.options.items()),
            ]
            field = forms.ChoiceField(label=reading.name, choices=choices, required=False)
            field.help_text = reading.question
            self.fields[f"reading-{key}"] = field

    def groups(self) -> Iterable[tuple[str, list[tuple[Reading, Any]]]]:
        """Fields by kind of reading, each with what it asks."""
        for kind, name in READING_KINDS.items():
            listed = [
                (reading, self[f"reading-{key}"])
                for key, reading in self.readings.items()
                if reading.kind == kind
            ]
            if listed:
                yield name, listed

    def changed(self) -> dict[str, str]:
        """Readings chosen by hand."""
        given = {key: self.cleaned_data.get(f"reading-{key}") for key in self.readings}
        return {key: str(option) for key, option in given.items() if option}


def _left_alone(reading: Reading, answer: Words | None) -> str:
    option = answer["option"] if answer else reading.default
    return f"{'依答复' if answer else '默认'}：{reading.options[option].word}"


class ScenarioForm(forms.Form):
    """Parameters set otherwise than the document says: a simulation, nothing payable."""

    overrides = forms.CharField(
        label="情景设定", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "设备补助比例＝4%"}),
        help_text="一行一个：参数名＝值。有任何一项，结果即为仅模拟",
    )  # fmt: skip

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {p.name: key for key, p in all_parameters(pack).items()}

    def clean_overrides(self) -> dict[str, str]:
        """Parameter id to value; unknown names are told."""
        found: dict[str, str] = {}
        for line in str(self.cleaned_data["overrides"]).splitlines():
            if not line.strip():
                continue
            name, mark, value = line.replace("＝", "=").partition("=")
            key = self.names.get(name.strip(), name.strip())
            if not mark or not value.strip():
                raise forms.ValidationError(f"“{line.strip()}”应写成 参数名＝值")
            if key not in self.names.values():
                raise forms.ValidationError(f"没有叫“{name.strip()}”的参数")
            found[key] = value.strip()
        return found


def pack_of(version: PackVersion) -> Pack:
    """The parsed pack of an installed version."""
    return model_of(version).pack
