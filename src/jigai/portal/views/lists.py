"""Lists on the portal: registers that are public, as of a day, with what their schema lets show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from jigai.errors import JigaiError
from jigai.portal.places import places_named
from jigai.portal.public_page import portal_page
from jigai.registers.models import Register
from jigai.registers.selectors_public import (
    public_csv,
    public_entries,
    public_labels,
    public_register,
    public_registers,
    public_row,
    region_field,
)

OPEN_TO_ALL = "名单按其字段设置向社会公开，查询不用登录"
ROWS = 50
_LONGEST = 80
_CHARGES = "charge-list"


@dataclass(slots=True)
class Wanted:
    """What was asked for: day, words and place, and sentences about what was not understood."""

    day: dt.date
    words: str
    place: str = ""
    region: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The query string, without a page."""
        return urlencode({"q": self.words, "on": self.day.isoformat(), "place": self.place})


@portal_page(OPEN_TO_ALL)
def lists(request: Any) -> HttpResponse:
    """Every public register."""
    return render(request, "portal/lists.html", {"rows": list(public_registers())})


@portal_page(OPEN_TO_ALL, keep=60)
def one_list(request: Any, slug: str) -> HttpResponse:
    """One register on a day, narrowed by words and region in the fields that are shown as they
    are."""
    register = _register(slug)
    wanted = _wanted(request, register)
    spans = public_entries(register, wanted.day, wanted.words, wanted.region)
    page = Paginator(spans.order_by("entry_id", "id"), ROWS).get_page(request.GET.get("page", 1))
    context = {
        "register": register,
        "labels": public_labels(register.schema),
        "rows": [public_row(register, span) for span in page],
        "page": page,
        "wanted": wanted,
        "by_region": region_field(register.schema) is not None,
        "takes_reports": _CHARGES in register.systems,
    }
    return render(request, "portal/list.html", context)


@portal_page(OPEN_TO_ALL)
def list_csv(request: Any, slug: str) -> StreamingHttpResponse:
    """All rows of the same view as a file for machines, masked alike."""
    register = _register(slug)
    wanted = _wanted(request, register)
    if wanted.problems:
        # A file of something else than asked for would not be noticed.
        raise JigaiError("list-query", wanted.problems[0], "改好条件再下载")
    spans = public_entries(register, wanted.day, wanted.words, wanted.region)
    rows = public_csv(register, spans.order_by("entry_id", "id"))
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    name = f"{register.name}_{wanted.day:%Y%m%d}.csv"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


def _register(slug: str) -> Register:
    try:
        return public_register(slug)
    except JigaiError:
        raise Http404(slug) from None


def _wanted(request: Any, register: Register) -> Wanted:
    """The conditions in the address; what is not understood is told and left out."""
    wanted = Wanted(timezone.localdate(), request.GET.get("q", "").strip()[:_LONGEST])
    typed = request.GET.get("on", "").strip()
    if typed:
        try:
            wanted.day = dt.date.fromisoformat(typed)
        except ValueError:
            wanted.problems.append(f"“{typed[:20]}”不是日期，写成 2026-03-02；下面是今天的名单")
    if region_field(register.schema) is not None:
        wanted.place = request.GET.get("place", "").strip()[:30]
        wanted.region = _region(wanted)
    return wanted


def _region(wanted: Wanted) -> str:
    found = places_named(wanted.place)
    if len(found) == 1:
        return str(found[0].code)
    if found:
        named = "、".join(f"{row.name}（{row.code}）" for row in found[:6])
        wanted.problems.append(f"有几个同名或相近的地区：{named}，请填区划代码")
    elif wanted.place:
        wanted.problems.append(f"没有“{wanted.place}”这个地区，写全称或六位区划代码")
    return ""
