"""The Luan document as if it were in force, and titles in its rosters."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from jigai.core.access import access_of
from jigai.core.models import Enterprise, Region, User
from jigai.funding.budgets.services.open_programme import open_programme
from jigai.funding.models import Programme
from jigai.paths import packs_dir
from jigai.policies.services.install_pack import install_pack
from jigai.registers.models import Entry, Register
from jigai.registers.services.decide_proposal import decide_proposal
from jigai.registers.services.propose_entry import propose_entry
from tests.factories import make_enterprise, make_user
from tests.funding.budgets.funds import Two, change

CITY, COUNTY = "341500", "341502"
DAY = dt.date(2021, 12, 31)


def regions() -> None:
    for code, name, level, parent in (
        ("340000", "安徽省", "province", ""), (CITY, "六安市", "city", "340000"),
        (COUNTY, "示例区", "county", CITY),
    ):  # fmt: skip
        Region.objects.get_or_create(
            code=code, valid_from=None,
            defaults={"name": name, "level": level, "parent_code": parent, "pinyin": name,
                      "initials": name},
        )  # fmt: skip


@cache
def _in_force(folder: str) -> Path:
    root = Path(folder) / "packs"
    shutil.copytree(packs_dir(), root)
    path = root / "luan-2020" / "pack.yaml"
    text = path.read_text(encoding="utf-8")
    in_force = {"status": "issued", "issued": "2020-12-20", "effective_from": "2021-01-01",
                "effective_to": "2022-12-31"}  # fmt: skip
    for key, value in in_force.items():
        text = re.sub(rf"(?m)^{key}: .*$", f"{key}: {value}", text)
    path.write_text(text, encoding="utf-8")
    return path.parent


def install(tmp: Any = None) -> None:
    """As shipped, a draft; with a folder, a copy in force since 2021."""
    install_pack(folder=_in_force(str(tmp)) if tmp else packs_dir() / "luan-2020", check=False)


def two() -> Two:
    regions()
    return Two(make_user("finance", CITY), make_user("finance-chief", CITY))


def fund(people: Two, fen: int) -> Programme:
    made = open_programme(
        region_code=CITY, year=2021, code="LA1", name="示例称号奖励资金", pack="luan-2020",
        **people.by,
    )  # fmt: skip
    change(people, made, fen)
    return made


def firm(name: str = "示例装备有限公司") -> Enterprise:
    return make_enterprise(name, COUNTY, registered_region=COUNTY)


def title(
    code: str, level: str, enterprise: Enterprise, on: dt.date = dt.date(2021, 6, 1)
) -> Entry:
    """A title in its roster, proposed and approved."""
    clerk, chief = make_user("section-clerk", CITY), make_user("section-chief", CITY)
    register = Register.objects.get(items__contains=[f"luan-2020:{code}"])
    entry = propose_entry(
        register=register, by=clerk, access=access_of(clerk), effective=on,
        values={"enterprise": {"id": enterprise.pk, "name": enterprise.name}, "level": level,
                "recognised": on.isoformat()},
    )  # fmt: skip
    decide_proposal(
        proposal=entry.proposals.get().pk, approve=True, by=chief, access=access_of(chief)
    )
    return Entry.objects.get(pk=entry.pk)


def other(user: User) -> dict[str, Any]:
    return {"by": user, "access": access_of(user)}
