"""What is on a person's desk, found through one index per address.

A task may come to a person as one of a department, by name, as a deputy or as one of an enterprise.
One condition with ``OR`` over these would read every open task; here each address is asked for
its first rows in the order of its own index, and the few rows found are merged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet
from django.utils import timezone

from jigai.cases.access import Desk
from jigai.cases.holdings import capability_tasks
from jigai.cases.models import Case, Task
from jigai.core.screens.keyset import Cursor, Page, Sort

TABS = {"todo": "待办", "done": "已办", "mine": "我发起", "copy": "抄送"}
SORTS = {
    "todo": Sort("due"), "done": Sort("done_at", True), "mine": Sort("id", True),
    "copy": Sort("id", True),
}  # fmt: skip
# Beyond this many a tab says "999+".
COUNTED_TO = 999
Rows: TypeAlias = "QuerySet[Any]"
Narrow = Callable[[Rows], Rows]


def addresses(tab: str, desk: Desk) -> list[Rows]:
    """The rows of a tab, one query for each address they can be found under."""
    if tab == "mine":
        own = [Case.objects.filter(enterprise=pk) for pk in desk.enterprises]
        return [Case.objects.filter(started_by=desk.user), *own]
    if tab == "done":
        return [
            Task.objects.filter(acted_by=desk.user, state="done", done_at__isnull=False).exclude(
                kind="copy"
            )
        ]
    tasks = Task.objects.filter(~Q(barred=desk.user), state="open")
    if tab == "copy":
        read = Task.objects.filter(acted_by=desk.user, kind="copy")
        return [*_addressed(tasks.filter(kind="copy"), desk), read]
    return _addressed(tasks.exclude(kind="copy"), desk)


def _addressed(tasks: Rows, desk: Desk) -> list[Rows]:
    today = timezone.localdate()
    pool = tasks.filter(person__isnull=True)
    return [
        *(pool.filter(department=pk) for pk in desk.departments),
        *(tasks.filter(person=pk) for pk in desk.people),
        *(pool.filter(enterprise=pk) for pk in desk.enterprises),
        *(tasks.filter(mine) for mine in capability_tasks(desk.holdings, desk.user)),
        tasks.filter(deputy=desk.user, deputy_until__gte=today),
    ]


def count_of(parts: list[Rows], limit: int = COUNTED_TO) -> int:
    """How many rows there are, up to ``limit`` and one more."""
    found = [part.order_by().values_list("pk")[: limit + 1] for part in parts]
    return _union(found)[: limit + 1].count() if len(found) > 1 else found[0].count()


def fetch(parts: list[Rows], sort: Sort, size: int, cursor: Cursor | None = None) -> Page[Any]:
    """One page of the merged rows, as their keys only: ``rows`` holds (id, sort value)."""
    back = cursor is not None and cursor.back
    down = sort.descending != back
    order: tuple[str, ...] = ("-id" if down else "id",)
    if sort.path != "id":
        order = (f"-{sort.path}" if down else sort.path, *order)
    pieces = [piece for part in parts for piece in _ranges(part, sort, cursor)]
    narrow = [
        piece.order_by(*order).values_list("id", sort.path)
        if sort.path != "id" else piece.order_by(*order).values_list("id")
        for piece in pieces
    ]  # fmt: skip
    wanted = [piece[: size + 1] for piece in narrow]
    merged = _union(wanted).order_by(*order)[: size + 1] if len(wanted) > 1 else wanted[0]
    found = [(row[0], row[-1]) for row in merged]
    more, found = len(found) > size, found[:size]
    if back:
        if not more:
            return fetch(parts, sort, size)
        found.reverse()
    before = cursor is not None and found
    after = found and (more or back)
    return Page(
        found,
        before=Cursor(sort, found[0][1], found[0][0], True).token() if before else "",
        after=Cursor(sort, found[-1][1], found[-1][0]).token() if after else "",
    )


def _union(parts: list[Rows]) -> Rows:
    return parts[0].union(*parts[1:])


def _ranges(rows: Rows, sort: Sort, cursor: Cursor | None) -> list[Rows]:
    """The rows beyond the cursor, as ranges that an index can be read along; rows without a value
    come last."""
    if cursor is None:
        return [rows]
    value, pk = cursor.value, cursor.pk
    path = sort.path
    up = sort.descending == cursor.back
    beyond = {"pk__gt" if up else "pk__lt": pk}
    if path == "id":
        return [rows.filter(**beyond)]
    empty, full = (
        rows.filter(**{f"{path}__isnull": True}),
        rows.filter(**{f"{path}__isnull": False}),
    )
    if value is None:
        return [empty.filter(**beyond), *([full] if cursor.back else [])]
    passed = {path: value, "pk__lte" if up else "pk__gte": pk}
    # Narrower than "(value, id) beyond …" reads, and the same rows: an index finds where to begin.
    kept = rows.filter(**{f"{path}__{'gte' if up else 'lte'}": value}).exclude(**passed)
    return [kept] if cursor.back else [kept, empty]
