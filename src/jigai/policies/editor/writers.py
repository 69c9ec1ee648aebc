"""Who wrote in a draft: they may not review or issue it."""

from __future__ import annotations

from typing import Any

from jigai.policies.models import PackDraft


def writers(draft: PackDraft) -> set[int]:
    """Accounts that began the draft, saved a text of it or handed it in; from its history."""
    events: Any = draft.events
    rows = events.order_by().values_list("updated_by_id", "submitted_by_id").distinct()
    found = {person for row in rows for person in row if person is not None}
    return found | {draft.created_by_id}
