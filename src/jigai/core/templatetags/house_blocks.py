"""Components that wrap what stands between their tags."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


def _tidy(content: str) -> SafeString:
    """What stands between the tags, without the blanks around it (``strip`` forgets it is safe)."""
    return SafeString(content.strip())


def _draw(name: str, **context: Any) -> SafeString:
    return render_to_string(f"core/components/{name}.html", context)


@register.simple_block_tag(end_name="endcard")
def card(content: str, title: str = "", note: str = "", flush: bool = False) -> SafeString:
    """``{% card "标题" %}…{% endcard %}``; ``flush=True`` for a table that fills it."""
    return _draw("card", content=content, title=title, note=note, flush=flush)


@register.simple_block_tag(end_name="endtoolbar")
def toolbar(content: str, title: str = "") -> SafeString:
    """``{% toolbar "企业" %}{% action … %}{% endtoolbar %}``: what can be done with a list."""
    return format_html(
        '<div class="jg-toolbar">{}{}</div>',
        format_html('<h2 class="jg-toolbar-title">{}</h2>', title) if title else "",
        content,
    )


@register.simple_block_tag(end_name="endtoolside")
def toolside(content: str) -> SafeString:
    """``{% toolside %}…{% endtoolside %}``: the right end of a toolbar."""
    return format_html('<div class="jg-toolbar-side">{}</div>', content)


@register.simple_block_tag(end_name="enddetails")
def details(content: str, columns: int = 3) -> SafeString:
    """``{% details %}{% detail "名称" value %}…{% enddetails %}``: a grid of labels and values."""
    return format_html('<dl class="jg-detail jg-detail-{}">{}</dl>', columns, content)


@register.simple_block_tag(end_name="enddetail_block")
def detail_block(content: str, label: str, wide: bool = False) -> SafeString:
    """One value of ``details`` made of anything: ``{% detail_block "状态" %}…``."""
    return format_html(
        '<div class="jg-detail-item{}"><dt>{}</dt><dd>{}</dd></div>',
        " is-wide" if wide else "",
        label,
        _tidy(content) or "—",
    )


@register.simple_block_tag(end_name="endresult")
def result(content: str, kind: str, title: str, text: str = "") -> SafeString:
    """The page after a step: ``kind`` is success, failed, waiting or info; inside, next steps."""
    return _draw("result", content=content, kind=kind, title=title, text=text)


@register.simple_block_tag(end_name="endempty")
def empty(content: str, title: str, hint: str = "", icon: str = "inbox") -> SafeString:
    """``{% empty "还没有企业" "先导入名录。" %}…buttons…{% endempty %}``.

    Directly inside ``{% for %}`` Django takes the word for its own; there use ``empty_state``.
    """
    return _draw("empty", content=_tidy(content), title=title, hint=hint, icon=icon)


@register.simple_block_tag(end_name="endempty_state")
def empty_state(content: str, title: str, hint: str = "", icon: str = "inbox") -> SafeString:
    """``empty`` under a name that may also stand inside ``{% for %}``."""
    return _draw("empty", content=_tidy(content), title=title, hint=hint, icon=icon)


@register.simple_block_tag(end_name="enderror_state")
def error_state(content: str, title: str, reason: str = "", next: str = "") -> SafeString:
    """What is wrong, why, and what to do next; inside, buttons."""
    return _draw("error_state", content=_tidy(content), title=title, reason=reason, next=next)


@register.simple_block_tag(end_name="endalert")
def alert(content: str, tone: str = "info", title: str = "") -> SafeString:
    """``{% alert "warn" "标题" %}…{% endalert %}``; tones: ok, info, warn, bad, open."""
    return _draw("alert", content=content, tone=tone, title=title)


@register.simple_block_tag(end_name="endfold")
def fold(content: str, title: str, opened: bool = False) -> SafeString:
    """A part that can be folded away: ``{% fold "计算过程" %}…{% endfold %}``."""
    return format_html(
        '<details class="jg-fold"{}><summary>{}</summary><div>{}</div></details>',
        SafeString(" open") if opened else "",
        title,
        content,
    )
