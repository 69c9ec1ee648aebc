"""六安 with two counties, its document, and people of the county, the city and the province."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jigai.core.access import access_of
from jigai.core.models import Region, User
from jigai.paths import packs_dir
from jigai.policies.models import PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.projects.library.services.decide_entries import admit_entries
from jigai.projects.library.services.report_up import report_up
from jigai.projects.models import LibraryEntry, Project
from tests.factories import make_enterprise, make_project, make_user

PROVINCE, CITY, COUNTY, OTHER = "340000", "341500", "341502", "341503"
DAY = dt.date(2021, 7, 1)
WAN = 1_000_000
MakeProject = Callable[..., Project]


@pytest.fixture
def luan(db: None) -> PackVersion:
    """The document of 六安 as installed, with its places."""
    make_places()
    return install_pack(folder=packs_dir() / "luan-2020", check=False)


def make_places() -> None:
    """安徽省, 六安市 and two of its counties."""
    rows = [
        (PROVINCE, "安徽省", "province", "", "anhuisheng"),
        (CITY, "六安市", "city", PROVINCE, "liuanshi"),
        (COUNTY, "金安区", "county", CITY, "jinanqu"),
        (OTHER, "裕安区", "county", CITY, "yuanqu"),
    ]
    for code, name, level, parent, pinyin in rows:
        Region.objects.get_or_create(
            code=code, valid_from=None,
            defaults={"name": name, "level": level, "parent_code": parent, "pinyin": pinyin,
                      "initials": pinyin[:3]},
        )  # fmt: skip


@pytest.fixture
def county(db: None) -> User:
    """Who keeps the records of a county and decides for its library."""
    make_places()
    return make_user("section-chief", COUNTY, name="县科长")


@pytest.fixture
def other(db: None) -> User:
    """The same of the other county."""
    make_places()
    return make_user("section-chief", OTHER, name="邻县科长")


@pytest.fixture
def city(db: None) -> User:
    """Who decides for the library of the city."""
    make_places()
    return make_user("section-chief", CITY, name="市科长")


@pytest.fixture
def province(db: None) -> User:
    """Who decides for the library of the province."""
    make_places()
    return make_user("section-chief", PROVINCE, name="省处长")


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser signed in as somebody."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def fits(db: None) -> MakeProject:
    """A project that fits the rule of the city, unless told otherwise."""

    def make(name: str = "", **fields: Any) -> Project:
        region = fields.pop("region", COUNTY)
        revenue = fields.pop("revenue", 3000 * WAN)
        figures = {2021: {"revenue": revenue}} if revenue is not None else {}
        firm = make_enterprise(region=region, industry_code="3421", figures=figures)
        given = {"fixed_fen": 300 * WAN, "total_fen": 500 * WAN, "equipment_fen": 250 * WAN,
                 "filing": "yes", "filing_no": "2101-341502-04-02-000001", "state": "filed",
                 "tags": ["direction/绿色化"], "region": region}  # fmt: skip
        return make_project(firm, name, **{**given, **fields})

    return make


def put_up(project: Project, level: str, by: User, day: dt.date = DAY) -> LibraryEntry:
    """Report a project to a level."""
    done = report_up(projects=[project.pk], level=level, day=day, by=by, access=access_of(by))
    assert done.count == 1, done.told
    return LibraryEntry.objects.get(project=project, level=level)


def let_in(entry: LibraryEntry, by: User, day: dt.date = DAY, reason: str = "县里核过") -> None:
    """Admit an entry."""
    done = admit_entries(entries=[entry.pk], day=day, by=by, access=access_of(by), reason=reason)
    assert done.count == 1, done.told


def in_library(project: Project, level: str = "county", **fields: Any) -> LibraryEntry:
    """An entry that is in, without the way there."""
    ends = {"county": project.region_code, "city": f"{project.region_code[:4]}00",
            "province": f"{project.region_code[:2]}0000"}  # fmt: skip
    given = {"status": "in", "reported_on": DAY, "admitted_on": DAY, "region_code": ends[level]}
    return LibraryEntry.objects.create(project=project, level=level, **{**given, **fields})
