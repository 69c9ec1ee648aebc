"""Addresses of payments and accounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.funding.payments import lists
from jigai.funding.payments.views import accounts, batches, money, requests

_BATCH = "payments/batches/<int:pk>/"

urlpatterns: list[URLPattern] = [
    *list_urls(lists.RequestList, "payments/"),
    *list_urls(lists.BatchList, "payments/batches/"),
    *list_urls(lists.OrderList, "payments/orders/"),
    path("payments/new/", requests.new, name="payment-new"),
    path("payments/<int:pk>/", requests.detail, name="payment-detail"),
    path("payments/<int:pk>/do/<slug:verb>/", requests.act, name="payment-act"),
    path("payments/<int:pk>/paper/<slug:kind>/", requests.paper, name="payment-paper"),
    path("payments/rounds/<int:pk>/shares/", requests.shares, name="payment-shares"),
    path(_BATCH, batches.detail, name="payment-batch"),
    path(f"{_BATCH}do/<slug:verb>/", batches.act, name="payment-batch-act"),
    path(f"{_BATCH}file/<slug:kind>/", batches.file, name="payment-batch-file"),
    path("payments/answers/<int:pk>/", batches.answers, name="payment-answers"),
    path("payments/funds/<int:pk>/", money.reconciled, name="payment-reconcile"),
    path("applications/<int:pk>/payment/", money.of_application, name="application-payment"),
    *list_urls(lists.AccountList, "accounts/"),
    path("accounts/new/", accounts.new, name="account-new"),
    path("accounts/<int:pk>/", accounts.detail, name="account-detail"),
    path("accounts/<int:pk>/proof/", accounts.proof, name="account-proof"),
]
