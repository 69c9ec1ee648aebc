"""Forms of the sandbox."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.access import Access
from jigai.core.evidence import store_evidence
from jigai.core.models import EvidenceFile, User
from jigai.core.screens.list_filters import RegionField
from jigai.policies.addressees import reaches
from jigai.policies.models import PackDraft, PackVersion
from jigai.workbench.models import SandboxStudy
from jigai.workbench.sandbox.access import USE
from jigai.workbench.sandbox.packs import current_versions
from jigai.workbench.sandbox.parameters import Lever
from jigai.workbench.sandbox.population import KINDS
from jigai.workbench.sandbox.shortage import RANKS

_DAY = {"type": "date"}
FEN_PER_WAN = 1_000_000


def wan_field(label: str, help_text: str = "") -> forms.DecimalField:
    """An amount in 万元 to the fen."""
    return forms.DecimalField(
        label=label, min_value=0, max_digits=14, decimal_places=6, help_text=help_text
    )


class StudyForm(forms.Form):
    """A new study: document, population, year and days."""

    title = forms.CharField(label="名称", max_length=120)
    pack = forms.ChoiceField(label="政策文件", required=False)
    population = forms.ChoiceField(
        label="用谁的数据", choices=SandboxStudy.Population.choices,
        widget=forms.Select(attrs={"data-population": True}),
        help_text="上传的工作簿和演示省都不入库，只供这个沙盘用",
    )  # fmt: skip
    region = RegionField("地区", required=True)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    as_of = forms.DateField(
        label="按何日取值", required=False, widget=forms.DateInput(attrs=_DAY),
        help_text="不填为该年度最后一天",
    )  # fmt: skip
    deadline = forms.DateField(label="申报截止", required=False, widget=forms.DateInput(attrs=_DAY))
    note = forms.CharField(
        label="说明", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, *args: Any, access: Access, draft: PackDraft | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.access, self.draft = access, draft
        listed = [(str(v.pk), v.title) for v in current_versions()]
        self.fields["pack"].choices = ([("", "只用起草稿")] if draft else []) + listed
        self.sent: dict[str, Any] = {}

    def clean_region(self) -> str:
        """A region within reach."""
        region = str(self.cleaned_data["region"])
        if not reaches(self.access, USE, region):
            raise forms.ValidationError("这个地区不在您的数据权限之内")
        return region

    def clean(self) -> dict[str, Any]:
        """The workbooks an imported population needs."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("pack") and self.draft is None:
            self.add_error("pack", "请选一份政策文件")
        if given.get("population") == SandboxStudy.Population.IMPORTED:
            self.sent = {kind: self.files[kind] for kind in KINDS if self.files.get(kind)}
            missing = [KINDS[k] for k in ("enterprises", "projects") if k not in self.sent]
            if missing:
                self.add_error("population", f"还要上传：{'、'.join(missing)}")
        return given

    @property
    def base(self) -> PackVersion | None:
        """The chosen version."""
        chosen = self.cleaned_data.get("pack")
        return PackVersion.objects.get(pk=chosen) if chosen else None

    def stored(self, by: User, region: str) -> dict[str, EvidenceFile]:
        """The workbooks in the evidence store. Raises :class:`JigaiError` for a refused file."""
        return {
            kind: store_evidence(
                stream=sent.file, name=sent.name, owner=by, region_code=region, source="政策沙盘"
            )
            for kind, sent in self.sent.items()
        }


class SolveForm(forms.Form):
    """Which parameter, which budget."""

    parameter = forms.ChoiceField(label="求哪个参数")
    budget = wan_field("预算（万元）", "成本不超过它，尽量用足")

    def __init__(self, *args: Any, listed: list[Lever], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parameter"].choices = _named(listed)

    def asked(self) -> dict[str, Any]:
        """As the job takes it."""
        budget = int(self.cleaned_data["budget"] * FEN_PER_WAN)
        return {"parameter": self.cleaned_data["parameter"], "budget": budget}


class HeatForm(forms.Form):
    """Two parameters with their ends, in the numbers of their own units."""

    x = forms.ChoiceField(label="横向参数")
    x_low = forms.CharField(label="从", max_length=12)
    x_high = forms.CharField(label="到", max_length=12)
    x_count = forms.IntegerField(label="取几个值", min_value=2, max_value=11, initial=7)
    y = forms.ChoiceField(label="纵向参数")
    y_low = forms.CharField(label="从", max_length=12)
    y_high = forms.CharField(label="到", max_length=12)
    y_count = forms.IntegerField(label="取几个值", min_value=2, max_value=11, initial=7)

    def __init__(self, *args: Any, listed: list[Lever], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("x", "y"):
            self.fields[name].choices = _named(listed)

    def asked(self) -> dict[str, Any]:
        """As the job takes it."""
        given = self.cleaned_data
        return {
            side: {
                "parameter": given[side], "low": given[f"{side}_low"],
                "high": given[f"{side}_high"], "count": given[f"{side}_count"],
            }
            for side in ("x", "y")
        }  # fmt: skip


class ShortageForm(forms.Form):
    """Which scenario, how much money, ranked by what."""

    scenario = forms.ChoiceField(label="情景")
    budget = wan_field("可用资金（万元）")
    rank = forms.ChoiceField(label="名次按", choices=list(RANKS.items()))

    def __init__(self, *args: Any, listed: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scenario"].choices = listed


def _named(listed: list[Lever]) -> list[tuple[str, str]]:
    return [(lever.id, f"{lever.name}（现 {lever.text}）") for lever in listed]
