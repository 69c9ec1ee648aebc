"""Clears away exported files nobody should find any more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from jigai.core.models import Export

KEPT_FOR = timedelta(days=7)


def clear_exports() -> int:
    """Delete the files of exports older than :data:`KEPT_FOR`; the number cleared away.

    The worker does it every hour. Their rows stay: who exported what is not forgotten.
    """
    old = Export.objects.filter(job__finished_at__lt=timezone.now() - KEPT_FOR).exclude(path="")
    cleared = 0
    for export in old.order_by("id"):
        (Path(settings.DATA_DIR) / export.path).unlink(missing_ok=True)
        Export.objects.filter(pk=export.pk).update(path="")
        cleared += 1
    return cleared
