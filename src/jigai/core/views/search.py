"""Search across the platform, within the reach of whoever searches."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import signed_in
from jigai.core.screens.list_filters import words_field
from jigai.core.screens.menu import url_of
from jigai.core.screens.search_sources import sources_for

# Of each kind; the list behind "全部" shows the others.
SHOWN = 8


@signed_in
@require_GET
def search_page(request: Any) -> HttpResponse:
    """Hits by kind; a word that cannot be searched by gives none."""
    try:
        words = words_field("").clean(request.GET.get("q", "").strip()[:80])
    except ValidationError:
        words = ""
    found = []
    for source in sources_for(request.access) if words else ():
        hits = list(source.find(request.access, words, SHOWN + 1))
        if hits:
            found.append((source, hits[:SHOWN], len(hits) > SHOWN, url_of(source.more)))
    return render(request, "core/work/search.html", {"words": words, "found": found})
