"""Which enterprises to reach: by where they are, what they make, how large they are, or a list."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from jigai.core.access import Access, scoped
from jigai.core.models import Enterprise
from jigai.core.screens.enterprise_words import SIZES
from jigai.core.screens.list_filters import RegionField, below
from jigai.core.selectors_enterprises import REACH, latest_register_year, of_size
from jigai.errors import JigaiError

_BREAKS = re.compile(r"[\s,，、;；]+")
_SHOWN = 5


class EnterpriseFields(forms.Form):
    """Conditions on enterprises; a pasted list goes before the others."""

    region = RegionField("所属地区")
    industry = forms.RegexField(
        r"^[A-Ta-t]?[0-9]{2,4}$", label="行业代码", required=False,
        help_text="国民经济行业代码的开头，如 34 通用设备制造业",
        error_messages={"invalid": "填 2 到 4 位数字的行业代码"},
    )  # fmt: skip
    size = forms.ChoiceField(label="规模", required=False, choices=[("", "不限"), *SIZES.items()])
    pasted = forms.CharField(
        label="企业名单", required=False, max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一家，名称或统一社会信用代码；填了名单就不看上面的条件",
    )  # fmt: skip


def chosen_enterprises(
    *, access: Access, capability: str, given: dict[str, Any]
) -> QuerySet[Enterprise]:
    """The enterprises within reach that the fields choose.

    Raises :class:`JigaiError` for lines of a pasted list that fit nothing: nobody is left out
    silently.
    """
    reach = scoped(Enterprise.objects.all(), access, capability, REACH)
    if given.get("pasted", "").strip():
        return reach.filter(pk__in=_pasted(reach, given["pasted"])).order_by("id")
    rows = reach
    if given.get("region"):
        rows = below(rows, "region_code", given["region"])
    if given.get("industry"):
        # Some rosters write the section's letter before the digits.
        code = given["industry"].upper().lstrip("ABCDEFGHIJKLMNOPQRST")
        rows = rows.filter(industry_code__regex=rf"^[A-T]?{code}")
    if given.get("size"):
        rows = of_size(rows, latest_register_year(), given["size"])
    return rows.order_by("id")


def _pasted(reach: QuerySet[Enterprise], text: str) -> set[int]:
    wanted = [word for word in _BREAKS.split(unicodedata.normalize("NFC", text)) if word]
    known: dict[str, int] = {}
    rows = reach.filter(
        Q(name__in=wanted) | Q(uscc__in=[word.upper() for word in wanted])
        | Q(former_names__name__in=wanted)
    ).distinct()  # fmt: skip
    for row in rows.prefetch_related("former_names").order_by("id"):
        for word in (row.uscc or "", *(old.name for old in row.former_names.all()), row.name):
            known[word] = row.pk
    unknown = [word for word in wanted if word not in known and word.upper() not in known]
    if unknown:
        more = f"等 {len(unknown)} 行" if len(unknown) > _SHOWN else ""
        raise JigaiError(
            "unknown-enterprises",
            f"名录里没有或不在您的范围内：{'、'.join(unknown[:_SHOWN])}{more}",
            "核对名称或信用代码后再提交",
        )  # fmt: skip
    return {known[word] if word in known else known[word.upper()] for word in wanted}
