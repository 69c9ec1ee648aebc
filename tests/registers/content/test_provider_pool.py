"""服务商资源池: registered, evaluated by those served, leaving by rule, matched to a need."""

from __future__ import annotations

import datetime as dt
import uuid
from fractions import Fraction
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.counting import count_on
from jigai.registers.models import Entry, Register
from jigai.registers.services.propose_entry import propose_entry, propose_event
from jigai.registers.services.rate_case import rate_case
from jigai.registers.special.providers import (
    Case,
    ExitRule,
    Need,
    Provider,
    Qualification,
    Vote,
    average_of,
    by_period,
    exits,
    match,
)
from jigai.registers.special.stored_providers import exits_on, pool_on, reasons, rules_on
from tests.factories import COUNTY, SIBLING, make_enterprise, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

pytestmark = [pytest.mark.system("provider-pool")]
DAY = dt.date(2021, 6, 30)
CODES = ("provider-pool", "provider-qualifications", "provider-cases", "provider-evaluations",
         "provider-exit-rules")  # fmt: skip
LAPSED = Qualification("评估证书", "1", "示例协会", dt.date(2018, 1, 1), dt.date(2021, 6, 29))
VALID = Qualification("评估证书", "2", "示例协会", dt.date(2018, 1, 1), dt.date(2021, 6, 30))
LOW = ExitRule("评价过低", "评价数 >= 最少评价数 and 平均分 < 评价下限", "低于下限", "示例")
QUALITY = ExitRule("资质失效", "有登记资质 and 资质全部过期", "都已过期", "示例")
LIMITS = {"评价下限": Fraction(60), "最少评价数": Fraction(2)}


def provider(key: int = 1, **more: Any) -> Provider:
    given: dict[str, Any] = {"name": f"示例服务商{key}", "kind": "solution",
                             "kind_word": "智能制造整体解决方案", "fields": ("数控改造",),
                             **more}  # fmt: skip
    return Provider(key, **given)


def case(*scores: int, key: int = 1, field: str = "数控改造", industry: str = "3411") -> Case:
    votes = tuple(Vote(number, "2021", Fraction(score)) for number, score in enumerate(scores))
    return Case(key, f"案例{key}", field, industry, "2021-01-01", votes=votes)


@pytest.mark.parametrize(
    ("held", "leave"),
    [((LAPSED,), True), ((VALID,), False), ((LAPSED, VALID), False), ((), False)],
)
def test_a_lapsed_qualification_means_leaving_from_the_day_after(
    held: tuple[Qualification, ...], leave: bool
) -> None:
    (found,) = exits(provider(qualifications=held), [QUALITY], DAY, {})
    assert found.leave is leave


@pytest.mark.parametrize(
    ("scores", "limits", "leave", "missing"),
    [
        ((50, 60), LIMITS, True, ()),
        ((60, 60), LIMITS, False, ()),
        ((10,), LIMITS, False, ()),
        ((10, 10), {}, None, ("最少评价数",)),
        ((10, 10), {"最少评价数": Fraction(2)}, None, ("评价下限",)),
    ],
)
def test_low_votes_mean_leaving_only_under_a_threshold_somebody_set(
    scores: tuple[int, ...], limits: dict[str, Fraction], leave: bool | None,
    missing: tuple[str, ...],
) -> None:  # fmt: skip
    (found,) = exits(provider(cases=(case(*scores),)), [LOW], DAY, limits)
    assert found.leave is leave
    assert set(missing) <= set(found.missing)


def test_a_formula_that_is_wrong_says_so_and_decides_nothing() -> None:
    (found,) = exits(provider(), [ExitRule("错", "没有这个量 > 评价数", "", "")], DAY, LIMITS)
    assert found.leave is None and "没有这个量" in found.broken


def test_votes_are_averaged_by_period_and_one_enterprise_counts_once_a_case() -> None:
    twice = Case(1, "案例", "数控改造", "", "2020-01-01", votes=(
        Vote(7, "2020", Fraction(90)), Vote(7, "2020", Fraction(10)), Vote(8, "2021", Fraction(71)),
    ))  # fmt: skip
    one = provider(cases=(twice,))
    assert sorted(v.score for v in one.votes) == [71, 90]
    assert by_period(one.votes) == [("2021", 1, Fraction(71)), ("2020", 1, Fraction(90))]
    assert average_of([]) is None


