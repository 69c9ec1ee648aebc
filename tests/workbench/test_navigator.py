"""政策匹配: amounts equal those of an evaluation; what fits, what fails, what is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from jigai.core.services.install_reference import install_reference
from jigai.funding.models import Consortium
from jigai.paths import packs_dir
from jigai.policies.models import Decision, EvaluationRun, PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.projects.models import Project
from jigai.workbench.navigator.documents import documents_for
from jigai.workbench.navigator.matches import Match
from jigai.workbench.navigator.navigate import Answer, Question, navigate
from tests.factories import (
    COUNTY,
    make_consortium,
    make_enterprise,
    make_figure,
    make_line,
    make_project,
    make_regions,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-navigator")]

DAY = dt.date(2021, 12, 31)
GOOD = {"grade": "B", "echelon": "no", "credit": "good",
        "credit_text": "良好", "employees": 60, "revenue": 3_000_000_000}  # fmt: skip


@pytest.fixture
def clerk() -> User:
    make_regions()
    return make_user("section-clerk", username="clerk")


@pytest.fixture
def yanzhou() -> PackVersion:
    return install_pack(folder=packs_dir() / "yanzhou-2020", check=False)


@pytest.fixture
def firm() -> Callable[..., Enterprise]:
    """Makes an enterprise with one project over 1,000万元 of equipment, unless told otherwise."""

    def make(fen: int = 1_000_000_000, *, more: dict[str, Any] | None = None, **terms: Any) -> Any:
        row = make_enterprise(
            figures={2021: {**GOOD, **terms}},
            registered_region=COUNTY,
            legal_type="independent",
            industry_code="3411",
        )
        project(row, fen, **(more or {}))
        return row

    return make


def project(enterprise: Enterprise, fen: int, item: str = "equipment", **fields: Any) -> Project:
    given = {"in_statistics": True, "filing": "yes", "filing_no": "1", "nature": "retrofit"}
    row = make_project(enterprise, **{**given, **fields})
    if fen:
        line(row, fen, item)
    return row


def line(row: Project, fen: int, item: str = "equipment") -> None:
    make_line(row, amount_fen=fen, total_fen=fen * 113 // 100, buyer_matches=True,
              arithmetic_ok=True, item_class=item)  # fmt: skip


def joined(*members: Enterprise) -> Consortium:
    """A consortium in which everybody is filed, in the statistics and bought for 700万元."""
    pool = make_consortium(members=members)
    pool.members.update(filing_no="2104-370812-04-02-123456", in_statistics=True)
    for member in members:
        make_line(None, consortium=pool, buyer=member, amount_fen=700_000_000,
                  total_fen=791_000_000, buyer_matches=True, arithmetic_ok=True)  # fmt: skip
    return pool


def ask(enterprise: Enterprise, user: User, day: dt.date = DAY, **given: Any) -> Answer:
    return navigate(Question(enterprise, day, **given), access_of(user))


def match(answer: Answer, measure: str, key: Any = None) -> Match:
    rows = [*answer.matches, *answer.simulated]
    return next(m for m in rows if m.measure.id == measure and key in (None, m.key))


def test_it_equals_a_stored_evaluation_to_the_fen(
    firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion
) -> None:
    """Also with red letters' neighbours, shared project codes, partners and confirmations."""
    from jigai.core.jobs import run_job, start_job

    best, plain, shared = firm(grade="A", echelon="yes"), firm(), firm()
    Project.objects.filter(enterprise__in=[plain, shared]).update(code="2104-370812-04-02-1")
    project(best, 600_000_000, "robot")
    joined(best, plain, shared)
    job = start_job(kind="evaluate", title="测算", owner=clerk,
                    params={"pack": yanzhou.pk, "year": 2021, "region": COUNTY})  # fmt: skip
    run_job(job.pk)
    run = EvaluationRun.objects.get()
    compared = 0
    for enterprise in (best, plain, shared):
        answer = ask(enterprise, clerk)
        for (subject, key), found in answer.decided[0].found.items():
            stored = Decision.objects.get(run=run, subject=subject, subject_key=str(key))
            assert (found.amount, found.paid) == (stored.amount_fen, stored.paid_fen)
            compared += 1
        mine = Decision.objects.get(run=run, subject="member", enterprise=enterprise)
        told = match(answer, "consortium")
        assert told.amount == mine.paid_fen and told.pool != told.amount
    assert compared == 7
    assert match(ask(shared, clerk), "equipment").code == "confirm"


