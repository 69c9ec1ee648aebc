"""Money that has to come back: found by papers, settled by another person, booked once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.jobs import run_job
from jigai.core.models import IssuedDocument, Job, Notice, User
from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances, order, reserve, settle
from jigai.funding.invoices.later_papers import take_in
from jigai.funding.models import (
    Application,
    BankAccount,
    InvoiceItem,
    InvoiceLine,
    OtherFunding,
    PaymentBatch,
    PaymentOrder,
    PaymentRequest,
    Recovery,
    Repayment,
    Round,
)
from jigai.funding.payments.outcomes import carry_on
from jigai.funding.recovery.interest import interest_of
from jigai.funding.recovery.services.agree_recovery import agree_recovery
from jigai.funding.recovery.services.book_repayment import book_repayment
from jigai.funding.recovery.services.check_paid import check_paid
from jigai.funding.recovery.services.confirm_recovery import confirm_recovery, drop_recovery
from jigai.funding.recovery.services.open_recovery import open_recovery
from tests.factories import COUNTY, SIBLING, make_user
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
from tests.query_counts import queries_of

FLOW = pytest.mark.system("application-workflow")
pytestmark = [pytest.mark.django_db, FLOW]
__all__ = ["fund", "open_round"]
PAID = 24_000_000
TODAY = timezone.localdate


@pytest.fixture
def people(db: None) -> dict[str, User]:
    return {"clerk": make_user("section-clerk"), "chief": make_user("section-chief"),
            "finance": make_user("finance")}  # fmt: skip


@pytest.fixture
def paid(open_round: Callable[..., Round], people: dict[str, User]) -> Application:
    """800 万元 of equipment, 24 万元 paid through the fund's own book."""
    project = make_sound_project(make_sound_firm())
    row = apply_with(open_round(2021), project, buy(project, 8 * MILLION, invoice_no="00000044"))
    programme, by = row.round.programme, people["finance"]
    reserve(programme=programme, amounts={row.pk: PAID}, list_pk=1, on=TODAY(), by=by)
    request = PaymentRequest.objects.create(
        round=row.round, programme=programme, number=f"QS-{row.pk}", total_fen=PAID, rows=1,
        made_by=by,
    )  # fmt: skip
    batch = PaymentBatch.objects.create(
        request=request, number=f"ZF-{row.pk}", total_fen=PAID, rows=1, made_by=by
    )
    account = BankAccount.objects.create(
        enterprise=row.enterprise, holder=row.enterprise.name, bank="示例银行", number="6222000000",
        proposed_by=by,
    )  # fmt: skip
    one = PaymentOrder.objects.create(
        batch=batch, application=row, enterprise=row.enterprise, account=account,
        reference=f"R-{row.pk}", amount_fen=PAID,
    )  # fmt: skip
    order(programme=programme, orders=[one], on=TODAY(), by=by)
    settle(programme=programme, orders=[one], on=TODAY(), by=by)
    return pay(row, PAID)


def red_letter(project: Any, fen: int = 2 * MILLION, number: str = "00000099") -> InvoiceLine:
    return buy(project, -fen, invoice_no=number, status="red", red_of_code="3700211130",
               red_of_no="00000044", date=dt.date(2021, 11, 1))  # fmt: skip


def run_waiting() -> None:
    for job in Job.objects.filter(kind="funding-recheck", status="waiting").order_by("pk"):
        run_job(job.pk)


def settled(row: Recovery, by: User, **changes: Any) -> Recovery:
    given = {
        "recovery": row.pk, "seen": row.version, "amount_fen": row.amount_fen, "rate_pct": None,
        "rate_source": "", "until": TODAY(), "due_on": TODAY() + dt.timedelta(days=30),
        "remark": "", "by": by, "access": access_of(by), **changes,
    }  # fmt: skip
    return confirm_recovery(**given)


def booked(row: Recovery, by: User, fen: int, reference: str) -> Repayment:
    row.refresh_from_db()
    return book_repayment(
        recovery=row.pk, seen=row.version, amount_fen=fen, received_on=TODAY(),
        reference=reference, by=by, access=access_of(by),
    )  # fmt: skip


