"""Asks for a list as a file."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from jigai.core.jobs import start_job
from jigai.core.models import Export, Job, User


def start_export(
    *, owner: User, page: str, title: str, state: dict[str, Any], form: str = "xlsx"
) -> Job:
    """Queue the writing of a list as ``state`` (query, columns, sort) shows it to the owner, as a
    workbook or (``form`` ``csv``) as text."""
    state = {**state, "form": form} if form != "xlsx" else state
    with transaction.atomic():
        params = {"page": page, "title": title, "state": state}
        job = start_job(kind="export", title=f"导出{title}", owner=owner, params=params)
        Export.objects.create(owner=owner, job=job, page=page, title=title, state=state)
    return job
