"""Addresses of the funding room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.funding.applications.urls import urlpatterns as applications
from jigai.funding.awards.urls import urlpatterns as awards
from jigai.funding.budgets.urls import urlpatterns as budgets
from jigai.funding.decisions.urls import urlpatterns as decisions
from jigai.funding.elsewhere.urls import urlpatterns as elsewhere
from jigai.funding.invoices.urls import urlpatterns as counted
from jigai.funding.payments.urls import urlpatterns as payments
from jigai.funding.publicity.urls import urlpatterns as publicity
from jigai.funding.recovery.urls import urlpatterns as recovery
from jigai.funding.review.urls import urlpatterns as review
from jigai.funding.rounds.urls import urlpatterns as rounds
from jigai.funding.views import consortia, invoices

urlpatterns: list[URLPattern] = [
    *list_urls(invoices.InvoiceList, "invoices/"),
    *list_urls(consortia.ConsortiumList, "consortia/"),
    path("consortia/<int:pk>/", consortia.detail, name="consortium-detail"),
    path("projects/<int:pk>/lines/", invoices.of_project, name="project-lines"),
    path("projects/<int:pk>/consortia/", consortia.of_project, name="project-consortia"),
    path("enterprises/<int:pk>/consortia/", consortia.of_enterprise, name="enterprise-consortia"),
    *rounds,
    *applications,
    *counted,
    *elsewhere,
    *review,
    *decisions,
    *publicity,
    *payments,
    *recovery,
    *budgets,
    *awards,
]
