"""The addresses of a list: itself, its export, its bulk actions."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from jigai.core.access import requires
from jigai.core.screens.list_page import ListPage
from jigai.core.views.bulk import BulkView
from jigai.core.views.exports import ExportStart


def list_urls(page: type[ListPage], prefix: str) -> list[URLPattern]:
    """Addresses below ``prefix`` (``enterprises/``) named after the page's ``url_name``.

    ``<name>`` is the list, ``<name>-export`` takes an export, ``<name>-bulk`` a bulk action.
    """
    name = page.url_name
    found = [path(prefix, page.as_view(), name=name)]
    if page.can_export:
        found.append(
            path(f"{prefix}export/", ExportStart.as_view(list_class=page), name=f"{name}-export")
        )
    if page.bulk:
        view: Any = BulkView.as_view(list_class=page)
        view = requires(*{action.capability for action in page.bulk})(view)
        found.append(path(f"{prefix}bulk/<slug:key>/", view, name=f"{name}-bulk"))
    return found
