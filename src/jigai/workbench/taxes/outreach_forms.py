"""Questions of 税收政策送达."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from jigai.registers.taxes.fields import DAY, FenField
from jigai.workbench.taxes.deliveries import OPEN, STATES, WAYS, WHYS


class YearForm(forms.Form):
    """The year a list is made for."""

    year = forms.IntegerField(label="年度", min_value=2009, max_value=2060, required=False)

    def clean_year(self) -> int:
        """This year where nothing is given."""
        return self.cleaned_data.get("year") or timezone.localdate().year


class VisitForm(forms.Form):
    """The conclusion of a visit. The enterprise's own report has no way to choose."""

    state = forms.ChoiceField(
        label="享受情况",
        choices=[("", "请选择"), *((code, word) for code, word in STATES.items() if code != OPEN)],
    )
    amount = FenField(
        label="享受额", required=False, help_text="已享受、部分享受必填，按申报表写到分"
    )
    voucher = forms.CharField(
        label="凭据", required=False, max_length=200, help_text="申报表所属期和行次，或受理编号"
    )
    why = forms.ChoiceField(
        label="没有全享受的原因", required=False, choices=[("", "请选择"), *WHYS.items()]
    )
    way = forms.ChoiceField(
        label="回访方式", choices=[(code, word) for code, word in WAYS.items() if code != "self"]
    )
    on = forms.DateField(label="回访日期", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    note = forms.CharField(
        label="说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            del self.fields["way"]
            self.fields["on"].label = "填报日期"
