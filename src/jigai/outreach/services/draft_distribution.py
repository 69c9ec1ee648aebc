"""Begins a sending: of an installed document, or of a file; and changes whom it goes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.evidence import store_evidence
from jigai.core.evidence.cite import cite
from jigai.core.models import Department, User
from jigai.errors import JigaiError
from jigai.outreach.distribution_lists import Addressee, listed_addressees, once
from jigai.outreach.distribution_people import SEND, distributions_for
from jigai.outreach.models import Delivery, Distribution
from jigai.policies.models import PackVersion
from jigai.policies.policy_status import status_of
from jigai.rules.environment import Status

MOST_DAYS = 60


def draft_pack_distribution(
    *, slug: str, note: str, sign_days: int, by: User, access: Access
) -> Distribution:
    """A draft for the current version of a document, addressed to those it names itself and to
    everybody an earlier version went to.

    Raises :class:`JigaiError` for a document that is not installed or no longer valid at all.
    """
    access.require(SEND)
    version = PackVersion.objects.filter(slug=slug, is_current=True).order_by("-id").first()
    if version is None:
        raise JigaiError("no-document", "没有安装这份政策文件", "重新选文件")
    today = timezone.localdate()
    if status_of(version, today)[0] is Status.REPEALED:
        raise JigaiError(
            "not-valid", f"《{version.title}》已停止执行，不能再发", "发送替代它的文件"
        )
    with transaction.atomic():
        made = Distribution.objects.create(
            title=version.title, number=version.number or "", issuer=version.issuer or "",
            issued=version.issued, slug=slug, pack=version, note=note.strip(),
            sign_days=_days(sign_days), created_by=by, **_home(access, version.region_code),
        )  # fmt: skip
        named = listed_addressees(slug, version.region_code, today)
        _add(made, once([*named, *_earlier(Distribution.objects.filter(slug=slug), made)]))
    return made


def draft_file_distribution(
    *, title: str, number: str, issuer: str, issued: dt.date | None, upload: UploadedFile,
    replaces: int | None, note: str, sign_days: int, by: User, access: Access,
) -> Distribution:  # fmt: skip
    """A draft for a file. One that revises an earlier sending goes to the same addressees.

    Raises :class:`JigaiError` for a file that cannot be kept and for an earlier sending that is out
    of reach or has not been sent.
    """
    access.require(SEND)
    with transaction.atomic():
        before = _before(replaces, access)
        file = store_evidence(
            stream=upload, name=upload.name or "文件", owner=by, region_code=access.home_region,
            source=f"发文：{title}"[:100],
        )  # fmt: skip
        made = Distribution.objects.create(
            title=title.strip(), number=number.strip(), issuer=issuer.strip(), issued=issued,
            file=file, replaces=before, note=note.strip(), sign_days=_days(sign_days),
            created_by=by, **_home(access, access.home_region),
        )  # fmt: skip
        url = reverse("distribution-detail", args=[made.pk])
        cite(file=file, kind="distribution", key=made.pk, label=made.title, purpose="发文",
             url=url, by=by)  # fmt: skip
        if before is not None:
            _add(made, _earlier(Distribution.objects.filter(pk=before.pk), made))
    return made


def add_addressees(
    *, distribution: int, addressees: Iterable[Addressee], access: Access
) -> tuple[int, int]:
    """Add units to a draft; the number added and the number that were there already."""
    with transaction.atomic():
        draft = locked_draft(distribution, access)
        wanted = once(addressees)
        return (added := _add(draft, wanted)), len(wanted) - added


def remove_addressee(*, delivery: int, access: Access) -> None:
    """Take a unit off a draft."""
    found = Delivery.objects.filter(pk=delivery).first()
    if found is None:
        return
    with transaction.atomic():
        locked_draft(found.distribution_id, access)
        Delivery.objects.filter(pk=delivery).delete()


def discard_distribution(*, distribution: int, access: Access) -> None:
    """Give a draft up."""
    with transaction.atomic():
        locked_draft(distribution, access).delete()


def locked_draft(distribution: int, access: Access) -> Distribution:
    """The draft, held until the transaction ends.

    Raises :class:`Denied` out of reach and :class:`JigaiError` once it has been sent.
    """
    own = distributions_for(access, SEND).filter(pk=distribution).order_by()
    found = Distribution.objects.select_for_update(of=("self",)).filter(pk__in=own).first()
    if found is None:
        raise Denied("out-of-reach", "这份发文不在您的数据权限之内")
    if found.status != Distribution.Status.DRAFT:
        raise JigaiError("already-sent", "已经发出，不能再改名单", "需要补发时另建一份发文")
    return found


def _home(access: Access, region_code: str) -> dict[str, object]:
    """Where a sending belongs: the sender's department and region."""
    held = [grant for grant in access.granting(SEND) if grant.department_id]
    department = Department.objects.filter(pk=held[0].department_id).first() if held else None
    home = department.region_code if department else region_code
    return {"department": department, "region_code": home}


def _days(given: int) -> int:
    if not 1 <= given <= MOST_DAYS:
        raise JigaiError("bad-days", f"签收期限是 1 到 {MOST_DAYS} 个工作日", "改期限")
    return given


def _before(replaces: int | None, access: Access) -> Distribution | None:
    if replaces is None:
        return None
    found = distributions_for(access, SEND).filter(pk=replaces).first()
    if found is None or found.status != Distribution.Status.SENT:
        raise JigaiError("no-earlier", "找不到被修订的那份发文", "重新选择")
    return found


def _earlier(rows: object, made: Distribution) -> list[Addressee]:
    """Everybody who got an earlier sending, so that nobody keeps the old one unknowingly."""
    sent = Distribution.objects.filter(
        pk__in=rows.filter(status=Distribution.Status.SENT, region_code=made.region_code)  # type: ignore[attr-defined]
    )
    deliveries = Delivery.objects.filter(distribution__in=sent).order_by("-distribution_id", "id")
    return [
        Addressee(row.kind, row.name, row.wording, row.department_id, row.enterprise_id,
                  row.institution_id)
        for row in deliveries
    ]  # fmt: skip


def _add(draft: Distribution, addressees: Iterable[Addressee]) -> int:
    there = set(draft.deliveries.values_list("name", flat=True))
    rows = [
        Delivery(
            distribution=draft, kind=unit.kind, name=unit.name, wording=unit.wording,
            department_id=unit.department, enterprise_id=unit.enterprise,
            institution_id=unit.institution,
        )
        for unit in addressees
        if unit.name not in there
    ]  # fmt: skip
    return len(Delivery.objects.bulk_create(rows, batch_size=1000))
