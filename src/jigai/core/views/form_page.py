"""A page with one form that is carried out once: what was typed stays when something is wrong."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from jigai.core.access import Denied
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError


class FormPage(View):
    """Subclasses give the form and say what it does; ``act`` returns the address to go to."""

    form_class: ClassVar[type[forms.Form]]
    template_name: ClassVar[str] = "core/people/form.html"
    title: ClassVar[str] = ""
    note: ClassVar[str] = ""
    submit: ClassVar[str] = "保存"
    tone: ClassVar[str] = "primary"
    columns: ClassVar[int] = 2
    done: ClassVar[str] = "已保存"
    # The list above this page in the breadcrumb: (label, address name).
    above: ClassVar[tuple[str, str]] = ("", "")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """Load what the address names; raises ``Http404`` or :class:`Denied`."""

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """The form, bound where something was sent."""
        return self.form_class(data)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Do it, in the transaction that makes sure it is done once."""
        raise NotImplementedError

    def context(self, request: Any) -> dict[str, Any]:
        """More for the template: ``heading``, ``facts`` (label, value), ``warning``."""
        return {}

    def get(self, request: Any, **kwargs: Any) -> HttpResponse:
        """The empty form."""
        self.prepare(request, **kwargs)
        return self.page(request, self.form(request), 200)

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        """Carry out; a problem is shown above the form with everything still in it."""
        self.prepare(request, **kwargs)
        form = self.form(request, request.POST)
        if not form.is_valid():
            return self.page(request, form, 422)
        try:
            url = send_once(
                user=request.user,
                nonce=request.POST.get("nonce", ""),
                path=request.path,
                act=lambda: self.carry_out(request, form.cleaned_data),
            )
        except Denied:
            raise
        except JigaiError as problem:
            return self.refused(request, form, problem)
        return self.finish(request, url)

    def carry_out(self, request: Any, values: dict[str, Any]) -> str:
        """What stands around ``act`` in its transaction."""
        return self.act(request, values)

    def refused(self, request: Any, form: forms.Form, problem: JigaiError) -> HttpResponse:
        """The form again, with the reason."""
        form.add_error(None, str(problem))
        return self.page(request, form, 422)

    def finish(self, request: Any, url: str) -> HttpResponse:
        """Go on; a page that shows something once overrides this."""
        if self.done:
            messages.success(request, self.done)
        return redirect(url)

    def page(self, request: Any, form: forms.Form, status: int, **more: Any) -> HttpResponse:
        """The page around the form."""
        label, name = self.above
        context = {
            "page": self,
            "form": form,
            "above": label,
            "back": reverse(name) if name else "/",
            "heading": self.title,
            **self.context(request),
            **more,
        }
        return render(request, self.template_name, context, status=status)
