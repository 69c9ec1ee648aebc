"""Addresses of the core room, one file a group of screens."""

from __future__ import annotations

from jigai.core.urls import documents, enterprises, imports, people, reference, work

urlpatterns = [
    *documents.urlpatterns,
    *enterprises.urlpatterns,
    *imports.urlpatterns,
    *people.urlpatterns,
    *reference.urlpatterns,
    *work.urlpatterns,
]
