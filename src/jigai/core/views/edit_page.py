"""A form about something stored that several people may change: nobody undoes another unseen."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse

from jigai.core.services.edit_enterprise import EditConflict
from jigai.core.views.edit_conflict import last_change
from jigai.core.views.form_page import FormPage
from jigai.errors import JigaiError

_LOCK = "SELECT pg_advisory_xact_lock(hashtext(%s))"


class EditPage(FormPage):
    """Compares what is stored with what was there when the form was opened.

    The form carries a digest (``seen``) of the stored values. When they have changed meanwhile
    nothing is saved; both versions are shown, and saving again is a decision about that version.
    """

    def stored(self) -> dict[str, Any]:
        """What is stored now, read afresh, by the names of the form's fields."""
        raise NotImplementedError

    def changes(self) -> QuerySet[Any]:
        """The history that tells who was before."""
        raise NotImplementedError

    def hold(self, request: Any) -> None:
        """Keep others from changing it until the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [request.path])

    def words(self, name: str, value: Any) -> str:
        """A value as the comparison shows it."""
        return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value or "")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With what is stored."""
        return self.form_class(data, initial=self.stored())

    def carry_out(self, request: Any, values: dict[str, Any]) -> str:
        """Do it, unless somebody was quicker."""
        self.hold(request)
        if request.POST.get("seen", "") != digest(self.stored()):
            raise EditConflict(None)
        return super().carry_out(request, values)

    def refused(self, request: Any, form: forms.Form, problem: JigaiError) -> HttpResponse:
        """Both versions side by side."""
        if not isinstance(problem, EditConflict):
            return super().refused(request, form, problem)
        who, at = last_change(self.changes())
        mine = form.cleaned_data
        rows = [
            (form.fields[name].label, self.words(name, mine.get(name)), self.words(name, value))
            for name, value in self.stored().items()
        ]
        conflict = {"rows": rows, "who": who, "at": at, "reload": request.path}
        return self.page(request, form, 422, conflict=conflict)

    def page(self, request: Any, form: forms.Form, status: int, **more: Any) -> HttpResponse:
        """With the digest; one that was sent stays, so that other errors do not hide a conflict."""
        sent = request.POST.get("seen", "") if request.method == "POST" else ""
        if "conflict" in more or not sent:
            sent = digest(self.stored())
        return super().page(request, form, status, seen=sent, **more)


def digest(values: dict[str, Any]) -> str:
    """A short mark of stored values; equal values have equal marks."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
