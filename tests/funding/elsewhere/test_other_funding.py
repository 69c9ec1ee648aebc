"""Public money from elsewhere: registered, followed, written back, and found by papers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.jobs import run_job
from jigai.core.models import Job, User
from jigai.errors import JigaiError
from jigai.funding.elsewhere.findings import Finding, double_findings
from jigai.funding.elsewhere.forms import listed
from jigai.funding.elsewhere.matching import chances_of
from jigai.funding.elsewhere.services.keep_funding import (
    NewFunding,
    add_funding,
    change_funding,
    move_funding,
)
from jigai.funding.invoices.uses import count_lines
from jigai.funding.models import Application, OtherFunding, Recovery, Round, SuspectSet
from tests.factories import CITY, COUNTY, SIBLING, make_user
from tests.funding.facts.conftest import (
    MILLION,
    apply_with,
    buy,
    fund,
    make_sound_firm,
    make_sound_project,
    open_round,
    pay,
)
from tests.funding.making import make_application, make_pack, make_programme, make_round
from tests.query_counts import queries_of

DOUBLE = pytest.mark.system("double-funding-check")
UPSTREAM = pytest.mark.system("upstream-funding")
pytestmark = pytest.mark.django_db
__all__ = ["fund", "open_round"]
Opens = Callable[..., Round]
TODAY = timezone.localdate


@pytest.fixture
def clerk(db: None) -> User:
    return make_user("section-clerk")


def stated(**changes: Any) -> NewFunding:
    given = {"kind": "upper", "level": "province", "programme": "示例省级技改专项", "year": 2021,
             "amount_fen": 50_000_000, **changes}  # fmt: skip
    return NewFunding(**given)


def registered(project: Any, clerk: User, **changes: Any) -> OtherFunding:
    return add_funding(enterprise=project.enterprise, project=project, given=stated(**changes),
                       by=clerk, access=access_of(clerk))  # fmt: skip


def moved(row: OtherFunding, clerk: User, to: str, **changes: Any) -> OtherFunding:
    row.refresh_from_db()
    given = {"on": TODAY(), "amount_fen": None, **changes}
    return move_funding(funding=row.pk, seen=row.version, to=to, by=clerk,
                        access=access_of(clerk), **given)  # fmt: skip


def told(application: Application, kind: str) -> list[Finding]:
    return [found for found in double_findings(application) if found.kind == kind]


# ── the register ─────────────────────────────────────────────────────────────────────────


@UPSTREAM
def test_from_matched_to_received_with_a_day_for_each(clerk: User) -> None:
    row = registered(make_sound_project(make_sound_firm()), clerk, amount_fen=None)
    for to, column in (("applied", "applied_on"), ("approved", "approved_on")):
        row = moved(row, clerk, to)
        assert (row.state, getattr(row, column)) == (to, TODAY())
    with pytest.raises(JigaiError, match="必须有金额"):
        moved(row, clerk, "received")
    row = moved(row, clerk, "received", amount_fen=30_000_000)
    assert (row.amount_fen, row.received_on) == (30_000_000, TODAY())
    with pytest.raises(JigaiError, match="不能改为"):
        moved(row, clerk, "applied")
    assert moved(row, clerk, "returned").state == "returned"


def test_what_is_refused(clerk: User) -> None:
    project = make_sound_project(make_sound_firm())
    other = make_sound_project(make_sound_firm())
    far = make_sound_firm(SIBLING)
    row = registered(project, clerk)
    with pytest.raises(JigaiError, match="还没有填申报日期"):
        moved(row, clerk, "applied", on=None)
    with pytest.raises(JigaiError, match="还没有到"):
        moved(row, clerk, "applied", on=TODAY() + dt.timedelta(days=1))
    with pytest.raises(JigaiError, match="不是该企业的"):
        add_funding(enterprise=project.enterprise, project=other, given=stated(), by=clerk,
                    access=access_of(clerk))  # fmt: skip
    with pytest.raises(JigaiError):
        add_funding(enterprise=far, project=None, given=stated(), by=clerk,
                    access=access_of(clerk))  # fmt: skip
    with pytest.raises(JigaiError, match="不在范围内"):
        registered(project, clerk, kind="gift")
    change_funding(funding=row.pk, seen=1, project=project, given=stated(year=2022), by=clerk,
                   access=access_of(clerk))  # fmt: skip
    with pytest.raises(JigaiError, match="刚有人改过"):
        change_funding(funding=row.pk, seen=1, project=project, given=stated(), by=clerk,
                       access=access_of(clerk))  # fmt: skip
    assert OtherFunding.objects.get().year == 2022


def test_numbers_are_read_however_they_are_parted() -> None:
    assert listed(" 0001，0002\n0003;0001、0004 ") == ("0001", "0002", "0003", "0004")


@UPSTREAM
def test_what_could_be_sought_is_what_covers_the_region(db: None) -> None:
    firm = make_sound_firm()
    make_pack()
    assert chances_of(firm) == []
    pack = make_pack("luan-2020")
    type(pack).objects.filter(pk=pack.pk).update(region_code=CITY)
    found = chances_of(firm)
    assert all(chance.level == "city" and chance.document == pack.title for chance in found)


# ── written back ─────────────────────────────────────────────────────────────────────────


@UPSTREAM
@pytest.mark.parametrize("by", ["project", "invoice", "serial"])
def test_on_receipt_what_is_not_paid_waits_and_what_is_paid_comes_back(
    open_round: Opens, clerk: User, by: str
) -> None:
    """The toy registers the money and goes on paying."""
    firm = make_sound_firm()
    project = make_sound_project(firm)
    line = buy(project, 6 * MILLION, serial="SN-77")
    row = apply_with(open_round(2021), project, line, state="cleared")
    papers = {"invoice": {"invoices": (line.invoice_no,)}, "serial": {"serials": ("SN-77",)}}
    got = add_funding(
        enterprise=firm, project=project if by == "project" else None, by=clerk,
        given=stated(**papers.get(by, {})), access=access_of(clerk),
    )  # fmt: skip
    moved(got, clerk, "approved")
    row.refresh_from_db()
    assert row.stale == ""
    moved(got, clerk, "received", on=dt.date(2021, 12, 1))
    row.refresh_from_db()
    assert "示例省级技改专项" in row.stale and not Recovery.objects.exists()
    pay(row, 18_000_000)
    got.refresh_from_db()
    change_funding(funding=got.pk, seen=got.version, project=got.project, by=clerk,
                   given=stated(source="到账通知", **papers.get(by, {})),
                   access=access_of(clerk))  # fmt: skip
    for job in Job.objects.filter(kind="funding-recheck"):
        run_job(job.pk)
    found = list(Recovery.objects.values_list("reason", "amount_fen"))
    # A machine's number alone is no project: it is for a person to find out.
    assert found == ([] if by == "serial" else [("other_funds", 18_000_000)])


# ── findings ─────────────────────────────────────────────────────────────────────────────


@DOUBLE
def test_found_by_invoice_though_every_name_differs(open_round: Opens, clerk: User) -> None:
    """The toy compares project names only."""
    project = make_sound_project(make_sound_firm(), name="甲生产线")
    line = buy(project, 6 * MILLION, invoice_no="00000061")
    row = apply_with(open_round(2021), project, line)
    other = make_sound_project(make_sound_firm(), name="乙设备更新")
    got = registered(other, clerk, invoices=("00000061",))
    moved(got, clerk, "received", on=dt.date(2021, 12, 1))
    found = told(row, "funds")
    assert len(found) == 1 and found[0].blocking and "00000061" in found[0].text
    assert found[0].clause == "五.3"
    assert found[0].where_url == reverse("other-funding-detail", args=[got.pk])
    assert SuspectSet.objects.get(kind="funds").key == "00000061"


@DOUBLE
@pytest.mark.parametrize(
    ("readings", "kind", "state", "blocking"),
    [
        ({}, "upper", "received", True),
        ({}, "upper", "approved", False),
        ({}, "equity", "received", False),
        ({}, "tax", "received", False),
        ({"other_funds_scope": "b"}, "upper", "received", False),
        ({"other_funds_scope": "b"}, "same_level", "received", True),
        ({"other_funds_scope": "c"}, "equity", "received", True),
        ({"overlap_mode": "b"}, "upper", "received", False),
    ],
)
def test_it_refuses_only_where_the_reading_says_so(
    open_round: Opens, readings: dict[str, str], kind: str, state: str, blocking: bool
) -> None:
    project = make_sound_project(make_sound_firm())
    row = apply_with(open_round(2021, readings=readings), project, buy(project, MILLION))
    OtherFunding.objects.create(
        region_code=COUNTY, enterprise=project.enterprise, project=project, kind=kind,
        level="province", programme="示例专项", year=2021, amount_fen=1, state=state,
        received_on=dt.date(2021, 1, 1),
    )  # fmt: skip
    assert [found.blocking for found in told(row, "funds")] == [blocking]


@DOUBLE
def test_a_document_that_says_nothing_only_shows(open_round: Opens) -> None:
    project = make_sound_project(make_sound_firm())
    opened = open_round(2021, pack=make_pack("luan-2020"))
    row = apply_with(opened, project, buy(project, MILLION))
    OtherFunding.objects.create(
        region_code=COUNTY, enterprise=project.enterprise, project=project, kind="upper",
        level="city", programme="示例专项", year=2021, amount_fen=1, state="received",
        received_on=dt.date(2021, 1, 1),
    )  # fmt: skip
    found = told(row, "funds")
    assert [(f.blocking, f.clause) for f in found] == [(False, "")]


@DOUBLE
def test_found_by_serial_code_and_filing_number_over_rounds(open_round: Opens) -> None:
    mine = make_sound_project(make_sound_firm(), code="2101-370812-04-02-000001")
    row = apply_with(open_round(2021), mine, buy(mine, MILLION, serial="SN-9"))
    twin = make_sound_project(make_sound_firm(), code=mine.code, filing_no="370812-9")
    filed = make_sound_project(make_sound_firm(SIBLING), filing_no=mine.filing_no)
    near = apply_with(open_round(2022), twin, buy(twin, MILLION, serial="SN-9"))
    far = make_application(make_round(make_programme(region=SIBLING)), filed.enterprise,
                           project=filed, state="submitted")  # fmt: skip
    serial, projects = told(row, "serial"), told(row, "project")
    assert len(serial) == 1 and "SN-9" in serial[0].text and near.enterprise.name not in str(serial)
    assert len(projects) == 2 and not any(found.blocking for found in projects)
    urls = {found.where_url for found in projects}
    # Nothing of the other county but that it is there.
    assert urls == {reverse("application-detail", args=[near.pk]), ""}
    assert "另一县区" in str(projects) and far.number not in str(projects)
    Application.objects.filter(pk__in=[near.pk, far.pk]).update(state="withdrawn")
    assert told(row, "serial") == told(row, "project") == []


@DOUBLE
def test_a_part_counted_elsewhere_is_shown_with_its_amount(open_round: Opens) -> None:
    firm = make_sound_firm()
    one, two = make_sound_project(firm), make_sound_project(firm)
    opened = open_round(2021)
    first = apply_with(opened, one)
    first.lines.create(line=buy(one, MILLION, invoice_no="00000070"), share_fen=30_000_000)
    count_lines(application=first)
    second = apply_with(opened, two)
    second.lines.create(line=buy(two, MILLION, invoice_no="00000070"), share_fen=70_000_000)
    count_lines(application=second)
    found = told(second, "invoice")
    assert len(found) == 1 and "300,000.00" in found[0].text and first.number in found[0].text


@DOUBLE
def test_findings_take_a_fixed_number_of_queries(
    open_round: Opens, django_assert_max_num_queries: Any
) -> None:
    firm = make_sound_firm()
    project = make_sound_project(firm)
    lines = [buy(project, MILLION, serial=f"SN-{n}") for n in range(12)]
    row = apply_with(open_round(2021), project, *lines)
    for n in range(12):
        OtherFunding.objects.create(
            region_code=COUNTY, enterprise=firm, kind="upper", level="city", programme=f"示例{n}",
            year=2021, state="applied",
        )  # fmt: skip
    row = Application.objects.select_related("round__pack", "project").get(pk=row.pk)
    with django_assert_max_num_queries(8):
        assert len(double_findings(row)) == 12


# ── on screen ────────────────────────────────────────────────────────────────────────────


def web_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_register_on_screen(clerk: User) -> None:
    project = make_sound_project(make_sound_firm(), name="示例生产线改造")
    web, url = web_of(clerk), reverse("other-funding-new")
    given = {
        "nonce": uuid.uuid4(), "enterprise": project.enterprise.uscc, "project": "示例生产线改造",
        "programme": "示例市级专项", "kind": "upper", "level": "city", "year": "2021", "amount": "",
    }  # fmt: skip
    wrong = web.post(url, {**given, "project": "没有的项目", "amount": "5"})
    assert wrong.status_code == 422
    assert "没有这个项目" in wrong.content.decode() and "带单位的数" in wrong.content.decode()
    answer = web.post(url, given)
    row = OtherFunding.objects.get()
    assert answer.url == reverse("other-funding-detail", args=[row.pk])
    assert web.post(url, given).url == answer.url and OtherFunding.objects.count() == 1
    page = web.get(answer.url).content.decode()
    assert "未定" in page and "示例生产线改造" in page
    step = {
        "nonce": uuid.uuid4(),
        "seen": 1,
        "to": "received",
        "on": "2021-12-01",
        "amount": "5万元",
    }
    assert web.post(answer.url, step).status_code == 302
    edit = reverse("other-funding-edit", args=[row.pk])
    assert "50,000.00元" in web.get(edit).content.decode()
    saved = web.post(edit, {**given, "nonce": uuid.uuid4(), "seen": 2, "amount": "6万元"})
    row.refresh_from_db()
    assert saved.status_code == 302 and (row.amount_fen, row.version) == (6_000_000, 3)
    assert "6.00 万元" in web.get(reverse("other-funding-list")).content.decode()


def test_who_sees_and_keeps_it(clerk: User) -> None:
    row = registered(make_sound_project(make_sound_firm()), clerk)
    url = reverse("other-funding-detail", args=[row.pk])
    own = make_user("enterprise-handler", enterprise=row.enterprise)
    far = make_user("section-clerk", SIBLING)
    assert web_of(own).get(url).status_code == 200 and web_of(far).get(url).status_code == 404
    step = {"nonce": uuid.uuid4(), "seen": 1, "to": "applied", "on": "2021-01-01"}
    assert web_of(own).post(url, step).status_code == 403
    for name in ("other-funding-new", "double-list"):
        assert web_of(own).get(reverse(name)).status_code == 403
    seek = f"{reverse('other-funding-new')}?enterprise={row.enterprise.uscc}"
    assert "没有覆盖它的有效上级文件" in web_of(clerk).get(seek).content.decode()


def test_the_list_takes_the_same_queries_for_many(clerk: User) -> None:
    def more(count: int) -> None:
        for _ in range(count):
            registered(make_sound_project(make_sound_firm()), clerk)

    web, url = web_of(clerk), reverse("other-funding-list")
    more(2)
    web.get(url)
    few = len(queries_of(web, url))
    more(12)
    assert len(queries_of(web, url)) == few
