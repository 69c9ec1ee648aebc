"""Questions anybody may ask: where an item is handled now, and what relief enterprises received."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jigai.core.selectors_regions import names_of_regions
from jigai.portal.places import places_named
from jigai.portal.public_page import portal_page
from jigai.registers.special.burden import shown_publicly
from jigai.registers.special.stored_burden import PUBLIC_K, sums_of_all
from jigai.registers.special.stored_handling import every_handling, handling_of, item_choices
from jigai.registers.views.handling import LOOKS, answer_context


@portal_page("办事人不登录也要能查一件事现在由谁办", keep=60)
def handling(request: Any) -> HttpResponse:
    """One item with its history in a place on a day, or every item there."""
    problems: list[str] = []
    typed, item = _typed(request, "place", 30), _typed(request, "item", 60)
    zone, region, day = _typed(request, "zone", 60), "", _day(request, problems)
    places = places_named(typed)
    if len(places) == 1:
        region = places[0].code
    elif places:
        named = "、".join(f"{row.name}（{row.code}）" for row in places[:6])
        problems.append(f"有几个同名或相近的地区：{named}，请填区划代码")
    elif typed:
        problems.append(f"没有“{typed}”这个地区，写全称或六位区划代码")
    if item and not region and not problems:
        problems.append("没有填地区，只在部分地区适用的变动没有算进去")
    context: dict[str, Any] = {
        "items": item_choices(), "item": item, "typed": typed, "zone": zone, "day": day,
        "region": region, "place": places[0].name if region else "", "problems": problems,
    }  # fmt: skip
    if item:
        context |= answer_context(handling_of(item, day, region, zone), region)
    else:
        context["rows"] = [(one, LOOKS[one.state]) for one in every_handling(day, region, zone)]
    return render(request, "portal/handling.html", context)


@portal_page("减负成效按地区汇总公开，企业数太少的不公开")
def burden(request: Any) -> HttpResponse:
    """Sums by kind of cost, year and region; groups of few enterprises tell nothing.

    There are no totals: what is hidden could be told from them.
    """
    groups = shown_publicly(sums_of_all(), PUBLIC_K)
    names = names_of_regions({one.region for one, _ in groups})
    shown = [(one, names.get(one.region, one.region), open_) for one, open_ in groups]
    return render(request, "portal/burden.html", {"rows": shown, "k": PUBLIC_K})


def _typed(request: Any, name: str, most: int) -> str:
    return str(request.GET.get(name, "")).strip()[:most]


def _day(request: Any, problems: list[str]) -> dt.date:
    typed = _typed(request, "on", 20)
    if not typed:
        return timezone.localdate()
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        problems.append(f"“{typed}”不是日期，写成 2026-03-02；下面按今天答")
        return timezone.localdate()
