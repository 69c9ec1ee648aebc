"""The demo rows of the lists around projects: loaded with all that ships, and showing a finding."""

from __future__ import annotations

import datetime as dt

import pytest

from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from jigai.projects.chains.plans import plans_on
from jigai.projects.chains.positions import links_on
from jigai.registers.content_check import check_file
from jigai.registers.models import Register
from jigai.registers.services.load_content import FOLDER, load_file
from jigai.registers.special.chain_tasks import LATE
from jigai.registers.special.key_technology import RUNNING, UNJUDGEABLE
from jigai.registers.special.stored_chain_tasks import chains_on
from jigai.registers.special.stored_technologies import technologies_on
from tests.factories import COUNTY, make_regions, make_user

DAY = dt.date(2026, 11, 20)
LISTS = (
    "chain-links", "chain-projects", "chain-tasks", "upgrade-plans", "upgrade-plan-enterprises",
    "key-technology-directions", "key-technologies", "key-technology-milestones",
    "safety-retrofits", "metrology-retrofits",
)  # fmt: skip
DEMO = (
    "demo-chain-1-links", "demo-chain-2-tasks", "demo-upgrade-1-plans",
    "demo-upgrade-2-enterprises", "demo-technology-1-projects", "demo-technology-2-milestones",
)  # fmt: skip


@pytest.fixture
def clerk(db: None) -> User:
    """Everything loaded, read by the office of the county."""
    make_regions()
    names = set()
    for name in DEMO:
        for entry in check_file(FOLDER / f"{name}.yaml").entries:
            values = entry["values"]
            names |= {str(v) for k, v in values.items() if k in ("企业", "承担企业", "牵头企业")}
    for name in sorted(names):
        Enterprise.objects.create(name=name, region_code=COUNTY)
    for name in (*LISTS, *DEMO):
        load_file(FOLDER / f"{name}.yaml")
    return make_user("section-clerk")


@pytest.mark.system("chain-sync-one-dragon")
def test_the_demo_chain_is_at_risk_by_its_material(clerk: User) -> None:
    (chain,) = chains_on(access_of(clerk), DAY)
    assert (chain.state, chain.lacking, chain.loose) == (LATE, (), ())
    (warned,) = chain.warned
    assert [task.code for task in warned.path] == ["A1", "B1", "E1"]
    # Twenty days late, nine of which the plan takes up before B1.
    assert (warned.late.delay, warned.moves) == (20, 11)


@pytest.mark.system("key-tech-breakthrough")
def test_the_demo_technologies_show_one_without_criteria(clerk: User) -> None:
    found = technologies_on(access_of(clerk), DAY)
    assert [(one.state, one.late) for one in found] == [(RUNNING, 1), (UNJUDGEABLE, 0)]


@pytest.mark.system("enterprise-upgrade-plans")
def test_the_demo_plan_has_a_period(clerk: User) -> None:
    plans = plans_on(access_of(clerk), DAY)
    assert [p.years for p in plans if p.name.startswith("示例")] == [(2021, 2022, 2023)]


@pytest.mark.system("chain-project-list")
def test_the_demo_chain_has_links_of_every_part(clerk: User) -> None:
    links = links_on(access_of(clerk), DAY)
    assert {link.part for link in links} == {"upper", "middle", "lower", "support"}
    assert all(link.chain.startswith("示例") for link in links)


@pytest.mark.system("safety-upgrade-tracker")
@pytest.mark.system("metrology-upgrade")
def test_every_list_ships_for_its_system(clerk: User) -> None:
    rows = Register.objects.filter(code__in=LISTS)
    assert {system for row in rows for system in row.systems} == {
        "chain-project-list", "chain-sync-one-dragon", "enterprise-upgrade-plans",
        "key-tech-breakthrough", "safety-upgrade-tracker", "metrology-upgrade",
    }  # fmt: skip
    assert all(row.current is not None for row in rows) and len(rows) == len(LISTS)
