"""Which assignments count on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils import timezone


def in_force(on: date | None = None) -> Q:
    """The condition on assignments that hold on a day (today), both ends included."""
    day = on or timezone.localdate()
    started = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return started & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
