"""Once a day: writes down what ran out, and reminds before it does. Look-ups never wait for it."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from jigai.core.models import Assignment, User
from jigai.core.services.send_notice import send_notice
from jigai.policies.addressees import people_with
from jigai.registers.access import EDIT
from jigai.registers.lifecycle import EXPIRE
from jigai.registers.models import DailyRound, Edition, Entry, LifeEvent, Register

_DAY = dt.timedelta(days=1)
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('registers.expire'))"
# Who keeps a register reads a list, not a hundred notices.
_MOST = 20
_CATCH_UP = dt.timedelta(days=30)


def expire_entries(today: dt.date | None = None) -> int:
    """Write 到期 for entries that ran out, once each, and send reminders; the number written."""
    day = today or timezone.localdate()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            return 0
        written = _expire(day)
        for due in _days_due(day):
            _remind_all(due)
    return written


def _days_due(day: dt.date) -> list[dt.date]:
    """Days without a round up to this one; after a long stop only the last month's."""
    last = DailyRound.objects.filter(day__lte=day).values_list("day", flat=True).first()
    begin = max(last + _DAY, day - _CATCH_UP) if last else day
    days = [begin + dt.timedelta(days=n) for n in range((day - begin).days + 1)]
    DailyRound.objects.bulk_create(DailyRound(day=one) for one in days)
    return days


def _remind_all(day: dt.date) -> None:
    registers = Register.objects.filter(
        state=Register.State.PUBLISHED, current__content__remind__gt=0
    )
    for register in registers.select_related("current").order_by("pk"):
        _remind(register, day)


def _expire(day: dt.date) -> int:
    run_out = Q(state=Entry.State.LISTED, ends__lte=day)
    ended = Q(state=Entry.State.LISTED, edition__valid_to__lt=day)
    known = LifeEvent.objects.filter(kind=EXPIRE)
    rows = Entry.objects.filter(run_out | ended).exclude(
        pk__in=known.filter(effective__gte=F("entry__starts")).values("entry")
    )
    events = [
        LifeEvent(entry_id=pk, kind=EXPIRE, effective=_end(ends, edition_end),
                  reason="有效期届满")
        for pk, ends, edition_end in rows.values_list("pk", "ends", "edition__valid_to")
    ]  # fmt: skip
    LifeEvent.objects.bulk_create(events, batch_size=2000)
    return len(events)


def _end(ends: dt.date | None, edition_end: dt.date | None) -> dt.date:
    last = [day for day in (ends, edition_end + _DAY if edition_end else None) if day is not None]
    return min(last)


def _remind(register: Register, day: dt.date) -> None:
    """Each entry is told of once, on the day that lies so many days before its end."""
    target = day + dt.timedelta(days=register.schema.remind)
    entries = list(
        Entry.objects.filter(register=register, state=Entry.State.LISTED, ends=target + _DAY)
        .select_related("enterprise").order_by("pk")
    )  # fmt: skip
    if entries:
        _tell_keepers(register, entries, target)
        for entry in entries:
            _tell_enterprise(register, entry, target)
    for edition in Edition.objects.filter(register=register, valid_to=target):
        for person in people_with(EDIT, register.region_code):
            _send(person, f"版次将到期：{register} {edition}", f"有效期至 {target}",
                  reverse("register-editions", args=[register.code]))  # fmt: skip


def _tell_keepers(register: Register, entries: list[Entry], target: dt.date) -> None:
    """Those who keep the register; of one for the whole country, those of each entry's region."""
    url = f"{reverse('entry-list', args=[register.code])}?state=listed&ends_to={target}"
    due: dict[User, list[Entry]] = {}
    for region in dict.fromkeys(register.region_code or entry.region_code for entry in entries):
        own = [e for e in entries if (register.region_code or e.region_code) == region]
        for person in people_with(EDIT, region):
            due.setdefault(person, []).extend(own)
    for person, listed in due.items():
        names = "、".join(entry.title for entry in listed[:_MOST])
        more = f"等 {len(listed)} 条" if len(listed) > _MOST else ""
        _send(
            person,
            f"将到期：{register} {len(listed)} 条",
            f"{names}{more}，有效期至 {target}",
            url,
        )


def _tell_enterprise(register: Register, entry: Entry, target: dt.date) -> None:
    if entry.enterprise_id is None:
        return
    held = Assignment.objects.filter(enterprise=entry.enterprise_id).values("user")
    for person in User.objects.filter(pk__in=held, is_active=True).order_by("pk"):
        _send(person, f"将到期：{register}", f"{entry.title} 有效期至 {target}，请按要求申请复核",
              reverse("entry-detail", args=[entry.pk]))  # fmt: skip


def _send(person: User, title: str, body: str, url: str) -> None:
    send_notice(user=person, event="register-expiring", title=title, body=body, url=url)
