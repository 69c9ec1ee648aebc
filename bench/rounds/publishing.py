"""The notice: published, read by everybody, ended."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from typing import Any

from bench.rounds.clock import Clock
from bench.rounds.looking import page, reader


def publish(clock: Clock, scene: dict[str, Any]) -> None:
    """Publish, look as the public does, end."""
    from django.db.models import Count, Sum

    from jigai.core.access import access_of
    from jigai.funding.models import Application
    from jigai.funding.publicity.services.end_notices import end_notices
    from jigai.funding.publicity.services.publish_list import publish_list

    clerk = scene["people"]["clerk"]
    notice = clock.step("发布公示", lambda: publish_list(
        decision_list=scene["list"], by=clerk, access=access_of(clerk),
    ), clerk)  # fmt: skip
    told = notice.lines.aggregate(n=Count("pk"), fen=Sum("amount_fen"))
    assert (told["n"], told["fen"]) == (scene["count"], scene["budget"])
    _read(clock, scene, notice.pk)
    _make_over(notice)
    assert clock.step("公示期满", end_notices) == 1
    cleared = Application.objects.filter(round=scene["round"], state="cleared")
    assert cleared.count() == scene["count"]


def _read(clock: Clock, scene: dict[str, Any], pk: int) -> None:
    from jigai.core.screens import formats

    client, address = reader(), f"/portal/notices/{pk}/"
    first = page(clock, "公示页面，第一页", client, address)
    assert formats.yuan(scene["budget"]) in first, "the page does not tell the sum"
    page(clock, "公示页面，最后一页", client, f"{address}?page=999999")
    text = clock.step(
        "公示名单 CSV", lambda: b"".join(client.get(f"{address}csv/").streaming_content)
    ).decode("utf-8-sig")
    rows = [row for row in csv.reader(text.splitlines()) if row and row[0].isdigit()]
    assert len(rows) == scene["count"]
    fen = sum(int(Decimal(row[5].replace(",", "")) * 100) for row in rows)
    assert fen == scene["budget"]


def _make_over(notice: Any) -> None:
    """As if its period had passed."""
    from django.db import connection
    from django.utils import timezone

    today = timezone.localdate()
    days = [today - dt.timedelta(days=30), today - dt.timedelta(days=1)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE funding_publicity SET starts_on = %s, ends_on = %s, provisional = false"
            " WHERE id = %s",
            [*days, notice.pk],
        )
