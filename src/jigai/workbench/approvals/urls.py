"""Addresses of the screens of approvals."""

from __future__ import annotations

from django.urls import path

from jigai.core.screens.list_urls import list_urls
from jigai.workbench.approvals import (
    commitment_views,
    fulfilment_list,
    fulfilment_views,
    land_views,
    limit_views,
    rating_views,
    visit_views,
)

urlpatterns = [
    *list_urls(fulfilment_list.FulfilmentList, "approvals/checks/"),
    path("approvals/checks/<int:pk>/", fulfilment_views.detail, name="fulfilment-detail"),
    path("approvals/checks/<int:pk>/revoke/", fulfilment_views.revoke, name="fulfilment-revoke"),
    path("approvals/checks/<int:pk>/credit/", fulfilment_views.credit, name="fulfilment-credit"),
    path("cases/<str:number>/commitment/", commitment_views.commitment, name="case-commitment"),
    path("cases/<str:number>/rate/", rating_views.rate, name="case-rate"),
    path("approvals/follow-up/<int:pk>/", fulfilment_views.part, name="case-follow-up"),
    path("approvals/ratings/", rating_views.statistics, name="rating-statistics"),
    path("approvals/visits/", visit_views.statistics, name="visit-statistics"),
    path("approvals/visits/cases/", visit_views.rows, name="visit-cases"),
    path("approvals/land-start/", land_views.board, name="land-start"),
    path("approvals/time-limits/", limit_views.board, name="time-limits"),
]
