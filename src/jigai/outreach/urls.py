"""Addresses of the outreach room."""

from __future__ import annotations

from django.urls import URLPattern

from jigai.outreach import briefing_urls, consultation_urls, distribution_urls

urlpatterns: list[URLPattern] = [
    *consultation_urls.urlpatterns,
    *distribution_urls.urlpatterns,
    *briefing_urls.urlpatterns,
]
