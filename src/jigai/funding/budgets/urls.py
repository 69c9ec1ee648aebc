"""Addresses of special funds."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.funding.budgets.lists import ProgrammeList
from jigai.funding.budgets.views import allocations, programmes

urlpatterns: list[URLPattern] = [
    *list_urls(ProgrammeList, "programmes/"),
    path("programmes/new/", programmes.New.as_view(), name="programme-new"),
    path("programmes/<int:pk>/", programmes.detail, name="programme-detail"),
    path("programmes/<int:pk>/change/", programmes.Propose.as_view(), name="programme-change"),
    path("programmes/<int:pk>/statement/", programmes.statement, name="programme-statement"),
    path("programmes/changes/<int:pk>/", programmes.decide, name="programme-decide"),
    path("programmes/<int:pk>/allocations/", allocations.page, name="allocation-page"),
    path("programmes/<int:pk>/allocations/new/", allocations.Plan.as_view(),
         name="allocation-plan"),
    path("allocations/<int:pk>/set/", allocations.Set.as_view(), name="allocation-set"),
    path("allocations/<int:pk>/send/", allocations.Send.as_view(), name="allocation-send"),
    path("allocations/<int:pk>/report/", allocations.Report.as_view(), name="allocation-report"),
]  # fmt: skip
