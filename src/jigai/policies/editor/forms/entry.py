"""What every form of a section shares: one entry, its fields, its tables of rows.

A form never forgets what it does not show: keys it has no field for stay in the entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms

Plain = dict[str, Any]
_LIST = re.compile(r"[、，,；;\n]+")
ID_FORMS = re.compile(r"[A-Za-z][\w-]{0,78}", re.ASCII)
# Most rows a table takes at once; more are written in the text.
MOST_ROWS = 60


def text(label: str, longest: int = 200, **options: Any) -> forms.CharField:
    """One line."""
    options.setdefault("required", False)
    return forms.CharField(label=label, max_length=longest, **options)


def long(label: str, rows: int = 2, longest: int = 4000, **options: Any) -> forms.CharField:
    """Several lines."""
    attrs = {"rows": rows, **options.pop("attrs", {})}
    options.setdefault("required", False)
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs=attrs), **options
    )


def formula(label: str, rows: int = 2, **options: Any) -> forms.CharField:
    """A formula, with the names of the pack offered while one writes."""
    attrs = {"data-formula": True, "spellcheck": "false", "autocomplete": "off"}
    return long(label, rows, attrs=attrs, **options)


def choice(label: str, options: Iterable[tuple[str, str]], **more: Any) -> forms.ChoiceField:
    """One of several words."""
    more.setdefault("required", False)
    return forms.ChoiceField(label=label, choices=list(options), **more)


def listed(value: str) -> list[str]:
    """What was written with 、 or on several lines, one by one."""
    return [part.strip() for part in _LIST.split(value) if part.strip()]


def joined(value: Any) -> str:
    """The other way round."""
    return "、".join(str(one) for one in value or [])


def told(value: Any) -> str:
    """A scalar as the field shows it; ``null`` is nothing."""
    return "" if value in (None, "null", "~") else str(value)


class SmallForm(forms.Form):
    """A form whose fields stand in the cells of a table."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            base = {
                forms.Select: "form-select form-select-sm",
                forms.CheckboxInput: "form-check-input",
            }
            field.widget.attrs.setdefault(
                "class", base.get(type(field.widget), "form-control form-control-sm")
            )


class RowForm(SmallForm):
    """One row of a table inside an entry. A row with nothing in it is left out."""

    keys: ClassVar[Sequence[str]] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            own = told(self.initial.get(name))
            if isinstance(field, forms.ChoiceField) and own:
                known = [code for code, _word in field.choices]
                # What somebody wrote in the text is kept, known here or not.
                if own not in known:
                    field.choices = [*field.choices, (own, own)]

    @classmethod
    def initial_of(cls, plain: Plain) -> dict[str, Any]:
        """Fields from a row as written."""
        return {key: told(plain.get(key)) for key in cls.keys}

    def row(self, old: Plain) -> Plain:
        """The row as it is to be written, ``old`` being the one it was opened on."""
        given = {key: self.cleaned_data.get(key, "") for key in self.keys}
        return merged(old, given, (*self.keys, *old))


class EntryForm(forms.Form):
    """One entry of a section. ``tables`` are its rows: name → (form, key, empty ones offered)."""

    section: ClassVar[str] = ""
    order: ClassVar[Sequence[str]] = ()
    singles: ClassVar[Sequence[str]] = ()
    lists: ClassVar[Sequence[str]] = ()
    tables: ClassVar[Mapping[str, tuple[type[RowForm], int]]] = {}

    def __init__(
        self, data: Any = None, *, entry: Plain | None, clauses: Sequence[tuple[str, str]],
        taken: Iterable[str] = (), **options: Any,
    ) -> None:  # fmt: skip
        self.entry: Plain = dict(entry or {})
        self.taken = set(taken) - {str(self.entry.get("id", ""))}
        initial = {**self.initial_of(self.entry), **options.pop("initial", {})}
        super().__init__(data, initial=initial, **options)
        self._offer_clauses(clauses)
        self.rows = {name: self._formset(name, data) for name in self.tables}

    def _offer_clauses(self, clauses: Sequence[tuple[str, str]]) -> None:
        field = self.fields.get("clause")
        if not isinstance(field, forms.ChoiceField):
            return
        own = told(self.entry.get("clause"))
        known = [code for code, _word in clauses]
        more = [(own, f"{own}（条款里没有）")] if own and own not in known else []
        field.choices = [("", "请选择"), *clauses, *more]

    def _formset(self, name: str, data: Any) -> Any:
        form, extra = self.tables[name]
        stored = [row for row in self.entry.get(name) or [] if isinstance(row, dict)]
        factory = forms.formset_factory(
            form, extra=extra, max_num=MOST_ROWS, absolute_max=MOST_ROWS
        )
        return factory(data, prefix=name, initial=[form.initial_of(row) for row in stored])

    @classmethod
    def initial_of(cls, plain: Plain) -> dict[str, Any]:
        """Fields from an entry as written."""
        found: dict[str, Any] = {key: told(plain.get(key)) for key in cls.singles}
        return found | {key: joined(plain.get(key)) for key in cls.lists}

    def clean_id(self) -> str:
        """An identifier that nothing else has."""
        code = str(self.cleaned_data["id"]).strip()
        if not ID_FORMS.fullmatch(code):
            raise forms.ValidationError("标识用字母、数字、下划线与连字符，以字母开头")
        if code in self.taken:
            raise forms.ValidationError(f"标识“{code}”已有，换一个")
        return code

    def is_valid(self) -> bool:
        """The entry and all its rows."""
        rows = [formset.is_valid() for formset in self.rows.values()]
        return super().is_valid() and all(rows)

    def plain(self) -> Plain:
        """The entry as it is to be written; what was not touched as it was."""
        given: Plain = {key: self.cleaned_data.get(key, "") for key in self.singles}
        given |= {key: listed(self.cleaned_data.get(key, "")) for key in self.lists}
        given |= {name: self._rows(name) for name in self.tables}
        given |= self.more()
        return merged(self.entry, given, self.order)

    def more(self) -> Plain:
        """What a section adds that is neither a text nor a list nor a table."""
        return {}

    def _rows(self, name: str) -> list[Plain]:
        stored = [row for row in self.entry.get(name) or [] if isinstance(row, dict)]
        found: list[Plain] = []
        for index, form in enumerate(self.rows[name].forms):
            if any(value not in ("", None, False) for value in form.cleaned_data.values()):
                found.append(form.row(stored[index] if index < len(stored) else {}))
        return found


def merged(old: Plain, given: Plain, order: Iterable[str]) -> Plain:
    """``old`` with what was given: an emptied value goes, an equal one stays as it was written."""
    found: Plain = {}
    for key in dict.fromkeys((*order, *old, *given)):
        if key not in given:
            if key in old:
                found[key] = old[key]
            continue
        value = given[key]
        if _same(old.get(key), value):
            if key in old:
                found[key] = old[key]
        elif value not in ("", [], {}, None):
            found[key] = value
    return found


def _same(old: Any, new: Any) -> bool:
    """Whether a field says what was there: line ends and outer spaces do not count."""
    if old is None or isinstance(old, str):
        if isinstance(new, str):
            return told(old).strip() == new.replace("\r\n", "\n").strip()
        return old is None and new in ([], {}, None)
    return bool(old == new) or (not old and not new)