def test_ranking_is_by_evaluated_cases_of_the_kind_wanted_and_leavers_come_last() -> None:
    rows = [
        provider(1, cases=(case(100),)),
        provider(2, cases=(case(70), case(70, key=2))),
        provider(3, cases=(case(), case(key=2), case(key=3))),
        provider(4, cases=(case(100), case(100, key=2), case(100, key=3))),
        provider(5, cases=(case(99, field="能源管理"), case(99, key=2, field="能源管理"))),
    ]
    found = match(rows, Need(field="数控改造"), {4: ("应退出",)})
    assert [m.provider.key for m in found] == [2, 1, 3, 5, 4]
    assert (found[0].evaluated, found[0].average, found[2].evaluated) == (2, 70, 0)


@pytest.mark.parametrize(
    ("need", "fits"),
    [
        (Need(field="数控"), True), (Need(field="上云"), False), (Need(industry="3411"), True),
        (Need(industry="34"), True), (Need(industry="1311"), False), (Need(region=COUNTY), True),
        (Need(region="320500"), False), (Need(kind="green"), False), (Need(kind="solution"), True),
    ],
)  # fmt: skip
def test_needs_narrow_by_field_industry_region_and_kind(need: Need, fits: bool) -> None:
    one = provider(industries=("34",), areas=("370800",))
    assert bool(match([one], need, {})) is fits


# stored ------------------------------------------------------------------------------------------


@pytest.fixture
def pool(db: None) -> dict[str, Register]:
    make_regions()
    return {code: ship(code) for code in CODES}


@pytest.fixture
def listed(pool: dict[str, Register]) -> Any:
    """A provider with a case for an enterprise, and that enterprise's handler."""
    firm = make_enterprise("示例被服务机械", industry_code="3411")
    entry = put(pool["provider-pool"], row("示例数控服务"))[0]
    done = put(pool["provider-cases"], {
        "name": "示例数控案例", "provider": {"id": entry.pk, "name": entry.title},
        "client": {"id": firm.pk}, "field": "数控改造", "industry": "3411",
        "finished": "2020-12-01",
    })[0]  # fmt: skip
    return entry, done, make_user("enterprise-handler", enterprise=firm)


def row(name: str, **more: Any) -> dict[str, Any]:
    return {"provider": {"name": name}, "kind": "数据采集", "fields": "数控改造、上云",
            "place": COUNTY, **more}  # fmt: skip


def vote(case: Entry, by: User, score: str = "80", period: str = "2021") -> Entry:
    return rate_case(case=case.pk, score=score, period=period, by=by, access=access_of(by))


def test_the_served_enterprise_votes_once_and_nobody_else(listed: Any) -> None:
    _, done, handler = listed
    other = make_user("enterprise-handler", enterprise=make_enterprise())
    for person in (other, make_user("section-chief")):
        with pytest.raises(Denied):
            vote(done, person)
    vote(done, handler)
    with pytest.raises(JigaiError, match="已有"):
        vote(done, handler, "90")
    today = dt.date.today()
    (found,) = pool_on(today)
    assert [v.score for v in found.votes] == [80]


@pytest.mark.parametrize(("score", "period", "told"), [
    ("101", "2021", "0到100"), ("-1", "2021", "0到100"), ("80", "今年", "不是年份"),
    ("很好", "2021", "评分"),
])  # fmt: skip
def test_votes_that_do_not_fit_are_refused(listed: Any, score: str, period: str, told: str) -> None:
    with pytest.raises(JigaiError, match=told):
        vote(listed[1], listed[2], score, period)


def test_the_office_cannot_vote_by_the_general_form(pool: dict[str, Register], listed: Any) -> None:
    clerk = make_user("section-clerk")
    with pytest.raises(JigaiError, match="不能在这里登记"):
        propose_entry(register=pool["provider-evaluations"], values={}, by=clerk,
                      access=access_of(clerk))  # fmt: skip
    made = vote(listed[1], listed[2])
    with pytest.raises(JigaiError, match="不能在这里登记"):
        propose_event(entry=made, kind="revoke", effective=dt.date.today(), by=clerk,
                      access=access_of(clerk), reason="分太低")  # fmt: skip


