"""Lists of requests, batches, payments and accounts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import formats
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    words_field,
    year_field,
)
from jigai.core.screens.list_page import Count, ListAction, ListPage
from jigai.funding.models import BankAccount, PaymentBatch, PaymentOrder, PaymentRequest
from jigai.funding.payments.accounts import masked
from jigai.funding.payments.selectors import accounts_for, batches_for, orders_for, requests_for
from jigai.funding.payments.words import (
    ACCOUNT_LOOKS,
    ACCOUNT_WORDS,
    BATCH_LOOKS,
    BATCH_WORDS,
    ORDER_LOOKS,
    ORDER_WORDS,
    REQUEST_LOOKS,
    REQUEST_WORDS,
)


class RequestFilters(ListFilters):
    """Number or round, state, region, year of the fund."""

    q = words_field("关键词", "编号、指标文号、批次")
    state = choice("状态", PaymentRequest.State.choices)
    region = RegionField()
    year = year_field("预算年度")
    lookups = {"year": "programme__year"}

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the number, the quota's number or the round's name."""
        wanted = Q(number__icontains=value) | Q(quota_no__icontains=value)
        return rows.filter(wanted | Q(round__name__icontains=value))

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "round__region_code", value)


class RequestList(ListPage):
    """Requests for payment."""

    page = "payments"
    url_name = "payment-list"
    title = "资金拨付"
    note = "请示、指标文件、支付批与回单"
    capability = "payment.view"
    filters = RequestFilters
    columns = (
        Column("number", "编号", link=True),
        Column("round", "申报批次", "round.name", clip=True),
        Column("state", "状态", lambda row: REQUEST_LOOKS[row.state], kind=c.STATUS,
               choices=REQUEST_WORDS, sort="state"),
        Column("rows", "户数", kind=c.WHOLE, sort="rows"),
        Column("total", "请示金额", "total_fen", kind=c.MONEY, sort="total_fen"),
        Column("quota", "指标金额", "quota_fen", kind=c.MONEY, sort="quota_fen"),
        Column("quota_no", "指标文号"),
        Column("sent_on", "送出日期", kind=c.DAY, sort="sent_on"),
        Column("quota_on", "下达日期", kind=c.DAY, sort="quota_on"),
        Column("programme", "专项资金", "programme.name", shown=False, clip=True),
        Column("made_at", "拟稿时间", kind=c.MOMENT, shown=False),
    )  # fmt: skip
    actions = (
        ListAction("新建请示", "payment-new", "plus", "payment.request", primary=True),
        ListAction("支付批", "payment-batches", "files", "payment.view"),
        ListAction("支付明细", "payment-orders", "list-details", "payment.view"),
    )
    empty_title = "还没有拨付请示"
    empty_hint = "公示无异议的申报可以请款；由主管部门新建请示，送财政部门下达指标。"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Requests within reach."""
        return requests_for(access).select_related("round", "programme")

    def row_url(self, row: PaymentRequest) -> str:
        """The request."""
        return reverse("payment-detail", args=[row.pk])


class BatchFilters(ListFilters):
    """Number and state."""

    q = words_field("关键词", "批号、请示编号")
    state = choice("状态", PaymentBatch.State.choices)

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the batch's number or its request's."""
        return rows.filter(Q(number__icontains=value) | Q(request__number__icontains=value))


class BatchList(ListPage):
    """Batches of payments."""

    page = "payment-batches"
    url_name = "payment-batches"
    title = "支付批"
    note = "一人制单，另一人复核，送出后等国库回单"
    capability = "payment.view"
    filters = BatchFilters
    columns = (
        Column("number", "批号", link=True),
        Column("request", "请示", "request.number"),
        Column("round", "申报批次", "request.round.name", clip=True),
        Column("state", "状态", lambda row: BATCH_LOOKS[row.state], kind=c.STATUS,
               choices=BATCH_WORDS, sort="state"),
        Column("rows", "笔数", kind=c.WHOLE, sort="rows"),
        Column("total", "金额", "total_fen", kind=c.MONEY, sort="total_fen"),
        Column("made_at", "制单时间", kind=c.MOMENT, sort="made_at"),
        Column("sent_at", "送出时间", kind=c.MOMENT, sort="sent_at"),
    )  # fmt: skip
    empty_title = "还没有支付批"
    empty_hint = "请示下达指标之后，由财政部门在请示页面制单。"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Batches within reach."""
        return batches_for(access).select_related("request__round")

    def row_url(self, row: PaymentBatch) -> str:
        """The batch."""
        return reverse("payment-batch", args=[row.pk])


class OrderFilters(ListFilters):
    """Reference, payee or application; state; day."""

    q = words_field("关键词", "支付编号、单位、申报编号")
    state = choice("状态", PaymentOrder.State.choices)
    batch = words_field("批号")
    lookups = {"batch": "batch__number"}

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the reference, the payee's name or the application's number."""
        wanted = Q(reference__icontains=value) | Q(enterprise__name__icontains=value)
        return rows.filter(wanted | Q(application__number__icontains=value))


