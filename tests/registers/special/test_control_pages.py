"""The special pages on access, charges, taxes and land, as people open them."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jigai.core.models import User
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry
from jigai.registers.selectors import register_by_code
from jigai.registers.services.admit_entries import Admission, admit_entries
from tests.factories import COUNTY, SIBLING, make_enterprise, make_project, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.loaded import load

pytestmark = pytest.mark.django_db
# What each system's pages read.
LISTS = {
    "approval-catalog": ("approval-catalog", "foreign-enterprises"),
    "negative-list": ("negative-list", "foreign-enterprises"),
    "charge-list": ("charge-list", "charge-waivers", "charge-records", "charge-reports"),
    "tax-preference-catalog": ("tax-preference-catalog",),
    "land-control-line": ("land-zones", "land-supply-plans", "land-supplies", "land-placements"),
}


@pytest.fixture
def clerk(request: pytest.FixtureRequest) -> User:
    """The office with the lists of the test's system loaded."""
    make_regions()
    load(*LISTS[request.node.get_closest_marker("system").args[0]])
    return make_user("section-clerk", name="经办人")


@pytest.fixture
def page(clerk: User, client: Client) -> Any:
    """Opens a page as the clerk; the text of the answer."""
    client.force_login(clerk)

    def open_(name: str, *args: Any, status: int = 200, **query: Any) -> str:
        answer = client.get(reverse(name, args=args), query)
        assert answer.status_code == status
        return answer.content.decode()

    return open_


def admit(name: str, /, day: dt.date = dt.date(2021, 1, 1), **values: Any) -> Entry:
    register = register_by_code(name)
    row = prepare_one(register, values)
    return admit_entries(register=register, admissions=[Admission(row, day)])[0]


def foreign_project(code: str, industry: str, region: str = COUNTY) -> Any:
    firm = make_enterprise("示例外资印刷有限公司", region, industry_code=industry)
    admit("foreign-enterprises", dt.date(2015, 1, 1), enterprise={"id": firm.pk}, share="60")
    return make_project(firm, name="示例外资技改项目", code=code, region=region)


@pytest.mark.system("negative-list")
@pytest.mark.parametrize(
    ("code", "word", "edition"),
    [
        ("2409-370812-07-02-000001", "限制投资", "2021年版"),
        ("2411-370812-07-02-000001", "清单以外", "2024年版"),
        ("2019-370812-23-03-000001", "限制投资", "2018年版"),
    ],
)
def test_a_foreign_project_is_flagged_by_the_edition_of_its_filing(
    page: Any, code: str, word: str, edition: str
) -> None:
    project = foreign_project(code, "2311")
    text = page("project-access", project.pk)
    assert word in text and edition in text
    assert ("外商投资项目：请看负面清单" in text) is (word != "清单以外")


@pytest.mark.system("negative-list")
def test_a_domestic_project_is_not_flagged_and_one_out_of_reach_is_not_there(page: Any) -> None:
    firm = make_enterprise("示例内资", industry_code="2311")
    project = make_project(firm, name="内资项目", code="2409-370812-07-02-000001")
    text = page("project-access", project.pk)
    assert "负面清单" not in text and "没有登记为外商投资企业" in text
    far = foreign_project("2409-370811-07-02-000001", "2311", SIBLING)
    page("project-access", far.pk, status=404)
    page("negative-check", project=far.pk, status=404)


@pytest.mark.system("negative-list")
def test_foreign_projects_of_the_library_are_listed_with_their_answer(page: Any) -> None:
    touched = foreign_project("2409-370812-07-02-000001", "2311")
    make_project(make_enterprise("示例内资"), name="内资项目", code="2409-370812-07-02-000002")
    foreign_project("2409-370811-07-02-000003", "2311", SIBLING)
    text = page("negative-check")
    assert f"?project={touched.pk}" in text and "出版物印刷（2021年版）" in text
    assert text.count("?project=") == 1 and "内资项目" not in text


@pytest.mark.system("negative-list")
def test_the_page_of_a_project_holds_the_part(page: Any) -> None:
    project = foreign_project("2409-370812-07-02-000001", "2311")
    assert reverse("project-access", args=[project.pk]) in page("project-detail", project.pk)


