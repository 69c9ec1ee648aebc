"""Adds a park or a town below a county; GB/T 2260 itself comes with the release."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import transaction

from jigai.core.access.grants import Access
from jigai.core.access.scoping import region_prefix
from jigai.core.models.access import Assignment
from jigai.core.models.region import Region
from jigai.core.pinyin import initials, pinyin
from jigai.errors import JigaiError

# Any: without Django's plugin a checker takes members of choices for tuples.
Level: Any = Region.Level
Scope: Any = Assignment.Scope


def add_region(
    *, by: Access, parent: Region, level: str, suffix: str, name: str,
    valid_from: int | None = None, source: str = "",
) -> Region:  # fmt: skip
    """A park or town with the county's six digits and a suffix of one to six letters or digits.

    Raises ``JigaiError`` for another level, a parent that is no county, a code that is taken, or a
    county out of reach.
    """
    by.require("region.manage")
    if level not in (Level.PARK, Level.TOWN) or parent.level != Level.COUNTY:
        raise JigaiError("region-level", "这里只能在县级区划下增加园区或镇街")
    if not (1 <= len(suffix) <= 6 and suffix.isascii() and suffix.isalnum()):
        raise JigaiError(
            "region-suffix", "后缀为 1 至 6 位字母或数字，镇街可用统计用区划代码的后六位"
        )
    _check_reach(by, parent.code)
    code = parent.code + suffix.upper()
    with transaction.atomic(), pghistory.context(reason=source or "增加园区或镇街"):
        Region.objects.select_for_update().get(pk=parent.pk)
        if Region.objects.filter(code=code).exists():
            raise JigaiError("region-taken", f"代码 {code} 已有区划使用", "请换一个后缀")
        return Region.objects.create(
            code=code, name=name.strip(), level=level, parent_code=parent.code,
            valid_from=valid_from, pinyin=pinyin(name), initials=initials(name)[:64],
        )  # fmt: skip


def _check_reach(by: Access, code: str) -> None:
    for grant in by.granting("region.manage"):
        if grant.scope == Scope.ALL:
            return
        if any(code.startswith(region_prefix(own)) for own in grant.regions):
            return
    raise JigaiError("region-reach", "这个县级区划不在您的管理范围之内", "请联系上级平台管理员")
