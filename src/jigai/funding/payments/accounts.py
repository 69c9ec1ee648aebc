"""What an account must be: a number that can be one, in the name of the enterprise."""

from __future__ import annotations

import re
import unicodedata

from jigai.core.models import Enterprise
from jigai.errors import JigaiError
from jigai.funding.models import BankAccount
from jigai.sheets.values.names import canonical_name

_BREAKS = re.compile(r"[\s\-‐-―]+")
_NUMBER = re.compile(r"[0-9]{8,30}")
_BRANCH = re.compile(r"[0-9]{12}")


def bare_number(text: str) -> str:
    """The digits of an account number without the blanks and dashes people write."""
    return _BREAKS.sub("", unicodedata.normalize("NFKC", text))


def checked_number(text: str) -> str:
    """The bare number. Raises :class:`JigaiError` for what cannot be one."""
    number = bare_number(text)
    if not _NUMBER.fullmatch(number):
        raise JigaiError(
            "account-number", "账号应是 8 到 30 位数字", "对照开户许可证或银行出具的账户信息填写"
        )
    return number


def checked_branch(text: str) -> str:
    """The branch's twelve-digit number (联行号), or nothing."""
    number = bare_number(text)
    if number and not _BRANCH.fullmatch(number):
        raise JigaiError(
            "branch-number", "行号应是 12 位数字", "不知道行号可以留空，由财政部门核对"
        )
    return number


def names_of(enterprise: Enterprise) -> dict[str, str]:
    """The names an account may stand in, as compared: canonical form to name; former ones too."""
    former = enterprise.former_names.order_by("id").values_list("name", flat=True)
    return {canonical_name(name): name for name in [*former, enterprise.name]}


def check_holder(enterprise: Enterprise, holder: str) -> str:
    """The holder as given; raises :class:`JigaiError` where it is somebody else.

    Whoever has been renamed proves it first: the former name then stands in the register.
    """
    if canonical_name(holder) in names_of(enterprise):
        return holder.strip()
    raise JigaiError(
        "account-other-name",
        f"户名“{holder.strip()}”不是“{enterprise.name}”，也不是它登记过的曾用名",
        "款项只能付到企业自己的账户；企业更过名的，先把更名证明交主管部门登记曾用名，再提交账户",
    )


def masked(number: str) -> str:
    """The last four digits; the rest as stars in groups."""
    return f"**** **** {number[-4:]}" if len(number) > 4 else "****"


def grouped(number: str) -> str:
    """The whole number in groups of four, for people to compare."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def verified_of(enterprises: list[int]) -> dict[int, BankAccount]:
    """The verified account of each enterprise, one query."""
    rows = BankAccount.objects.filter(enterprise__in=enterprises, state="verified")
    return {row.enterprise_id: row for row in rows}
