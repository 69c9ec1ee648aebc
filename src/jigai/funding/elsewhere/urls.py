"""Addresses of this part of the funding room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.funding.elsewhere.views import keeping, listing
from jigai.funding.invoices.views import suspects

urlpatterns: list[URLPattern] = [
    *list_urls(listing.FundingList, "other-funding/"),
    path("other-funding/new/", keeping.new, name="other-funding-new"),
    path("other-funding/<int:pk>/", keeping.detail, name="other-funding-detail"),
    path("other-funding/<int:pk>/edit/", keeping.edit, name="other-funding-edit"),
    *list_urls(suspects.SuspectList, "double-funding/"),
    path("double-funding/<int:pk>/", suspects.detail, name="double-detail"),
]
