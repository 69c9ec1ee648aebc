"""应享名单: groups against a case by itself, notices once to each enterprise, within reach only."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from jigai.core.access import Denied, access_of
from jigai.core.jobs import run_job, start_job
from jigai.core.models import Enterprise, Notice, User
from jigai.errors import JigaiError
from jigai.outreach.models import Delivery
from jigai.outreach.services.remind_distribution import remind_distribution, tell_addressees
from jigai.outreach.services.send_distribution import send_distribution
from jigai.outreach.services.sign_delivery import sign_delivery
from jigai.paths import packs_dir
from jigai.policies.cases import consortium_case, project_case
from jigai.policies.fact_run import Choices, FactRows, build_run_environment
from jigai.policies.models import PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.rules.alternatives import build_evaluator
from jigai.rules.binding import Environment
from jigai.rules.explain import explain_consortium, explain_project
from jigai.rules.model import Model
from jigai.rules.plan import VERDICT_CODES
from jigai.workbench.dossier import Dossier
from jigai.workbench.evaluation import fact_rows
from jigai.workbench.models import AudienceEntry, AudienceList
from jigai.workbench.navigator.mirror.classify import LACKING, NEAR, READY, Sorted, sort_population
from jigai.workbench.navigator.mirror.letter import notice_letter
from jigai.workbench.navigator.mirror.notify import draft_notice
from tests.factories import COUNTY, make_enterprise, make_regions, make_user
from tests.kept_rows import Unblock
from tests.policies.calculator.test_examples import model_of
from tests.query_counts import queries_of
from tests.workbench.test_navigator import GOOD, project

DAY = dt.date(2021, 12, 31)
Made = tuple[Model, Environment, FactRows, dict[str, Sorted]]


@pytest.fixture(scope="module")
def district(dossier: Dossier) -> Made:
    """The sample district under every measure."""
    model = model_of("yanzhou-2020")
    env = build_run_environment(model, 2021, Choices(as_of=DAY, deadline=DAY))
    facts = fact_rows(dossier)
    names = [m.id for m in model.measures.values() if m.computable]
    return model, env, facts, {name: sort_population(model, env, facts, name) for name in names}


def keys(found: Sorted, group: str) -> set[Any]:
    return {entry.key for entry in found.entries if entry.group == group}


# Against every case by itself


@pytest.mark.system("policy-navigator")
def test_each_row_stands_where_its_own_explanation_puts_it(district: Made) -> None:
    """The set of queries against the explanation of each single case: verdict, amount, gap."""
    model, env, facts, found = district
    evaluator = build_evaluator(model, env)
    told = {}
    for row in facts["project"]:
        case = explain_project(evaluator, model, env, project_case(facts, row["key"]), row["key"])
        told |= {(m.id, row["key"]): (case, m) for m in case.measures}
    for row in facts["consortium"]:
        case = explain_consortium(
            evaluator, model, env, consortium_case(facts, row["key"]), row["key"]
        )
        told |= {(m.id, row["key"]): (case, m) for m in case.measures}
    for name, sorted_ in found.items():
        mine = {key: m for (measure, key), (_case, m) in told.items() if measure == name}
        counts: dict[str, int] = {}
        for m in mine.values():
            counts[m.verdict_code] = counts.get(m.verdict_code, 0) + 1
        assert {VERDICT_CODES[c]: n for c, n in sorted_.counts.items()} == counts
        assert keys(sorted_, READY) == {k for k, m in mine.items() if m.verdict_code == "pay"}
        for entry in sorted_.entries:
            m = mine[entry.key]
            if entry.group == READY:
                assert entry.amount == m.amount
            elif entry.group == LACKING:
                assert m.verdict_code == "missing" and entry.amount is None
                missing = {f.name for f in told[name, entry.key][0].missing if m.name in f.blocks}
                assert set(entry.lacking.split("；或 ")) <= missing, (name, entry)
                assert entry.holder
            else:
                assert m.verdict_code == "below-threshold"
                gaps = "；".join(e.gap for e in m.entries if e.gap)
                assert entry.gap_share is None or entry.gap in gaps, (entry.gap, gaps)


def test_all_who_lack_exactly_one_datum_are_found(district: Made) -> None:
    """By the single case: a fact all of whose values settle it, and one of them to money."""
    model, env, facts, found = district
    evaluator = build_evaluator(model, env)
    lacking = 0
    for row in facts["project"]:
        case = explain_project(evaluator, model, env, project_case(facts, row["key"]), row["key"])
        open_ = {m.id for m in case.measures if m.verdict_code == "missing"}
        for name in open_:
            asked = [f for f in case.missing if case.measure(name).name in f.blocks]
            one = len({f.id for f in asked}) == 1
            assert (row["key"] in keys(found[name], LACKING)) is one, (name, row["key"])
            lacking += one
    assert lacking > 8


def test_the_margin_is_a_fifth_of_the_threshold_and_no_more(district: Made) -> None:
    """500万元: 400.01 is near, 400.00 and 500.00 are not."""
    model, env, facts, _found = district
    ordinary = next(iter(keys(_found["equipment"], READY)))
    case = project_case(facts, ordinary)
    line = next(n for n in case["line"] if n["project_key"] == ordinary)
    for fen, group in ((40_000_000_1, NEAR), (40_000_000_0, None), (49_999_999_9, NEAR),
                       (50_000_000_0, READY), (1, None)):  # fmt: skip
        rows = {**case, "line": [{**line, "amount_excl_tax": fen, "amount_incl_tax": fen}],
                "project": [p for p in case["project"] if p["key"] == ordinary]}  # fmt: skip
        found = sort_population(model, env, rows, "equipment")
        assert {e.group for e in found.entries} == ({group} if group else set()), fen


def test_an_empty_population_gives_an_empty_list(district: Made) -> None:
    model, env, _facts, _found = district
    empty: FactRows = {s: [] for s in ("enterprise", "project", "line", "member", "consortium")}
    assert sort_population(model, env, empty, "equipment") == Sorted()


# Kept, shown, sent


@pytest.fixture(scope="module")
def kept(kept_rows: Unblock) -> dict[str, int]:
    """Two that fit (one of them twice), one without a grade, one that misses by little."""
    with kept_rows():
        make_regions()
        by = make_user("section-clerk", username="clerk")
        pack = install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
        project(a_firm(grade="A"), 900_000_000)
        a_firm()
        a_firm(grade=None)
        a_firm(450_000_000)
        a_firm(100_000_000)
        return {"clerk": by.pk, "pack": pack.pk, "list": made_list(by, pack).pk}


def a_firm(fen: int = 1_000_000_000, **terms: Any) -> Enterprise:
    """An enterprise with one project over so much equipment."""
    row = make_enterprise(figures={2021: {**GOOD, **terms}}, registered_region=COUNTY,
                          legal_type="independent", industry_code="3411")  # fmt: skip
    project(row, fen)
    return row


@pytest.fixture
def clerk(kept: dict[str, int], db: None) -> User:
    return User.objects.get(pk=kept["clerk"])


@pytest.fixture
def yanzhou(kept: dict[str, int], db: None) -> PackVersion:
    return PackVersion.objects.get(pk=kept["pack"])


@pytest.fixture
def listed(kept: dict[str, int], db: None) -> AudienceList:
    return AudienceList.objects.get(pk=kept["list"])


def made_list(clerk: User, pack: PackVersion, day: dt.date = DAY) -> AudienceList:
    params = {"pack": pack.pk, "year": 2021, "region": COUNTY, "day": day.isoformat()}
    job = start_job(kind="audience", title="应享名单", owner=clerk, params=params)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "done", job.error
    return AudienceList.objects.order_by("-id").first()  # type: ignore[return-value]


@pytest.mark.django_db
def test_a_list_is_made_by_a_job_and_opens_its_rows(
    client: Client,
    clerk: User,
    listed: AudienceList,
) -> None:
    told = listed.summary["equipment"]
    assert (told["ready"], told["lacking"], told["near"], told["rows"]) == (3, 1, 1, 6)
    rows = AudienceEntry.objects.filter(audience=listed, measure="equipment")
    assert told["ready_fen"] == sum(r.amount_fen or 0 for r in rows if r.group == "ready")
    states = sorted(rows.filter(group="ready").values_list("state", flat=True))
    assert states == ["out-of-quota", "taken", "taken"]
    client.force_login(clerk)
    page = client.get(reverse("audience-detail", args=[listed.pk])).content.decode()
    assert "现在就符合" in page and "group=near" in page
    answer = client.get(reverse("audience-entries"), {"audience": listed.pk, "group": "near"})
    assert "还差 50.00 万元" in answer.content.decode()
    lacking = client.get(reverse("audience-entries"), {"lacking": "最近公布评价等级"})
    assert "亩产效益评价牵头部门" in lacking.content.decode()
    assert not listed.simulation


@pytest.mark.django_db
def test_queries_do_not_grow_with_rows(
    client: Client,
    clerk: User,
    yanzhou: PackVersion,
) -> None:
    client.force_login(clerk)
    counts = []
    for _size in range(2):
        for _ in range(4):
            a_firm()
        listed = made_list(clerk, yanzhou)
        url = reverse("audience-entries") + f"?audience={listed.pk}"
        client.get(url)
        counts.append(len(queries_of(client, url)))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_offices_elsewhere_see_nothing(
    client: Client,
    clerk: User,
    listed: AudienceList,
) -> None:
    other = make_user("section-clerk", username="elsewhere", region="370811")
    client.force_login(other)
    assert client.get(reverse("audience-detail", args=[listed.pk])).status_code == 404
    entries = client.get(reverse("audience-entries"), {"audience": listed.pk}).content.decode()
    assert "装备升级奖补" not in entries
    with pytest.raises(Denied):
        notify(listed, other)


def notify(listed: AudienceList, by: User, group: str = "ready") -> Any:
    return draft_notice(audience=listed.pk, measure="equipment", group=group, note="", sign_days=5,
                        by=by, access=access_of(by))  # fmt: skip


@pytest.fixture
def in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: DAY)


@pytest.mark.django_db
def test_each_enterprise_is_told_once_and_the_receipt_comes_back(
    listed: AudienceList,
    clerk: User,
    in_force: None,
) -> None:
    sent, before = notify(listed, clerk)
    assert before == 0
    names = list(sent.deliveries.order_by("id").values_list("name", flat=True))
    # The first of the two stands on the list with two projects.
    assert len(names) == len(set(names)) == 2
    with pytest.raises(JigaiError, match="都已经通知过"):
        notify(listed, clerk)
    reader = make_user("enterprise-handler", username="reader",
                       enterprise=sent.deliveries.order_by("id").first().enterprise)  # fmt: skip
    send_distribution(distribution=sent.pk, by=clerk, access=access_of(clerk))
    sent.refresh_from_db()
    tell_addressees(sent)
    assert Notice.objects.filter(user=reader, title__startswith="收文：政策送达").count() == 1
    mine = sent.deliveries.order_by("id").first()
    sign_delivery(delivery=mine.pk, by=reader, access=access_of(reader))
    entry = AudienceEntry.objects.filter(audience=listed, enterprise=mine.enterprise).first()
    assert entry is not None
    states = dict(Delivery.objects.filter(distribution=sent).values_list("name", "state"))
    assert sorted(states.values()) == ["signed", "unsigned"]
    # Only who has not signed is told again, and there is nobody with an account among them.
    with pytest.raises(JigaiError, match="没有能在平台上催的单位"):
        remind_distribution(distribution=sent.pk, access=access_of(clerk))


@pytest.mark.django_db
@pytest.mark.parametrize("group", ["ready", "lacking", "near"])
def test_the_letter_says_what_to_do_and_nothing_of_anybody(
    listed: AudienceList, group: str
) -> None:
    """The same letter goes to all of them: no figure and no name of an enterprise stands in it."""
    measure = model_of("yanzhou-2020").measures["equipment"]
    document = Document(io.BytesIO(notice_letter(listed, measure, group)))
    text = "\n".join(p.text for p in document.paragraphs)
    assert measure.name in text and listed.pack.title in text and "设备购置增值税发票" in text
    assert "不代表审批结论" in text and "元" not in text
    names = Enterprise.objects.values_list("name", flat=True)
    assert not [name for name in names if name in text]


@pytest.mark.django_db
def test_no_button_where_nobody_may_be_told(
    client: Client, clerk: User, listed: AudienceList, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(clerk)
    url = reverse("audience-detail", args=[listed.pk])
    notice = reverse("audience-notify", args=[listed.pk, "equipment", "ready"])
    late = client.get(url).content.decode()
    assert notice not in late and "现在不能通知" in late
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: DAY)
    page = client.get(url).content.decode()
    assert notice in page and "现在不能通知" not in page
    form = client.get(notice).content.decode()
    assert "2 家" in form


@pytest.mark.django_db
def test_nobody_is_told_of_a_document_not_in_force(
    clerk: User,
    yanzhou: PackVersion,
    listed: AudienceList,
) -> None:
    assert timezone.localdate() > yanzhou.valid_to
    with pytest.raises(JigaiError, match="不能通知企业申报"):
        notify(listed, clerk)
    late = made_list(clerk, yanzhou, dt.date(2024, 6, 1))
    assert late.watermark == "模拟" and "已过期" in late.simulation


@pytest.mark.django_db
def test_an_enterprise_cannot_open_the_lists(client: Client, listed: AudienceList) -> None:
    own = make_user("enterprise-handler", username="own", enterprise=make_enterprise())
    client.force_login(own)
    for name, args in (("audience-list", []), ("audience-detail", [listed.pk]),
                       ("audience-entries", [])):  # fmt: skip
        assert client.get(reverse(name, args=args)).status_code == 403


@pytest.mark.django_db
def test_a_place_without_data_is_told(clerk: User, yanzhou: PackVersion) -> None:
    params = {"pack": yanzhou.pk, "year": 2021, "region": "370883", "day": "2021-12-31"}
    job = start_job(kind="audience", title="应享名单", owner=clerk, params=params)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "failed" and "没有企业和项目的资料" in str(job.error)


@pytest.mark.django_db
def test_the_form_starts_only_within_reach(
    client: Client,
    clerk: User,
    yanzhou: PackVersion,
) -> None:
    client.force_login(clerk)
    given = {"pack": yanzhou.pk, "year": 2021, "region": "370811", "day": "2021-12-31",
             "nonce": str(uuid.uuid4())}  # fmt: skip
    answer = client.post(reverse("audience-new"), given)
    assert answer.status_code == 422 and "不在您的数据权限之内" in answer.content.decode()
    answer = client.post(reverse("audience-new"), {**given, "region": COUNTY})
    assert answer.status_code == 302 and "/jobs/" in answer.headers["Location"]
