"""发布清单: a version row by row as it is, with who joined and who left since the last."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with
from jigai.projects.models import KeyList, KeyListLine, KeyListVersion
from jigai.projects.work.key_lists import EDIT, PUBLISH, changed, digest, lines_now, rows_of
from jigai.projects.work.services.make_key_list import held_list

EVENT = "key-list"


def publish_key_list(*, key_list: int, by: User, access: Access) -> KeyListVersion:
    """Publish the list as it is now.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for whoever made it (another person
    publishes), an empty list, a line without a responsible unit, or nothing new.
    """
    with transaction.atomic():
        row = held_list(key_list, access, PUBLISH)
        if row.created_by_id == by.pk:
            raise JigaiError("own-list", "自己编制的清单不能自己发布", "请另一人核对后发布")
        lines = list(lines_now(row))
        _require_whole(lines)
        last = row.versions.order_by("-number").first()
        rows = rows_of(lines)
        joined, left = differences(row, last, lines)
        if last is not None and not joined and not left and not changed(last, rows):
            raise JigaiError("nothing-new", f"和第 {last.number} 版一样，不用发布", "先增减或修改")
        made = KeyListVersion.objects.create(
            key_list=row, number=(last.number if last else 0) + 1, rows=rows, joined=joined,
            left=left, root_hash=digest(rows), published_by=by,
        )  # fmt: skip
        transaction.on_commit(lambda: _tell(row, made, by))
    return made


def _require_whole(lines: list[KeyListLine]) -> None:
    if not lines:
        raise JigaiError("empty-list", "清单是空的", "先列入项目")
    bare = [line.project.name for line in lines if not line.unit]
    if bare:
        names = "、".join(bare[:3])
        raise JigaiError(
            "no-unit", f"{len(bare)} 个项目没有写责任单位：{names}", "写好责任单位再发布"
        )


def differences(
    key_list: KeyList, last: KeyListVersion | None, lines: list[KeyListLine]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Who joined and who left since a version, each with the reason."""
    if last is None:
        return [], []
    before = {row["number"]: row for row in last.rows}
    now = {line.project.number: line for line in lines}
    joined = [
        {"number": number, "name": line.project.name, "reason": line.joined_reason}
        for number, line in now.items() if number not in before
    ]  # fmt: skip
    gone = key_list.lines.filter(left_at__isnull=False).select_related("project")
    why = {line.project.number: line.left_reason for line in gone.order_by("left_at", "id")}
    left = [
        {"number": number, "name": row["name"], "reason": why.get(number, "")}
        for number, row in before.items() if number not in now
    ]  # fmt: skip
    return joined, left


def _tell(row: KeyList, made: KeyListVersion, by: User) -> None:
    for person in people_with(EDIT, row.region_code):
        if person.pk != by.pk:
            send_notice(
                user=person, event=EVENT, title=f"清单已发布：{row.title} 第 {made.number} 版",
                body=f"{len(made.rows)} 个，列入 {len(made.joined)} 个，移出 {len(made.left)} 个",
                url=reverse("key-list-detail", args=[row.pk]),
            )  # fmt: skip
