"""Accounts, their duties, delegation and hand-over."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.access import Access
from jigai.core.access.people import covers
from jigai.core.forms.fields import (
    PersonField,
    RegionsField,
    day_field,
    moment_field,
    reason_field,
)
from jigai.core.models import Assignment, Department, Enterprise, Institution, Role, User

Scope = Assignment.Scope


class ReasonForm(forms.Form):
    """Nothing but the reason."""

    reason = reason_field()


class PersonForm(forms.Form):
    """Who somebody is and how to reach them."""

    name = forms.CharField(label="姓名", max_length=64)
    mobile = forms.CharField(label="手机号", max_length=11, required=False, help_text="可用于登录")
    email = forms.EmailField(label="电子邮箱", required=False, help_text="可不填")


class DutyForm(forms.Form):
    """A role for one department, enterprise or institution."""

    role = forms.ModelChoiceField(
        label="角色", queryset=Role.objects.order_by("id"), empty_label="请选择"
    )
    department = forms.ModelChoiceField(
        label="部门", queryset=Department.objects.none(), empty_label="请选择",
        required=False,
        help_text="主管部门一侧的角色填部门", widget=forms.Select(attrs={"data-picker": True}),
    )  # fmt: skip
    enterprise = forms.CharField(
        label="企业的统一社会信用代码", max_length=18, required=False,
        help_text="企业经办人填这一项",
    )  # fmt: skip
    institution = forms.ModelChoiceField(
        label="机构", queryset=Institution.objects.order_by("name", "id"), empty_label="请选择",
        required=False, help_text="专家、银行等填这一项",
    )  # fmt: skip
    scope = forms.ChoiceField(label="数据权限", choices=Scope.choices, initial=Scope.BELOW)
    custom_regions = RegionsField("自定义区划", help_text="数据权限为“自定义”时指定，可选区域组")
    programme = forms.CharField(
        label="限于政策", max_length=60, required=False, help_text="留空表示不限"
    )
    valid_from = day_field("起日", help_text="留空表示从现在起")
    valid_to = day_field("止日", help_text="留空表示长期；当天仍有效")
    reason = reason_field("授权事由")

    def __init__(self, data: Any = None, *, access: Access, **options: Any) -> None:
        super().__init__(data, **options)
        reachable = [d.pk for d in Department.objects.all() if _in_reach(access, d)]
        departments: Any = self.fields["department"]
        departments.queryset = Department.objects.filter(pk__in=reachable, valid_to=None)
        regions: Any = self.fields["custom_regions"]
        regions.bind(list(self.data.getlist("custom_regions")) if data is not None else [])

    def clean_enterprise(self) -> Enterprise | None:
        """The enterprise of a code; browsing through enterprises is not for administrators."""
        code = str(self.cleaned_data["enterprise"]).strip().upper()
        if not code:
            return None
        found = Enterprise.objects.filter(uscc=code).first()
        if found is None:
            raise forms.ValidationError("名录里没有这个统一社会信用代码，请核对")
        return found

    def duty(self, user: User | None = None) -> Assignment:
        """The assignment meant, not saved; of nobody yet for a new account."""
        values = self.cleaned_data
        row = Assignment(
            role=values["role"], department=values["department"], enterprise=values["enterprise"],
            institution=values["institution"], scope=values["scope"],
            custom_regions=values["custom_regions"], programme=values["programme"],
            valid_from=values["valid_from"], valid_to=values["valid_to"],
        )  # fmt: skip
        if user is not None:
            row.user = user
        return row


class NewPersonForm(PersonForm, DutyForm):
    """An account together with its first duty."""

    username = forms.CharField(
        label="用户名", max_length=32, help_text="小写字母开头，3 至 32 个字符；设定后不再改"
    )
    field_order = ("username", "name", "mobile", "email", "role")


class EndDutyForm(forms.Form):
    """When and why a duty ends."""

    last_day = day_field("最后一天", help_text="留空表示立即结束")
    reason = reason_field()


class DelegationForm(forms.Form):
    """To whom, how long, why."""

    taker = PersonField("委托给")
    starts = moment_field("起")
    ends = moment_field("止")
    reason = reason_field(help_text="如出差、休假")


class HandoverForm(forms.Form):
    """Which enterprise, to whom, why."""

    enterprise = forms.CharField(label="统一社会信用代码", max_length=18)
    taker = PersonField("接收人", help_text="填写接收人的用户名或手机号；对方须已有账号")
    giver_leaves = forms.BooleanField(
        label="接收后，原经办人不再代表本企业", required=False, initial=True
    )
    reason = reason_field()

    def clean_enterprise(self) -> Enterprise:
        """The enterprise of the code."""
        code = str(self.cleaned_data["enterprise"]).strip().upper()
        found = Enterprise.objects.filter(uscc=code).first()
        if found is None:
            raise forms.ValidationError("名录里没有这个统一社会信用代码，请核对")
        return found


def _in_reach(access: Access, department: Department) -> bool:
    duty = Assignment(department=department, scope=Scope.DEPARTMENT)
    return covers(access, "person.manage", duty)
