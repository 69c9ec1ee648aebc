"""Addresses of the portal room."""

from __future__ import annotations

from django.urls import path

from jigai.portal.views import (
    calculators,
    charge_reports,
    complaints,
    consultations,
    guides,
    inspections,
    lists,
    notices,
    policies,
    results,
    service_questions,
    taxes,
)

urlpatterns = [
    path("portal/", policies.home, name="portal-home"),
    path("portal/policies/", policies.policies, name="portal-policies"),
    path("portal/policies/<slug:slug>/", policies.policy, name="portal-policy"),
    path(
        "portal/policies/<slug:slug>/versions/<int:number>/",
        policies.policy,
        name="portal-policy-version",
    ),
    path("portal/policies/<slug:slug>/changes/", policies.changes, name="portal-changes"),
    path("portal/consultations/", consultations.consultations, name="portal-consultations"),
    path("portal/consultations/<int:pk>/", consultations.consultation, name="portal-consultation"),
    path("portal/consultations/<int:pk>/comment/", consultations.comment, name="portal-comment"),
    path("portal/consultations/<int:pk>/adoption/", consultations.adoption, name="portal-adoption"),
    path("portal/consultations/<int:pk>/final/", consultations.final, name="portal-final"),
    path("portal/receipts/", consultations.receipt, name="portal-receipt"),
    path("portal/charge-reports/", charge_reports.report, name="portal-charge-report"),
    path("portal/charge-reports/result/", charge_reports.result, name="portal-charge-result"),
    path("portal/complaints/", complaints.statistics, name="complaint-statistics"),
    path("portal/complaints/new/", complaints.new, name="complaint-new"),
    path("portal/complaints/query/", complaints.query, name="complaint-query"),
    path("portal/inspections/", inspections.plans, name="portal-inspections"),
    path("portal/inspections/<int:pk>/", inspections.plan, name="portal-inspection"),
    path("portal/handling/", service_questions.handling, name="portal-handling"),
    path("portal/burden/", service_questions.burden, name="portal-burden"),
    path("portal/results/", results.results, name="portal-results"),
    path("portal/lists/", lists.lists, name="portal-lists"),
    path("portal/lists/<slug:slug>/", lists.one_list, name="portal-list"),
    path("portal/lists/<slug:slug>/csv/", lists.list_csv, name="portal-list-csv"),
    path("calculate/", calculators.calculators, name="calculator-list"),
    path("calculate/tax/", taxes.taxes, name="portal-taxes"),
    path("calculate/tax/<slug:code>/", taxes.tax, name="portal-tax"),
    path("calculate/<slug:slug>/<slug:measure>/", calculators.calculator, name="calculator"),
    path(
        "calculate/<slug:slug>/<slug:measure>/readings/",
        calculators.readings,
        name="calculator-readings",
    ),
    path("guides/", guides.guides, name="guide-list"),
    path("guides/<slug:slug>/", guides.guide, name="guide"),
    path("portal/notices/", notices.notices, name="notices-list"),
    path("portal/notices/<int:pk>/", notices.notice, name="notices-detail"),
    path("portal/notices/<int:pk>/csv/", notices.notice_csv, name="notices-csv"),
    path("portal/notices/<int:pk>/object/<int:row>/", notices.object_to, name="notices-object"),
    path("portal/objections/", notices.objection, name="notices-objection"),
    path("portal/rounds/<int:pk>/", notices.round_, name="notices-round"),
    path("portal/payments/", notices.payments, name="notices-payments"),
    # Last: whatever is not above has the portal's own page for it.
    path("portal/<path:path>", results.nowhere, name="portal-nowhere"),
]
