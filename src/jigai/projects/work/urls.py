"""Addresses of the work on projects; the room's own urls include them."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.projects.work.views import bulletins, calendar, issues, key_lists, tasks, visits

HOME = "project-work/"

urlpatterns: list[URLPattern] = [
    *list_urls(issues.IssueList, f"{HOME}issues/"),
    path("projects/<int:pk>/issues/", issues.of_project, name="issue-project"),
    path("projects/<int:pk>/issues/new/", issues.OpenIssue.as_view(), name="issue-new"),
    *list_urls(visits.VisitDueList, f"{HOME}visits/due/"),
    *list_urls(visits.VisitList, f"{HOME}visits/"),
    path("projects/<int:pk>/visits/", visits.of_project, name="visit-project"),
    path("projects/<int:pk>/visits/new/", visits.RecordVisit.as_view(), name="visit-new"),
    *list_urls(visits.DutyList, f"{HOME}duties/"),
    path(f"{HOME}duties/new/", visits.GiveDuty.as_view(), name="zone-duty-new"),
    path(f"{HOME}duties/<int:pk>/end/", visits.EndDuty.as_view(), name="zone-duty-end"),
    path("projects/<int:pk>/duty/", visits.GiveDuty.as_view(), name="zone-duty-project"),
    *list_urls(tasks.TaskList, f"{HOME}tasks/"),
    path(f"{HOME}tasks/new/", tasks.MakeTasks.as_view(), name="task-new"),
    path(f"{HOME}tasks/<int:pk>/", tasks.detail, name="task-detail"),
    path(f"{HOME}tasks/<int:pk>/receive/", tasks.receive, name="task-receive"),
    path(f"{HOME}tasks/<int:pk>/answer/", tasks.AnswerTask.as_view(), name="task-answer"),
    path(f"{HOME}tasks/<int:pk>/settle/", tasks.SettleTask.as_view(), name="task-settle"),
    path("projects/<int:pk>/tasks/", tasks.of_project, name="task-project"),
    *list_urls(bulletins.BulletinList, f"{HOME}bulletins/"),
    path(f"{HOME}bulletins/new/", bulletins.MakeBulletin.as_view(), name="bulletin-new"),
    path(f"{HOME}bulletins/<int:pk>/", bulletins.detail, name="bulletin-detail"),
    path(f"{HOME}bulletins/<int:pk>/rows/", bulletins.rows, name="bulletin-rows"),
    path(f"{HOME}bulletins/<int:pk>/word/", bulletins.word, name="bulletin-word"),
    path(f"{HOME}bulletins/<int:pk>/submit/", bulletins.submit, name="bulletin-submit"),
    path(f"{HOME}bulletins/<int:pk>/release/", bulletins.release, name="bulletin-release"),
    path(
        f"{HOME}bulletins/<int:pk>/return/",
        bulletins.ReturnBulletin.as_view(),
        name="bulletin-return",
    ),
    path(f"{HOME}bulletins/<int:pk>/void/", bulletins.VoidBulletin.as_view(), name="bulletin-void"),
    *list_urls(key_lists.KeyListList, f"{HOME}key-lists/"),
    path(f"{HOME}key-lists/new/", key_lists.MakeKeyList.as_view(), name="key-list-new"),
    path(f"{HOME}key-lists/<int:pk>/", key_lists.detail, name="key-list-detail"),
    path(
        f"{HOME}key-lists/<int:pk>/versions/<int:number>/",
        key_lists.version,
        name="key-list-version",
    ),
    path(f"{HOME}key-lists/<int:pk>/publish/", key_lists.publish, name="key-list-publish"),
    path(f"{HOME}key-lists/<int:pk>/join/", key_lists.JoinList.as_view(), name="key-list-join"),
    path(f"{HOME}key-lists/lines/<int:pk>/", key_lists.ChangeLine.as_view(), name="key-list-line"),
    path(
        f"{HOME}key-lists/lines/<int:pk>/leave/",
        key_lists.LeaveList.as_view(),
        name="key-list-leave",
    ),
    path(f"{HOME}calendar/", calendar.month_page, name="project-calendar"),
]
