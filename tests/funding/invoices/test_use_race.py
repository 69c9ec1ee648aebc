"""Fifty people count the same invoice at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.db.models import Sum

from jigai.core.models import Enterprise
from jigai.errors import JigaiError
from jigai.funding.invoices.items import ensure_items
from jigai.funding.invoices.uses import count_lines
from jigai.funding.models import Application, ApplicationLine, InvoiceItem, InvoiceLine, InvoiceUse
from tests.factories import make_enterprise, make_line, make_project
from tests.funding.making import make_application, make_round

pytestmark = pytest.mark.system("vat-invoice-verification")
WHOLE, SHARE, PEOPLE = 100_000, 3_000, 50


def _applications() -> list[Application]:
    """Fifty applications that each ask for 3 % of the same line."""
    firm: Enterprise = make_enterprise()
    round_, found = make_round(), []
    for _ in range(PEOPLE):
        line = make_line(make_project(firm), invoice_no="00000555")
        row = make_application(round_, firm, project=line.project, state="submitted", lines=[line])
        found.append(row)
    ApplicationLine.objects.update(share_fen=SHARE)
    ensure_items(InvoiceLine.objects.all())
    return found


def _at_once(rows: list[Application], deed: Callable[[Application], None]) -> list[str]:
    gate, told = threading.Barrier(len(rows)), []

    def work(row: Application) -> None:
        try:
            gate.wait(60)
            with transaction.atomic():
                deed(row)
            told.append("counted")
        except JigaiError as refused:
            told.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return told


def test_no_more_is_counted_than_there_is(own_database: str) -> None:
    """33 of 50 get their 3 %, the rest are refused with where it is counted."""
    told = _at_once(_applications(), lambda row: count_lines(application=row))
    item = InvoiceItem.objects.get()
    assert item.used_fen == InvoiceUse.objects.aggregate(fen=Sum("fen"))["fen"] == 33 * SHARE
    assert sorted(told) == ["counted"] * 33 + ["invoice-counted"] * 17


def test_control_a_check_before_writing_lets_more_through(own_database: str) -> None:
    """Without the database's own sum, reading what is left and then writing is not enough."""
    rows = _applications()
    item = InvoiceItem.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE funding_invoiceuse DISABLE TRIGGER USER")
    together = threading.Barrier(PEOPLE)

    def deed(row: Application) -> None:
        used = InvoiceUse.objects.filter(item=item).aggregate(fen=Sum("fen"))["fen"] or 0
        together.wait(60)
        if used + SHARE > WHOLE:
            raise JigaiError("invoice-counted", "没有剩余")
        InvoiceUse.objects.create(item=item, application=row, fen=SHARE, why="先查后写")

    _at_once(rows, deed)
    counted = InvoiceUse.objects.aggregate(fen=Sum("fen"))["fen"]
    assert counted > WHOLE
