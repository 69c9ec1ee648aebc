"""Sets one field of many enterprises at once."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import transaction
from django.db.models import QuerySet

from jigai.core.models import Enterprise, User
from jigai.core.services.record_figure import derive_sizes


def set_enterprise_field(
    *,
    rows: QuerySet[Enterprise],
    values: dict[str, Any],
    versions: dict[int, int],
    user: User,
    reason: str,
) -> tuple[int, list[str]]:
    """Store the same ``values`` on all rows whose version is the one that was previewed.

    Returns the number changed and a sentence for each row that somebody changed meanwhile. All in
    one transaction; each row's version grows and its history names the reason.
    """
    done, refused = 0, []
    with transaction.atomic(), pghistory.context(user=user.pk, reason=reason[:200]):
        # In the order of ids, so that two such changes never wait for each other.
        for row in rows.select_for_update(of=("self",)).order_by("id"):
            if versions.get(row.pk) != row.version:
                refused.append(f"{row.name}：预览之后被他人修改，未改动")
                continue
            if all(getattr(row, name) == value for name, value in values.items()):
                continue
            for name, value in values.items():
                setattr(row, name, value)
            row.version += 1
            row.save(update_fields=[*values, "version"])
            if "industry_code" in values:
                derive_sizes(enterprise=row, user=user)
            done += 1
    return done, refused
