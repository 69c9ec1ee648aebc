"""Addresses of the ledgers room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jigai.core.screens.list_urls import list_urls
from jigai.ledgers.lists import BookList, EntryList
from jigai.ledgers.views import books

urlpatterns: list[URLPattern] = [
    *list_urls(BookList, "ledgers/"),
    *list_urls(EntryList, "ledgers/entries/"),
    path("ledgers/<int:pk>/", books.detail, name="ledger-detail"),
    path("ledgers/<int:pk>/lock/", books.Lock.as_view(), name="ledger-lock"),
    path("ledgers/<int:pk>/reopen/", books.Reopen.as_view(), name="ledger-reopen"),
    path("ledgers/accounts/<int:pk>/", books.account, name="ledger-account"),
    path("ledgers/entries/<int:pk>/", books.entry, name="ledger-entry"),
]
