"""Addresses of the policies room."""

from __future__ import annotations

from django.urls import path

from jigai.core.screens.list_urls import list_urls
from jigai.policies.editor.urls import urlpatterns as draft_urls
from jigai.policies.lists import ClauseList, DecisionList, PackList, RunList
from jigai.policies.lists_documents import SuccessionList, UpstreamList
from jigai.policies.lists_open import ParameterList, QuestionList
from jigai.policies.lists_proposals import ProposalList
from jigai.policies.views import (
    confirmations,
    coverage,
    decisions,
    desk,
    documents,
    living,
    packs,
    parameters,
    proposals,
    runs,
    versions,
)

urlpatterns = [
    *draft_urls,
    *list_urls(PackList, "policies/"),
    *list_urls(ClauseList, "clauses/"),
    path("policies/<slug:slug>/", packs.detail, name="pack-detail"),
    path("policies/<slug:slug>/living/", living.living, name="pack-living"),
    path("policies/<slug:slug>/original/", living.NewOriginal.as_view(), name="pack-original"),
    path("policies/<slug:slug>/clauses/<str:code>/", packs.clause, name="clause"),
    path("policies/<slug:slug>/lineage/", documents.lineage, name="pack-lineage"),
    path("documents/find/", documents.find, name="document-find"),
    path("successions/new/", documents.NewSuccession.as_view(), name="succession-new"),
    *list_urls(SuccessionList, "successions/"),
    path("successions/<int:pk>/", documents.succession, name="succession-detail"),
    *list_urls(UpstreamList, "upstream/"),
    path("upstream/<int:pk>/attach/", documents.Attach.as_view(), name="upstream-attach"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("policies/<slug:slug>/versions/", versions.history, name="pack-versions"),
    path("policies/<slug:slug>/compare/", versions.compare, name="pack-compare"),
    path("pack-proposals/new/", proposals.new, name="proposal-new"),
    *list_urls(ProposalList, "pack-proposals/"),
    path("pack-proposals/<int:pk>/", proposals.detail, name="proposal-detail"),
    path("pack-proposals/<int:pk>/state/", proposals.state, name="proposal-state"),
    path("pack-proposals/<int:pk>/confirm/", proposals.confirm, name="proposal-confirm"),
    path("pack-proposals/<int:pk>/discard/", proposals.discard, name="proposal-discard"),
    path("pack-proposals/<int:pk>/recheck/", proposals.recheck, name="proposal-recheck"),
    path("evaluations/new/", runs.new, name="run-new"),
    *list_urls(RunList, "evaluations/"),
    path("evaluations/<int:pk>/", runs.detail, name="run-detail"),
    path("evaluations/<int:pk>/verify/", runs.verify, name="run-verify"),
    path("evaluations/<int:pk>/confirmations/", confirmations.of_run, name="gate-run"),
    path(
        "evaluations/<int:pk>/confirmations/<str:subject>/<slug:term>/",
        confirmations.of_term,
        name="gate-detail",
    ),
    path("confirmations/", confirmations.latest, name="gate-list"),
    *list_urls(DecisionList, "decisions/"),
    path("decisions/<int:pk>/", decisions.detail, name="decision-detail"),
    path("enterprises/<int:pk>/decisions/", decisions.of_enterprise, name="enterprise-decisions"),
    path("projects/<int:pk>/decisions/", decisions.of_project, name="project-decisions"),
    path("decisions/<int:pk>/readings/", decisions.readings, name="decision-readings"),
    path("desk/new/", desk.new, name="desk-new"),
    *list_urls(QuestionList, "desk/"),
    path("desk/<int:pk>/", desk.detail, name="desk-detail"),
    path("desk/<int:pk>/withdraw/", desk.withdraw, name="desk-withdraw"),
    *list_urls(ParameterList, "parameters/"),
    path("parameters/values/<int:pk>/decide/", parameters.decide, name="parameter-decide"),
    path("parameters/values/<int:pk>/withdraw/", parameters.withdraw, name="parameter-withdraw"),
    path("parameters/<slug:slug>/<str:code>/", parameters.detail, name="parameter-detail"),
    path("parameters/<slug:slug>/<str:code>/remind/", parameters.remind, name="parameter-remind"),
]
