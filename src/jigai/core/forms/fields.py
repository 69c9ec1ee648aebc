"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms

from jigai.core.models.user import User
from jigai.core.screens.menu import url_of
from jigai.core.selectors_regions import names_of_regions
from jigai.core.sign_in.identify import find_user


def reason_field(label: str = "事由", help_text: str = "") -> forms.CharField:
    """Why something is done; it is kept with the change."""
    box = forms.Textarea(attrs={"rows": 2, "maxlength": 200})
    return forms.CharField(label=label, max_length=200, widget=box, help_text=help_text)


def day_field(label: str, *, required: bool = False, help_text: str = "") -> forms.DateField:
    """A day."""
    box = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=box, help_text=help_text)


def moment_field(label: str) -> forms.DateTimeField:
    """A day and a time."""
    box = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=box)


class RegionsField(forms.MultipleChoiceField):
    """Several regions or region groups, fetched from the picker's address while typing."""

    widget = forms.SelectMultiple

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label=label, required=False, **options)
        self.widget.attrs.update({"data-picker": True})

    def bind(self, chosen: list[str]) -> None:
        """Know the chosen codes, so that the page shows their names."""
        names = names_of_regions(chosen)
        self.choices = [(code, names.get(code, code)) for code in chosen]
        self.widget.attrs["data-picker-url"] = url_of("region-options") + "?groups=1"

    def valid_value(self, value: Any) -> bool:
        """The service checks codes against the register."""
        return len(str(value)) <= 40


class PersonField(forms.CharField):
    """One account by exact user name or mobile number; nobody can browse through others."""

    def __init__(self, label: str, **options: Any) -> None:
        options.setdefault("help_text", "填写对方的用户名或手机号")
        super().__init__(label=label, max_length=64, **options)

    def clean(self, value: Any) -> User:
        """The account. Raises ``ValidationError`` where there is none."""
        typed = super().clean(value)
        found = find_user(typed) if len(typed) != 18 else None
        if found is None:
            raise forms.ValidationError("没有找到这个用户名或手机号，请核对")
        return found
