"""Addresses of the cases room."""

from __future__ import annotations

from django.urls import URLPattern

from jigai.cases.views import case_pages, designer, drafts, inbox, papers, procedures

urlpatterns: list[URLPattern] = [
    *procedures.URLS,
    *designer.URLS,
    *inbox.URLS,
    *case_pages.URLS,
    *drafts.URLS,
    *papers.URLS,
]