class OrderList(ListPage):
    """Single payments; an enterprise sees those that come to it."""

    page = "payment-orders"
    url_name = "payment-orders"
    title = "支付明细"
    capability = "payment.view"
    filters = OrderFilters
    columns = (
        Column("reference", "支付编号", sort="reference"),
        Column("enterprise", "收款单位", "enterprise.name", link=True, clip=True),
        Column("application", "申报编号", "application.number"),
        Column("level", "负担层级", shown=False),
        Column("amount", "金额", "amount_fen", kind=c.MONEY, sort="amount_fen"),
        Column("state", "状态", lambda row: ORDER_LOOKS[row.state], kind=c.STATUS,
               choices=ORDER_WORDS, sort="state"),
        Column("account", "收款账号", lambda row: masked(row.account.number)),
        Column("paid_on", "到账日期", kind=c.DAY, sort="paid_on"),
        Column("returned_reason", "退票原因", clip=True),
        Column("batch", "批号", "batch.number", shown=False),
    )  # fmt: skip
    empty_title = "还没有支付明细"
    empty_hint = "财政部门制单之后，每一笔支付显示在这里。"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Payments within reach."""
        return orders_for(access).select_related("enterprise", "application", "account", "batch")

    def row_url(self, row: PaymentOrder) -> str:
        """The application it is paid for."""
        return reverse("application-detail", args=[row.application_id])

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """What is paid and what is on its way."""
        if not count.exact:
            return ""
        told = rows.order_by().values_list("state").annotate(fen=Sum("amount_fen"))
        sums = {state: fen for state, fen in told}
        return (
            f"已到账 {formats.wan(sums.get('paid', 0))} 万元，"
            f"在途 {formats.wan(sums.get('sent', 0))} 万元"
        )


class AccountFilters(ListFilters):
    """Enterprise and state."""

    q = words_field("关键词", "企业、开户银行")
    state = choice("状态", BankAccount.State.choices)

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the enterprise's name or of the bank's."""
        return rows.filter(Q(enterprise__name__icontains=value) | Q(bank__icontains=value))


class AccountList(ListPage):
    """Accounts of enterprises; numbers are masked."""

    page = "accounts"
    url_name = "account-list"
    title = "收款账户"
    note = "户名应是企业自己；由另一人核对之后才能付款"
    capability = ("account.give", "account.verify", "payment.make")
    filters = AccountFilters
    columns = (
        Column("enterprise", "企业", "enterprise.name", link=True, clip=True),
        Column("holder", "户名", clip=True, shown=False),
        Column("bank", "开户银行", clip=True),
        Column("number", "账号", lambda row: masked(row.number)),
        Column("state", "状态", lambda row: ACCOUNT_LOOKS[row.state], kind=c.STATUS,
               choices=ACCOUNT_WORDS, sort="state"),
        Column("proposed_at", "提交时间", kind=c.MOMENT, sort="proposed_at"),
        Column("verified_at", "核对时间", kind=c.MOMENT, sort="verified_at"),
        Column("note", "核对意见", clip=True),
    )  # fmt: skip
    actions = (ListAction("提交账户", "account-new", "plus", "account.give", primary=True),)
    empty_title = "还没有收款账户"
    empty_hint = "企业提交账户并经另一人核对之后，拨付才能付到账户。"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Accounts within reach."""
        return accounts_for(access).select_related("enterprise")

    def row_url(self, row: BankAccount) -> str:
        """The account."""
        return reverse("account-detail", args=[row.pk])
