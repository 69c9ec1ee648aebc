"""备案核准证据: a project that changed and has no new certificate is told, never passed over."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from jigai.errors import JigaiError
from jigai.policies.providers import Population, look_up_terms
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry
from jigai.registers.services.load_content import FOLDER, load_file
from jigai.registers.services.record_event import record
from jigai.registers.special.filing import (
    CHANGED,
    EXPIRED,
    NONE,
    UNKNOWN,
    VALID,
    Change,
    Record,
    Stored,
    compare,
    is_code,
    judged,
    plain_code,
    state_of,
)
from jigai.registers.special.filing_source import filed_projects
from jigai.registers.special.stored_filing import change_share, filing_state_of, lines_of
from jigai.rules.schema import Term
from tests.factories import COUNTY, SIBLING, make_enterprise, make_project, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

pytestmark = [pytest.mark.system("filing-record")]
CODE, OTHER = "2101-370812-07-02-123456", "2101-370812-07-02-654321"
DAY, FILED = dt.timedelta(days=1), dt.date(2021, 2, 1)
MOVED = dt.date(2021, 9, 1)


def filed(key: int = 1, **more: Any) -> Record:
    given: dict[str, Any] = {
        "code": CODE, "name": "示例改造项目", "kind": "filing",
        "certificate": f"示例备〔2021〕{key}号",
        "organ": "示例机关", "decided": FILED, "enterprise": 5, "firm": "示例机械",
        "region": COUNTY, "location": "", "invest": 1000_0000_00, **more,
    }  # fmt: skip
    return Record(key, **given)


def project(**more: Any) -> Stored:
    given: dict[str, Any] = {"name": "示例改造项目", "region": COUNTY, "code": CODE,
                             "enterprise": 5,
                             "firm": "示例机械", "invest": 1000_0000_00, **more}  # fmt: skip
    return Stored(9, **given)


def moved(**more: Any) -> Change:
    return Change(3, 1, "location", MOVED, "换了厂址", **more)


def test_a_change_without_a_new_certificate_is_told_until_there_is_one() -> None:
    assert state_of([filed()], [moved()], MOVED - DAY).state == VALID
    found = state_of([filed()], [moved()], MOVED)
    assert (found.state, found.word) == (CHANGED, "变更未换证")
    assert "建设地点有变更，还没有新证" in found.why and "第十四条" in found.citation
    new = moved(certificate="示例备〔2021〕99号", certified=MOVED + 30 * DAY)
    assert state_of([filed()], [new], MOVED + 29 * DAY).state == CHANGED
    assert state_of([filed()], [new], MOVED + 30 * DAY).state == VALID
    # A number without its day proves nothing.
    assert state_of([filed()], [moved(certificate="示例")], MOVED).state == CHANGED
    approved = filed(kind="approval", started=FILED)
    assert "第三十七条" in state_of([approved], [moved()], MOVED).citation


def test_a_project_is_held_against_the_certificate_itself() -> None:
    state, differences = judged(project(region="370900"), [filed()], [], MOVED)
    assert state.state == CHANGED and "没有登记变更和新证" in state.why
    assert [(d.what, d.judged) for d in differences] == [("建设地点", True)]
    owner, _ = judged(project(enterprise=6, firm="示例化工"), [filed()], [], MOVED)
    assert owner.state == CHANGED and "项目单位" in owner.why
    # A change with its new certificate explains the difference.
    new = moved(certificate="示例备〔2021〕99号", certified=MOVED)
    state, (told,) = judged(project(region="370900"), [filed()], [new], MOVED)
    assert (state.state, told.judged) == (VALID, False)


def test_a_difference_of_investment_is_shown_and_not_judged_until_somebody_sets_the_share() -> None:
    dearer = project(invest=1200_0000_00)
    state, (told,) = judged(dearer, [filed()], [], MOVED)
    assert (state.state, told.judged, told.clause) == (VALID, None, "")
    assert told.project == "1,200.0000 万元"
    state, (told,) = judged(dearer, [filed()], [], MOVED, Fraction(1, 5))
    assert state.state == CHANGED and told.judged is True and "第十四条" in told.clause
    assert judged(dearer, [filed()], [], MOVED, Fraction(201, 1000))[0].state == VALID
    assert compare(project(invest=None), filed()) == compare(project(), filed(invest=None)) == []


@pytest.mark.parametrize(
    ("more", "on", "expected"),
    [
        ({}, "2023-02-01", VALID), ({}, "2023-02-02", UNKNOWN),
        ({"started": False}, "2023-02-02", EXPIRED), ({"started": False}, "2023-02-01", VALID),
        ({"started": dt.date(2023, 2, 1)}, "2030-01-01", VALID),
        ({"started": dt.date(2023, 2, 2)}, "2030-01-01", EXPIRED),
        ({"started": dt.date(2023, 12, 1), "extended": dt.date(2024, 2, 1)}, "2030-01-01", VALID),
        ({"extended": dt.date(2024, 2, 1)}, "2024-02-01", VALID),
        ({"extended": dt.date(2024, 2, 1), "started": False}, "2024-02-02", EXPIRED),
        ({"decided": dt.date(2024, 2, 29), "started": False}, "2026-02-28", VALID),
        ({"decided": dt.date(2024, 2, 29), "started": False}, "2026-03-01", EXPIRED),
        ({"kind": "filing", "started": False}, "2030-01-01", VALID),
        ({"kind": "filing", "valid_to": dt.date(2023, 2, 1)}, "2023-02-01", VALID),
        ({"kind": "filing", "valid_to": dt.date(2023, 2, 1)}, "2023-02-02", EXPIRED),
    ],
)  # fmt: skip
def test_an_approval_not_begun_within_two_years_is_over(
    more: dict[str, Any], on: str, expected: str
) -> None:
    found = state_of([filed(**{"kind": "approval", **more})], [], dt.date.fromisoformat(on))
    assert found.state == expected
    if expected in (UNKNOWN, EXPIRED) and more.get("kind") != "filing":
        assert "第十二条" in found.citation and "期限" in found.why


def test_no_record_a_later_one_and_a_revoked_one() -> None:
    assert state_of([], [], MOVED).state == NONE
    early = state_of([filed()], [], FILED - DAY)
    assert early.state == NONE and "2021-02-01 才办理" in early.why
    claimed, _ = judged(project(filing_no="示例备〔2020〕7号"), [], [], MOVED)
    assert claimed.state == NONE and "没有证据可查" in claimed.why
    assert state_of([filed()], [], FILED).state == VALID
    assert state_of([filed(ends=MOVED)], [], MOVED).state == EXPIRED
    newer = filed(2, decided=MOVED)
    assert state_of([newer, filed()], [moved()], MOVED).record == newer


def test_a_project_is_found_by_code_however_written_else_by_owner_and_name() -> None:
    assert plain_code("21013708120702123456") == plain_code(f" {CODE} ") == CODE
    assert (
        judged(project(code="２１０１３７０８１２０７０２１２３４５６"), [filed()], [], MOVED)[1]
        == []
    )
    state, (told,) = judged(project(code=OTHER), [filed()], [], MOVED)
    assert state.state == VALID and (told.what, told.certificate) == ("项目代码", CODE)
    assert judged(project(code=OTHER, name="别的项目"), [filed()], [], MOVED)[0].state == NONE
    assert (
        judged(project(code="", enterprise=6, firm="别家"), [filed()], [], MOVED)[0].state == NONE
    )
    ours, (number,) = judged(project(filing_no="示例备〔2020〕7号"), [filed()], [], MOVED)
    assert ours.state == VALID and number.what == "备案号" and number.judged is None


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (CODE, True),
        ("21013708120702123456", False),
        ("2101-370812-07-02-12345", False),
        ("", False),
    ],
)
def test_the_form_of_a_code(text: str, right: bool) -> None:
    assert is_code(text) is right


@pytest.fixture
def clerk(db: None) -> User:
    """The county with the two registers."""
    make_regions()
    ship("filing-records")
    ship("filing-changes")
    return make_user("section-clerk", name="经办人")


def row(firm: Enterprise, certificate: str = "示例备〔2021〕1号", **more: Any) -> dict[str, Any]:
    return {"certificate": certificate, "kind": "filing", "code": CODE, "name": "示例改造项目",
            "enterprise": {"id": firm.pk}, "organ": "示例机关", "decided": "2021-02-01",
            "place": COUNTY, "invest": "1000万元", **more}  # fmt: skip


def change(firm: Enterprise, **more: Any) -> dict[str, Any]:
    return {"told": "换了厂址", "record": "示例备〔2021〕1号", "enterprise": {"id": firm.pk},
            "what": "location", "changed": "2021-09-01", **more}  # fmt: skip


def test_the_declared_check_tells_changed_without_a_new_certificate(clerk: User) -> None:
    firm = make_enterprise("示例机械有限公司")
    put(ship("filing-records"), row(firm))
    (entry,) = put(ship("filing-changes"), change(firm), since=MOVED)
    assert filing_state_of(CODE, MOVED - DAY).state == VALID
    assert filing_state_of(CODE, MOVED).state == CHANGED
    assert filing_state_of(on=MOVED, enterprise=firm.pk, name="示例 改造项目").state == CHANGED
    assert filing_state_of(OTHER, MOVED).state == NONE
    done = {**entry.values, "certificate": "示例备〔2021〕99号", "certified": "2021-10-08"}
    record(entry=entry, kind="change", effective=dt.date(2021, 10, 8), by=clerk, values=done)
    assert filing_state_of(CODE, dt.date(2021, 10, 7)).state == CHANGED
    assert filing_state_of(CODE, dt.date(2021, 10, 8)).state == VALID
    with pytest.raises(ValueError, match="project code"):
        filing_state_of("", MOVED, enterprise=firm.pk)


def test_a_certificate_is_compared_as_it_stood_and_its_own_dates_count_whenever_entered(
    clerk: User,
) -> None:
    firm = make_enterprise("示例机械有限公司")
    (entry,) = put(ship("filing-records"), row(firm, kind="approval"), since=FILED)
    late = dt.date(2023, 6, 1)
    assert filing_state_of(CODE, late).state == UNKNOWN
    told = {**entry.values, "invest": 1200_0000_00, "started": "2021-05-01", "building": "yes"}
    record(entry=entry, kind="change", effective=late, by=clerk, values=told)
    assert filing_state_of(CODE, late - DAY).state == VALID
    mine = project(enterprise=firm.pk, firm=firm.name)
    differing = [[d.what for d in lines_of([mine], on)[0].differences] for on in (late - DAY, late)]
    assert differing == [[], ["总投资"]]
    record(entry=entry, kind="revoke", effective=dt.date(2024, 1, 1), by=clerk, reason="撤销")
    assert filing_state_of(CODE, dt.date(2023, 12, 31)).state == VALID
    assert filing_state_of(CODE, dt.date(2024, 1, 1)).state == EXPIRED


def test_formulas_of_documents_read_it_as_of_a_day(clerk: User) -> None:
    firm, other = make_enterprise(), make_enterprise()
    put(ship("filing-records"), row(firm), since=FILED)
    (entry,) = put(ship("filing-changes"), change(firm), since=MOVED)

    def asked(code: str, read: dict[str, str], kind: str, day: dt.date) -> list[Any]:
        term = Term.model_validate(
            {"term": "数据项", "id": "asked", "subject": "enterprise", "type": kind,
             "definition": "", "source": "", "register": {"code": code, **read}}
        )  # fmt: skip
        facts: Any = {"enterprise": [{"key": f.uscc} for f in (firm, other)]}
        look_up_terms(facts, (term,), day, Population(COUNTY, day.year, timezone.now()))
        return [found.get("asked") for found in facts["enterprise"]]

    assert asked("filing-records", {"present": "yes"}, "bool", FILED) == [True, False]
    assert asked("filing-changes", {"count": "open"}, "number", MOVED - DAY) == [0, 0]
    assert asked("filing-changes", {"count": "open"}, "number", MOVED) == [1, 0]
    done = {**entry.values, "certificate": "示例", "certified": "2021-10-08"}
    record(entry=entry, kind="change", effective=dt.date(2021, 10, 8), by=clerk, values=done)
    assert asked("filing-changes", {"count": "open"}, "number", dt.date(2021, 10, 8)) == [0, 0]


@pytest.mark.parametrize(
    ("register", "more", "why"),
    [
        ("filing-records", {"code": "2101-370812"}, "不是 24 位"),
        ("filing-records", {"building": "no", "started": "2021-03-01"}, "又写没有开工"),
        ("filing-changes", {"certificate": "示例"}, "要一起填"),
        ("filing-changes", {"certificate": "示例", "certified": "2021-08-01"}, "早于变更日期"),
        ("filing-changes", {"record": "示例备〔2021〕404号"}, "不在被引用的名录里"),
    ],
)  # fmt: skip
def test_what_proves_nothing_is_refused(
    clerk: User, register: str, more: dict[str, Any], why: str
) -> None:
    firm = make_enterprise()
    put(ship("filing-records"), row(firm))
    given = row(firm, "示例备〔2021〕2号") if register == "filing-records" else change(firm)
    with pytest.raises(JigaiError, match=why):
        prepare_one(ship(register), {**given, **more})


@pytest.fixture
def library(clerk: User) -> dict[str, Any]:
    """Projects of the county: right, changed, missing, with another code; one out of reach."""
    firm = make_enterprise("示例机械有限公司")
    certified = [
        row(firm), row(firm, "示例备〔2021〕2号", code=OTHER, name="示例搬迁项目"),
        row(firm, "示例备〔2021〕3号", code="2101-370812-07-02-333333", name="示例异码项目"),
    ]  # fmt: skip
    put(ship("filing-records"), *certified)
    put(ship("filing-changes"), change(firm, record="示例备〔2021〕2号"))
    made = {
        "right": make_project(firm, "示例改造项目", code=CODE, total_fen=1200_0000_00),
        "changed": make_project(firm, "示例搬迁项目", code=OTHER),
        "code": make_project(firm, "示例异码项目", code="2101-370812-07-02-444444"),
        "none": make_project(firm, "示例无证项目"),
    }
    make_project(make_enterprise("示例邻区企业", SIBLING), "示例邻区项目", code=CODE)
    make_project(firm, "示例改造项目", code=CODE, duplicate_of=made["right"])
    return made


def test_projects_of_the_library_are_judged_in_a_few_queries(
    clerk: User, library: Any, django_assert_num_queries: Any
) -> None:
    projects = filed_projects(access_of(clerk), "", 100)
    assert {p.key for p in projects} == {p.pk for p in library.values()}
    with django_assert_num_queries(3):
        lines = lines_of(projects, dt.date(2021, 12, 31))
    states = {line.project.key: line.state.state for line in lines}
    assert states == {library["right"].pk: VALID, library["changed"].pk: CHANGED,
                      library["code"].pk: VALID, library["none"].pk: NONE}  # fmt: skip
    assert [line.project.name for line in lines if line.code_differs] == ["示例异码项目"]


def test_the_page_lists_what_is_wrong(clerk: User, library: Any, client: Client) -> None:
    client.force_login(clerk)

    def page(**query: str) -> str:
        answer = client.get(reverse("filing-check"), {"on": "2021-12-31", **query})
        assert answer.status_code == 200
        return answer.content.decode()

    every = page()
    assert "示例邻区项目" not in every and "4 个项目" in every
    assert "1,200.0000 万元，证上 1,000.0000 万元（不判）" in every
    changed = page(state="changed-without-new-certificate")
    assert "示例搬迁项目" in changed and "建设地点有变更，还没有新证" in changed
    assert "示例无证项目" not in changed and "示例无证项目" in page(state="none")
    assert "示例异码项目" in page(state="code") and "没有这样的项目" in page(state="expired")
    assert "示例异码项目" in page(q="异码") and "示例无证项目" not in page(q="异码")
    assert client.get(reverse("filing-check"), {"state": "odd"}).status_code == 422


def test_the_share_counts_once_somebody_sets_it(clerk: User, library: Any, tmp_path: Path) -> None:
    assert change_share() is None
    text = (FOLDER / "filing-records.yaml").read_text(encoding="utf-8")
    changed = tmp_path / "filing-records.yaml"
    changed.write_text(
        text.replace("schema:\n", 'schema:\n  constants: {投资变动起点: "20%"}\n'), encoding="utf-8"
    )
    load_file(changed)
    assert change_share() == Fraction(1, 5)
    lines = lines_of(filed_projects(access_of(clerk), "改造", 9), dt.date(2021, 12, 31))
    assert [line.state.state for line in lines] == [CHANGED]


def test_the_page_asks_no_more_for_many_projects(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    firm, made = make_enterprise(), 0

    def grow(size: int) -> None:
        nonlocal made
        for number in range(made, size):
            make_project(firm, f"示例项目{number}", code=f"2101-370812-07-02-{number:06d}")
            put(ship("filing-records"), row(firm, f"示例备{number}", name=f"示例项目{number}",
                                            code=f"2101-370812-07-02-{number:06d}"))  # fmt: skip
        made = size

    assert_query_count(client, reverse("filing-check"), grow, most=30)
    assert Entry.objects.filter(register__code="filing-records").count() == made


@pytest.mark.django_db
def test_the_demo_rows_show_valid_changed_unknown_and_another_code() -> None:
    make_regions()
    for name in ("filing-records", "filing-changes", "demo-filing-1-records",
                 "demo-filing-2-changes"):  # fmt: skip
        ship(name)
    on = dt.date(2022, 12, 31)
    assert filing_state_of("2103-370812-07-02-299191", on).state == VALID
    assert filing_state_of("2102-370812-07-02-405048", on).state == CHANGED
    assert filing_state_of("2104-370812-07-02-181298", on).state == VALID
    assert filing_state_of("2005-370812-07-02-496326", on).state == UNKNOWN
    assert filing_state_of("2011-370812-07-02-872621", on).state == NONE
