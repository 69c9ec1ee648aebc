"""Names a study anew, shares it, or takes its population again."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.workbench.models import SandboxStudy
from jigai.workbench.sandbox.access import colleagues, lock_study


def rename_study(*, study: int, title: str, note: str, version: int, access: Access) -> None:
    """Another title and note. Raises :class:`JigaiError` where it was changed meanwhile."""
    with transaction.atomic():
        found = lock_study(study, access)
        check_version(found, version)
        found.title, found.note = title.strip()[:120], note.strip()[:400]
        found.version += 1
        found.save(update_fields=["title", "note", "version", "updated_at"])


def share_study(
    *, study: int, shared: bool, tell: list[int], by: User, access: Access
) -> SandboxStudy:
    """Let colleagues with the same reach read and copy the study, or no longer.

    ``tell`` are accounts to send a notice to; whoever may not see the study is passed over.
    """
    with transaction.atomic():
        found = lock_study(study, access)
        found.shared = shared
        found.version += 1
        found.save(update_fields=["shared", "version", "updated_at"])
        people = [u for u in colleagues(found) if u.pk in tell] if shared else []
        transaction.on_commit(lambda: _tell(found, people, by))
    return found


def _tell(study: SandboxStudy, people: list[User], by: User) -> None:
    for person in people:
        send_notice(
            user=person, event="sandbox-shared", title=f"{by} 与您共享政策沙盘：{study.title}",
            body="可以查看、导出，也可以另存一份再改。结果都是模拟，不产生应付。",
            url=reverse("sandbox-detail", args=[study.pk]),
        )  # fmt: skip


def retake_population(*, study: int, access: Access) -> SandboxStudy:
    """Forget the facts taken before; the next run takes them as they are then. Results so far stay
    as they are and count as out of date."""
    with transaction.atomic():
        found = lock_study(study, access)
        found.facts_file = found.people_file = ""
        found.known_at, found.taken = None, {}
        found.version += 1
        found.save()
    return found


def check_version(row: object, version: int) -> None:
    """Raise :class:`JigaiError` (``changed-meanwhile``) unless the row is still of this version."""
    if getattr(row, "version", None) != version:
        raise JigaiError(
            "changed-meanwhile", "您打开之后这里被改过", "刷新页面看现在的内容，再改一次"
        )