def test_what_fails_is_told_with_the_gap_and_the_clause(
    firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion
) -> None:
    below = match(ask(firm(420_000_000), clerk), "equipment")
    assert (below.word, below.amount, below.text) == ("不符合", 0, "0.00")
    assert "还差 80.00 万元" in below.conditions[0].gap and below.conditions[0].clause == "四.1"
    barred = match(ask(firm(grade="D"), clerk), "equipment")
    assert barred.word == "不符合"
    assert [(c.name, c.clause) for c in barred.conditions] == [("不是亩产效益D类", "四.4")]
    assert "亩产效益评价结果" in barred.evidence and "设备购置增值税发票" in barred.evidence


def test_a_missing_grade_is_an_interval_and_names_who_holds_it(
    firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion
) -> None:
    lacking = firm()
    lacking.figures.filter(term="grade").update(withdrawn_at="2020-01-01T00:00Z")
    answer = ask(lacking, clerk)
    found = match(answer, "equipment")
    assert (found.word, found.amount, found.text) == ("缺数据", None, "0.00 至 400,000.00")
    supply = answer.supplies[0]
    assert "评价等级" in supply.name and supply.source == "亩产效益评价牵头部门"
    assert supply.decides == 40_000_000 and answer.paid == 0 and answer.most_open


def test_measures_that_exclude_each_other_are_told_with_the_best_and_what_is_given_up(
    firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion
) -> None:
    """装备与机器人两档都达到，同一项目只能选一项（五.3）。"""
    rich = firm()
    line(Project.objects.get(), 400_000_000, "robot")
    answer = ask(rich, clerk)
    assert match(answer, "equipment").state_word == "建议申报"
    robot = match(answer, "robot")
    assert (robot.word, robot.state) == ("符合", "given-up") and robot.amount
    (choice,) = answer.choices
    assert "择一" in choice.title and choice.clause == "五.3" and "金额最高" in choice.reason
    assert [o.fen for o in choice.taken] == [match(answer, "equipment").amount]
    assert [o.fen for o in choice.given_up] == [robot.amount]
    assert answer.paid == match(answer, "equipment").amount


def test_projects_that_compete_for_the_quota(
    firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion
) -> None:
    two = firm()
    first = Project.objects.get()
    second = project(two, 2_000_000_000)
    answer = ask(two, clerk)
    (choice,) = answer.choices
    assert "名额" in choice.title and choice.clause == "五.3"
    assert [o.fen for o in choice.taken] == [60_000_000] == [answer.paid]
    assert [o.fen for o in choice.given_up] == [30_000_000]
    assert match(answer, "equipment", first.pk).state == "out-of-quota"
    alone = ask(two, clerk, chosen=(first.pk,))
    assert alone.paid == 30_000_000 and not alone.choices
    assert {m.key for m in alone.matches if m.subject == "project"} == {first.pk} != {second.pk}


def test_other_public_money_stands_against_it(
    firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion
) -> None:
    funded = firm(more={"other_support": "区级技改资金 10万元"})
    answer = ask(funded, clerk)
    assert match(answer, "equipment").word == "不符合"
    (choice,) = answer.choices
    assert "其他财政资金" in choice.title and choice.clause == "五.3"
    assert [o.fen for o in choice.taken] == [10_000_000]
    assert [o.fen for o in choice.given_up] == [30_000_000]
    assert match(ask(firm(), clerk), "equipment").other_funds == "五.3"


