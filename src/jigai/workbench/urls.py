"""Addresses of the workbench room."""

from __future__ import annotations

from django.urls import path

from jigai.workbench import credit_views, views
from jigai.workbench.approvals.urls import urlpatterns as approvals
from jigai.workbench.inspections.views import URLS as INSPECTIONS
from jigai.workbench.navigator.urls import urlpatterns as navigator
from jigai.workbench.sandbox.urls import urlpatterns as sandbox
from jigai.workbench.taxes.urls import urlpatterns as taxes

urlpatterns = [
    path("", views.home, name="home"),
    path("case-gates/<int:pk>/", credit_views.of_case, name="case-gates-part"),
    *navigator,
    *taxes,
    *sandbox,
    *approvals,
    *INSPECTIONS,
]
