"""Small makers of rows for tests. Every argument has a sensible default; nothing is random."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from functools import cache
from itertools import count
from typing import Any

from django.utils import timezone

from jigai.core.models import (
    Assignment,
    Department,
    Enterprise,
    EnterpriseFigure,
    Institution,
    Job,
    Region,
    Role,
    User,
)
from jigai.funding.models import Consortium, ConsortiumMember, InvoiceLine
from jigai.paths import data_dir
from jigai.projects.models import Project
from jigai.yaml_files import read_yaml

PASSWORD = "correct-horse-12"
COUNTY, SIBLING, CITY, PROVINCE = "370812", "370811", "370800", "370000"
_ROLE_FIELDS = ("name", "side", "capabilities", "description")
_next = count(1)


def make_regions() -> dict[str, Region]:
    """山东省, 济宁市 and two of its counties, by code."""
    rows = [
        (PROVINCE, "山东省", "province", "", "shandongsheng", "sds"),
        (CITY, "济宁市", "city", PROVINCE, "jiningshi", "jns"),
        (SIBLING, "任城区", "county", CITY, "renchengqu", "rcq"),
        (COUNTY, "兖州区", "county", CITY, "yanzhouqu", "yzq"),
    ]
    found = {}
    for code, name, level, parent, pinyin, initials in rows:
        found[code], _ = Region.objects.get_or_create(
            code=code,
            valid_from=None,
            defaults={
                "name": name,
                "level": level,
                "parent_code": parent,
                "pinyin": pinyin,
                "initials": initials,
            },
        )
    return found


@cache
def _shipped_roles() -> dict[str, dict[str, Any]]:
    """``core/data/roles.yaml`` by code, read once: nearly every test asks for a role."""
    return {row["code"]: row for row in read_yaml(data_dir() / "roles.yaml")}


def make_role(code: str) -> Role:
    """A role as shipped in ``core/data/roles.yaml``."""
    shipped = _shipped_roles()[code]
    fields = {key: deepcopy(shipped[key]) for key in _ROLE_FIELDS}
    role, _ = Role.objects.get_or_create(code=code, defaults=fields)
    return role


def make_department(region: str = COUNTY, line: str = "miit", name: str = "") -> Department:
    """A department of a region; asking twice gives the same one."""
    given = name or f"{region}工业和信息化局" if line == "miit" else name or f"{region}{line}局"
    row, _ = Department.objects.get_or_create(
        region_code=region, name=given, defaults={"line": line, "short_name": given}
    )
    return row


def make_user(
    role: str | None = None,
    region: str = COUNTY,
    *,
    scope: str = "below",
    enterprise: Enterprise | None = None,
    username: str = "",
    department: Department | None = None,
    **fields: Any,
) -> User:
    """An account, with a shipped role for a department of the region (or for an enterprise)."""
    number = next(_next)
    user = User.objects.create_user(
        username or f"user{number}", PASSWORD, name=fields.pop("name", f"测试员{number}"), **fields
    )
    if role is not None:
        give_role(user, role, region, scope=scope, enterprise=enterprise, department=department)
    return user


def give_role(
    user: User,
    role: str,
    region: str = COUNTY,
    *,
    scope: str = "below",
    enterprise: Enterprise | None = None,
    department: Department | None = None,
) -> Assignment:
    """One more assignment for a user."""
    shipped = make_role(role)
    holder: Department | None = None
    if enterprise is None and shipped.side in (Role.Side.BUREAU, Role.Side.PLATFORM):
        holder = department or make_department(region)
    return Assignment.objects.create(
        user=user, role=shipped, department=holder, enterprise=enterprise, scope=scope
    )


def uscc_of(number: int) -> str:
    """A credit code with a right check digit, by number."""
    body = f"91370812MA3{number:06d}"
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(signs.index(sign) * 3**place for place, sign in enumerate(body))
    return body + signs[(31 - total % 31) % 31]


def make_enterprise(
    name: str = "", region: str = COUNTY, *, figures: dict[int, dict[str, Any]] | None = None,
    **fields: Any,
) -> Enterprise:  # fmt: skip
    """An enterprise; ``figures`` as ``{2021: {"revenue": 1_000_00, "grade": "A"}}``."""
    number = next(_next)
    fields.setdefault("uscc", uscc_of(number))
    fields.setdefault("pinyin", f"qiye{number:06d}")
    row = Enterprise.objects.create(
        name=name or f"兖州第{number}机械有限公司", region_code=region, **fields
    )
    for year, terms in (figures or {}).items():
        for term, value in terms.items():
            make_figure(row, term, year, value)
    return row


def make_figure(
    enterprise: Enterprise, term: str, year: int, value: Any, **fields: Any
) -> EnterpriseFigure:
    """One dated fact; the value's type says which column holds it."""
    column = "number" if isinstance(value, int) else "day" if isinstance(value, date) else "text"
    fields.setdefault("source", "测试名录")
    fields.setdefault("recorded_at", timezone.now())
    return EnterpriseFigure.objects.create(
        enterprise=enterprise, term=term, year=year, **{column: value}, **fields
    )


