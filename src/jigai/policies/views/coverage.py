"""How much of the documents is accounted for, and which of the systems they call for work."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.policies.ledger import STATUSES, status_counts, system_rows
from jigai.policies.models import PackVersion
from jigai.policies.stored_packs import model_of
from jigai.rules.document_coverage import document_coverage


@requires("pack.view")
@require_GET
def coverage(request: Any) -> HttpResponse:
    """Documents with their counts, systems with their state; ``?status=`` keeps one state."""
    versions = PackVersion.objects.filter(is_current=True).exclude(status="standard")
    documents = [document_coverage(model_of(v).pack) for v in versions.order_by("slug")]
    asked: Counter[str] = Counter()
    for document in documents:
        asked.update(document.systems)
    status = request.GET.get("status", "")
    rows = [row for row in system_rows(asked) if not status or row.status == status]
    sections = [title for _name, title, _count in documents[0].items] if documents else []
    context = {
        "documents": documents,
        "sections": sections,
        "totals": [
            sum(document.items[place][2] for document in documents)
            for place in range(len(sections))
        ],
        "systems": rows,
        "counts": status_counts(),
        "status": status,
        "words": STATUSES,
    }
    return render(request, "policies/coverage.html", context)
