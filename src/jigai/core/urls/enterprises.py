"""Enterprises and institutions."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.core.views import enterprises, figures, institutions

urlpatterns: list[URLPattern] = [
    *list_urls(enterprises.EnterpriseList, "enterprises/"),
    path("enterprises/<int:pk>/", enterprises.detail, name="enterprise-detail"),
    path("enterprises/<int:pk>/edit/", enterprises.edit, name="enterprise-edit"),
    path(
        "enterprises/<int:pk>/figures/<int:year>/<slug:term>/",
        figures.correct,
        name="enterprise-figure",
    ),
    *list_urls(institutions.InstitutionList, "institutions/"),
]
