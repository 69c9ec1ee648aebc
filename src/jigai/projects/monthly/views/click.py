"""One click that changes something, once, and back to a page."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views import View

from jigai.core.access import Denied
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError


class Click(View):
    """Subclasses carry out and say where to go."""

    http_method_names = ["post"]
    done: ClassVar[str] = "已办理"

    def act(self, request: Any, **kwargs: Any) -> str:
        """Do it; the address to go to."""
        raise NotImplementedError

    def home(self, request: Any, **kwargs: Any) -> str:
        """Where the click was made, to go back to with the problem."""
        raise NotImplementedError

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        """Carry out; a problem is told on the page the click came from."""
        try:
            url = send_once(
                user=request.user, nonce=request.POST.get("nonce", ""), path=request.path,
                act=lambda: self.act(request, **kwargs),
            )  # fmt: skip
        except Denied:
            raise
        except JigaiError as problem:
            messages.error(request, str(problem))
            return redirect(self.home(request, **kwargs))
        messages.success(request, self.done)
        return redirect(url)
