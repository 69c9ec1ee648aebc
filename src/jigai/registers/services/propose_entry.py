"""Somebody proposes an entry, an enterprise applies, or something is to happen to an entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.access import APPLY, EDIT, covers
from jigai.registers.entry_values import Prepared, prepare_one
from jigai.registers.extras import has_checks, hold_for_checks
from jigai.registers.lifecycle import (
    ADMIT,
    CHANGE,
    KINDS,
    READMIT,
    REMOVE,
    REVIEW,
    REVOKE,
)
from jigai.registers.lifecycle import (
    APPLY as APPLIED,
)
from jigai.registers.models import Edition, Entry, LifeEvent, Proposal, Register
from jigai.registers.own_ways import refuse_general_way
from jigai.registers.reviewing import review_way
from jigai.registers.services.admit_entries import Admission, new_entry

# What may happen to an entry as it stands.
ALLOWED: dict[str, tuple[str, ...]] = {
    "listed": (REVIEW, CHANGE, REMOVE, REVOKE),
    "expired": (READMIT, CHANGE),
    "removed": (READMIT, CHANGE),
    "revoked": (READMIT, CHANGE),
    "upcoming": (CHANGE, REMOVE, REVOKE),
}
_FINAL = ("refused", "withdrawn")


def propose_entry(
    *, register: Register, values: Mapping[str, Any], by: User, access: Access,
    effective: dt.date | None = None, edition: Edition | None = None, source: str = "",
    reason: str = "", document: str = "",
) -> Entry:  # fmt: skip
    """A new entry that waits for approval; enterprises apply for themselves only.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for a register not published, values
    that do not fit, an edition that is missing or of another register, and an entry there already.
    """
    _published(register)
    with transaction.atomic():
        hold_for_checks(register)
        row = prepare_one(register, values)
        _may_enter(register, row, by, access)
        place = edition_for(register, edition, effective)
        day = effective or (place.valid_from if place else timezone.localdate())
        refuse_twin(register, place, row.key)
        entry = new_entry(register, Admission(row, day, place, source), by=by)
        entry.state = Entry.State.PROPOSED
        entry.save()
        LifeEvent.objects.create(
            entry=entry, kind=APPLIED, effective=timezone.localdate(), by=by, reason=reason
        )
        _propose(entry, ADMIT, day, row.values, reason, document, by)
    return entry


def propose_event(
    *, entry: Entry, kind: str, effective: dt.date, by: User, access: Access, reason: str = "",
    document: str = "", values: Mapping[str, Any] | None = None, version: int | None = None,
) -> Proposal:  # fmt: skip
    """Propose that something happen to an entry from a day on.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for what the entry's state does not
    allow, a missing reason, an entry changed since ``version``, or one with a proposal pending.
    """
    access.require(EDIT)
    with transaction.atomic():
        hold_for_checks(entry.register)
        found = Entry.objects.select_for_update(of=("self",)).select_related(
            "register__current"
        ).get(pk=entry.pk)  # fmt: skip
        _published(found.register)
        if not covers(access, EDIT, found.region_code):
            raise Denied("out-of-reach", "这个条目不在您的数据权限之内", "请联系管理单位")
        if version is not None and version != found.version:
            raise JigaiError(
                "entry-changed", "这个条目刚被别人改动过", "刷新页面，看过新的内容再办"
            )
        require_possible(found, kind, effective, reason)
        whole = None
        if values is not None:
            row = prepare_one(found.register, values, entry=found.pk)
            refuse_twin(found.register, found.edition, row.key, apart=found.pk)
            whole = row.values
        elif kind == READMIT and has_checks(found.register):
            prepare_one(found.register, found.values, entry=found.pk)
        return _propose(found, kind, effective, whole, reason, document, by)


def require_possible(entry: Entry, kind: str, effective: dt.date, reason: str) -> None:
    """Raise :class:`JigaiError` unless this may happen to the entry on that day."""
    if entry.state in (Entry.State.PROPOSED, *_FINAL):
        raise JigaiError(
            "not-admitted", f"“{entry}”{entry.get_state_display()}，还没有入册", "先审核入册"
        )
    state = state_on(entry, effective)
    if kind not in ALLOWED.get(state, ()):
        allowed = "、".join(KINDS[k] for k in ALLOWED.get(state, ())) or "没有可办的事项"
        raise JigaiError(
            "not-possible",
            f"“{entry}”在 {effective} {STATE_WORDS[state]}，不能{KINDS.get(kind, kind)}",
            f"这一天可以办：{allowed}；或改生效日期",
        )
    if kind in (REMOVE, REVOKE, READMIT) and not reason.strip():
        raise JigaiError("no-reason", f"{KINDS[kind]}要写理由", "写明事由或依据")
    later = entry.life.filter(values__isnull=False, effective__gt=effective).last()
    if kind in (CHANGE, READMIT) and later is not None:
        raise JigaiError(
            "later-change", f"“{entry}”在 {later.effective} 已有{later.get_kind_display()}",
            "新的内容要从那一天或以后生效",
        )  # fmt: skip
    pending = Proposal.objects.filter(entry=entry, state=Proposal.State.PENDING).first()
    if pending is not None:
        raise JigaiError(
            "already-pending",
            f"“{entry}”已有待审核的{pending.get_kind_display()}",
            "先审核或撤回它",
        )


STATE_WORDS = {
    "listed": "在册", "expired": "已到期", "removed": "已移出", "revoked": "已撤销",
    "upcoming": "还没有入册", "never": "没有在册过",
}  # fmt: skip


def state_on(entry: Entry, day: dt.date) -> str:
    """How an entry stands on a day, by its spans."""
    spans = list(entry.spans.order_by("starts"))
    if any(s.starts <= day and (s.ends is None or day < s.ends) for s in spans):
        return "listed"
    if not spans:
        return str(entry.state) if entry.state in ("removed", "revoked") else "never"
    if day < spans[0].starts:
        return "upcoming"
    ended = entry.life.filter(kind__in=[REMOVE, REVOKE], effective__lte=day)
    last = ended.order_by("-effective", "-pk").first()
    before = [s for s in spans if s.ends is not None and s.ends <= day]
    if last is not None and before and last.effective >= before[-1].ends:
        return "removed" if last.kind == REMOVE else "revoked"
    return "expired"


def edition_for(register: Register, edition: Edition | None, day: dt.date | None) -> Edition | None:
    """The edition an entry goes into. Raises :class:`JigaiError` where none fits."""
    if not register.schema.editions:
        if edition is not None:
            raise JigaiError("no-editions", f"“{register.name}”不分版次", "不要选版次")
        return None
    if edition is None:
        raise JigaiError(
            "edition-missing", f"“{register.name}”分版次，没有选版次", "选择条目所在的版次"
        )
    if edition.register_id != register.pk:
        raise JigaiError("edition-foreign", "所选的版次不属于这个名录", "重新选择")
    if day is not None and not edition.holds_on(day):
        raise JigaiError(
            "edition-day", f"{day} 不在“{edition}”的有效期之内", f"该版次自 {edition.valid_from}"
            + (f" 至 {edition.valid_to}" if edition.valid_to else " 起"),
        )  # fmt: skip
    return edition


def refuse_twin(register: Register, edition: Edition | None, key: str, apart: int = 0) -> None:
    """Raise :class:`JigaiError` when an entry with this key is there already."""
    twins = Entry.objects.filter(register=register, edition=edition, key=key)
    twin = twins.exclude(state__in=_FINAL).exclude(pk=apart).first()
    if twin is not None:
        raise JigaiError(
            "entry-twice", f"“{register.name}”里已有“{twin}”（{twin.get_state_display()}）",
            "修改已有的条目；已离册的可以重新入册",
        )  # fmt: skip


def _published(register: Register) -> None:
    refuse_general_way(register)
    if register.state != Register.State.PUBLISHED or register.current is None:
        raise JigaiError(
            "register-not-published", f"“{register.name}”{register.get_state_display()}，不能登记",
            "先发布名录",
        )  # fmt: skip


def _may_enter(register: Register, row: Prepared, by: User, access: Access) -> None:
    own = {g.enterprise_id for g in access.granting(APPLY) if g.enterprise_id}
    if own and row.enterprise_id in own:
        if not register.schema.apply:
            raise JigaiError(
                "no-applications", f"“{register.name}”不接受企业申请", "请联系管理单位"
            )
        return
    access.require(EDIT)
    if not covers(access, EDIT, row.region_code):
        raise Denied("out-of-reach", "这个条目所在的地区不在您的数据权限之内", "请联系管理单位")


def _propose(
    entry: Entry, kind: str, effective: dt.date, values: dict[str, Any] | None, reason: str,
    document: str, by: User,
) -> Proposal:  # fmt: skip
    made = Proposal.objects.create(
        entry=entry, kind=kind, effective=effective, values=values, reason=reason.strip(),
        document=document.strip(), region_code=entry.region_code, seen=entry.version,
        proposed_by=by,
    )  # fmt: skip
    way = review_way()
    if way is not None:
        way.proposed(made)
    return made


def withdraw_proposal(*, proposal: int, by: User) -> Proposal:
    """The proposer takes it back. Raises for anybody else and once it is decided."""
    found = Proposal.objects.get(pk=proposal)
    if found.proposed_by_id != by.pk:
        raise Denied("not-the-proposer", "只有提出人可以撤回")
    _still_pending(found)
    way = review_way()
    if way is None:
        return take_back(proposal=proposal)
    way.withdraw(found, by)
    found.refresh_from_db()
    return found


def _still_pending(found: Proposal) -> None:
    if found.state != Proposal.State.PENDING:
        raise JigaiError("not-pending", f"这件事项{found.get_state_display()}", "刷新页面")


def take_back(*, proposal: int, reason: str = "") -> Proposal:
    """The doing itself: whoever carries the review has checked who may. Raises once decided."""
    with transaction.atomic():
        found = Proposal.objects.select_for_update(of=("self",)).select_related("entry").get(
            pk=proposal
        )  # fmt: skip
        _still_pending(found)
        found.state, found.answer = Proposal.State.WITHDRAWN, reason.strip()[:400]
        found.save(update_fields=["state", "answer"])
        entry = found.entry
        if entry.state == Entry.State.PROPOSED:
            entry.state, entry.version = Entry.State.WITHDRAWN, entry.version + 1
            entry.save(update_fields=["state", "version"])
    return found
