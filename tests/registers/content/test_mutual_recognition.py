"""检验检测结果互认: never without the list of exceptions; what is not known is not a yes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare_one
from jigai.registers.special import complaint_link as links
from jigai.registers.special.recognition import (
    NO,
    UNSURE,
    YES,
    Asked,
    Exemption,
    Ground,
    Result,
    answer,
    judge,
    repeated,
    tally,
)
from jigai.registers.special.stored_tests import (
    exemptions_on,
    grounds_on,
    judged,
    results_in_reach,
    uses_in_reach,
)
from tests.factories import COUNTY, SIBLING, make_enterprise, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

pytestmark = [pytest.mark.system("mutual-recognition")]
JIANGSU, DAY = "320500", dt.date(2022, 6, 1)
GROUND = Ground(1, "示例文件", "示例第三条", "320000", retrofit_only=True, exceptions=True)
OTHER = Exemption(2, "计量器具强制检定", ("强制检定",), "计量法第九条", "", (), checked=True)


def result(key: int = 7, **more: Any) -> Result:
    given: dict[str, Any] = {
        "enterprise": 1, "name": "示例机械", "thing": "示例生产线", "item": "噪声",
        "standard": "示例标准", "institution": "示例检测中心", "qualification": "cma",
        "certificate": "示例1号", "qualified_until": dt.date(2024, 12, 31), "report": f"R{key}",
        "issued": dt.date(2022, 1, 1), "valid_to": dt.date(2022, 12, 31), "retrofit": True, **more,
    }  # fmt: skip
    return Result(key, **given)


def asked(region: str = JIANGSU, on: dt.date = DAY, department: str = "") -> Asked:
    return Asked(region, on, department)


def test_recognised_with_clause_and_entry() -> None:
    found = judge(result(), asked(), [GROUND], [OTHER])
    assert (found.code, found.word) == (YES, "认可")
    assert (found.reasons[0].clause, found.reasons[0].entry) == ("示例第三条", 1)


def test_without_a_list_of_exceptions_nobody_says_yes() -> None:
    found = judge(result(), asked(), [GROUND], [])
    assert found.code == UNSURE and "例外清单还没有登记" in found.reasons[0].text
    # A document that knows no exceptions needs no list.
    plain = Ground(1, "示例文件", "示例第三条", "320000", retrofit_only=True, exceptions=False)
    assert judge(result(), asked(), [plain], []).code == YES


def test_what_the_law_wants_done_itself_is_not_recognised() -> None:
    lift = Exemption(
        3, "特种设备定期检验", ("电梯定期检验",), "特种设备安全法第四十条", "", (), True
    )
    found = judge(result(item="电梯定期检验"), asked(), [GROUND], [OTHER, lift])
    assert found.code == NO
    assert (found.reasons[0].clause, found.reasons[0].entry) == ("特种设备安全法第四十条", 3)
    assert judge(result(item="电梯噪声"), asked(), [GROUND], [OTHER, lift]).code == YES
    unchecked = Exemption(3, "见证取样", (), "示例条例", "", (), checked=False)
    seen = judge(result(item="见证取样检测"), asked(), [GROUND], [unchecked])
    assert seen.code == UNSURE and "还没有核对" in seen.reasons[0].text


@pytest.mark.parametrize(
    ("place", "departments", "expected"),
    [(JIANGSU, (), NO), ("330000", (), YES), ("", ("应急管理",), NO), ("", ("市场监管",), YES)],
)
def test_an_exception_may_be_of_a_place_or_a_department(
    place: str, departments: tuple[str, ...], expected: str
) -> None:
    one = Exemption(3, "噪声", (), "示例法", place, departments, checked=True)
    found = judge(result(), asked(department="应急管理"), [GROUND], [one])
    assert found.code == expected


@pytest.mark.parametrize(
    ("more", "on", "expected", "why"),
    [
        ({}, "2022-12-31", YES, "有效期内"), ({}, "2023-01-01", NO, "已过期"),
        ({}, "2021-12-31", NO, "才出具"),
        ({"valid_to": None}, "2022-06-01", UNSURE, "没有写有效期"),
        ({"qualification": "none"}, "2022-06-01", NO, "没有资质"),
        ({"qualification": ""}, "2022-06-01", UNSURE, "资质没有登记"),
        ({"certificate": ""}, "2022-06-01", UNSURE, "证书编号或有效期没有登记"),
        ({"qualified_until": None}, "2022-06-01", UNSURE, "证书编号或有效期没有登记"),
        ({"qualified_until": dt.date(2021, 12, 31)}, "2022-06-01", NO, "出具报告时已过期"),
        ({"qualified_until": dt.date(2022, 1, 1)}, "2022-06-01", YES, "有效期内"),
        ({"retrofit": None}, "2022-06-01", UNSURE, "没有写明是不是涉及技术改造"),
        ({"retrofit": False}, "2022-06-01", UNSURE, "不涉及技术改造"),
        ({"regions": ("320100",)}, "2022-06-01", NO, "互认地区不含这里"),
        ({"regions": ("320000",)}, "2022-06-01", YES, "有效期内"),
        ({"departments": ("市场监管",)}, "2022-06-01", UNSURE, "没有选部门"),
    ],
)  # fmt: skip
def test_report_institution_and_scope(
    more: dict[str, Any], on: str, expected: str, why: str
) -> None:
    found = judge(result(**more), asked(on=dt.date.fromisoformat(on)), [GROUND], [OTHER])
    assert found.code == expected and why in found.reasons[0].text


def test_a_no_is_not_hidden_by_what_is_missing() -> None:
    found = judge(result(qualification="none", valid_to=None), asked(), [GROUND], [OTHER])
    assert found.code == NO and {r.verdict for r in found.reasons} == {NO, UNSURE}


def test_where_no_document_asks_for_it_nothing_is_said() -> None:
    found = judge(result(), asked(COUNTY), [GROUND], [OTHER])
    assert found.code == UNSURE and "没有登记要求互认的文件" in found.reasons[0].text


def test_no_stored_result_is_not_a_no_and_the_best_of_several_counts() -> None:
    assert answer([]).code == UNSURE and "还没有结果入库" in answer([]).reasons[0].text
    late = judge(result(1, valid_to=dt.date(2022, 2, 1)), asked(), [GROUND], [OTHER])
    good = judge(result(2), asked(), [GROUND], [OTHER])
    assert answer([late, good]).code == YES and answer([late]).code == NO


def test_the_same_test_within_validity_is_found() -> None:
    first = result(1)
    again = result(2, issued=dt.date(2022, 12, 31), institution="示例二所")
    later = result(3, issued=dt.date(2023, 1, 1), standard="示例标准")
    assert [(a.key, b.key) for a, b in repeated([again, first])] == [(1, 2)]
    assert repeated([first, later]) == []
    assert repeated([first, result(4, issued=again.issued, item="振动")]) == []
    assert repeated([result(1, valid_to=None), again]) == []


@pytest.fixture
def clerk(db: None) -> User:
    """What ships, with a document of the county and two results."""
    make_regions()
    for code in ("test-results", "test-recognition-rules", "test-recognition-exceptions",
                 "test-result-uses"):  # fmt: skip
        ship(code)
    put(ship("test-recognition-rules"), {
        "name": "示例互认通知", "clause": "示例第三条", "place": COUNTY, "retrofit_only": "是",
        "exceptions": "是",
    })  # fmt: skip
    firm = make_enterprise("示例机械有限公司")
    put(ship("test-results"), row(firm, "R-1"), row(firm, "R-2", item="起重机械定期检验"))
    put(
        ship("test-result-uses"), use(firm, "U-1"), use(firm, "U-2", outcome="again", reason="示例")
    )
    return make_user("section-clerk", name="经办人")


def row(firm: Any, report: str, **more: Any) -> dict[str, Any]:
    return {"report": report, "enterprise": {"id": firm.pk}, "thing": "示例生产线", "item": "噪声",
            "standard": "示例标准", "institution": "示例检测中心", "qualification": "cma",
            "certificate": "示例1号", "qualified_until": "2024-12-31", "issued": "2022-01-01",
            "valid_to": "2022-12-31", "retrofit": "yes", **more}  # fmt: skip


def use(firm: Any, number: str, **more: Any) -> dict[str, Any]:
    return {"number": number, "report": "R-1", "enterprise": {"id": firm.pk}, "place": COUNTY,
            "department": "示例应急局", "used": "2022-06-01", "outcome": "accepted",
            **more}  # fmt: skip


def test_what_ships_names_laws_and_the_document_of_its_province(clerk: User) -> None:
    by_law = {e.name: e for e in exemptions_on(DAY)}
    assert by_law["计量器具强制检定"].checked and not by_law["产品质量监督抽查"].checked
    assert all(e.basis for e in by_law.values())
    assert {g.region for g in grounds_on(dt.date(2015, 3, 20))} == {"320000"}
    assert grounds_on(dt.date(2015, 3, 19)) == []


def test_stored_results_are_judged_and_uses_counted(clerk: User) -> None:
    access = access_of(clerk)
    found, more = results_in_reach(access)
    verdicts = {v.result.report: v.code for v in judged(found, asked(COUNTY)) if v.result}
    assert verdicts == {"R-1": YES, "R-2": NO} and not more
    uses = uses_in_reach(access)
    assert {u.outcome for u in uses} == {"accepted", "again"}
    assert tally(uses) == [(COUNTY, "示例应急局", {"accepted": 1, "again": 1})]


def test_results_out_of_reach_are_not_read(clerk: User) -> None:
    far = make_enterprise("示例邻区企业", SIBLING)
    put(ship("test-results"), row(far, "R-9"))
    assert "R-9" not in {r.report for r in results_in_reach(access_of(clerk))[0]}


def test_a_refusal_needs_its_reason(clerk: User) -> None:
    with pytest.raises(JigaiError, match="没有写理由"):
        prepare_one(ship("test-result-uses"), use(make_enterprise(), "U-3", outcome="refused"))


def test_the_page_gives_reason_clause_and_entry(clerk: User, client: Client) -> None:
    client.force_login(clerk)

    def page(**query: str) -> str:
        answer_ = client.get(reverse("test-recognition"), query)
        assert answer_.status_code == 200
        return answer_.content.decode()

    yes = page(q="示例机械 噪声", region=COUNTY, on="2022-06-01")
    assert "认可" in yes and "示例第三条" in yes and "重复收费的可以举报" in yes
    no = page(q="起重机械定期检验", region=COUNTY, on="2022-06-01")
    assert "法律另有规定：特种设备定期检验" in no and "特种设备安全法第四十条" in no
    assert "没有选地区" in page(q="噪声") and "还没有结果入库" in page(q="无此项", region=COUNTY)
    assert "示例应急局" in page()
    assert client.get(reverse("test-recognition"), {"on": "x"}).status_code == 422


def test_a_complaint_goes_to_the_desk_where_there_is_one(
    clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def desk(name: str) -> str:
        return f"/{name}/"

    def no_desk(name: str) -> str:
        if name == "complaint-new":
            raise NoReverseMatch(name)
        return f"/{name}/"

    monkeypatch.setattr(links, "reverse", desk)
    assert links.complaint_link(access_of(clerk)) == ("投诉举报", "/complaint-new/")
    monkeypatch.setattr(links, "reverse", no_desk)
    assert links.complaint_link(access_of(clerk))[1] == "/charge-check/"
    firm = make_user("enterprise-handler", enterprise=make_enterprise())
    assert links.complaint_link(access_of(firm))[1] == "/charge-report-new/"


def test_the_page_asks_no_more_for_many_results(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    firm, made = make_enterprise("示例多报告企业"), 0

    def grow(size: int) -> None:
        nonlocal made
        put(ship("test-results"), *(row(firm, f"M-{n}") for n in range(made, size)))
        made = size

    address = reverse("test-recognition") + f"?q=示例&region={COUNTY}"
    assert_query_count(client, address, grow, most=40)