def test_a_certificate_that_lapses_makes_the_provider_one_that_should_leave(
    pool: dict[str, Register], listed: Any
) -> None:
    entry = listed[0]
    put(pool["provider-qualifications"], {
        "provider": {"id": entry.pk, "name": entry.title}, "name": "示例资质", "number": "Z-1",
        "issuer": "示例协会", "issued": "2020-01-01", "valid_to": "2021-06-30", "place": COUNTY,
    })  # fmt: skip

    def why(day: dt.date) -> tuple[str, ...]:
        return reasons(exits_on(day, pool_on(day))[entry.pk])

    assert why(dt.date(2021, 6, 30)) == ()
    assert why(dt.date(2021, 7, 1)) == ("资质失效：登记的资质都已过有效期",)
    assert [p.key for p in pool_on(dt.date(2021, 7, 1))] == [entry.pk]  # removal is decided apart


def test_shipped_rules_say_they_are_suggestions(pool: dict[str, Register]) -> None:
    rules = rules_on(DAY)
    assert {r.name for r in rules} == {"资质失效", "评价过低"}
    assert all("文件没有写" in r.basis for r in rules)


def test_only_the_kinds_guangdong_names_count_in_its_region(pool: dict[str, Register]) -> None:
    for name, kind, place in (("甲", "数据采集", "440000"), ("乙", "平台服务", "440000"),
                              ("丙", "诊断", "440000"), ("丁", "应用服务", COUNTY)):  # fmt: skip
        put(pool["provider-pool"], row(f"示例{name}", kind=kind, place=place))
    assert count_on(pool["provider-pool"], DAY, "target", "440000") == 2
    assert count_on(pool["provider-pool"], DAY, "total", "440000") == 3


# screens -----------------------------------------------------------------------------------------


def page(
    client: Client, person: User, name: str, *args: Any, status: int = 200, **query: Any
) -> str:
    client.force_login(person)
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def test_an_enterprise_finds_rates_and_sees_the_score(listed: Any, client: Client) -> None:
    entry, done, handler = listed
    assert "还没有评价" in page(client, handler, "provider-find", field="数控")
    assert "没有合适的服务商" in page(client, handler, "provider-find", field="机器人")
    assert reverse("provider-rate", args=[done.pk]) in page(
        client, handler, "provider-card", entry.pk
    )
    url = reverse("provider-rate", args=[done.pk])
    given = {"score": "87.5", "period": "2021", "words": "按期完成", "nonce": uuid.uuid4()}
    assert client.post(url, {**given, "score": "200"}).status_code == 422
    assert client.post(url, {**given, "nonce": uuid.uuid4()}).status_code == 302
    shown = page(client, handler, "provider-card", entry.pk)
    assert "87.5" in shown and url not in shown
    stranger = make_user("enterprise-handler", enterprise=make_enterprise())
    page(client, stranger, "provider-rate", done.pk, status=404)


def test_the_office_sees_who_should_leave_with_open_thresholds(
    pool: dict[str, Register], listed: Any, client: Client
) -> None:
    clerk = make_user("section-clerk")
    assert "没有应退出的服务商" in page(client, clerk, "provider-leaving")
    entry = listed[0]
    put(pool["provider-qualifications"], {
        "provider": {"id": entry.pk, "name": entry.title}, "name": "示例资质", "number": "Z-1",
        "issuer": "示例协会", "issued": "2020-01-01", "valid_to": "2021-06-30", "place": COUNTY,
    })  # fmt: skip
    text = page(client, clerk, "provider-leaving")
    assert "登记的资质都已过有效期" in text and "未定" in text
    assert "提出移出" in page(client, clerk, "provider-card", entry.pk)
    assert "示例数控服务" not in page(
        client, make_user("section-clerk", SIBLING), "provider-leaving"
    )


def test_a_client_that_did_not_agree_is_not_named_in_public(listed: Any, client: Client) -> None:
    text = client.get(reverse("portal-list", args=["provider-cases"])).content.decode()
    assert "示例数控案例" in text and "示例被服务机械" not in text and "不公开" in text


def test_finding_asks_no_more_for_more_providers(pool: dict[str, Register], client: Client) -> None:
    client.force_login(make_user("section-clerk"))
    made = count()

    def grow(size: int) -> None:
        while Entry.objects.filter(register__code="provider-pool").count() < size:
            put(pool["provider-pool"], row(f"示例服务商{next(made)}"))

    assert_query_count(client, reverse("provider-find"), grow, most=25)
