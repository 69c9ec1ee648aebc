"""Addresses of the funding room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.funding.views import consortia, invoices

urlpatterns: list[URLPattern] = [
    *list_urls(invoices.InvoiceList, "invoices/"),
    *list_urls(consortia.ConsortiumList, "consortia/"),
    path("consortia/<int:pk>/", consortia.detail, name="consortium-detail"),
    path("projects/<int:pk>/lines/", invoices.of_project, name="project-lines"),
    path("projects/<int:pk>/consortia/", consortia.of_project, name="project-consortia"),
    path("enterprises/<int:pk>/consortia/", consortia.of_enterprise, name="enterprise-consortia"),
]