@pytest.mark.system("approval-catalog")
def test_the_answer_shows_both_catalogues_with_the_entry(page: Any) -> None:
    text = page("approval-check", industry="3311", region="341500", day="2020-07-01")
    assert "备案" in text and "安徽省目录" in text and "通知第一条" in text
    assert "没有登记当日有效的省级目录" in page(
        "approval-check", industry="3311", region=COUNTY, day="2020-07-01"
    )


@pytest.mark.system("approval-catalog")
def test_open_conditions_are_asked_and_answered(page: Any) -> None:
    asked = page("approval-check", industry="3011", region=COUNTY, day="2021-07-01")
    assert "需人工判断" in asked and "新增产能" in asked
    mark = "".join(f"{ord(sign):x}" for sign in "新增产能")
    told = page(
        "approval-check",
        industry="3011",
        region=COUNTY,
        day="2021-07-01",
        **{f"told_{mark}": "yes"},
    )
    assert "不得备案" in told


@pytest.mark.system("approval-catalog")
def test_a_project_is_found_by_its_name_and_fills_the_form(page: Any) -> None:
    firm = make_enterprise("示例机械", industry_code="3411")
    project = make_project(firm, name="示例数控改造", code="2107-370812-07-02-000001")
    assert f"?project={project.pk}" in page("approval-check", q="数控")
    text = page("approval-check", project=project.pk)
    assert "2021-07-01" in text and "备案" in text
    page("approval-check", industry="9999", status=422)


@pytest.mark.system("charge-list")
def test_the_office_sees_reports_and_answers_them(page: Any, client: Client) -> None:
    made = client.post(reverse("portal-charge-report"), {
        "kind": "unlisted", "charge": "示例服务费", "enterprise": "示例机械",
        "collector": "示例中心",
        "place": "兖州区", "amount": "1200元", "paid": "2021-05-20", "receipt": "NO-1",
        "homepage": "",
        "evidence": SimpleUploadedFile("票据.pdf", b"%PDF-1.4\\n%%EOF\\n", "application/pdf"),
    })  # fmt: skip
    assert made.status_code == 302, made.content.decode()[:4000]
    entry = Entry.objects.get(register__code="charge-reports")
    assert entry.region_code == COUNTY and entry.values["evidence"]["id"]
    assert "示例服务费" in page("charge-check")
    url = reverse("charge-report", args=[entry.pk])
    sent = client.post(url, {"state": "confirmed", "answer": "没有依据，责令退还",
                       "version": entry.version, "nonce": uuid.uuid4()})  # fmt: skip
    assert sent.status_code == 302
    shown = client.get(reverse("portal-charge-result"), {"number": entry.values["number"]})
    assert "属实" in shown.content.decode() and "责令退还" in shown.content.decode()


@pytest.mark.system("charge-list")
@pytest.mark.parametrize(
    ("change", "told"),
    [({"place": "没有这里"}, "没有这个地区"), ({"amount": "一千"}, "写成"), ({"homepage": "x"},
      "不能提交"),
     ({"paid": "2999-01-01"}, "还没有到"), ({"receipt": ""}, "必填")],
)  # fmt: skip
def test_a_public_report_that_does_not_fit_is_refused(
    clerk: User, client: Client, change: dict[str, str], told: str
) -> None:
    given = {"kind": "unlisted", "charge": "示例服务费", "enterprise": "示例机械",
             "collector": "示例中心",
             "place": COUNTY, "amount": "1200元", "paid": "2021-05-20", "receipt": "NO-1",
             "homepage": ""}  # fmt: skip
    answer = client.post(reverse("portal-charge-report"), {**given, **change})
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not Entry.objects.filter(register__code="charge-reports").exists()


@pytest.mark.system("charge-list")
def test_a_number_nobody_has_opens_nothing_and_names_stay_hidden(
    clerk: User, client: Client
) -> None:
    assert (
        client.get(reverse("portal-charge-result"), {"number": "ABCDEFGH2345"}).status_code == 404
    )
    client.post(reverse("portal-charge-report"), {
        "kind": "unlisted", "charge": "示例服务费", "enterprise": "示例机械",
        "collector": "示例中心",
        "place": COUNTY, "amount": "1200元", "paid": "2021-05-20", "receipt": "NO-1",
        "homepage": "",
        "reporter": "示例张某", "contact": "示例电话",
    })  # fmt: skip
    number = Entry.objects.get(register__code="charge-reports").values["number"]
    text = client.get(reverse("portal-charge-result"), {"number": number}).content.decode()
    assert "示例服务费" in text and "示例张某" not in text and "示例电话" not in text


