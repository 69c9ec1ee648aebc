"""Addresses of this part of the funding room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.funding.recovery.views import detail, listing, propose

urlpatterns: list[URLPattern] = [
    *list_urls(listing.RecoveryList, "recoveries/"),
    path("recoveries/<int:pk>/", detail.detail, name="recovery-detail"),
    path("recoveries/of/<int:pk>/", propose.new, name="recovery-new"),
    path("recoveries/of/<int:pk>/recheck/", propose.recheck, name="recovery-recheck"),
]
