"""Roles."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.access.capabilities import capability_names
from jigai.core.forms.fields import reason_field
from jigai.core.models import Role


class RoleForm(forms.Form):
    """What a role may do."""

    capabilities = forms.MultipleChoiceField(
        label="权能", required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = reason_field("修改事由")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["capabilities"]
        field.choices = list(capability_names().items())


class NewRoleForm(forms.Form):
    """A role of the platform's own."""

    code = forms.SlugField(label="标识", max_length=40, help_text="英文小写和连字符")
    name = forms.CharField(label="名称", max_length=40)
    side = forms.ChoiceField(label="一侧", choices=Role.Side.choices)
    description = forms.CharField(label="说明", max_length=200, required=False)
    reason = reason_field()
