"""Addresses of public notices and objections."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.funding.publicity import lists
from jigai.funding.publicity.views import pages

urlpatterns: list[URLPattern] = [
    *list_urls(lists.PublicityList, "publicity/"),
    path("publicity/lists/<int:pk>/new/", pages.new, name="publicity-new"),
    path("publicity/<int:pk>/", pages.detail, name="publicity-detail"),
    path("publicity/<int:pk>/again/", pages.again, name="publicity-again"),
    *list_urls(lists.ObjectionList, "objections/"),
]
