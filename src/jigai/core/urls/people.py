"""People, roles, delegation, hand-over, notices, logs."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.core.views import (
    account,
    audit,
    delegations,
    handovers,
    notices,
    people,
    people_forms,
    roles,
    signin_log,
)

urlpatterns: list[URLPattern] = [
    path("me/", account.profile, name="profile"),
    path("me/sessions/end/", account.end_other_sessions, name="sessions-end"),
    path("me/sessions/<int:pk>/end/", account.end_session, name="session-end"),
    *list_urls(people.PersonList, "people/"),
    path("people/new/", people_forms.PersonNew.as_view(), name="person-new"),
    path("people/<int:pk>/", people.detail, name="person-detail"),
    path("people/<int:pk>/edit/", people_forms.PersonEdit.as_view(), name="person-edit"),
    path("people/<int:pk>/duties/new/", people_forms.DutyNew.as_view(), name="duty-new"),
    path("people/<int:pk>/duties/<int:duty>/end/", people_forms.DutyEnd.as_view(), name="duty-end"),
    path("people/<int:pk>/<slug:verb>/", people_forms.PersonAct.as_view(), name="person-act"),
    path("roles/", roles.role_list, name="role-list"),
    path("roles/new/", roles.RoleNew.as_view(), name="role-new"),
    path("roles/<slug:code>/", roles.role_detail, name="role-detail"),
    path("roles/<slug:code>/edit/", roles.RoleEdit.as_view(), name="role-edit"),
    path("roles/<slug:code>/restore/", roles.restore, name="role-restore"),
    path("delegations/", delegations.delegation_list, name="delegation-list"),
    path("delegations/new/", delegations.DelegationNew.as_view(), name="delegation-new"),
    path("delegations/<int:pk>/revoke/", delegations.revoke, name="delegation-revoke"),
    path("handovers/", handovers.handover_list, name="handover-list"),
    path("handovers/new/", handovers.HandoverNew.as_view(), name="handover-new"),
    path("handovers/<int:pk>/<slug:verb>/", handovers.answer, name="handover-answer"),
    *list_urls(notices.NoticeList, "notices/"),
    path("notices/read/", notices.read_all, name="notice-read"),
    path("notices/bell/", notices.bell, name="notice-bell"),
    path("notices/choices/", notices.choices, name="notice-choices"),
    path("notices/<int:pk>/open/", notices.open_notice, name="notice-open"),
    path("audit/", audit.audit_log, name="audit-log"),
    *list_urls(signin_log.SignInList, "sign-ins/"),
    *list_urls(signin_log.AccessList, "accesses/"),
]
