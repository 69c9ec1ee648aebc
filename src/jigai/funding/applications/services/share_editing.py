"""Lets colleagues, and people of consortium members, fill an application together."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access, access_of
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.funding.applications.editing import locked, require_applicant
from jigai.funding.applications.pool import buyers_of
from jigai.funding.applications.selectors import own_enterprises
from jigai.funding.models import Application, ApplicationEditor


def add_editor(*, application: int, username: str, by: User, access: Access) -> ApplicationEditor:
    """Let a person of the applicant or of a member fill it too; adding twice changes nothing.

    Raises :class:`JigaiError` for an account that is not of these enterprises.
    """
    with transaction.atomic():
        row = locked(application)
        require_applicant(row, access)
        person = User.objects.filter(username__iexact=username.strip(), is_active=True).first()
        if person is None or not set(own_enterprises(access_of(person))) & set(buyers_of(row)):
            raise JigaiError(
                "no-such-colleague", f"“{username.strip()}”不是申报单位或共同体成员的账号",
                "核对账号名；对方要有“填报与提交申报”的权限",
            )  # fmt: skip
        editor, made = ApplicationEditor.objects.get_or_create(
            application=row, user=person, defaults={"added_by": by}
        )
        if made and person.pk != by.pk:
            transaction.on_commit(lambda: _tell(row, person))
    return editor


def remove_editor(*, application: int, editor: int, access: Access) -> None:
    """The person no longer fills it; somebody of the applying enterprise itself always may."""
    with transaction.atomic():
        row = locked(application)
        require_applicant(row, access)
        row.editors.filter(pk=editor).delete()


def _tell(row: Application, person: User) -> None:
    send_notice(
        user=person, event="application", title=f"请一起填报：{row.title}",
        url=reverse("application-form", args=[row.pk]),
    )  # fmt: skip
