"""Addresses of applications."""

from __future__ import annotations

from django.urls import URLPattern

from jigai.core.screens.list_urls import list_urls
from jigai.funding.applications.lists import ApplicationList
from jigai.funding.applications.views import agreements, filling, handing_in, looking, starting

urlpatterns: list[URLPattern] = [
    *list_urls(ApplicationList, "applications/"),
    *starting.URLS,
    *filling.URLS,
    *handing_in.URLS,
    *looking.URLS,
    *agreements.URLS,
]
