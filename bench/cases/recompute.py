"""A holiday is corrected: every running clock anew. Prints seconds, peak memory in KB and how
many last days moved as JSON."""

from __future__ import annotations

import datetime as dt
import json
import resource
import time

import django

_FRIDAY = 4


def main() -> None:
    """One day off more, within most of the limits that run."""
    django.setup()
    from django.utils import timezone

    from jigai.cases.services.recompute import recompute
    from jigai.core.models import Workday

    day = timezone.localdate() + dt.timedelta(days=1)
    while day.weekday() > _FRIDAY or Workday.objects.filter(day=day).exists():
        day += dt.timedelta(days=1)
    Workday.objects.create(day=day, kind="holiday", name="示例放假", source="示例通知")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    found = recompute()
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - begun,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
                "before": before,
                "cases": found.cases,
                "moved": found.moved,
            }
        )
    )


if __name__ == "__main__":
    main()