# ── a red letter that arrives later ──────────────────────────────────────────────────────


def test_a_red_letter_after_payment_opens_one_recovery_of_the_difference(
    paid: Application,
) -> None:
    """800 less 200 万元 at 3 % is 18 万元: 6 of the 24 have to come back, once."""
    line = red_letter(paid.project)
    assert take_in([line.pk]) == [paid.pk]
    paid.refresh_from_db()
    assert "00000044" in paid.stale
    run_waiting()
    row = Recovery.objects.get()
    assert (row.amount_fen, row.reason, row.state) == (6_000_000, "red_letter", "opened")
    assert row.trigger == f"red:{line.pk}:{paid.pk}" and row.opened_by is None
    assert row.basis["worked_out"] == 18_000_000 and row.number.startswith(f"ZH-{COUNTY}-")
    for _ in range(2):
        take_in([line.pk])
        check_paid(application=paid, by=None)
    assert Recovery.objects.count() == 1
    paid.refresh_from_db()
    assert paid.stale == ""


def test_a_red_letter_while_the_money_is_on_its_way_opens_its_recovery_once_it_arrived(
    paid: Application, people: dict[str, User]
) -> None:
    Application.objects.filter(pk=paid.pk).update(state="paying", paid_on=None, paid_fen=None)
    PaymentOrder.objects.filter(application=paid).update(state="sent")
    take_in([red_letter(paid.project).pk])
    run_waiting()
    assert not Recovery.objects.exists()
    PaymentOrder.objects.filter(application=paid).update(state="paid", paid_on=TODAY())
    for _ in range(2):
        carry_on([PaymentOrder.objects.get(application=paid).pk], people["finance"])
        run_waiting()
    assert Recovery.objects.get().amount_fen == 6_000_000
    paid.refresh_from_db()
    assert paid.stale == "" and Job.objects.filter(kind="funding-recheck").count() == 1


def test_the_way_to_a_recovery_is_on_the_page_of_what_was_paid(
    paid: Application, people: dict[str, User]
) -> None:
    page, way = (reverse(name, args=[paid.pk]) for name in ("application-detail", "recovery-new"))
    assert f'href="{way}"' in web_of(people["clerk"]).get(page).content.decode()
    for other in (
        make_user("auditor"),
        make_user("enterprise-handler", enterprise=paid.enterprise),
    ):
        assert web_of(other).get(page).status_code == 200
        assert way not in web_of(other).get(page).content.decode()
    Application.objects.filter(pk=paid.pk).update(state="paying")
    assert way not in web_of(people["clerk"]).get(page).content.decode()


def test_before_payment_the_amount_is_only_out_of_date(open_round: Callable[..., Round]) -> None:
    project = make_sound_project(make_sound_firm())
    row = apply_with(open_round(2021), project, buy(project, 8 * MILLION, invoice_no="00000044"),
                     state="cleared")  # fmt: skip
    take_in([red_letter(project).pk])
    row.refresh_from_db()
    assert "红字" in row.stale and not Recovery.objects.exists() and not Job.objects.exists()


def test_a_draft_and_a_refused_application_are_left_alone(open_round: Callable[..., Round]) -> None:
    project = make_sound_project(make_sound_firm())
    row = apply_with(open_round(2021), project, buy(project, MILLION, invoice_no="00000044"))
    Application.objects.filter(pk=row.pk).update(state="refused")
    assert take_in([red_letter(project).pk]) == []


def test_a_second_red_letter_asks_only_for_what_it_adds(paid: Application) -> None:
    take_in([red_letter(paid.project, MILLION).pk])
    run_waiting()
    take_in([red_letter(paid.project, MILLION, "00000098").pk])
    run_waiting()
    assert list(Recovery.objects.order_by("id").values_list("amount_fen", flat=True)) == [
        3_000_000, 3_000_000,
    ]  # fmt: skip


def test_below_the_threshold_everything_comes_back(paid: Application) -> None:
    take_in([red_letter(paid.project, 4 * MILLION).pk])
    run_waiting()
    assert Recovery.objects.get().amount_fen == PAID


