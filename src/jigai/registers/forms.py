"""Forms made from a schema, and those about a register itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from jigai.core.fields.controls import control, given, written
from jigai.core.screens.list_filters import RegionField
from jigai.registers.entry_values import prepare
from jigai.registers.lifecycle import KINDS
from jigai.registers.models import Edition, EnterpriseChange, Register
from jigai.registers.shapes import Schema

_DAY = {"type": "date"}


class EntryForm(forms.Form):
    """The fields of one entry in the order of the schema; errors stand at the field they are about.

    ``values`` after validation are as stored, ``notes`` tell what was taken otherwise than written;
    ``entry`` is the one to be changed. Evidence files come as uploads and are stored by the
    view (``uploads``); one that is there already stays until another is chosen.
    """

    def __init__(
        self, register: Register, *args: Any, schema: Schema | None = None,
        stored: Mapping[str, Any] | None = None, entry: int | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.register, self.schema = register, schema or register.schema
        self.entry, self.notes = entry, list[str]()
        self.stored = dict(stored or {})
        self.values: dict[str, Any] = {}
        for item in self.schema.fields:
            self.fields[item.id] = control(item)
            self.initial.setdefault(item.id, written(item, self.stored.get(item.id)))

    @property
    def uploads(self) -> dict[str, Any]:
        """Files chosen, by field."""
        return {
            f.id: self.cleaned_data[f.id] for f in self.schema.fields
            if f.type == "file" and self.cleaned_data.get(f.id)
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Check against schema and rules, as every way in does."""
        data: dict[str, Any] = super().clean() or {}
        row = {f.id: given(f, data.get(f.id), self.stored) for f in self.schema.fields}
        found = prepare(self.register, [row], schema=self.schema, entry=self.entry)[0]
        for problem in found.problems:
            name = problem.field if problem.field in self.fields else None
            if name is None or name not in self.errors:
                self.add_error(name, str(problem))
        self.values, self.notes = found.values, found.notes
        return data


class PlacingForm(forms.Form):
    """Since when, in which edition, and on what grounds an entry is to be in the list."""

    effective = forms.DateField(
        label="入册日期", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    edition = forms.ModelChoiceField(
        label="版次", queryset=Edition.objects.none(), empty_label="请选择"
    )
    document = forms.CharField(label="文号", max_length=200, required=False)
    source = forms.CharField(label="来源", max_length=300, required=False)

    def __init__(self, register: Register, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("effective", timezone.localdate())
        if register.schema.editions:
            self.fields["edition"].queryset = register.editions.order_by("-valid_from", "id")
        else:
            del self.fields["edition"]


class EventForm(forms.Form):
    """What is to happen to an entry."""

    kind = forms.ChoiceField(label="事项")
    effective = forms.DateField(
        label="生效日期", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text="以前的日期也可以：从那一天起算，之前的查询结果不变",
    )  # fmt: skip
    reason = forms.CharField(label="理由", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    document = forms.CharField(label="文号", max_length=200, required=False)

    def __init__(self, kinds: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, KINDS[kind]) for kind in kinds if kind != "change"]
        self.initial.setdefault("effective", timezone.localdate())


class ChangeForm(forms.Form):
    """From when changed values count, and why."""

    effective = forms.DateField(
        label="自哪天起算", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text="这一天以前按原来的内容",
    )  # fmt: skip
    reason = forms.CharField(label="变更理由", max_length=400)
    document = forms.CharField(label="文号", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("effective", timezone.localdate())


class DecideForm(forms.Form):
    """Approve or refuse."""

    answer = forms.CharField(
        label="审核意见", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不同意时必须写明理由",
    )  # fmt: skip


class RegisterForm(forms.Form):
    """What a register is."""

    name = forms.CharField(label="名称", max_length=120)
    code = forms.SlugField(
        label="代号", max_length=60, help_text="用于网址和政策公式，建立后不能改，如 key-firms"
    )
    kind = forms.ChoiceField(label="类别", choices=Register.Kind.choices)
    region_code = RegionField("管理地区", required=True)
    keeper = forms.CharField(label="管理单位", max_length=200)
    level = forms.CharField(label="级别", max_length=60, required=False)
    cadence = forms.CharField(label="多久更新", max_length=120, required=False)
    purpose = forms.CharField(label="用途", max_length=300, required=False)
    admission = forms.CharField(
        label="进入条件", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="用文字写；能计算的部分在字段与规则里写成公式",
    )  # fmt: skip
    note = forms.CharField(
        label="说明", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    public = forms.BooleanField(
        label="对外公开", required=False, help_text="公开页只显示勾了“公开”的字段"
    )


class EditionForm(forms.Form):
    """An edition with its dates."""

    code = forms.CharField(label="代号", max_length=40, help_text="如 2024")
    name = forms.CharField(label="名称", max_length=200)
    line = forms.ChoiceField(label="目录")
    number = forms.CharField(label="文号", max_length=120, required=False)
    valid_from = forms.DateField(label="自", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    valid_to = forms.DateField(
        label="至", required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text="含当日；留空表示到下一版为止",
    )  # fmt: skip
    source = forms.CharField(label="来源", max_length=300, required=False)
    note = forms.CharField(label="说明", max_length=1000, required=False)
    end_previous = forms.BooleanField(
        label="上一版到前一天为止", required=False, initial=True,
        help_text="上一版没有止日时，自动填为新版起日的前一天",
    )  # fmt: skip

    def __init__(self, register: Register, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = register.schema.lines
        if lines:
            self.fields["line"].choices = [("", "请选择"), *lines.items()]
        else:
            del self.fields["line"]


class EditionEndForm(forms.Form):
    """Another end for an edition."""

    valid_to = forms.DateField(
        label="有效期至", required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text="含当日；留空表示没有止日",
    )  # fmt: skip


class EnterpriseChangeForm(forms.Form):
    """That an enterprise was merged or closed."""

    kind = forms.ChoiceField(label="情形", choices=EnterpriseChange.Kind.choices)
    successor = forms.CharField(
        label="承继企业", max_length=200, required=False,
        help_text="被合并的填企业全称或统一社会信用代码",
    )  # fmt: skip
    effective = forms.DateField(
        label="生效日期", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    document = forms.CharField(label="依据", max_length=200, help_text="如登记机关的通知书文号")
