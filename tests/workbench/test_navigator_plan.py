"""方案总收益: grants as the navigator's what-if, taxes as the law says, unknown never nought."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from jigai.policies.models import PackVersion
from jigai.projects.models import Project
from jigai.registers.taxes.national import national_law
from jigai.taxes.amounts import present_value
from jigai.taxes.plan import plan_effects
from jigai.workbench.navigator.navigate import Question, navigate
from jigai.workbench.navigator.plan_form import AssetForm, PlanForm, Typed, read_plan
from jigai.workbench.navigator.plan_total import GRANT, Benefit, Row, total_benefit
from tests.factories import make_enterprise, make_user
from tests.workbench.test_navigator import DAY, clerk, firm, yanzhou

__all__ = ["clerk", "firm", "yanzhou"]
pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-navigator")]
Firm = Callable[..., Enterprise]
PLAN = {
    "rows": "2", "day": "2021-12-31", "planned": "on", "rate": "5", "general": "yes",
    "income": "500", "industry": "34",
    "a1-name": "数控机床", "a1-cost": "800", "a1-item_class": "equipment", "a1-kind": "machine",
    "a1-in_service": "2021-06-30", "a1-input_tax": "104",
}  # fmt: skip


def typed(given: dict[str, str], projects: dict[int, str] | None = None) -> Typed:
    form = PlanForm(given, projects or {}, DAY)
    assets = [AssetForm(given, prefix=f"a{n}") for n in (1, 2)]
    assert form.is_valid() and all(asset.is_valid() for asset in assets), form.errors
    return read_plan(form, assets)


def benefit(enterprise: Enterprise, user: User, **change: str) -> Benefit:
    own = dict(Project.objects.filter(enterprise=enterprise).values_list("id", "name"))
    return total_benefit(enterprise, typed({**PLAN, **change}, own), access_of(user))


def row(found: Benefit, name: str) -> Row:
    return next(r for r in found.rows if name in r.name)


def test_money_is_read_exactly_and_blank_stays_unknown() -> None:
    made = typed({**PLAN, "a1-cost": "800.000001", "a1-input_tax": "", "general": ""})
    asset = made.plan.assets[0]
    assert (asset.cost, asset.input_tax) == (800_000_001, None)
    assert made.plan.taxpayer.general is None
    assert made.rate == Fraction(1, 20)
    assert typed({**PLAN, "a1-cost": ""}).plan.assets == ()


def test_a_price_needs_a_day_of_use() -> None:
    form = AssetForm({"a1-cost": "5"}, prefix="a1")
    assert not form.is_valid() and "投用日期" in str(form.errors)


def test_the_grant_is_what_the_navigator_says_to_the_plan(
    firm: Firm,
    clerk: User,
    yanzhou: PackVersion,
) -> None:
    """800万元 more on a project of 1,000万元: 3 % of it, by the year told, discounted."""
    enterprise = firm()
    project = Project.objects.get(enterprise=enterprise)
    found = benefit(enterprise, clerk, project=str(project.pk), grant_year="2023")
    name = f"try.project.{project.pk}.+equipment"
    question = Question(enterprise, DAY, (project.pk,), {name: "8000000.00元"})
    answer = navigate(question, access_of(clerk))
    assert answer.gain == 24_000_000
    grant = row(found, "设备投资")
    assert (grant.kind, grant.years, grant.total) == (GRANT, {2023: 24_000_000}, 24_000_000)
    assert grant.present == present_value({2023: 24_000_000}, Fraction(1, 20), 2021) < 24_000_000
    assert grant.cites == [f"《{yanzhou.title}》四.1"]


def test_the_cap_limits_what_the_plan_adds(
    firm: Firm,
    clerk: User,
    yanzhou: PackVersion,
) -> None:
    enterprise = firm()
    project = Project.objects.get(enterprise=enterprise)
    found = benefit(enterprise, clerk, project=str(project.pk), **{"a1-cost": "90000"})
    # 3 % of 1,000万元 is held already; the cap is 100万元.
    assert row(found, "设备投资").total == 70_000_000


def test_a_new_project_counts_from_nothing_when_it_goes_to_plan(
    firm: Firm,
    clerk: User,
    yanzhou: PackVersion,
) -> None:
    enterprise = firm()
    found = benefit(enterprise, clerk)
    assert row(found, "设备投资").total == 24_000_000
    assert "备案、入统按计划办妥，属改建和技术改造，不另领财政资金" in found.assumed


def test_what_is_not_known_is_named_and_not_added(
    firm: Firm,
    clerk: User,
    yanzhou: PackVersion,
) -> None:
    enterprise = firm()
    found = benefit(enterprise, clerk, planned="")
    grant = row(found, "设备投资")
    assert grant.total is None and not grant.counts and not grant.years
    assert "240,000.00" in grant.open and "已入统" in grant.open
    assert any("设备投资" in text for text in found.unknown)
    assert found.total == sum(r.total or 0 for r in found.rows if r.counts)
    known = benefit(enterprise, clerk)
    assert known.total - found.total == 24_000_000


def test_taxes_are_those_of_the_law_and_the_years_add_up(
    firm: Firm,
    clerk: User,
    yanzhou: PackVersion,
) -> None:
    enterprise = firm()
    made = typed(PLAN)
    effects = plan_effects(made.plan, national_law())
    found = benefit(enterprise, clerk)
    counted = [e for e in effects.effects if e.state == "yes" and e.kind != "recovered"]
    assert counted
    taxes = [r for r in found.rows if r.counts and r.kind != GRANT]
    assert sum(r.total or 0 for r in taxes) == sum(e.total or 0 for e in counted)
    assert sum(found.by_year.values()) == found.total
    assert all(r.cites for r in taxes)
    back = [r for r in found.rows if r.kind == "进项抵扣"]
    assert back and not back[0].counts and back[0].total == 104_000_000


def test_what_the_plan_does_not_reach_is_told_with_the_reason(
    firm: Firm,
    clerk: User,
    yanzhou: PackVersion,
) -> None:
    found = benefit(firm(grade="D"), clerk)
    assert not [r for r in found.rows if r.kind == GRANT]
    refused = {m.measure.id: [c.name for c in m.conditions] for m in found.refused}
    assert "不是亩产效益D类" in refused["equipment"]


def test_nothing_typed_gives_nothing(firm: Firm, clerk: User, yanzhou: PackVersion) -> None:
    found = benefit(firm(), clerk, **{"a1-cost": "", "planned": "", "income": ""})
    assert (found.rows, found.total, found.years) == ([], 0, [])


# The page


def test_the_page_shows_the_table_and_keeps_what_was_typed(
    client: Client,
    firm: Firm,
    clerk: User,
    yanzhou: PackVersion,
) -> None:
    enterprise = firm()
    client.force_login(clerk)
    url = reverse("navigator-plan", args=[enterprise.pk])
    empty = client.get(url).content.decode()
    assert "设备清单" in empty and "逐年逐项" not in empty
    page = client.get(url, PLAN).content.decode()
    assert "240,000.00" in page and "现值" in page and 'value="数控机床"' in page
    more = client.get(url, {**PLAN, "more": "1"}).content.decode()
    assert 'name="a3-cost"' in more
    wrong = client.get(url, {**PLAN, "rate": "-1", "a1-in_service": ""}).content.decode()
    assert "有填错的地方" in wrong and "逐年逐项" not in wrong


def test_an_enterprise_opens_only_its_own(
    client: Client,
    firm: Firm,
    yanzhou: PackVersion,
) -> None:
    enterprise, other = firm(), make_enterprise()
    client.force_login(make_user("enterprise-handler", enterprise=enterprise))
    assert client.get(reverse("navigator-plan", args=[enterprise.pk])).status_code == 200
    assert client.get(reverse("navigator-plan", args=[other.pk])).status_code == 404