def test_paid_pro_rata_the_difference_is_cut_by_the_same_share(paid: Application) -> None:
    Application.objects.filter(pk=paid.pk).update(
        reviewed_fen=PAID, decided_fen=PAID // 2, paid_fen=PAID // 2
    )
    take_in([red_letter(paid.project).pk])
    run_waiting()
    row = Recovery.objects.get()
    assert (row.basis["due"], row.amount_fen) == (9_000_000, 3_000_000)


@pytest.mark.system("upstream-funding")
def test_money_from_above_after_payment_calls_back_what_was_paid(paid: Application) -> None:
    """Y39: the toy lets the firm keep both."""
    got = OtherFunding.objects.create(
        region_code=COUNTY, enterprise=paid.enterprise, project=paid.project, kind="upper",
        level="province", programme="示例省级专项", year=2021, amount_fen=50_000_000,
        received_on=dt.date(2021, 12, 30), state="received",
    )  # fmt: skip
    row = check_paid(application=paid, by=None)
    assert row is not None and row.amount_fen == PAID and row.reason == "other_funds"
    assert row.trigger == f"other:{got.pk}:{paid.pk}"
    assert check_paid(application=paid, by=None) is None


def test_an_amount_that_stays_open_is_said_to_be_open(paid: Application, people: Any) -> None:
    line = red_letter(paid.project)
    take_in([line.pk])
    paid.enterprise.figures.filter(term="grade").update(withdrawn_at=timezone.now())
    run_waiting()
    row = Recovery.objects.get()
    assert row.basis["open"] is True and row.amount_fen == 0
    with pytest.raises(JigaiError, match="大于零"):
        settled(row, people["chief"])
    assert settled(row, people["chief"], amount_fen=1_000).amount_fen == 1_000


# ── settled by another person ────────────────────────────────────────────────────────────


@pytest.fixture
def opened(paid: Application, people: dict[str, User]) -> Recovery:
    take_in([red_letter(paid.project).pk])
    run_waiting()
    return Recovery.objects.get()


def test_confirmed_booked_and_told(
    opened: Recovery, people: dict[str, User], django_capture_on_commit_callbacks: Any
) -> None:
    firm = make_user("enterprise-handler", enterprise=opened.enterprise)
    with django_capture_on_commit_callbacks(execute=True):
        row = settled(opened, people["chief"], remark="按红字发票核减")
    application = row.application
    application.refresh_from_db()
    assert (row.state, application.state) == ("confirmed", "recovering")
    assert (row.interest_fen, row.interest_rule) == (None, {"kind": "open"})
    books = balances(application.round.programme)
    assert (books.paid, books.receivable) == (PAID - 6_000_000, 6_000_000)
    assert Notice.objects.get(event="recovery-confirmed").user == firm
    item = InvoiceItem.objects.get(invoice_no="00000044")
    assert item.used_fen == item.capacity_fen == 6 * MILLION


def test_whoever_proposed_it_cannot_confirm_or_drop_it(
    paid: Application, people: dict[str, User]
) -> None:
    chief = people["chief"]
    row = open_recovery(application=paid, reason="mistake", trigger="p", text="多拨一笔",
                        amount_fen=100, basis={}, by=chief)  # fmt: skip
    for deed in (lambda: settled(row, chief),
                 lambda: drop_recovery(recovery=row.pk, seen=1, reason="算了", by=chief,
                                       access=access_of(chief))):  # fmt: skip
        with pytest.raises(JigaiError, match="不能自己核定"):
            deed()
    assert settled(row, make_user("leader")).state == "confirmed"


@pytest.mark.parametrize("fen", [0, PAID + 1])
def test_no_more_than_was_paid(opened: Recovery, people: dict[str, User], fen: int) -> None:
    with pytest.raises(JigaiError, match="不超过"):
        settled(opened, people["chief"], amount_fen=fen)


def test_two_at_the_same_page_do_not_overwrite_each_other(
    opened: Recovery, people: dict[str, User]
) -> None:
    settled(opened, people["chief"])
    with pytest.raises(JigaiError) as refused:
        settled(opened, make_user("leader"))
    assert refused.value.code == "changed"