def test_two_documents_for_one_project(
    firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion, tmp_path: Path
) -> None:
    """Both pay for it, neither beside the other's money: one is proposed, the other given up."""
    from tests.policies.changed_packs import mended, raised

    folder = mended(raised(tmp_path))
    text = folder / "pack.yaml"
    text.write_text(
        text.read_text("utf-8").replace("id: yanzhou-2020", "id: jining-2020")
        .replace("370812", "370800").replace("〔2020〕14号", "〔2020〕15号")
        .replace("兖州区推动", "全市推动"), "utf-8",
    )  # fmt: skip
    other = folder.rename(folder.parent / "jining-2020")
    install_pack(folder=other, check=False)
    answer = ask(firm(), clerk)
    (choice,) = answer.choices
    assert "不能同享" in choice.title and choice.clause == "五.3"
    assert [o.fen for o in choice.taken] == [40_000_000]
    assert [o.fen for o in choice.given_up] == [30_000_000]


def test_a_document_not_in_force_only_simulates(
    firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion
) -> None:
    row = firm()
    late = ask(row, clerk, dt.date(2023, 8, 15))
    assert not late.matches and late.paid == 0 and late.held.year == 2021
    assert {m.document.force.word for m in late.simulated} == {"已过期"}
    # As of an evaluation of the year with values of another day.
    assert match(late, "equipment").amount == 30_000_000
    assert ask(row, clerk, dt.date(2023, 8, 14)).paid == 30_000_000
    assert not ask(row, clerk, dt.date(2020, 8, 14)).matches


def test_only_documents_of_the_region_and_above_and_of_its_groups(clerk: User) -> None:
    install_reference()
    for name in ("yanzhou-2020", "jiangsu-2015", "sunan-2017", "luan-2020"):
        install_pack(folder=packs_dir() / name, check=False)

    def slugs(region: str) -> list[str]:
        return [d.slug for d in documents_for(region, DAY)]

    assert slugs(COUNTY) == ["yanzhou-2020"]
    assert slugs("370811") == slugs("440106") == []
    assert slugs("320505") == ["jiangsu-2015", "sunan-2017"]
    assert slugs("320305") == ["jiangsu-2015"]
    (draft,) = documents_for("341502", DAY)
    assert draft.is_draft and not draft.payable and draft.force.word == "草案"


def test_what_is_not_computed_is_listed_without_an_amount(
    clerk: User, firm: Callable[..., Enterprise]
) -> None:
    install_pack(folder=packs_dir() / "jiangsu-2015", check=False)
    install_pack(folder=packs_dir() / "sunan-2017", check=False)
    row = make_enterprise(region="320505", figures={2021: GOOD})
    answer = ask(row, clerk)
    channels = {(d.slug, m.id): m for d, m in answer.channels}
    assert channels["jiangsu-2015", "import-duty"].decides == "海关"
    assert any(m.subject == "region" for m in channels.values())
    computed = {m.place[:2] for m in answer.matches}
    assert computed and not computed & set(channels)
    open_ = [m for m in answer.matches if m.code == "undetermined"]
    assert open_ and all(m.amount is None and m.text.startswith("未定") for m in open_)


def test_an_enterprise_without_projects_is_told_so(clerk: User, yanzhou: PackVersion) -> None:
    row = make_enterprise(figures={2021: {**GOOD, "grade": "D"}}, registered_region=COUNTY,
                          legal_type="independent")  # fmt: skip
    found = match(ask(row, clerk), "equipment")
    assert (found.absent, found.text, found.word) == ("项目", "待估算", "不符合")
    assert [c.name for c in found.conditions] == ["不是亩产效益D类"]
    make_figure(row, "grade", 2021, "B")
    assert match(ask(row, clerk), "equipment").word == "缺数据"


def test_what_may_be_tried_changes_the_answer_and_nothing_else(
    firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion
) -> None:
    row = firm(420_000_000)
    key = Project.objects.get().pk
    tried = {
        f"try.project.{key}.+equipment": "80万元",
        "try.enterprise.own.latest_grade": "A类",
        "try.enterprise.own.no_such_term": "1",
    }
    answer = ask(row, clerk, tried=tried)
    # 500万元 ×（3% + 1个百分点）
    assert match(answer, "equipment").amount == 20_000_000 == answer.gain
    assert [(d.before.amount, d.fen) for d in answer.differences if d.before] == [(0, 20_000_000)]
    assert len(answer.tries.given) == 2
    assert ask(row, clerk).paid == 0 and Project.objects.get().lines.count() == 1
    short = ask(row, clerk, tried={f"try.project.{key}.+equipment": "79万元"})
    assert "还差 1.00 万元" in match(short, "equipment").conditions[0].gap


