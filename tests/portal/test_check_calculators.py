"""Calculators that check and give no amount: a verdict with quantities, never a sum of money."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.cases.services.load_content import load_content
from jigai.policies.calculator.catalogue import catalogue
from jigai.policies.models import PackVersion
from tests.factories import make_regions
from tests.kept_rows import Unblock
from tests.outreach import consultations as c

pytestmark = pytest.mark.django_db
SLUGS = ("yanzhou-2020", "luan-2020", "guangdong-2019", "jiangsu-2015", "sunan-2017")
ZERO = {"parcel.land_area_before": "20亩", "parcel.land_area_after": "20亩",
        "parcel.land_retrofit_mode": "加层", "parcel.new_floor_area": "8000平方米"}  # fmt: skip
LAND = {"parcel.intensity_land_area": "20", "parcel.intensity_land_area~u": "亩",
        "parcel.intensity_fixed_investment": "5000", "parcel.intensity_fixed_investment~u": "万元",
        "parcel.mu_investment_standard": "250", "parcel.mu_investment_standard~u": "万元",
        "parcel.intensity_yearly_output": "8000", "parcel.mu_output_standard": "300",
        "parcel.plot_ratio_floor_area": "12000平方米", "parcel.plot_ratio_standard": "0.8",
        "parcel.building_footprint": "6000平方米",
        "parcel.building_coverage_standard": "30"}  # fmt: skip
# An amount as the pages write one; a quantity in 万元/亩 is none.
_AMOUNT = re.compile(r"\d(\.\d\d)? 元|(?<![\d,])0\.00|jg-calc-amount")


@pytest.fixture(scope="module")
def installed(kept_rows: Unblock) -> list[int]:
    with kept_rows():
        make_regions()
        return [c.install(slug).pk for slug in SLUGS]


@pytest.fixture(autouse=True)
def packs(installed: list[int], db: None) -> dict[str, PackVersion]:
    return {row.slug: row for row in PackVersion.objects.filter(pk__in=installed)}


def page(client: Client, slug: str, measure: str, name: str = "calculator", **data: str) -> str:
    answer = client.get(reverse(name, args=[slug, measure]), data)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def verdict(text: str) -> str:
    """The word of the answer."""
    answer = text[text.index("jg-calc-verdict") :]
    return next(
        w for w in ("不符合", "缺数据", "未定", "符合") if w in answer[: answer.index("</div>")]
    )


@pytest.mark.system("zero-land-retrofit")
@pytest.mark.parametrize("slug", ["yanzhou-2020", "jiangsu-2015"])
def test_floor_space_may_grow_and_land_may_not(client: Client, slug: str) -> None:
    """The toy refuses 8,000 m² more floor space on the same land."""
    text = page(client, slug, "zero-land-retrofit", **ZERO)
    assert verdict(text) == "符合" and "8,000平方米" in text and "不作条件" in text
    more = page(client, slug, "zero-land-retrofit",
                **{**ZERO, "parcel.land_area_after": "20.5亩",
                   "parcel.new_floor_area": "0平方米"})  # fmt: skip
    assert verdict(more) == "不符合" and "新增用地超出 0.5亩" in more
    assert verdict(page(client, slug, "zero-land-retrofit")) == "缺数据"


@pytest.mark.system("zero-land-retrofit")
def test_the_quick_way_is_linked(client: Client) -> None:
    load_content()
    told = {**ZERO, "parcel.in_provincial_zone": "是"}
    text = page(client, "luan-2020", "zero-land-retrofit", **told)
    assert verdict(text) == "符合" and "可以接着办" in text
    assert reverse("guide", args=["pilot-zero-land"]) in text
    outside = page(
        client, "luan-2020", "zero-land-retrofit", **{**told, "parcel.in_provincial_zone": "否"}
    )
    assert verdict(outside) == "不符合" and "符合以后可以办" in outside


@pytest.mark.system("zero-land-retrofit")
def test_guangdong_leads_to_the_waiver_and_needs_the_use_kept(client: Client) -> None:
    told = {
        **ZERO,
        "parcel.land_retrofit_mode": "扩建",
        "parcel.fits_plan": "是",
        "parcel.registered_land_use": "工业用地",
        "parcel.land_use_after": "工业用地",
    }
    text = page(client, "guangdong-2019", "zero-land-retrofit", **told)
    assert verdict(text) == "符合"
    assert reverse("calculator", args=["guangdong-2019", "plot-ratio-waiver"]) in text
    assert reverse("portal-policy", args=["guangdong-2019"]) + "#四.三" in text
    changed = page(
        client,
        "guangdong-2019",
        "zero-land-retrofit",
        **{**told, "parcel.land_use_after": "其他用地"},
    )
    assert verdict(changed) == "不符合"


@pytest.mark.system("land-intensity-control")
@pytest.mark.parametrize("slug", ["yanzhou-2020", "jiangsu-2015", "sunan-2017"])
def test_land_is_held_against_standards_only_where_there_are_some(
    client: Client, slug: str
) -> None:
    """The toy, without a table of standards, finds everything good enough."""
    text = page(client, slug, "land-intensity", **LAND)
    assert verdict(text) == "符合" and "250万元/亩" in text and "0.9" in text and "45%" in text
    short = page(
        client, slug, "land-intensity", **{**LAND, "parcel.intensity_fixed_investment": "4999"}
    )
    assert verdict(short) == "不符合" and "投资强度还差 0.05万元/亩" in short
    for term in [t for t in LAND if t.endswith("_standard")]:
        bare = page(client, slug, "land-intensity", **{k: v for k, v in LAND.items() if k != term})
        assert verdict(bare) == "缺数据", term


@pytest.mark.system("renewal-by-agreement")
def test_a_term_is_not_renewed_by_itself(client: Client) -> None:
    told = {"day": "2020-06-01", "parcel.land_case": "弹性年期出让",
            "parcel.registered_land_use": "工业用地", "parcel.lease_expires_on": "2020-09-30",
            "parcel.renewal_requested": "是"}  # fmt: skip
    text = page(client, "guangdong-2019", "renewal-by-agreement", **told)
    assert verdict(text) == "缺数据" and "不会自动续期" in text
    told |= {
        "parcel.renewal_assessed_on": "2020-08-01",
        "parcel.renewal_finding": "符合续期使用条件",
    }
    assert verdict(page(client, "guangdong-2019", "renewal-by-agreement", **told)) == "符合"


CHECKED = [
    (slug, measure)
    for slug, names in {
        "yanzhou-2020": ("zero-land-retrofit", "land-intensity"),
        "luan-2020": ("zero-land-retrofit",), "sunan-2017": ("land-intensity",),
        "guangdong-2019": ("zero-land-retrofit", "renewal-by-agreement"),
        "jiangsu-2015": ("zero-land-retrofit", "land-intensity"),
    }.items()
    for measure in names
]  # fmt: skip


@pytest.mark.parametrize(("slug", "measure"), CHECKED)
@pytest.mark.parametrize("data", [{}, ZERO, {**ZERO, "parcel.land_area_after": "30亩"}, LAND])
def test_a_check_never_shows_an_amount(
    client: Client, slug: str, measure: str, data: dict[str, str]
) -> None:
    """Neither an amount nor a nought that would read as one, under any verdict."""
    text = page(client, slug, measure, **data)
    result = text[text.index('class="jg-card jg-calc-answer') :]
    # What a missing fact might be is a supposition, not an answer.
    result = re.sub(r"若为[^<]*", "", result)
    assert not _AMOUNT.search(result), _AMOUNT.search(result)
    assert "没有金额" in result and "打印" in result
    readings = page(client, slug, measure, "calculator-readings", **data)
    assert "金额（元）" not in readings


def test_every_check_names_clause_and_trace(client: Client) -> None:
    text = page(client, "yanzhou-2020", "zero-land-retrofit", **ZERO)
    assert "六.4" in text and "怎么算的" in text and "新增用地上限 0亩" in text


def test_the_list_tells_checks_from_amounts_and_channels(client: Client) -> None:
    text = client.get(reverse("calculator-list")).content.decode()
    assert "只核对，不给金额" in text and "没有算法" in text
    from datetime import date

    found = {row.version.slug: row for row in catalogue(date(2021, 6, 1))}
    kinds = [(m.computable, bool(m.checks)) for m in found["yanzhou-2020"].measures]
    assert kinds == sorted(kinds, key=lambda kind: (not kind[0], not kind[1]))


def test_the_policy_page_leads_to_the_check(client: Client) -> None:
    text = client.get(reverse("portal-policy", args=["yanzhou-2020"])).content.decode()
    assert reverse("calculator", args=["yanzhou-2020", "zero-land-retrofit"]) in text
    assert "只核对，不给金额" in text


def test_an_example_fills_the_form(client: Client) -> None:
    text = page(client, "yanzhou-2020", "land-intensity")
    address = re.search(r'href="\?([^"]*)">四项都达到', text)
    assert address
    answer: Any = client.get(
        reverse("calculator", args=["yanzhou-2020", "land-intensity"]) + "?" + address[1]
    )
    assert verdict(html.unescape(answer.content.decode())) == "符合"
