"""Notices to the enterprises of a list: a letter sent as a document, with its receipts."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import Enterprise, User
from jigai.errors import JigaiError
from jigai.funding.models import ConsortiumMember
from jigai.outreach.distribution_lists import Addressee
from jigai.outreach.models import Delivery, Distribution
from jigai.outreach.services.draft_distribution import add_addressees, draft_file_distribution
from jigai.policies.stored_packs import model_of
from jigai.workbench.models import AudienceEntry, AudienceList, AudienceNotice
from jigai.workbench.navigator.mirror.gather import simulation_of
from jigai.workbench.navigator.mirror.letter import notice_letter
from jigai.workbench.navigator.mirror.selectors import (
    NOTIFY,
    deliveries_about,
    entries_for,
    lists_for,
)

_GONE = (AudienceEntry.State.GIVEN_UP, AudienceEntry.State.OUT_OF_QUOTA)


def draft_notice(
    *, audience: int, measure: str, group: str, note: str, sign_days: int, by: User, access: Access
) -> tuple[Distribution, int]:
    """A draft letter to every enterprise of one group of a list that has not been told yet.

    Each enterprise stands on it once, however many of its projects are on the list. Rows that are
    given up for another measure or are beyond the quota are left out. Returns the draft and how
    many had been told before. Raises :class:`Denied` out of reach and :class:`JigaiError` for a
    document that is not in force today, and when nobody is left.
    """
    access.require(NOTIFY)
    with transaction.atomic():
        found = AudienceList.objects.select_for_update(of=("self",)).filter(
            pk__in=lists_for(access, NOTIFY).order_by().values("pk"), pk=audience
        ).select_related("pack").first()  # fmt: skip
        if found is None:
            raise Denied("out-of-reach", "这份名单不在您的数据权限之内")
        _require_force(found)
        wanted = recipients(found, measure, group, access)
        told = set(deliveries_about(found, measure, wanted).values_list("enterprise", flat=True))
        left = [pk for pk in wanted if pk not in told]
        if not left:
            raise JigaiError("nobody-left", "名单上的企业都已经通知过", "没有签收的，到发文里催收")
        return _draft(found, measure, group, note, sign_days, left, by, access), len(told)


def not_to_be_told(found: AudienceList) -> str:
    """Why nobody may be notified of a list; empty for a document in force then and today."""
    return found.simulation or simulation_of(found.pack, timezone.localdate())


def _require_force(found: AudienceList) -> None:
    problem = not_to_be_told(found)
    if problem:
        raise JigaiError(
            "not-in-force", f"{problem}，不能通知企业申报", "只有有效文件的名单可以通知"
        )


def recipients(found: AudienceList, measure: str, group: str, access: Access) -> list[int]:
    """Enterprises of one group by id, each once; of a consortium all its members."""
    rows = entries_for(access, NOTIFY).filter(audience=found, measure=measure, group=group)
    rows = rows.exclude(state__in=_GONE)
    own = rows.exclude(subject="consortium").exclude(enterprise=None)
    codes = rows.filter(subject="consortium").order_by().values("subject_key")
    members = ConsortiumMember.objects.filter(
        consortium__code__in=codes, consortium__year=found.year, enterprise__isnull=False
    )
    ids = {*own.order_by().values_list("enterprise", flat=True),
           *members.order_by().values_list("enterprise", flat=True)}  # fmt: skip
    return sorted(ids)


def _draft(
    found: AudienceList, measure: str, group: str, note: str, sign_days: int, left: list[int],
    by: User, access: Access,
) -> Distribution:  # fmt: skip
    declared = model_of(found.pack).measures[measure]
    title = f"政策送达：{declared.name}"[:200]
    out = io.BytesIO(notice_letter(found, declared, group))
    made = draft_file_distribution(
        title=title, number="", issuer="", issued=timezone.localdate(),
        upload=SimpleUploadedFile(f"{title}.docx", out.getvalue()), replaces=None, note=note,
        sign_days=sign_days, by=by, access=access,
    )  # fmt: skip
    names = dict(Enterprise.objects.filter(pk__in=left).order_by("id").values_list("pk", "name"))
    main = str(Delivery.Kind.MAIN)
    add_addressees(
        distribution=made.pk, access=access,
        addressees=[Addressee(main, name, enterprise=pk) for pk, name in names.items()],
    )  # fmt: skip
    AudienceNotice.objects.create(audience=found, measure=measure, group=group, distribution=made)
    return made
