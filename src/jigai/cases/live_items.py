"""How the procedures a document names are carried out, for its living page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from jigai.cases.access import DESIGN
from jigai.cases.models import CaseProcedure
from jigai.cases.selectors_procedures import CaseCounts, counts_of, visible_procedures
from jigai.core.access import Access
from jigai.policies.models import PackItem, PackParameter
from jigai.policies.sections import Live
from jigai.policies.selectors_open import standing_of


def reference_of(item: PackItem) -> str:
    """How a procedure names the item it carries out."""
    return f"{item.pack.slug}:{item.code}"


def live_procedures(access: Access, items: Sequence[PackItem]) -> dict[int, Live]:
    """Procedures that carry out each item with their numbers of cases, or the way to make one; and
    the limit the document leaves to somebody, as 未定 while nobody has set it."""
    wanted = {reference_of(item): item.pk for item in items}
    rows = list(
        CaseProcedure.objects.filter(items__overlap=list(wanted))
        .exclude(state=CaseProcedure.State.RETIRED).order_by("-region_code", "pk")
    )  # fmt: skip
    open_to = set(
        visible_procedures(access).filter(pk__in=[r.pk for r in rows]).values_list("pk", flat=True)
    )
    counts = counts_of(r.pk for r in rows)
    limits = _limits(items)
    found = {}
    for item in items:
        own = [r for r in rows if reference_of(item) in r.items]
        figures = limits.get(item.pk, [])
        found[item.pk] = (
            _carried(own, counts, open_to, figures) if own else _nobody(access, item, figures)
        )
    return found


def _carried(
    own: list[CaseProcedure], counts: dict[int, CaseCounts], open_to: set[int],
    figures: list[tuple[str, str]],
) -> Live:  # fmt: skip
    shown = next((r for r in own if r.pk in open_to), own[0])
    known = [counts.get(r.pk, CaseCounts()) for r in own]
    running, late, done = (sum(getattr(c, name) for c in known)
                           for name in ("running", "late", "done"))  # fmt: skip
    published = any(r.state == CaseProcedure.State.PUBLISHED for r in own)
    name = f"“{shown.name}”" + (f"等 {len(own)} 种" if len(own) > 1 else "")
    words = f"由{name}办理：办理中 {running:,}，已办结 {done:,}，超期 {late:,}"
    status = "running" if running else "done" if done else "neutral"
    if not published:
        status, words = "draft", f"{name}还在草拟，没有发布"
    url = reverse("procedure-detail", args=[shown.code]) if shown.pk in open_to else ""
    return Live("warning" if late else status, words, url, figures=figures)


def _nobody(access: Access, item: PackItem, figures: list[tuple[str, str]]) -> Live:
    if not access.can(DESIGN):
        return Live("missing", "还没有对应的办事方式", figures=figures)
    url = f"{reverse('procedure-new')}?{urlencode({'item': reference_of(item)})}"
    return Live("missing", "还没有对应的办事方式，建一个", url, figures=figures)


def _limits(items: Sequence[PackItem]) -> dict[int, list[tuple[str, str]]]:
    """Limits by item, in words; what nobody has set is never a number."""
    asked = {item.pk: str(item.data.get("limit") or "") for item in items}
    codes = {code for code in asked.values() if code}
    if not codes:
        return {}
    packs = {item.pack_id for item in items}
    rows = list(
        PackParameter.objects.filter(pack__in=packs, code__in=codes).select_related("pack")
        .order_by("id")
    )  # fmt: skip
    standing = standing_of(rows, timezone.localdate())
    by_code: dict[tuple[int, str], PackParameter] = {}
    for row in rows:
        by_code.setdefault((row.pack_id, row.code), row)
    found = {}
    for item in items:
        row = by_code.get((item.pack_id, asked[item.pk]))
        if row is not None:
            held = standing[row.pk]
            unit = row.unit if held.text and not held.text.endswith(row.unit) else ""
            found[item.pk] = [(row.name, f"{held.word}{unit}")]
    return found
