"""Adds an edition, corrects it, or ends it."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.registers.access import EDIT
from jigai.registers.models import Edition, Register

_DAY = dt.timedelta(days=1)


def add_edition(
    *, register: Register, code: str, name: str, valid_from: dt.date, by: User, access: Access,
    valid_to: dt.date | None = None, line: str = "", number: str = "", note: str = "",
    source: str = "", end_previous: bool = False,
) -> Edition:  # fmt: skip
    """A new edition; ``end_previous`` lets the open one before it end the day before.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for a register without editions, an
    unknown line, a code used already, an end before the start, and an overlap (naming both).
    """
    _require(register, access)
    edition = Edition(
        register=register, code=code, name=name, valid_from=valid_from, valid_to=valid_to,
        line=line, number=number, note=note, source=source, created_by=by,
    )  # fmt: skip
    with transaction.atomic():
        Register.objects.select_for_update(of=("self",)).get(pk=register.pk)
        if end_previous:
            _end_previous(edition)
        return store_edition(edition)


def end_edition(*, edition: Edition, valid_to: dt.date | None, by: User, access: Access) -> Edition:
    """Give an edition another end. Raises as :func:`add_edition`."""
    _require(edition.register, access)
    with transaction.atomic():
        Register.objects.select_for_update(of=("self",)).get(pk=edition.register_id)
        found = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
        found.valid_to = valid_to
        return store_edition(found)


def store_edition(edition: Edition) -> Edition:
    """Save after checking against the others; the database checks again under a lock."""
    _check(edition)
    try:
        with transaction.atomic():
            edition.save()
    except IntegrityError as error:
        if "overlap" not in str(error):
            raise
        raise JigaiError(
            "edition-overlap",
            f"“{edition.name}”与同时登记的另一版次有效期重叠",
            "刷新页面后重新填写",
        ) from error
    return edition


def _require(register: Register, access: Access) -> None:
    access.require(EDIT)
    if not reaches(access, EDIT, register.region_code):
        raise Denied("out-of-reach", f"“{register.name}”不由您所在的地区管理", "请联系管理单位")


def _check(edition: Edition) -> None:
    schema = edition.register.schema
    if not schema.editions:
        raise JigaiError(
            "no-editions", f"“{edition.register.name}”不分版次", "先在结构里打开分版次"
        )
    if (edition.line not in schema.lines) if schema.lines else edition.line:
        listed = "、".join(schema.lines.values()) or "这个名录没有分几条线"
        raise JigaiError("edition-line", "没有选对是哪一条目录", f"可选：{listed}")
    if edition.valid_to is not None and edition.valid_to < edition.valid_from:
        raise JigaiError("edition-dates", "止日早于起日", "核对两个日期")
    others = Edition.objects.filter(register=edition.register).exclude(pk=edition.pk)
    if others.filter(code=edition.code).exists():
        raise JigaiError("edition-code", f"代号“{edition.code}”已经用过", "换一个代号")
    for other in others.filter(line=edition.line).order_by("valid_from"):
        if _overlap(edition, other):
            raise JigaiError(
                "edition-overlap",
                f"“{edition.name}”（{_span(edition)}）与“{other.name}”（{_span(other)}）有效期重叠",
                f"先把“{other.name}”的止日改到 {edition.valid_from - _DAY}，或改新版次的日期",
            )


def _end_previous(edition: Edition) -> None:
    before = Edition.objects.filter(
        register=edition.register, line=edition.line, valid_to__isnull=True,
        valid_from__lt=edition.valid_from,
    ).first()  # fmt: skip
    if before is not None:
        before.valid_to = edition.valid_from - _DAY
        before.save(update_fields=["valid_to"])


def _overlap(one: Edition, other: Edition) -> bool:
    starts_in_time = other.valid_to is None or one.valid_from <= other.valid_to
    return starts_in_time and (one.valid_to is None or other.valid_from <= one.valid_to)


def _span(edition: Edition) -> str:
    return f"{edition.valid_from} 至 {edition.valid_to or '今'}"
