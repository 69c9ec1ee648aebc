"""Keeps a list's conditions, columns and order under a name."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from jigai.core.models import Department, SavedView, User
from jigai.errors import JigaiError

# More than this nobody finds again in a menu.
MOST_VIEWS = 30


def save_view(
    *,
    owner: User,
    page: str,
    name: str,
    kept: dict[str, Any],
    department: Department | None = None,
    is_default: bool = False,
) -> SavedView:
    """The owner's view of that name, made or updated; ``department`` shares it.

    A list has at most one default view for a person. Raises :class:`JigaiError` without a name or
    with too many views.
    """
    name = name.strip()[:60]
    if not name or "\x00" in name:
        raise JigaiError("view-name", "视图还没有名称", "请起一个便于辨认的名称")
    with transaction.atomic():
        # One at a time for a person, so that two tabs cannot both become the default.
        User.objects.select_for_update().get(pk=owner.pk)
        own = SavedView.objects.filter(owner=owner, page=page)
        if not own.filter(name=name).exists() and own.count() >= MOST_VIEWS:
            raise JigaiError(
                "too-many-views", f"一个列表最多保存 {MOST_VIEWS} 个视图", "请先删除不用的视图"
            )
        if is_default:
            own.exclude(name=name).update(is_default=False)
        view, _ = SavedView.objects.update_or_create(
            owner=owner,
            page=page,
            name=name,
            defaults={**kept, "department": department, "is_default": is_default},
        )
    return view
