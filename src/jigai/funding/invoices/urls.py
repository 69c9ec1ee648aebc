"""Addresses of this part of the funding room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.funding.invoices.views import line

urlpatterns: list[URLPattern] = [
    path("invoices/<int:pk>/", line.detail, name="invoice-detail"),
]
