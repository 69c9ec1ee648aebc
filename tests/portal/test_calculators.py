"""Calculators for everybody: without an account, kept nowhere, one for each installed measure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jigai.paths import packs_dir
from jigai.policies.calculator.catalogue import catalogue, subject_of, usual_day
from jigai.policies.models import PackVersion
from jigai.policies.services.install_pack import install_pack
from tests.factories import make_regions
from tests.kept_rows import Unblock
from tests.outreach import consultations as c
from tests.policies.calculator.test_answers import GOOD, LINE

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-navigator")]
PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "calculator-result"}
SLUGS = ("yanzhou-2020", "luan-2020", "guangdong-2019")
CASE = {"day": "2021-12-31", **GOOD, **LINE}


@pytest.fixture(scope="module")
def installed(kept_rows: Unblock) -> list[int]:
    """A document that has run out, a draft, and one without an end."""
    with kept_rows():
        make_regions()
        return [c.install(slug).pk for slug in SLUGS]


@pytest.fixture
def packs(installed: list[int], db: None) -> dict[str, PackVersion]:
    return {row.slug: row for row in PackVersion.objects.filter(pk__in=installed)}


def page(client: Client, slug: str, measure: str, data: Any = None, **headers: str) -> Any:
    answer = client.get(reverse("calculator", args=[slug, measure]), data or {}, **headers)
    assert answer.status_code == 200
    return answer


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_answer_comes_while_one_types(client: Client, packs: dict[str, PackVersion]) -> None:
    part = text(page(client, "yanzhou-2020", "equipment", CASE, **PART))
    assert "180,000.00 元" in part and "符合" in part
    assert "<form" not in part and "<html" not in part
    whole = text(page(client, "yanzhou-2020", "equipment", CASE))
    assert 'value="600"' in whole and "180,000.00 元" in whole
    rows = text(page(client, "yanzhou-2020", "equipment", {**CASE, "add": "line"},
                     **{**PART, "HTTP_HX_TARGET": "calculator"}))  # fmt: skip
    assert 'name="line.2.amount_excl_tax"' in rows and "<html" not in rows


def test_the_trace_names_clause_parameter_and_date(
    client: Client, packs: dict[str, PackVersion]
) -> None:
    part = text(page(client, "yanzhou-2020", "equipment", CASE, **PART))
    assert "设备补助比例 3%（四.1，自 2020-08-15 起）" in part
    assert 'href="/portal/policies/yanzhou-2020/#四.1"' in part
    short = {**CASE, "line.1.amount_excl_tax": "420"}
    assert "还差 80.00 万元" in text(page(client, "yanzhou-2020", "equipment", short, **PART))


def test_nothing_typed_is_kept_or_told_on(client: Client, packs: dict[str, PackVersion]) -> None:
    typed = {**CASE, "line.1.amount_excl_tax": "617.77"}
    with CaptureQueriesContext(connection) as found:
        answer = page(client, "yanzhou-2020", "equipment", typed)
    assert not [q["sql"] for q in found if not q["sql"].startswith("SELECT")]
    assert not [q["sql"] for q in found if "617" in q["sql"]]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    assert client.post(reverse("calculator", args=["yanzhou-2020", "equipment"])).status_code == 405


def test_what_cannot_be_read_is_told_beside_the_answer(
    client: Client, packs: dict[str, PackVersion]
) -> None:
    wrong = {**CASE, "line.1.amount_excl_tax": "很多", "day": "二〇二一"}
    part = text(page(client, "yanzhou-2020", "equipment", wrong, **PART))
    assert "读不懂" in part and "不是日期" in part and "待填发票" in part
    odd = {**CASE, "line.1.amount_excl_tax": '"><script>alert(1)</script>'}
    assert "<script>alert" not in text(page(client, "yanzhou-2020", "equipment", odd))


@pytest.mark.parametrize(
    ("slug", "measure", "words"),
    [("yanzhou-2020", "equipment", "文件已过期，仅模拟"),
     ("luan-2020", "equipment-software-subsidy", "征求意见稿，还没有定稿，仅模拟")],
)  # fmt: skip
def test_what_is_not_in_force_is_marked_as_a_simulation(
    client: Client, packs: dict[str, PackVersion], slug: str, measure: str, words: str
) -> None:
    whole = text(page(client, slug, measure))
    assert words in whole
    part = text(page(client, slug, measure, CASE, **PART))
    assert "is-simulated" in part and ">模拟<" in part


def test_a_day_before_the_document_is_a_simulation_too(packs: dict[str, PackVersion]) -> None:
    version = packs["yanzhou-2020"]
    assert usual_day(version, dt.date(2020, 1, 1)) == version.valid_from
    assert usual_day(version, dt.date(2021, 5, 1)) == dt.date(2021, 5, 1)
    assert usual_day(version, dt.date(2030, 1, 1)) == version.valid_to
    in_force = subject_of("yanzhou-2020", "equipment", dt.date(2021, 5, 1))
    assert in_force is not None and in_force.simulation == ""


def test_channels_never_show_an_amount(client: Client, packs: dict[str, PackVersion]) -> None:
    count = 0
    for row in catalogue(timezone.localdate()):
        for measure in row.measures:
            if not measure.answers:
                told = text(page(client, row.version.slug, measure.id, CASE))
                assert "没有算法，不给金额" in told
                assert "<form" not in told and "0.00" not in told
                count += 1
    assert count > 20


@pytest.mark.system("renewal-by-agreement")
def test_renewal_is_never_said_to_be_automatic(
    client: Client, packs: dict[str, PackVersion]
) -> None:
    told = text(page(client, "guangdong-2019", "renewal-by-agreement"))
    assert "什么算符合续期条件、续期地价怎样定没有写" in told
    answer = told[told.index("jg-calc-verdict") :]
    assert "缺数据" in answer[: answer.index("</div>")]
    assert "自动续期" not in told.replace("不会自动续期", "")


def test_an_undetermined_parameter_is_never_nought(
    client: Client, packs: dict[str, PackVersion]
) -> None:
    given = {"day": "2019-12-31", "project.retrofit_direction": "智能化改造",
             "project.end_date": "2019-06-30", "project.ex_post_base": "3000"}  # fmt: skip
    part = text(page(client, "guangdong-2019", "ex-post-award", given, **PART))
    assert "未定" in part and "0.00 元" not in part


def test_readings_are_worked_out_on_demand(client: Client, packs: dict[str, PackVersion]) -> None:
    url = reverse("calculator-readings", args=["yanzhou-2020", "equipment"])
    part = text(client.get(url, CASE, HTTP_HX_REQUEST="true"))
    assert "金额口径" in part and "现在按这个" in part and "<html" not in part
    whole = client.get(url, CASE)
    assert "现在的答案" in text(whole) and whole.headers["Cache-Control"] == "no-store"
    channel = reverse("calculator-readings", args=["guangdong-2019", "equity-investment"])
    assert client.get(channel).status_code == 404


def test_every_measure_of_every_document_is_listed_and_linked(
    client: Client, packs: dict[str, PackVersion]
) -> None:
    listed = text(client.get(reverse("calculator-list")))
    for row in catalogue(timezone.localdate()):
        living = text(client.get(reverse("portal-policy", args=[row.version.slug])))
        for measure in row.measures:
            url = reverse("calculator", args=[row.version.slug, measure.id])
            assert f'href="{url}"' in listed and f'href="{url}"' in living


@pytest.mark.parametrize(
    ("slug", "measure"), [("nothing", "equipment"), ("yanzhou-2020", "nothing"),
                          ("national", "equipment")],
)  # fmt: skip
def test_what_is_not_installed_has_none(
    client: Client, packs: dict[str, PackVersion], slug: str, measure: str
) -> None:
    assert client.get(reverse("calculator", args=[slug, measure])).status_code == 404


def test_a_measure_has_a_calculator_as_soon_as_it_is_installed(
    client: Client, packs: dict[str, PackVersion], tmp_path: Path
) -> None:
    """No deployment: the new version of the document is enough."""
    url = reverse("calculator", args=["guangdong-2019", "new-waiver"])
    assert client.get(url).status_code == 404
    for name in ("guangdong-2019", "national"):
        copytree(packs_dir() / name, tmp_path / name)
    file = tmp_path / "guangdong-2019" / "measures.yaml"
    written = file.read_text(encoding="utf-8")
    old = "# 渠道、优先、引用与交地方定的"
    new = (
        "- {id: new-waiver, number: 99, name: 新增的减免, clause: 四.三, subject: parcel, "
        "instrument: land, gates: [plot-ratio-case], amount: 土地价款差额, payer: 不适用, "
        "decides: 自然资源部门}\n"
    )
    file.write_text(written.replace(old, new + old, 1), encoding="utf-8")
    install_pack(folder=tmp_path / "guangdong-2019", check=False)
    given = {"parcel.land_case": "提高容积率", "parcel.land_price_difference": "12.34"}
    assert "123,400.00 元" in text(client.get(url, given, **PART))
    assert "新增的减免" in text(client.get(reverse("calculator-list")))
