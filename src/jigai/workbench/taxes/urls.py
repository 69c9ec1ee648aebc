"""Addresses of 税收测算 and 税收政策送达."""

from __future__ import annotations

from django.urls import path

from jigai.workbench.taxes import outreach_views as outreach
from jigai.workbench.taxes import views

urlpatterns = [
    path("taxes/", views.find, name="taxes"),
    path("taxes/own/", views.own, name="tax-own"),
    path("taxes/blank/<slug:code>/", views.blank, name="tax-blank"),
    path("taxes/outreach/", outreach.outreach, name="tax-outreach"),
    path("taxes/outreach/<slug:code>/", outreach.of_preference, name="tax-outreach-of"),
    path("taxes/outreach/<slug:code>/push/", outreach.push, name="tax-push"),
    path("taxes/visits/<int:pk>/", outreach.visit, name="tax-visit"),
    path("taxes/deliveries/", outreach.mine, name="tax-deliveries"),
    path("taxes/deliveries/<int:pk>/sign/", outreach.sign, name="tax-sign"),
    path("taxes/deliveries/<int:pk>/report/", outreach.report, name="tax-report"),
    path("taxes/<int:pk>/", views.of, name="tax-of"),
    path("taxes/<int:pk>/<slug:code>/", views.calculate, name="tax-calculate"),
]