def make_institution(name: str = "", **fields: Any) -> Institution:
    """A bank of the county."""
    number = next(_next)
    fields.setdefault("uscc", uscc_of(number))
    fields.setdefault("kind", "bank")
    return Institution.objects.create(
        name=name or f"第{number}银行", region_code=fields.pop("region", COUNTY), **fields
    )


def make_project(
    enterprise: Enterprise | None = None, name: str = "", year: int = 2021, **fields: Any
) -> Project:
    """A project of an enterprise, in its region."""
    number = next(_next)
    region = fields.pop("region", enterprise.region_code if enterprise else COUNTY)
    return Project.objects.create(
        name=name or f"第{number}条智能生产线改造项目", year=year, region_code=region,
        enterprise=enterprise, enterprise_raw=enterprise.name if enterprise else "无名企业",
        **fields,
    )  # fmt: skip


def make_line(project: Project | None = None, **fields: Any) -> InvoiceLine:
    """An invoice line over 1,130.00 元 for a project."""
    number = next(_next)
    region = fields.pop("region", project.region_code if project else COUNTY)
    given = {
        "year": project.year if project else 2021,
        "buyer_raw": project.enterprise_raw if project else "无名企业",
        "buyer": project.enterprise if project else None,
        "invoice_code": "3700211130",
        "invoice_no": f"{number:08d}",
        "date": date(2021, 6, 1),
        "seller": "济南机床有限公司",
        "item": "数控机床",
        "amount_fen": 100_000,
        "tax_fen": 13_000,
        "total_fen": 113_000,
        "status": "normal",
        "item_class": "equipment",
        "item_kind": "equipment",
    }
    return InvoiceLine.objects.create(project=project, region_code=region, **{**given, **fields})


def make_consortium(
    name: str = "", members: tuple[Enterprise, ...] = (), **fields: Any
) -> Consortium:
    """A consortium of 2021; the first member leads."""
    number = next(_next)
    row = Consortium.objects.create(
        year=fields.pop("year", 2021), region_code=fields.pop("region", COUNTY),
        code=f"GT-{number:03d}", name=name or f"第{number}共同体", **fields,
    )  # fmt: skip
    for place, enterprise in enumerate(members):
        ConsortiumMember.objects.create(
            consortium=row,
            enterprise=enterprise,
            enterprise_raw=enterprise.name,
            role="lead" if place == 0 else "member",
            equipment_fen=50_000_000,
        )
    return row


def make_job(owner: User | None = None, **fields: Any) -> Job:
    """A job that nobody has queued."""
    fields.setdefault("kind", "nothing")
    fields.setdefault("title", "测试任务")
    return Job.objects.create(owner=owner, **fields)
