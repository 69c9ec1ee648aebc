"""Which invoice lines a policy counts to the subsidy base, as the navigator's own answer says."""

from __future__ import annotations

import datetime as dt

from jigai.core.access import Access
from jigai.core.models import Enterprise
from jigai.workbench.navigator.navigate import Question, navigate


def counted_lines(
    enterprise: Enterprise, access: Access, day: dt.date
) -> tuple[str, dict[int, bool | None]]:
    """(document, line id → counted) of the first document that says anything about its lines."""
    answer = navigate(Question(enterprise, day), access)
    for decided in answer.decided:
        found = {
            int(line.key): line.counted
            for explanation in decided.found.values()
            for line in explanation.lines
            if int(line.key) > 0
        }
        if found:
            return decided.program.document.version.title, found
    return "", {}
