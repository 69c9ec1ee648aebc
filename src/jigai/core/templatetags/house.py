"""Tags and filters of every template; no ``{% load %}`` is needed.

Filters here; components and form parts in their own files, gathered into one library.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jigai.core.screens import formats
from jigai.core.screens.icons import draw_icon
from jigai.core.screens.status import look_of
from jigai.core.templatetags import house_blocks, house_forms, house_parts
from jigai.rules.bounds import NO_LIMIT

register = template.Library()
for part in (house_blocks.register, house_forms.register, house_parts.register):
    register.tags.update(part.tags)
    register.filters.update(part.filters)


@register.filter
def yuan(fen: int | None, undetermined: Any = False) -> str:
    """``{{ fen|yuan }}``: 1,234,567.89. Without an amount: 未定 if the argument is true, else —."""
    return formats.absent(undetermined) if fen is None else formats.yuan(_whole(fen))


@register.filter
def yuan_unit(fen: int | None) -> str:
    """``{{ fen|yuan }} {{ fen|yuan_unit }}``: 元, but nothing after 不封顶."""
    return "" if yuan(fen) == NO_LIMIT else "元"


@register.filter
def wan(fen: int | None, undetermined: Any = False) -> str:
    """``{{ fen|wan }}``: 万元 with two decimals, for summaries; the argument as for ``yuan``."""
    return formats.absent(undetermined) if fen is None else formats.wan(_whole(fen))


@register.filter
def mu(area: int | None, undetermined: Any = False) -> str:
    """``{{ area|mu }}``: units of 0.01 m² as 亩, two to four decimals."""
    return formats.absent(undetermined) if area is None else formats.mu(_whole(area))


@register.filter
def square_metres(area: int | None) -> str:
    """``{{ area|square_metres }}``: units of 0.01 m² as m²."""
    return formats.ABSENT if area is None else formats.square_metres(_whole(area))


@register.filter
def day(value: dt.date | None) -> str:
    """``{{ date|day }}``: 2024-03-05, or a dash."""
    return formats.day(value)


@register.filter
def moment(value: dt.datetime | None) -> SafeString:
    """``{{ datetime|moment }}``: a ``<time>`` with 2024-03-05 14:30, or a dash."""
    if value is None:
        return SafeString(formats.ABSENT)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment(value))


@register.filter
def month(value: Any) -> str:
    """``{{ period|month }}``: a (year, month) pair or a date as 2024年3月, or a dash."""
    return formats.month(value)


@register.filter
def file_size(count: int | None) -> str:
    """``{{ bytes|file_size }}``: 12.3 KB."""
    return formats.file_size(count)


@register.filter
def dash(value: Any) -> Any:
    """``{{ text|dash }}``: a dash for nothing; zero and false are something."""
    return formats.ABSENT if value is None or value == "" else value


@register.filter
def or_all(value: Any) -> Any:
    """``{{ text|or_all }}``: 全部 where nothing was chosen."""
    return "全部" if value is None or value == "" else value


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """``{% icon "plus" %}``; fails for a name that is not in ``frontend/icons.txt``."""
    return draw_icon(name, label, css)


@register.simple_tag
def status(code: Any, text: str = "") -> SafeString:
    """``{% status code text %}``: a badge coloured by the code; the text defaults to the code's."""
    look = look_of(code)
    drawing = draw_icon(look.icon) if look.icon else ""
    return format_html(
        '<span class="jg-badge jg-badge-{}">{}{}</span>', look.tone, drawing, text or look.label
    )


def _whole(value: Any) -> int:
    """Money and areas are whole numbers; anything else is a mistake of the page."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"money and areas are whole numbers, not {type(value).__name__}")
    return value
