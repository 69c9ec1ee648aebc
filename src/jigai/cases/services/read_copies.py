"""Marks what was only sent to be read (抄送) as read."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jigai.cases.access import desk_of, holds
from jigai.cases.models import Task
from jigai.cases.services.deed import TaskKind, TaskState
from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError


def read_copy(*, task: int, by: User, access: Access) -> Task:
    """Mark one copy as read by this person. Reading it again changes nothing.

    Raises :class:`JigaiError` for something that is not a copy to this person.
    """
    with transaction.atomic():
        row = Task.objects.select_for_update(of=("self",)).select_related("step", "person").filter(
            pk=task, kind=TaskKind.COPY
        ).first()  # fmt: skip
        if row is None or not (row.acted_by_id == by.pk or holds(row, desk_of(access))):
            raise JigaiError("no-copy", "没有抄送给您的这件办件", "刷新收件箱")
        if row.state == TaskState.OPEN:
            row.state, row.acted_by, row.done_at = TaskState.DONE, by, timezone.now()
            row.save(update_fields=["state", "acted_by", "done_at"])
    return row
