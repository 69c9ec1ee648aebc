"""Addresses of the navigator."""

from __future__ import annotations

from django.urls import path

from jigai.workbench.navigator import plan_views, views
from jigai.workbench.navigator.mirror.views import URLS as MIRROR

urlpatterns = [
    path("navigator/", views.find, name="navigator"),
    path("navigator/own/", views.own, name="navigator-own"),
    path("navigator/<int:pk>/", views.of, name="navigator-of"),
    path("navigator/<int:pk>/trace/", views.trace, name="navigator-trace"),
    path("navigator/<int:pk>/part/", views.part, name="navigator-part"),
    path("navigator/<int:pk>/plan/", plan_views.plan, name="navigator-plan"),
    *MIRROR,
]
