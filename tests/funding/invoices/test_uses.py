"""Each invoice line is counted once on the whole platform, whole or in parts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jigai.core.models import Enterprise
from jigai.errors import JigaiError
from jigai.funding.invoices.identity import identity_of, paper_of
from jigai.funding.invoices.items import ensure_items, ensure_untied
from jigai.funding.invoices.uses import (
    count_lines,
    counted_elsewhere,
    give_back,
    settle_audit,
    trim_to_capacity,
    uses_of,
)
from jigai.funding.models import (
    Application,
    ApplicationLine,
    InvoiceItem,
    InvoiceLine,
    InvoiceUse,
    Round,
)
from tests.factories import (
    CITY,
    COUNTY,
    SIBLING,
    make_enterprise,
    make_line,
    make_project,
)
from tests.funding.making import make_application, make_programme, make_round

VAT = pytest.mark.system("vat-invoice-verification")
pytestmark = [pytest.mark.django_db, VAT]
WHOLE = 100_000


@pytest.fixture
def firm() -> Enterprise:
    return make_enterprise()


@pytest.fixture
def round_() -> Round:
    return make_round()


def applied(round_: Round, firm: Enterprise, *lines: InvoiceLine, fen: int = 0) -> Application:
    """An application with shares of lines, whole unless told otherwise; not counted yet."""
    row = make_application(round_, firm, project=lines[0].project, state="submitted", lines=lines)
    if fen:
        ApplicationLine.objects.filter(application=row).update(share_fen=fen)
    return row


def bought(firm: Enterprise, number: str = "00000001", **fields: Any) -> InvoiceLine:
    project = fields.pop("project", make_project(firm))
    return make_line(project, **{"invoice_no": number, **fields})


# ── what makes a line the same line ──────────────────────────────────────────────────────


def told(**changes: Any) -> str:
    given = {"code": "3700211130", "number": "00000001", "customs_no": "", "item": "*机床*数控机床",
             "spec": "VMC-850", "amount_fen": WHOLE, **changes}  # fmt: skip
    return identity_of(**given)


@pytest.mark.parametrize(
    "same",
    [{"item": "数控机床"}, {"item": "数控 机床"}, {"spec": "vmc850"}, {"spec": "ＶＭＣ－８５０"},
     {"number": " 00000001"}, {"code": "3700 211130"}],
)  # fmt: skip
def test_writing_it_differently_makes_no_other_line(same: dict[str, Any]) -> None:
    assert told(**same) == told()


@pytest.mark.parametrize(
    "other",
    [{"number": "00000002"}, {"code": "3700211131"}, {"item": "磨床"}, {"spec": "VMC-950"},
     {"amount_fen": WHOLE + 1}],
)  # fmt: skip
def test_another_paper_item_or_amount_is_another_line(other: dict[str, Any]) -> None:
    assert told(**other) != told()


def test_what_cannot_be_told_from_others_has_no_identity() -> None:
    assert told(number=None) == "" and told(amount_fen=None) == ""
    assert told(number=None, customs_no="0231-2021") == told(number="", customs_no="02312021")
    digital = "24372000000012345678"
    assert paper_of("x", digital) == paper_of(None, digital) == digital


# ── items ────────────────────────────────────────────────────────────────────────────────


def test_the_same_line_of_another_region_year_and_file_is_the_same_item(firm: Enterprise) -> None:
    first = bought(firm)
    far = make_line(make_project(make_enterprise(region=SIBLING), year=2022),
                    invoice_no="00000001", item="*机床*数控 机床")  # fmt: skip
    other = bought(firm, "00000002")
    assert (ensure_untied(), ensure_untied()) == (3, 0)
    assert InvoiceItem.objects.count() == 2
    ties = dict(InvoiceLine.objects.values_list("pk", "same"))
    assert ties[first.pk] == ties[far.pk] != ties[other.pk]
    assert ensure_items(InvoiceLine.objects.all()) == [] and InvoiceItem.objects.count() == 2


def test_lines_without_number_or_sure_amount_have_no_item(firm: Enterprise) -> None:
    bought(firm, invoice_no=None)
    bought(firm, amount_fen=None, unit_suspect=True)
    ensure_items(InvoiceLine.objects.all())
    assert not InvoiceItem.objects.exists()


def test_a_red_letter_takes_from_its_original_once(firm: Enterprise) -> None:
    first = bought(firm)
    ensure_items(InvoiceLine.objects.all())
    for year in (2021, 2022):
        bought(firm, "00000009", status="red", amount_fen=-30_000, red_of_code="3700211130",
               red_of_no="00000001", year=year, project=None)  # fmt: skip
    lowered = ensure_items(InvoiceLine.objects.filter(status="red"))
    item = InvoiceItem.objects.get(lines=first)
    assert (item.capacity_fen, lowered) == (70_000, [item.pk])
    assert ensure_items(InvoiceLine.objects.all()) == []


def test_a_red_letter_imported_before_its_original_counts_all_the_same(firm: Enterprise) -> None:
    bought(firm, "00000009", status="red", amount_fen=-WHOLE, red_of_code="3700211130",
           red_of_no="00000001")  # fmt: skip
    ensure_items(InvoiceLine.objects.all())
    late = bought(firm)
    ensure_items(InvoiceLine.objects.filter(pk=late.pk))
    assert InvoiceItem.objects.get(lines=late).capacity_fen == 0


def test_a_paper_that_anybody_imported_as_void_holds_nothing(firm: Enterprise) -> None:
    line = bought(firm)
    bought(make_enterprise(region=SIBLING), status="void")
    ensure_items(InvoiceLine.objects.all())
    assert InvoiceItem.objects.get(lines=line).capacity_fen == 0


def test_a_corrected_amount_is_another_item(firm: Enterprise) -> None:
    line = bought(firm)
    ensure_items(InvoiceLine.objects.all())
    InvoiceLine.objects.filter(pk=line.pk).update(amount_fen=WHOLE + 500)
    ensure_items(InvoiceLine.objects.filter(pk=line.pk))
    assert InvoiceItem.objects.get(lines=line).capacity_fen == WHOLE + 500


def test_items_of_many_lines_take_no_more_queries(firm: Enterprise) -> None:
    project = make_project(firm)
    few = [make_line(project).pk for _ in range(3)]
    many = [make_line(project).pk for _ in range(30)]
    taken = []
    for keys in (few, many):
        with CaptureQueriesContext(connection) as queries:
            ensure_items(InvoiceLine.objects.filter(pk__in=keys))
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 12


# ── counted once ─────────────────────────────────────────────────────────────────────────


def test_a_split_over_two_projects_goes_up_to_the_whole_and_no_further(
    round_: Round, firm: Enterprise
) -> None:
    one, two, three = (bought(firm) for _ in range(3))
    count_lines(application=applied(round_, firm, one, fen=60_000))
    count_lines(application=applied(round_, firm, two, fen=40_000))
    item = InvoiceItem.objects.get()
    assert (item.used_fen, item.left_fen) == (WHOLE, 0)
    with pytest.raises(JigaiError) as refused:
        count_lines(application=applied(round_, firm, three, fen=1))
    assert refused.value.code == "invoice-counted"
    assert InvoiceItem.objects.get().used_fen == WHOLE


@pytest.mark.parametrize("where", ["region", "year", "policy", "level"])
def test_once_over_regions_years_policies_and_levels(
    round_: Round, firm: Enterprise, where: str
) -> None:
    """The toy counts per project list: the same paper is taken again somewhere else."""
    count_lines(application=applied(round_, firm, bought(firm)))
    place = {"region": SIBLING, "level": CITY}.get(where, COUNTY)
    year = 2022 if where == "year" else 2021
    fund = make_programme(region=place, year=year, pack="luan-2020" if where == "policy" else "")
    again = make_round(fund)
    elsewhere = make_enterprise(region=place) if where in ("region", "level") else firm
    line = make_line(make_project(elsewhere, year=year), invoice_no="00000001")
    with pytest.raises(JigaiError) as refused:
        count_lines(application=applied(again, elsewhere, line))
    told = str(refused.value)
    assert refused.value.code == "invoice-counted" and "00000001" in told and "第1行" in told
    # Least data: another enterprise is told that, not who.
    assert (firm.name in told) is False
    assert ("SB-" in told) is (elsewhere == firm)


def test_the_message_names_the_row_the_invoice_and_what_is_left(
    round_: Round, firm: Enterprise
) -> None:
    first = applied(round_, firm, bought(firm), fen=60_000)
    count_lines(application=first)
    project = make_project(firm)
    good = make_line(project, invoice_no="00000077")
    bad = make_line(project, invoice_no="00000001")
    second = make_application(round_, firm, project=project, state="submitted", lines=[good, bad])
    with pytest.raises(JigaiError) as refused:
        count_lines(application=second)
    for part in (
        "第2行发票 00000001",
        "还可计入 400.00 元",
        "本次要计入 1,000.00 元",
        first.number,
    ):
        assert part in str(refused.value)
    assert not InvoiceUse.objects.filter(application=second).exists()


def test_what_is_given_back_may_be_counted_again(round_: Round, firm: Enterprise) -> None:
    first = applied(round_, firm, bought(firm))
    count_lines(application=first)
    give_back(application=first, why="撤回")
    assert uses_of(first) == {} and InvoiceItem.objects.get().used_fen == 0
    count_lines(application=applied(round_, firm, bought(firm)))
    assert InvoiceItem.objects.get().used_fen == WHOLE
    give_back(application=first, why="再撤一次")
    assert InvoiceItem.objects.get().used_fen == WHOLE


def test_counting_again_after_a_correction_moves_the_difference(
    round_: Round, firm: Enterprise
) -> None:
    row = applied(round_, firm, bought(firm), fen=30_000)
    count_lines(application=row)
    count_lines(application=row)
    assert InvoiceUse.objects.count() == 1
    ApplicationLine.objects.filter(application=row).update(share_fen=80_000)
    count_lines(application=row)
    moves = list(InvoiceUse.objects.order_by("pk").values_list("fen", flat=True))
    assert moves == [30_000, 50_000]


def test_what_the_audit_lowered_is_free_for_another_project(
    round_: Round, firm: Enterprise
) -> None:
    row = applied(round_, firm, bought(firm))
    count_lines(application=row)
    ApplicationLine.objects.filter(application=row).update(
        audited_fen=25_000, audit_reason="部分设备未到位"
    )
    settle_audit(application=row)
    assert InvoiceItem.objects.get().left_fen == 75_000
    count_lines(application=applied(round_, firm, bought(firm), fen=75_000))


@pytest.mark.parametrize("fen", [-1, WHOLE + 1])
def test_a_share_is_of_the_amount_without_tax(round_: Round, firm: Enterprise, fen: int) -> None:
    """The toy takes the total with tax: 1,130.00 of 1,000.00."""
    with pytest.raises(JigaiError) as refused:
        count_lines(application=applied(round_, firm, bought(firm), fen=fen))
    assert refused.value.code == "invoice-share" and "不含税" in str(refused.value)


def test_a_line_without_number_says_what_to_do(round_: Round, firm: Enterprise) -> None:
    with pytest.raises(JigaiError) as refused:
        count_lines(application=applied(round_, firm, bought(firm, invoice_no=None)))
    assert refused.value.code == "invoice-no-number" and "补录" in refused.value.hint


def test_a_red_letter_leaves_less_to_count(round_: Round, firm: Enterprise) -> None:
    """The toy drops the red line and counts the blue one in full."""
    line = bought(firm)
    make_line(line.project, invoice_no="00000009", status="red", amount_fen=-30_000,
              red_of_code="3700211130", red_of_no="00000001")  # fmt: skip
    ensure_items(InvoiceLine.objects.all())
    with pytest.raises(JigaiError) as refused:
        count_lines(application=applied(round_, firm, line))
    assert "还可计入 700.00 元" in str(refused.value) and "红字" in str(refused.value)
    count_lines(application=applied(round_, firm, bought(firm), fen=70_000))


def test_a_recovery_gives_back_what_is_no_longer_there(round_: Round, firm: Enterprise) -> None:
    row = applied(round_, firm, bought(firm))
    count_lines(application=row)
    bought(firm, "00000009", status="red", amount_fen=-30_000, red_of_code="3700211130",
           red_of_no="00000001")  # fmt: skip
    ensure_items(InvoiceLine.objects.all())
    trim_to_capacity(application=row, why="追回")
    item = InvoiceItem.objects.get(invoice_no="00000001")
    assert (item.used_fen, item.capacity_fen) == (70_000, 70_000)


def test_where_an_item_is_counted_is_two_queries(round_: Round, firm: Enterprise) -> None:
    rows = [applied(round_, firm, bought(firm), fen=10_000) for _ in range(4)]
    for row in rows:
        count_lines(application=row)
    items = [InvoiceItem.objects.get().pk]
    with CaptureQueriesContext(connection) as queries:
        found = counted_elsewhere(items, rows[0])
    assert len(queries) == 2
    assert [(c.application, c.fen) for c in found] == [(row, 10_000) for row in rows[1:]]


def test_the_database_itself_refuses(round_: Round, firm: Enterprise) -> None:
    row = applied(round_, firm, bought(firm))
    count_lines(application=row)
    item = InvoiceItem.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceUse.objects.create(item=item, application=row, fen=1, why="绕过服务")
    with pytest.raises(Exception, match="used_by_uses"), transaction.atomic():
        InvoiceItem.objects.filter(pk=item.pk).update(used_fen=0)


def test_day_of_the_paper_is_kept_with_the_item(firm: Enterprise) -> None:
    bought(firm, date=dt.date(2021, 3, 4), seller="济南机床有限公司")
    ensure_items(InvoiceLine.objects.all())
    item = InvoiceItem.objects.get()
    assert (item.date, item.seller) == (dt.date(2021, 3, 4), "济南机床有限公司")
