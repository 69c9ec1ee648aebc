"""Saved views of a list as its menu shows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Q

from jigai.core.access import Access
from jigai.core.models import SavedView
from jigai.core.screens.list_state import ListState, state_of


@dataclass(frozen=True, slots=True)
class ViewEntry:
    """One line of the menu of views."""

    view: SavedView
    url: str
    active: bool
    own: bool


def departments_of(access: Access) -> list[int]:
    """Departments the person belongs to in their own right."""
    own = [grant for grant in access.grants if not grant.on_behalf]
    return list(dict.fromkeys(g.department_id for g in own if g.department_id is not None))


class SavedViews:
    """The views of one list that a person may use: their own and those of their departments."""

    def __init__(self, page: str, access: Access) -> None:
        self._page, self._access = page, access

    @cached_property
    def rows(self) -> list[SavedView]:
        """Own views first."""
        user = self._access.user
        if user is None:
            return []
        reach = Q(owner=user) | Q(department_id__in=departments_of(self._access))
        found = SavedView.objects.filter(reach, page=self._page).select_related("owner")
        return sorted(found.order_by("name", "id"), key=lambda view: view.owner_id != user.pk)

    def default_state(self) -> ListState | None:
        """The state of the person's own default view."""
        user = self._access.user
        mine = [v for v in self.rows if v.is_default and user is not None and v.owner_id == user.pk]
        return self._state(mine[0]) if mine else None

    def menu(self, state: ListState) -> list[ViewEntry]:
        """Every view with its address."""
        user = self._access.user
        return [
            ViewEntry(
                view,
                self._state(view).address(),
                state.view == str(view.pk),
                user is not None and view.owner_id == user.pk,
            )
            for view in self.rows
        ]

    @staticmethod
    def _state(view: SavedView) -> ListState:
        kept = {"query": view.query, "columns": view.columns, "sort": view.sort}
        return replace(state_of(kept), view=str(view.pk))