def test_a_made_up_project_and_a_title(clerk: User, yanzhou: PackVersion) -> None:
    row = make_enterprise(figures={2021: GOOD}, registered_region=COUNTY, legal_type="independent")
    tried = {"try.project.new.filed": "是", "try.project.new.in_statistics": "否"}
    found = match(ask(row, clerk, tried=tried), "equipment")
    assert (found.label, found.word) == ("拟建项目", "不符合")
    assert next(c.name for c in found.conditions if c.known) == "已入统"
    tried |= {"try.project.new.in_statistics": "是", "try.project.new.construction_nature": "扩建",
              "try.project.new.+equipment": "1000万元"}  # fmt: skip
    assert match(ask(row, clerk, tried=tried), "equipment").high >= 30_000_000
    install_pack(folder=packs_dir() / "luan-2020", check=False)
    far = make_enterprise(region="341502", figures={2021: GOOD}, registered_region="341502")
    level = {"try.award.new.title_level": "市级"}
    award = match(ask(far, clerk, tried=level), "provincial-intelligent-factory")
    assert (award.label, award.word, award.amount) == ("拟申报的称号", "不符合", 0)
    level["try.award.new.title_level"] = "省级"
    award = match(ask(far, clerk, tried=level), "provincial-intelligent-factory")
    assert award.is_open and award.amount is None and award.missing


@pytest.mark.parametrize(
    ("term", "text", "told"),
    [
        ("enterprise.own.latest_grade", "E类", "不认识"),
        ("enterprise.own.major_violation_date", "2021-13-01", "不是日期"),
        ("project.{key}.+equipment", "三十亩", "读不懂"),
        ("project.{key}.+equipment", "30亩", "单位不对"),
        ("project.{key}.+equipment", "99999999999999999", "超出"),
    ],
)
def test_what_cannot_be_read_is_told_and_left_out(
    firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion, term: str, text: str,
    told: str,
) -> None:  # fmt: skip
    row = firm()
    place = term.format(key=Project.objects.get().pk)
    answer = ask(row, clerk, tried={f"try.{place}": text})
    (given,) = answer.tries.given
    assert told in given.error and not answer.tries.readable and answer.paid == 30_000_000


def test_the_order_is_by_amount_then_verdict(
    firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion
) -> None:
    rich = firm()
    line(Project.objects.get(), 400_000_000, "software")
    rows = [m for m in ask(rich, clerk).matches if m.state != "given-up"]
    estimates = [m.estimate for m in rows]
    assert estimates == sorted(estimates, reverse=True) and estimates[0] > 0


def test_nobody_sees_a_partner_through_a_consortium(
    client: Client, firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion
) -> None:
    one, other = firm(), firm()
    pool = joined(one, other)
    client.force_login(make_user("enterprise-handler", enterprise=one))
    page = client.get(f"/navigator/{one.pk}/?day=2021-12-31").content.decode()
    trace = client.get(
        f"/navigator/{one.pk}/trace/?day=2021-12-31&pack=yanzhou-2020&measure=consortium"
        f"&subject=consortium&key={pool.code}"
    ).content.decode()
    assert "成员分配" in trace and "共同体合计" in page
    mine, theirs = (f"成员 {pool.code}#{m.pk} " for m in pool.members.order_by("id"))
    assert mine in trace and theirs not in trace
    for text in (page, trace):
        assert other.name not in text and str(other.uscc) not in text


def test_what_a_partner_lacks_is_not_tried_as_ones_own(
    firm: Callable[..., Enterprise], clerk: User, yanzhou: PackVersion
) -> None:
    one, other = firm(), firm()
    joined(one, other)
    other.figures.filter(term__in=["employees", "grade"]).update(withdrawn_at="2020-01-01T00:00Z")
    supplies = ask(one, clerk).supplies
    assert supplies and {s.about for s in supplies} == {"共同体其他成员"}
    assert not any(s.field for s in supplies)
    assert all(s.field for s in ask(other, clerk).supplies if s.about == "本企业")
