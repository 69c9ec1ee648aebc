"""Plans a session or a push: what it is about, whom it is for, what there is to read."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.evidence import store_evidence
from jigai.core.evidence.cite import cite
from jigai.core.models import Department, Enterprise, User
from jigai.errors import JigaiError
from jigai.outreach.briefing_people import MANAGE, managed_by
from jigai.outreach.models import Briefing, BriefingMaterial, BriefingTopic, Invitation
from jigai.policies.models import Clause, PackItem, PackVersion

Status: Any = Briefing.Status
Kind: Any = Briefing.Kind
_MARK = "#"


def plan_session(
    *, title: str, held_at: dt.datetime, place: str, speaker: str, capacity: int | None,
    topics: Sequence[str], text: str, by: User, access: Access,
) -> Briefing:  # fmt: skip
    """A draft of a session; ``topics`` as ``slug`` or ``slug#measure``.

    Raises :class:`JigaiError` for a time that is over and for what is about nothing.
    """
    access.require(MANAGE)
    if held_at <= timezone.now():
        raise JigaiError("in-the-past", "时间已经过了", "填今后的时间")
    fields = {"held_at": held_at, "place": place.strip(), "speaker": speaker.strip(),
              "capacity": capacity, "door_code": f"{secrets.randbelow(10**6):06d}"}  # fmt: skip
    return _plan(Kind.SESSION, title, text, topics, by, access, fields)


def plan_push(
    *, title: str, text: str, topics: Sequence[str], by: User, access: Access
) -> Briefing:
    """A draft of a push without a session."""
    access.require(MANAGE)
    return _plan(Kind.PUSH, title, text, topics, by, access, {})


def _plan(
    kind: str, title: str, text: str, topics: Sequence[str], by: User, access: Access,
    fields: dict[str, Any],
) -> Briefing:  # fmt: skip
    held = [grant for grant in access.granting(MANAGE) if grant.department_id]
    host = Department.objects.filter(pk=held[0].department_id).first() if held else None
    if host is None:
        raise Denied("no-department", "您没有以部门身份组织宣讲的授权", "请联系平台管理员")
    with transaction.atomic():
        made = Briefing.objects.create(
            kind=kind, title=title.strip(), text=text.strip(), host=host,
            region_code=host.region_code, created_by=by, **fields,
        )  # fmt: skip
        BriefingTopic.objects.bulk_create(
            BriefingTopic(briefing=made, **topic) for topic in _topics(topics)
        )
    return made


def topic_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Documents with their measures, for a form."""
    packs = PackVersion.objects.filter(is_current=True).exclude(status="standard")
    rows = PackItem.objects.filter(pack__in=packs.values("pk"), section="measures")
    measures: dict[int, list[PackItem]] = {}
    for row in rows.defer("data").order_by("place", "id"):
        measures.setdefault(row.pack_id, []).append(row)
    return [
        (
            pack.title,
            [
                (pack.slug, f"全文：{pack.title}"),
                *((f"{pack.slug}{_MARK}{m.code}", m.name) for m in measures.get(pack.pk, ())),
            ],
        )
        for pack in packs.defer("files").order_by("slug", "id")
    ]


def _topics(chosen: Sequence[str]) -> list[dict[str, str]]:
    found = []
    for text in dict.fromkeys(chosen):
        slug, _mark, code = text.partition(_MARK)
        pack = PackVersion.objects.filter(slug=slug, is_current=True).defer("files").first()
        if pack is None:
            raise JigaiError("no-document", "没有安装这份政策文件", "重新选宣讲内容")
        item = pack.items.filter(section="measures", code=code).first() if code else None
        if code and item is None:
            raise JigaiError("no-measure", f"《{pack.title}》里没有这项措施", "重新选宣讲内容")
        clause = item.clauses[0] if item is not None and item.clauses else ""
        name = item.name if item is not None else pack.title
        found.append({"slug": slug, "measure": code, "name": name[:250], "clause": clause})
    if not found:
        raise JigaiError("no-topic", "没有选宣讲内容", "至少选一份文件或一项措施")
    return found


def invite(*, briefing: int, enterprises: Iterable[Enterprise], access: Access) -> tuple[int, int]:
    """Put enterprises on the list of a draft; the number added and of those there already."""
    with transaction.atomic():
        draft = locked(briefing, access, Status.DRAFT)
        wanted = {row.pk for row in enterprises}
        there = set(draft.invitations.values_list("enterprise", flat=True))
        new = [Invitation(briefing=draft, enterprise_id=pk) for pk in sorted(wanted - there)]
        Invitation.objects.bulk_create(new, batch_size=1000)
    return len(new), len(wanted & there)


def add_material(
    *, briefing: int, title: str, upload: UploadedFile | None, slug: str, clause: str,
    by: User, access: Access,
) -> BriefingMaterial:  # fmt: skip
    """A file, or a clause, to read. Raises :class:`JigaiError` for neither or both."""
    if (upload is None) == (not clause):
        raise JigaiError("one-material", "选一个文件或一个条款", "两样分两次加")
    with transaction.atomic():
        found = locked(briefing, access, Status.DRAFT, Status.PUBLISHED)
        file = None
        if upload is not None:
            file = store_evidence(
                stream=upload, name=upload.name or "材料", owner=by,
                region_code=found.region_code, source=f"宣讲材料：{found.title}"[:100],
            )  # fmt: skip
            url = reverse("briefing-detail", args=[found.pk])
            cite(file=file, kind="briefing", key=found.pk, label=found.title, purpose="宣讲材料",
                 url=url, by=by)  # fmt: skip
        elif not Clause.objects.filter(
            pack__slug=slug, pack__is_current=True, code=clause
        ).exists():
            raise JigaiError("unknown-clause", f"没有条款“{clause}”", "重新选条款")
        return BriefingMaterial.objects.create(
            briefing=found, title=title.strip()[:200], file=file,
            slug="" if file else slug, clause="" if file else clause,
        )  # fmt: skip


def locked(briefing: int, access: Access, *statuses: str) -> Briefing:
    """The briefing, held until the transaction ends.

    Raises :class:`Denied` for one of another department, :class:`JigaiError` in another state.
    """
    own = managed_by(access).filter(pk=briefing).order_by().values("pk")
    found = Briefing.objects.select_for_update(of=("self",)).filter(pk__in=own).first()
    if found is None:
        raise Denied("not-yours", "这场宣讲不由您的部门组织")
    if statuses and found.status not in statuses:
        raise JigaiError(
            "wrong-state", f"{found.get_status_display()}的不能这样办", "刷新页面查看状态"
        )
    return found
