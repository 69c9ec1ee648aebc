"""Addresses of consultations."""

from __future__ import annotations

from django.urls import path

from jigai.core.screens.list_urls import list_urls
from jigai.outreach.consultation_lists import CommentList, ConsultationList
from jigai.outreach.views import consultation_comments as comments
from jigai.outreach.views import consultation_finals as finals
from jigai.outreach.views import consultations, draft_rounds

urlpatterns = [
    path("drafts/<int:pk>/consultations/", draft_rounds.of_draft, name="draft-rounds"),
    path("policies/<int:pk>/consultations/", draft_rounds.of_pack, name="pack-rounds"),
    path("consultations/new/", consultations.new, name="consultation-new"),
    *list_urls(CommentList, "consultations/comments/"),
    path("consultations/comments/<int:pk>/", comments.comment, name="comment-detail"),
    path("consultations/answers/<int:pk>/", comments.EditAnswer.as_view(), name="answer-edit"),
    path("consultations/answers/<int:pk>/reflect/", finals.reflect, name="answer-reflect"),
    *list_urls(ConsultationList, "consultations/"),
    path("consultations/<int:pk>/", consultations.detail, name="consultation-detail"),
    path("consultations/<int:pk>/open/", consultations.open_, name="consultation-open"),
    path(
        "consultations/<int:pk>/extend/", consultations.Extend.as_view(), name="consultation-extend"
    ),
    path(
        "consultations/<int:pk>/publish/",
        consultations.Publish.as_view(),
        name="consultation-publish",
    ),
    path("consultations/<int:pk>/final/", finals.Final.as_view(), name="consultation-final"),
    path("consultations/<int:pk>/compare/", finals.compare, name="consultation-compare"),
    path("consultations/<int:pk>/comment/", comments.NewComment.as_view(), name="comment-new"),
    path("consultations/<int:pk>/answer/", comments.NewAnswer.as_view(), name="answer-new"),
]
