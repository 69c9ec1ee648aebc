"""Addresses of the workbench room."""

from __future__ import annotations

from django.urls import path

from jigai.workbench import views
from jigai.workbench.navigator.urls import urlpatterns as navigator

urlpatterns = [path("", views.home, name="home"), *navigator]
