"""Notes that somebody looked at an enterprise's data."""

from __future__ import annotations

from typing import Any

from jigai.core.models import AccessLog


def log_access(
    *, request: Any, action: str, kind: str, key: Any, label: str, enterprise_id: int | None
) -> None:
    """Write the access log, unless people look at the data of their own enterprise."""
    if any(g.enterprise_id == enterprise_id for g in request.access.grants if g.enterprise_id):
        return
    AccessLog.objects.create(
        user=request.user,
        action=action,
        kind=kind,
        key=str(key),
        label=label[:200],
        request_id=getattr(request, "request_id", ""),
        on_behalf=request.access.acting_for[:64],
    )