def test_interest_is_simple_by_days_with_its_source(
    opened: Recovery, people: dict[str, User]
) -> None:
    until = dt.date(2022, 7, 1)
    row = settled(opened, people["chief"], rate_pct=Decimal("3.65"), rate_source="示例财发1号",
                  until=until)  # fmt: skip
    days = (until - dt.date(2021, 12, 31)).days
    assert row.interest_rule["days"] == days == 182
    assert row.interest_fen == round(Decimal(6_000_000) * Decimal("3.65") / 100 * days / 365)


def test_half_a_fen_of_interest_goes_up_and_a_rate_needs_a_source() -> None:
    day = dt.date(2021, 1, 1)
    told = interest_of(Decimal("36.5"), "示例", day, day + dt.timedelta(days=1))
    assert told is not None and [told.fen_on(fen) for fen in (499, 500, 1_500)] == [0, 1, 2]
    assert interest_of(None, "", None, day) is None
    for rate, source, since, until, words in (
        (Decimal(1), " ", day, day, "依据"), (Decimal(101), "示例", day, day, "100"),
        (Decimal(1), "示例", None, day, "到账日期"),
        (Decimal(1), "示例", day, day - dt.timedelta(days=1), "早于"),
    ):  # fmt: skip
        with pytest.raises(JigaiError, match=words):
            interest_of(rate, source, since, until)


# ── what comes back ──────────────────────────────────────────────────────────────────────


def test_repaid_in_parts_once_by_reference(opened: Recovery, people: dict[str, User]) -> None:
    row, clerk = settled(opened, people["chief"]), people["clerk"]
    first = booked(row, clerk, 2_000_000, "JK-1")
    assert booked(row, clerk, 2_000_000, "JK-1") == first and Repayment.objects.count() == 1
    with pytest.raises(JigaiError, match="已经登记过"):
        booked(row, clerk, 3_000_000, "JK-1")
    with pytest.raises(JigaiError, match=r"尚未收回的 40,000.00 元"):
        booked(row, clerk, 4_000_001, "JK-2")
    row.refresh_from_db()
    assert (row.repaid_fen, row.state, row.application.state) == (
        2_000_000, "confirmed", "recovering",
    )  # fmt: skip
    booked(row, clerk, 4_000_000, "JK-2")
    row = Recovery.objects.get(pk=row.pk)
    assert (row.state, row.application.state) == ("repaid", "paid")
    books = balances(row.application.round.programme)
    assert (books.receivable, books.paid) == (0, PAID - 6_000_000)


def test_what_is_dropped_later_is_written_off(opened: Recovery, people: dict[str, User]) -> None:
    row = settled(opened, people["chief"])
    booked(row, people["clerk"], 1_000_000, "JK-3")
    row.refresh_from_db()
    leader = make_user("leader")
    drop_recovery(recovery=row.pk, seen=row.version, reason="企业破产终结，示例法院裁定",
                  by=leader, access=access_of(leader))  # fmt: skip
    row.refresh_from_db()
    books = balances(row.application.round.programme)
    assert (row.state, books.written_off, books.receivable) == ("dropped", 5_000_000, 0)
    with pytest.raises(JigaiError, match="不能这样办"):
        booked(row, people["clerk"], 1, "JK-4")


