"""A round whose applications are cleared and reserved, with the people who pay them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.evidence import store_evidence
from jigai.core.models import Enterprise, EvidenceFile, User
from jigai.funding.budgets import money
from jigai.funding.models import (
    Application,
    BankAccount,
    PaymentBatch,
    PaymentOrder,
    PaymentRequest,
    Programme,
    ReturnFile,
)
from jigai.funding.payments.answers import HEADINGS, PAID, RETURNED
from jigai.funding.payments.services.answer_request import grant_request
from jigai.funding.payments.services.book_answers import book_answers
from jigai.funding.payments.services.make_batch import make_batch
from jigai.funding.payments.services.make_request import make_request
from jigai.funding.payments.services.release_batch import release_batch
from jigai.funding.payments.services.send_batch import send_batch
from jigai.funding.payments.services.send_request import send_request
from jigai.sheets.values.amounts import yuan_text
from tests.factories import COUNTY, make_department, make_enterprise, make_user
from tests.funding.making import make_application, make_programme, make_round

Row = Sequence[Any]


def make_account(
    enterprise: Enterprise, *, proposed_by: User, verified_by: User | None = None, **fields: Any
) -> BankAccount:
    """An account of an enterprise; verified where somebody did."""
    given = {
        "holder": enterprise.name, "bank": "示例银行示例支行", "branch_no": "105461000001",
        "number": f"370010{enterprise.pk:012d}", **fields,
    }  # fmt: skip
    if verified_by is not None:
        given |= {"state": "verified", "verified_by": verified_by, "verified_at": timezone.now()}
    return BankAccount.objects.create(enterprise=enterprise, proposed_by=proposed_by, **given)


class Scene:
    """Everything up to ``cleared``; each method takes the next step as the one whose it is."""

    def __init__(self, amounts: Sequence[int] = (100_00, 200_00, 300_00), fund: int = 0) -> None:
        finance = make_department(line="finance", name="测试财政局")
        self.clerk = make_user("section-clerk")
        self.finance = make_user("finance", department=finance)
        self.treasury = make_user("finance-chief", department=finance)
        self.programme: Programme = make_programme(fund or sum(amounts) * 2 or 100_00)
        now = timezone.now()
        self.round = make_round(
            self.programme, state="decided", opens_at=now - dt.timedelta(days=60),
            closes_at=now - dt.timedelta(days=30), created_by=self.clerk,
        )  # fmt: skip
        self.applications = [self.add(fen) for fen in amounts]
        self.reserve(self.applications)

    @cached_property
    def firm_person(self) -> User:
        """Who acts for the first enterprise."""
        firm = self.applications[0].enterprise
        return make_user("enterprise-handler", enterprise=firm)

    def add(self, fen: int, **fields: Any) -> Application:
        """One more cleared application with a verified account; not yet reserved."""
        firm = fields.pop("enterprise", None) or make_enterprise()
        make_account(firm, proposed_by=self.clerk, verified_by=self.finance)
        return make_application(self.round, firm, state="cleared", fen=fen, **fields)

    def reserve(self, applications: Iterable[Application], list_pk: int = 1) -> None:
        """Bind the money as a decision does."""
        money.reserve(
            programme=self.programme, amounts={a.pk: a.decided_fen or 0 for a in applications},
            list_pk=list_pk, on=dt.date(2021, 11, 1), by=self.clerk,
        )  # fmt: skip

    def asked(self) -> PaymentRequest:
        """A draft of a request."""
        return make_request(round_=self.round, by=self.clerk, access=access_of(self.clerk))

    def sent_request(self) -> PaymentRequest:
        """A request on the finance department's desk."""
        row = self.asked()
        return send_request(
            request=row.pk, seen=row.version, by=self.clerk, access=access_of(self.clerk)
        )

    def granted(self, fen: int | None = None, rule: str = "") -> PaymentRequest:
        """A request with its quota document; all of it unless told otherwise."""
        row = self.sent_request()
        return grant_request(
            request=row.pk, seen=row.version, quota_no="测财指〔2021〕1号",
            quota_on=timezone.localdate(), fen=row.total_fen if fen is None else fen, rule=rule,
            by=self.finance, access=access_of(self.finance),
        )  # fmt: skip

    def made(self, request: PaymentRequest) -> PaymentBatch:
        """A batch of everything that can be paid."""
        return make_batch(request=request.pk, by=self.finance, access=access_of(self.finance))

    def released(self, request: PaymentRequest) -> PaymentBatch:
        """A batch looked over by the second person."""
        batch = self.made(request)
        return release_batch(
            batch=batch.pk, seen=batch.version, by=self.treasury, access=access_of(self.treasury)
        )

    def send(self, batch: PaymentBatch) -> PaymentBatch:
        """Hand a batch to the treasury."""
        return send_batch(
            batch=batch.pk, seen=batch.version, by=self.finance, access=access_of(self.finance)
        )

    def sent(self, request: PaymentRequest | None = None) -> PaymentBatch:
        """A batch on its way."""
        return self.send(self.released(request or self.granted()))

    def book(self, batch: PaymentBatch, file: EvidenceFile) -> ReturnFile:
        """Take in a file of answers."""
        return book_answers(
            batch=batch.pk, file=file, by=self.finance, access=access_of(self.finance)
        )

    def answer(self, batch: PaymentBatch, **files: Any) -> ReturnFile:
        """Everything arrived, but for what ``answer_file`` is told."""
        return self.book(batch, self.answer_file(batch, **files))

    def answer_file(
        self, batch: PaymentBatch, *, back: Sequence[str] = (), extra: Sequence[Row] = (),
        change: dict[str, dict[int, Any]] | None = None, total: tuple[int, int] | None = None,
        name: str = "", leave: Sequence[str] = (),
    ) -> EvidenceFile:  # fmt: skip
        """A file of answers: ``back`` are returned, ``leave`` left out, ``change`` cells by
        reference and column, ``extra`` rows more, ``total`` other control totals."""
        rows = []
        for order in batch.orders.select_related("account").order_by("id"):
            if order.reference in leave:
                continue
            row = answer_row(order, order.reference in back)
            for place, value in (change or {}).get(order.reference, {}).items():
                row[place] = value
            rows.append(row)
        return store(self.finance, [*rows, *map(list, extra)], total, name)


