"""Uploads, imports and evidence files."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.views import evidence, imports, uploads

urlpatterns: list[URLPattern] = [
    path("imports/", imports.import_list, name="import-list"),
    path("imports/new/", imports.import_new, name="import-new"),
    path("imports/group/<uuid:group>/", imports.import_group, name="import-group"),
    path("imports/group/<uuid:group>/state/", imports.group_state, name="import-group-state"),
    path("imports/group/<uuid:group>/commit/", imports.group_commit, name="import-group-commit"),
    path("imports/<int:pk>/", imports.import_detail, name="import-detail"),
    path("imports/<int:pk>/state/", imports.import_state, name="import-state"),
    path("imports/<int:pk>/issues/", imports.import_issues, name="import-issues"),
    path("imports/<int:pk>/reread/", imports.import_reread, name="import-reread"),
    path("imports/<int:pk>/commit/", imports.import_commit, name="import-commit"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import-undo"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import-discard"),
    path("imports/<int:pk>/corrected/", imports.import_corrected, name="import-corrected"),
    path("uploads/", uploads.begin, name="upload-begin"),
    path("uploads/<uuid:pk>/", uploads.piece, name="upload-piece"),
    path("uploads/<uuid:pk>/finish/", uploads.finish, name="upload-finish"),
    path("evidence/", evidence.evidence_list, name="evidence-list"),
    path("evidence/add/", evidence.evidence_add, name="evidence-add"),
    path("evidence/<int:pk>/", evidence.evidence_detail, name="evidence-detail"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence-file"),
]