def test_the_agreement_names_amount_interest_and_term(
    opened: Recovery, people: dict[str, User], settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    row, clerk = settled(opened, people["chief"]), people["clerk"]
    agree_recovery(recovery=row.pk, seen=row.version, by=clerk, access=access_of(clerk))
    paper = IssuedDocument.objects.get(object_kind="recovery")
    told = str(paper.content)
    for part in ("60,000.00", "未定", row.number, "财政资金退款协议"):
        assert part in told
    assert Recovery.objects.get().state == "agreed"


def test_only_paid_money_can_come_back(open_round: Callable[..., Round]) -> None:
    project = make_sound_project(make_sound_firm())
    row = apply_with(open_round(2021), project, buy(project, MILLION))
    with pytest.raises(JigaiError, match="还没有拨付"):
        open_recovery(application=row, reason="mistake", trigger="x", text="多拨", amount_fen=1,
                      basis={}, by=None)  # fmt: skip
    assert check_paid(application=row, by=None) is None


# ── on screen ────────────────────────────────────────────────────────────────────────────


def web_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_who_sees_it(opened: Recovery, people: dict[str, User]) -> None:
    url = reverse("recovery-detail", args=[opened.pk])
    own = make_user("enterprise-handler", enterprise=opened.enterprise)
    other = make_user("enterprise-handler", enterprise=make_sound_firm())
    far = make_user("section-clerk", SIBLING)
    told = {user.pk: web_of(user).get(url).status_code for user in (own, other, far)}
    assert told == {own.pk: 200, other.pk: 404, far.pk: 404}
    seen = web_of(own).get(reverse("recovery-list")).content.decode()
    assert opened.number in seen and "60,000.00" in seen
    page = web_of(own).get(url).content.decode()
    assert "核定追回" not in page and "登记收回" not in page
    leader = web_of(make_user("leader")).get(url).content.decode()
    assert "核定追回" in leader and 'value="60,000.00元"' in leader


def post(user: User, url: str, **data: Any) -> Any:
    import uuid

    return web_of(user).post(url, {"nonce": uuid.uuid4(), **data})


def test_the_whole_course_on_screen(
    opened: Recovery, people: dict[str, User], settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    url, today = reverse("recovery-detail", args=[opened.pk]), TODAY().isoformat()
    bare = {"confirm-amount": "6", "confirm-until": today, "confirm-due_on": today}
    wrong = post(people["chief"], url, deed="confirm", seen=1, **bare)
    assert wrong.status_code == 422 and "带单位的数" in wrong.content.decode()
    steps: list[tuple[str, str, dict[str, str]]] = [
        ("chief", "confirm", {"amount": "6万元", "until": today, "due_on": today}),
        ("clerk", "agree", {}),
        ("clerk", "repay", {"amount": "6万元", "received_on": today, "reference": "JK-9"}),
    ]
    for who, deed, given in steps:
        seen = Recovery.objects.get().version
        fields = {f"{deed}-{name}": value for name, value in given.items()}
        answer = post(people[who], url, deed=deed, seen=seen, **fields)
        assert answer.status_code == 302, answer.content.decode()[:2000]
    page = web_of(people["clerk"]).get(url).content.decode()
    assert "JK-9" in page and "已收回" in page and "核定追回</button>" not in page
    assert post(people["clerk"], url, deed="repay", seen=9).status_code in (400, 409, 422)


def test_proposed_and_worked_out_anew_on_screen(paid: Application, people: dict[str, User]) -> None:
    url = reverse("recovery-new", args=[paid.pk])
    clerk = people["clerk"]
    answer = post(clerk, url, reason="mistake", amount="1万元", text="重复计入一台设备")
    made = Recovery.objects.get()
    assert answer.url == reverse("recovery-detail", args=[made.pk]) and made.opened_by == clerk
    red_letter(paid.project)
    take_in(list(InvoiceLine.objects.filter(status="red").values_list("pk", flat=True)))
    post(clerk, reverse("recovery-recheck", args=[paid.pk]))
    assert Recovery.objects.exclude(pk=made.pk).get().amount_fen == 5_000_000
    assert post(make_user("auditor"), url, reason="mistake").status_code == 403


def test_the_list_takes_the_same_queries_for_many(
    paid: Application, people: dict[str, User]
) -> None:
    def more(count: int, start: int) -> None:
        for n in range(start, start + count):
            open_recovery(application=paid, reason="mistake", trigger=f"t{n}", text="多拨",
                          amount_fen=1, basis={}, by=None)  # fmt: skip

    web = web_of(people["clerk"])
    more(2, 0)
    web.get(reverse("recovery-list"))
    few = len(queries_of(web, reverse("recovery-list")))
    more(20, 10)
    assert len(queries_of(web, reverse("recovery-list"))) == few
