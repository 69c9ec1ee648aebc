"""Forms of documents sent out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from jigai.outreach.distribution_lists import departments_on
from jigai.outreach.models import Delivery, Distribution
from jigai.policies.models import PackVersion

_DAY = {"type": "date"}


class _Sending(forms.Form):
    """What every sending says."""

    sign_days = forms.IntegerField(
        label="签收期限（工作日）", min_value=1, max_value=60, initial=3,
        help_text="自发出次日起算，遇节假日按工作日历顺延",
    )  # fmt: skip
    note = forms.CharField(label="附言", max_length=500, required=False)


class PackForm(_Sending):
    """Which document."""

    slug = forms.ChoiceField(label="政策文件", choices=())
    field_order = ("slug", "sign_days", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = PackVersion.objects.filter(is_current=True).exclude(status="standard")
        known = rows.order_by("slug", "id").values_list("slug", "title", "number")
        self.fields["slug"].choices = [
            ("", "请选择"),
            *((slug, f"{title}（{number}）" if number else title) for slug, title, number in known),
        ]


class FileForm(_Sending):
    """A file with what stands at its head."""

    title = forms.CharField(label="标题", max_length=200)
    number = forms.CharField(label="文号", max_length=100, required=False, help_text="没有就不填")
    issuer = forms.CharField(label="发文机关", max_length=200)
    issued = forms.DateField(label="成文日期", required=False, widget=forms.DateInput(attrs=_DAY))
    upload = forms.FileField(label="文件")
    replaces = forms.TypedChoiceField(
        label="修订哪份发文", required=False, choices=(), coerce=int, empty_value=None,
        help_text="选了以后，发出时原件自动标为已被修订，并通知原收文单位停用",
    )  # fmt: skip
    field_order = ("title", "number", "issuer", "issued", "upload", "replaces")

    def __init__(self, *args: Any, sent: QuerySet[Distribution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = sent.filter(file__isnull=False, standing=Distribution.Standing.VALID)
        known = rows.order_by("-id").values_list("pk", "title", "number")
        self.fields["replaces"].choices = [
            ("", "不是修订"),
            *((pk, f"{title} {number}".strip()) for pk, title, number in known[:200]),
        ]


class AddresseeForm(forms.Form):
    """More units: of the directory, by name, or enterprises by their data."""

    kind = forms.ChoiceField(label="方式", choices=Delivery.Kind.choices)
    departments = forms.MultipleChoiceField(
        label="部门名录", required=False, choices=(), widget=forms.CheckboxSelectMultiple
    )
    names = forms.CharField(
        label="其他单位", required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一个。名录里有的按名录收文，没有的线下送达、登记纸质回执",
    )  # fmt: skip
    institutions = forms.ChoiceField(label="机构", required=False, choices=())
    enterprises = forms.BooleanField(label="加入下面条件的企业", required=False)

    def __init__(self, *args: Any, region_code: str, on: Any, **kwargs: Any) -> None:
        from jigai.core.models import Institution

        super().__init__(*args, **kwargs)
        rows = departments_on(region_code, on)
        self.fields["departments"].choices = [(row.pk, row.name) for row in rows]
        self.fields["institutions"].choices = [("", "不加"), *Institution.Kind.choices]


class RepealForm(forms.Form):
    """By what a document is repealed."""

    reason = forms.CharField(
        label="废止依据", max_length=300, help_text="写明由哪份文件（文号）、自哪天起废止"
    )


class PaperForm(forms.Form):
    """A receipt on paper."""

    what = forms.ChoiceField(
        label="回执", choices=(("sign", "签收"), ("stop", "确认停用")), initial="sign"
    )
    signer = forms.CharField(label="签收人", max_length=64, help_text="纸质回执上的姓名")
