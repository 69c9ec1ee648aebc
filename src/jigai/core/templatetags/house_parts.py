"""Components drawn from values alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jigai.core.jobs.registry import cancel_words
from jigai.core.screens.icons import draw_icon

register = template.Library()


@register.inclusion_tag("core/components/action.html", takes_context=True)
def action(
    context: Context,
    label: str,
    href: str = "",
    icon: str = "",
    tone: str = "",
    needs: str = "",
    confirm: str = "",
    post: bool = False,
    css: str = "",
    name: str = "",
    value: str = "",
) -> dict[str, Any]:
    """A button: ``{% action "导入" url icon="file-import" tone="primary" needs="…" %}``.

    A link with ``href``; with ``post=True`` a form of its own that sends to it; without ``href`` a
    submit button. ``tone``: primary, danger, ghost or empty. ``needs`` hides it from people without
    the capability. ``confirm`` asks first.
    """
    shell = context.get("shell")
    return {
        "label": label,
        "href": href,
        "icon": icon,
        "button_css": f"{_BUTTONS.get(tone, '')} {css}".strip(),
        "hidden": bool(needs) and not (shell is not None and shell.can(needs)),
        "confirm": confirm,
        "post": post,
        "name": name,
        "value": value,
        "csrf_token": context.get("csrf_token"),
    }


_BUTTONS = {
    "primary": "btn-primary",
    "danger": "btn-outline-danger",
    "ghost": "btn-ghost-secondary",
}


@register.simple_tag
def detail(label: str, value: Any = None, wide: bool = False, num: bool = False) -> SafeString:
    """``{% detail "名称" value %}`` inside ``details``; nothing becomes a dash."""
    return format_html(
        '<div class="jg-detail-item{}"><dt>{}</dt><dd{}>{}</dd></div>',
        " is-wide" if wide else "",
        label,
        SafeString(' class="jg-figure"') if num else "",
        "—" if value is None or value == "" else value,
    )


@register.simple_tag
def crumb(label: str, url_name: str = "", *args: Any) -> SafeString:
    """``{% crumb "企业" "enterprise_list" %}`` in the block breadcrumb; the last has no address."""
    url = _reverse(url_name, args) or (url_name if url_name.startswith("/") else "")
    if not url:
        return format_html('<li aria-current="page">{}</li>', label)
    return format_html('<li><a href="{}">{}</a></li>', url, label)


@register.simple_tag
def clause(pack: str, clause_id: str, text: str = "") -> SafeString:
    """A link to a clause of a policy document; plain text while no page shows documents."""
    words = text or clause_id
    url = _reverse("clause", (pack, clause_id))
    if not url or not clause_id:
        return format_html('<span class="jg-clause">{}</span>', words)
    return format_html(
        '<a class="jg-clause" href="{}">{}<span>{}</span></a>', url, draw_icon("book"), words
    )


@register.simple_tag
def copy(text: str, label: str = "复制") -> SafeString:
    """A button that puts a text on the clipboard and says so."""
    return format_html(
        '<button type="button" class="jg-copy" data-copy="{}" aria-label="{}：{}">{}'
        '<span aria-live="polite"></span></button>',
        text,
        label,
        text,
        draw_icon("copy"),
    )


@register.simple_tag
def stat(label: str, value: Any, unit: str = "", href: str = "", note: str = "") -> SafeString:
    """A figure with its name; ``href`` opens the rows behind it."""
    tag = SafeString("a") if href else SafeString("div")
    link = format_html(' href="{}"', href) if href else ""
    return format_html(
        '<{} class="jg-stat"{}><span class="jg-stat-label">{}</span><span class="jg-stat-value">{}'
        "<small>{}</small></span>{}</{}>",
        tag,
        link,
        label,
        value,
        unit,
        format_html('<span class="jg-stat-note">{}</span>', note) if note else "",
        tag,
    )


@register.simple_tag
def due(on: dt.date | None, today: dt.date | None = None, soon: int = 3) -> SafeString:
    """A deadline with the days left: calm, amber within ``soon`` days, red once it has passed."""
    if on is None:
        return SafeString("—")
    left = (on - (today or timezone.localdate())).days
    tone = "bad" if left < 0 else "warn" if left <= soon else "calm"
    words = f"逾期 {-left} 天" if left < 0 else "今天到期" if left == 0 else f"剩 {left} 天"
    return format_html(
        '<span class="jg-due">{} <span class="jg-badge jg-badge-{}">{}</span></span>',
        on.isoformat(),
        tone,
        words,
    )


@register.inclusion_tag("core/components/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """流转记录. Each entry has ``at``, ``who``, ``verb`` and may have ``code`` and ``note``."""
    return {"entries": entries}


@register.inclusion_tag("core/components/steps.html")
def steps(labels: Sequence[str] | str, current: int = 1) -> dict[str, Any]:
    """Numbered steps, ``current`` from 1; ``labels`` a sequence or words joined by ``|``."""
    names = labels.split("|") if isinstance(labels, str) else labels
    states = [
        "done" if n < current else "current" if n == current else "todo"
        for n in range(1, len(names) + 1)
    ]
    return {"steps": list(zip(names, states, strict=True))}


@register.inclusion_tag("core/components/progress_panel.html")
def progress_panel(job: Any, url: str = "", cancel: str = "", csrf: str = "") -> dict[str, Any]:
    """A job's progress; asks ``url`` for itself every two seconds until the job is over.

    ``url`` answers with this panel alone; without it the panel stands still.

    ``job`` has title, status, get_status_display, step, percent, is_over, error, hint and url.
    ``cancel`` is the address that takes a wish to stop (POST), with ``csrf=csrf_token``.
    """
    question = f"要取消这项任务吗？{cancel_words(job.kind)}" if cancel else ""
    return {
        "job": job, "url": url, "cancel": cancel, "csrf_token": csrf, "cancel_question": question
    }  # fmt: skip


@register.inclusion_tag("core/components/conflict.html")
def conflict(rows: Iterable[Any], who: str, at: Any, reload: str = "") -> dict[str, Any]:
    """Two people changed the same record. ``rows``: (label, yours, theirs), shown side by side."""
    lines = [(label, mine, theirs, mine != theirs) for label, mine, theirs in rows]
    return {"rows": lines, "who": who, "at": at, "reload": reload}


@register.inclusion_tag("core/components/chart.html")
def chart(
    chart_id: str,
    option: dict[str, Any],
    title: str,
    summary: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    height: str = "medium",
) -> dict[str, Any]:
    """An ECharts drawing of ``option`` with its summary in words and the same data as a table.

    ``height``: small, medium or large. Cells after the first one are set as figures.
    """
    return {
        "id": chart_id,
        "option": option,
        "option_id": f"{chart_id}-option",
        "title": title,
        "summary": summary,
        "columns": columns,
        "rows": rows,
        "height": height,
    }


def _reverse(name: str, args: Iterable[Any]) -> str:
    if not name:
        return ""
    try:
        return reverse(name, args=list(args))
    except NoReverseMatch:
        return ""