def answer_row(order: PaymentOrder, back: bool = False) -> list[Any]:
    """What the bank says about an order."""
    today = timezone.localdate().isoformat()
    told = [RETURNED, today, "账号已销户"] if back else [PAID, today, ""]
    return [order.reference, order.account.number, yuan_text(order.amount_fen), *told]


def store(
    owner: User, rows: Sequence[Row], total: tuple[int, int] | None = None, name: str = ""
) -> EvidenceFile:
    """A .csv of answers with its total line, in the store."""
    added = sum(round(float(str(row[2]).replace(",", "") or 0) * 100) for row in rows
                if str(row[2]).replace(".", "").replace(",", "").isdigit())  # fmt: skip
    count, fen = total or (len(rows), added)
    lines = [HEADINGS, *rows, ["合计", f"{count}笔", yuan_text(fen), "", "", ""]]
    text = "".join(",".join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)
    return keep(owner, text.encode(), name or "回单.csv")


def keep(owner: User, content: bytes, name: str) -> EvidenceFile:
    """Bytes in the store of evidence."""
    from io import BytesIO

    return store_evidence(stream=BytesIO(content), name=name, owner=owner, region_code=COUNTY)


def states(*rows: Application) -> list[str]:
    """The states of applications now."""
    return [Application.objects.get(pk=row.pk).state for row in rows]


def keep_path(owner: User, path: Path) -> EvidenceFile:
    """A file on disk in the store of evidence."""
    return keep(owner, path.read_bytes(), path.name)
