"""The query form of a list: plain forms whose fields say how they narrow the rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model, Q, QuerySet

from jigai.core.access.scoping import region_prefix
from jigai.core.models.search import pairs_query
from jigai.core.screens.menu import url_of

Row = TypeVar("Row", bound=Model)
# Punctuation separates words: names carry full-width brackets, people type either kind.
_BREAKS = re.compile(r"[\s()\[\]（）【】、，,;；%]+")
_CODE = re.compile(r"[0-9a-z-]{2,}")
# What a box says while nothing is chosen: without it all rows count, or a form lacks an answer.
ANY, CHOOSE = "全部", "请选择"


class ListFilters(forms.Form):
    """Conditions on a list; each field ends in a condition on the rows.

    A field narrows by the method ``by_<field>(rows, value)`` if there is one, else by the lookup
    named in ``lookups`` (the field's own name without an entry). A field with a wrong value is left
    out and its error shown.
    """

    lookups: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, access: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "query_%s")
        super().__init__(*args, **kwargs)
        self.access = access
        for item in self.fields.values():
            if isinstance(item, RegionField):
                item.widget.empty = ANY

    def narrow(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """The rows that fulfil every condition that could be read."""
        self.is_valid()
        for name, value in self.cleaned_data.items():
            if value in (None, "", []):
                continue
            by: Callable[..., Any] | None = getattr(self, f"by_{name}", None)
            rows = by(rows, value) if by else rows.filter(**{self.lookups.get(name, name): value})
        return rows

    def carry(self, columns: Iterable[str], **values: str) -> None:
        """Keep columns, order and page size as hidden fields, so that a new query keeps them."""
        data: Any = self.data.copy()  # type: ignore[has-type]
        for name, value in values.items():
            if value:
                data[name] = value
                self.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False)
        if list(columns):
            data.setlist("cols", list(columns))
            self.fields["cols"] = forms.MultipleChoiceField(
                widget=forms.MultipleHiddenInput, required=False
            )
        self.data = data

    def told(self) -> list[tuple[str, str, str]]:
        """Conditions in force as (field, label, words)."""
        self.is_valid()
        found = []
        for bound in self.visible_fields():
            value = self.cleaned_data.get(bound.name) if not bound.errors else None
            if value not in (None, "", []):
                found.append((bound.name, str(bound.label), _words(bound, value)))
        return found


def _words(bound: Any, value: Any) -> str:
    choices = dict(getattr(bound.field, "choices", ()) or ())
    values = value if isinstance(value, list | tuple) else [value]
    return "、".join(str(choices.get(v, choices.get(str(v), v))) for v in values)


def choice(label: str, choices: Iterable[tuple[str, str]], empty: str = ANY) -> Any:
    """One of a few values, or all."""
    return forms.ChoiceField(label=label, required=False, choices=[("", empty), *choices])


def year_field(label: str = "年度") -> forms.IntegerField:
    """A year of four digits."""
    field = forms.IntegerField(label=label, required=False, min_value=1990, max_value=2100)
    wrong = "请填四位年份，如 2021"
    field.validators = [MinValueValidator(1990, wrong), MaxValueValidator(2100, wrong)]
    field.error_messages["invalid"] = wrong
    return field


def words_field(label: str, placeholder: str = "") -> forms.CharField:
    """Words to search by."""
    box = forms.TextInput(attrs={"placeholder": placeholder, "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=80, widget=box)


class RegionField(forms.CharField):
    """A region code chosen by name, pinyin or initials; rows of it and below.

    ``empty`` is what the box says while nothing is chosen; on a list that is always :data:`ANY`.
    """

    widget: _RegionSelect

    def __init__(self, label: str = "所属地区", empty: str = CHOOSE, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(label=label, max_length=12, widget=_RegionSelect(empty), **options)

    def clean(self, value: Any) -> str:
        """The code; anything but digits and letters is refused."""
        code: str = super().clean(value)
        if code and not re.fullmatch(r"[0-9A-Z]{2,12}", code):
            raise forms.ValidationError("请从列表中选择地区")
        return code


class _RegionSelect(forms.Select):
    """A searchable box that knows only the chosen region; the others are fetched when asked for."""

    def __init__(self, empty: str) -> None:
        super().__init__(attrs={"data-picker": True})
        self.empty = empty

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        from jigai.core.screens.context import region_name

        self.choices = [("", self.empty)]
        if value:
            self.choices = [*self.choices, (value, region_name(str(value)[:12]))]
        url = url_of("region-options")
        more = {"data-picker-url": url} if url else {}
        return super().get_context(name, value, {**(attrs or {}), **more})


def below(rows: QuerySet[Row], path: str, code: str) -> QuerySet[Row]:
    """The rows of a region and of every region below it."""
    return rows.filter(**{f"{path}__startswith": region_prefix(code)})


def search(
    rows: QuerySet[Row], typed: str, *, column: str = "search", codes: tuple[str, ...] = ()
) -> QuerySet[Row]:
    """The rows that hold every word typed.

    Found by pairs of characters through the index. A word of digits and Latin letters must stand in
    one piece in one of the ``codes`` columns (or the pairs would find too much).
    """
    words = [w for w in _BREAKS.split(unicodedata.normalize("NFKC", typed).lower()) if w]
    wanted = pairs_query(" ".join(words))
    if wanted is None:
        return rows.none() if typed.strip() else rows
    rows = rows.filter(**{column: wanted})
    for word in words:
        if codes and _CODE.fullmatch(word):
            whole = Q()
            for name in codes:
                whole |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(whole)
    return rows