@pytest.mark.system("charge-list")
def test_an_enterprise_reports_and_sees_its_own(clerk: User, client: Client) -> None:
    firm = make_enterprise()
    client.force_login(make_user("enterprise-handler", enterprise=firm))
    sent = client.post(reverse("charge-report-new"), {
        "kind": "waived", "charge": "配套费", "enterprise": firm.name, "collector": "示例局",
        "place": COUNTY,
        "amount": "5万元", "paid": "2021-05-20", "receipt": "NO-5", "nonce": uuid.uuid4(),
    }, follow=True)  # fmt: skip
    text = sent.content.decode()
    assert sent.status_code == 200 and "在清单之内：城市基础设施配套费" in text
    client.force_login(make_user("enterprise-handler", enterprise=make_enterprise()))
    entry = Entry.objects.get(register__code="charge-reports")
    assert client.get(reverse("charge-report", args=[entry.pk])).status_code == 404


@pytest.mark.system("charge-list")
def test_repeated_charges_are_on_the_page(page: Any) -> None:
    firm = make_enterprise("示例重复机械")
    for receipt in ("A", "B"):
        admit("charge-records", enterprise={"id": firm.pk}, charge="配套费", period="2021",
              amount="5万元",
              paid="2021-05-20", receipt=receipt, collector="示例局")  # fmt: skip
    text = page("charge-check")
    assert "同一期间收了 2 次" in text and "没有清单外的收费" in text


@pytest.mark.system("tax-preference-catalog")
def test_the_better_preference_is_named_with_parameters(page: Any) -> None:
    text = page("tax-compare", day="2021-06-01", cost="400万元", incomes="100万元、100万元")
    assert "较优" in text and "企业所得税税率" in text and "不能叠加" in text
    assert "不能并用的优惠" in page("tax-compare")
    page("tax-compare", cost="很多", status=422)
    assert "没有值" in page("tax-compare", day="1990-01-01", cost="1万元")


@pytest.mark.system("land-control-line")
def test_plan_and_supply_apart_are_told(page: Any) -> None:
    admit(
        "land-supply-plans",
        title="2021年计划",
        place=COUNTY,
        year="2021",
        area="20公顷",
        retrofit="5公顷",
    )
    assert "有计划未供地" in page("land-check")
    admit("land-supplies", number="G-1", parcel="示例宗地", place=COUNTY, supplied="2021-06-01",
          area="20公顷",
          kind="new", retrofit="否")  # fmt: skip
    text = page("land-check")
    assert "与计划一致" in text and "技改没有供够" in text


@pytest.mark.system("land-control-line")
def test_placing_more_than_is_left_is_refused_on_screen(page: Any, client: Client) -> None:
    admit(
        "land-zones",
        code="ZL-01",
        name="示例地块",
        place=COUNTY,
        level="first",
        area="10公顷",
        document="示例文",
    )
    url = reverse("land-place")
    given = {"project": "示例项目", "zone": "ZL-01", "area": "160亩", "nonce": uuid.uuid4()}
    refused = client.post(url, given)
    assert refused.status_code == 422 and "不够再占" in refused.content.decode()
    placed = client.post(url, {**given, "area": "60亩", "nonce": uuid.uuid4()})
    assert placed.status_code == 302
    assert Entry.objects.get(register__code="land-placements").state == "proposed"


@pytest.mark.system("charge-list")
def test_checks_ask_no_more_for_more_payments(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    firm, made = make_enterprise(), count()

    def grow(size: int) -> None:
        rows = Entry.objects.filter(register__code="charge-records")
        while rows.count() < size:
            admit(
                "charge-records", enterprise={"id": firm.pk}, charge="配套费", period="2021",
                amount="5万元", paid="2021-05-20", receipt=f"R{next(made)}", collector="示例局",
            )  # fmt: skip

    assert_query_count(client, reverse("charge-check"), grow, most=25)


@pytest.mark.system("land-control-line")
def test_the_land_page_asks_no_more_for_more_supplies(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    made = count()

    def grow(size: int) -> None:
        while Entry.objects.filter(register__code="land-supplies").count() < size:
            admit(
                "land-supplies", number=f"G{next(made)}", parcel="示例宗地", place=COUNTY,
                supplied="2021-06-01", area="1公顷", kind="new", retrofit="否",
            )  # fmt: skip

    assert_query_count(client, reverse("land-check"), grow, most=25)
