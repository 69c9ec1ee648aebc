"""Addresses of awards for titles."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.funding.awards import views
from jigai.funding.awards.lists import AwardList
from jigai.funding.awards.waivers import views as waivers
from jigai.funding.awards.waivers.lists import WaiverList

urlpatterns: list[URLPattern] = [
    *list_urls(AwardList, "awards/"),
    path("awards/funds/", views.funds, name="award-funds"),
    path("awards/funds/<int:pk>/", views.worth, name="award-worth"),
    path("awards/funds/<int:pk>/propose/", views.propose, name="award-propose"),
    path("awards/<int:pk>/", views.detail, name="award-detail"),
    path("awards/<int:pk>/decide/", views.decide, name="award-decide"),
    path("awards/<int:pk>/pay/", views.pay, name="award-pay"),
    *list_urls(WaiverList, "waivers/"),
    path("waivers/<int:pk>/", waivers.detail, name="waiver-detail"),
    path("waivers/<int:pk>/<slug:verb>/", waivers.act, name="waiver-act"),
    path("projects/<int:pk>/waivers/", waivers.of_project, name="project-waivers"),
    path("projects/<int:pk>/waivers/match/", waivers.Match.as_view(), name="waiver-match"),
]
