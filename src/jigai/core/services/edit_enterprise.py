"""Changes what is kept of an enterprise, guarded against two people editing at once."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import IntegrityError, transaction

from jigai.core.models import Enterprise, EnterpriseName, User
from jigai.core.pinyin import pinyin
from jigai.core.services.record_figure import derive_sizes
from jigai.errors import JigaiError

EDITABLE = (
    "name",
    "uscc",
    "legal_type",
    "registered_region",
    "town",
    "address",
    "founded",
    "industry_code",
    "industry_name",
)


class EditConflict(JigaiError):
    """Somebody saved the record after it was opened; ``current`` is what is stored now."""

    def __init__(self, current: Any) -> None:
        super().__init__("edit-conflict", "这条记录刚被别人改过", "请核对两个版本后再保存")
        self.current = current


def edit_enterprise(
    *,
    enterprise: Enterprise,
    version: int,
    values: dict[str, Any],
    user: User,
    reason: str = "",
    keep_former_name: bool = False,
) -> Enterprise:
    """Store ``values`` (of :data:`EDITABLE`) if the record still has the version that was opened.

    The former name is kept on request. Raises :class:`EditConflict`, or :class:`JigaiError` when
    another enterprise has the credit code. Returns the stored record; without a change it is as it
    was.
    """
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    try:
        with transaction.atomic(), pghistory.context(user=user.pk, reason=reason[:200]):
            fresh = Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
            if fresh.version != version:
                raise EditConflict(fresh)
            changed = {k: v for k, v in values.items() if getattr(fresh, k) != v}
            if changed:
                _store(fresh, changed, keep_former_name)
                if "industry_code" in changed:
                    derive_sizes(enterprise=fresh, user=user)
    except IntegrityError as error:
        if "enterprise_uscc_once" not in str(error):
            raise
        raise JigaiError(
            "uscc-taken", "另一家企业已登记了这个信用代码", "请核对代码；确为同一家企业请先合并"
        ) from None
    return fresh


def _store(enterprise: Enterprise, changed: dict[str, Any], keep_former_name: bool) -> None:
    before = enterprise.name
    for name, value in changed.items():
        setattr(enterprise, name, value)
    if "name" in changed:
        enterprise.pinyin = pinyin(enterprise.name)[:400]
        if keep_former_name:
            EnterpriseName.objects.create(enterprise=enterprise, name=before)
    enterprise.version += 1
    # The generated search column follows by itself and may not be written.
    enterprise.save(update_fields=[*changed, "pinyin", "version"])
