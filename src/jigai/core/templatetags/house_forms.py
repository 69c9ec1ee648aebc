"""Parts of forms: fields with label, help and errors, the query form, and the nonce."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def control(bound: BoundField, small: bool = False, css: str = "") -> SafeString:
    """The input of a field with the classes of the house."""
    widget = bound.field.widget
    if isinstance(widget, _CHOICES):
        # Django puts the class on the box around the choices as well.
        return bound.as_widget(attrs={"class": "jg-choice"})
    if isinstance(widget, forms.CheckboxInput):
        base = "form-check-input"
    elif isinstance(widget, forms.Select):
        base = "form-select"
    else:
        base = "form-control"
    given = str(widget.attrs.get("class", ""))
    size = f" {base}-sm" if small and base != "form-check-input" else ""
    invalid = " is-invalid" if bound.errors else ""
    attrs: dict[str, Any] = {"class": f"{base}{size}{invalid} {given} {css}".strip()}
    if widget.attrs.get("placeholder") == bound.label:
        # A placeholder that repeats the label says nothing and looks like a value.
        attrs["placeholder"] = False
    return bound.as_widget(attrs=attrs)


def shape(bound: BoundField) -> str:
    """How a field is drawn: ``hidden``, ``check`` (one box), ``choices`` or ``plain``."""
    if bound.is_hidden:
        return "hidden"
    if isinstance(bound.field.widget, _CHOICES):
        return "choices"
    return "check" if isinstance(bound.field.widget, forms.CheckboxInput) else "plain"


@register.inclusion_tag("core/components/field.html")
def field(bound: BoundField, css: str = "", label: str = "", help: bool = True) -> dict[str, Any]:
    """``{% field form.name %}``: label, required mark, control, help and errors."""
    return {
        "help": bound.help_text if help else "",
        "bound": bound,
        "shape": shape(bound),
        "control": control(bound),
        "css": css,
        "label": label or bound.label,
    }


@register.inclusion_tag("core/components/form_fields.html")
def form_fields(form: forms.BaseForm, columns: int = 1, help: bool = True) -> dict[str, Any]:
    """``{% form_fields form columns=2 %}``: the errors of the form and every field."""
    return {"form": form, "columns": columns, "help": help}


@register.inclusion_tag("core/components/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """``{% form_errors form %}``: errors of the whole form and links to the fields in error."""
    wrong = [bound for bound in form if bound.errors and not bound.is_hidden]
    hidden = [error for bound in form if bound.is_hidden for error in bound.errors]
    return {"general": [*form.non_field_errors(), *hidden], "wrong": wrong}


@register.simple_tag
def form_nonce() -> SafeString:
    """A number for one sending of a form: a second sending is led to the first one's result."""
    return format_html('<input type="hidden" name="nonce" value="{}">', uuid.uuid4())


@register.inclusion_tag("core/components/query_form.html")
def query_form(
    form: forms.BaseForm, visible: int = 3, reset: str = "?", target: str = "", label: str = "查询"
) -> dict[str, Any]:
    """The form above a list. ``target`` is the part htmx replaces; without it the page reloads.

    Fields after the first ``visible`` ones are folded away unless one of them is in use.
    """
    bounds = list(form.visible_fields())
    parts = [
        {"bound": bound, "control": control(bound), "shape": shape(bound), "extra": n >= visible}
        for n, bound in enumerate(bounds)
    ]
    is_open = any(bound.value() not in (None, "", [], False) for bound in bounds[visible:])
    return {
        "form": form,
        "parts": parts,
        "is_open": is_open,
        "foldable": len(parts) > visible,
        "reset": reset,
        "target": target,
        "label": label,
    }


@register.inclusion_tag("core/components/region_picker.html")
def region_picker(
    name: str,
    options: Any = (),
    chosen: Any = "",
    url: str = "",
    label: str = "所属地区",
    multiple: bool = False,
    required: bool = False,
) -> dict[str, Any]:
    """A searchable choice by name, pinyin or initials.

    ``options``: rows with ``code``, ``name``, ``pinyin`` and ``initials`` (regions fit). With
    ``url`` they come from there instead: ``url?q=…`` answers
    ``{"results": [{"code", "name", "pinyin", "initials", "note"}]}``.
    """
    picked = {str(c) for c in (chosen if isinstance(chosen, list | tuple | set) else [chosen])}
    return {
        "name": name,
        "options": options,
        "picked": picked,
        "url": url,
        "label": label,
        "multiple": multiple,
        "required": required,
    }


@register.inclusion_tag("core/components/file_box.html")
def file_box(
    name: str = "files",
    label: str = "选择文件",
    accept: str = "",
    hint: str = "",
    max_mb: int = 50,
    multiple: bool = True,
    required: bool = True,
) -> dict[str, Any]:
    """Drag files in or choose them; a plain file input where scripts do not run."""
    return {
        "name": name,
        "label": label,
        "accept": accept,
        "hint": hint,
        "max_bytes": max_mb * 1024 * 1024,
        "max_mb": max_mb,
        "multiple": multiple,
        "required": required,
    }
