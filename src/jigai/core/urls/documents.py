"""Where anybody checks an issued paper."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.views import document_check

urlpatterns: list[URLPattern] = [
    path("check/", document_check.check_form, name="document-check-form"),
    path("check/<str:code>/", document_check.check_result, name="document-check"),
]
