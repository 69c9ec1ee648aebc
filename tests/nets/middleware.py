"""The outermost layer around every request of the tests, from a client or from a browser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext

from django.http import HttpRequest, HttpResponse

from jigai.core.middleware.headers import CONTENT_SECURITY_POLICY
from tests.nets import findings, pages, queries


class NetsMiddleware:
    """Watches what a request writes and what the answer contains."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = f"{request.method} {request.path}"
        reads = request.method in ("GET", "HEAD")
        with queries.only_reading(asked) if reads else nullcontext():
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            _check(asked, response)
        return response


# Pages that refuse are all the same page: after so many nothing new is read in another one.
ENOUGH = 40
_refused: Counter[int] = Counter()


def _check(asked: str, response: HttpResponse) -> None:
    if response.headers.get("Content-Security-Policy") != CONTENT_SECURITY_POLICY:
        findings.record(f"{asked}: answer without the security policy of the house")
    _refused[response.status_code] += response.status_code in (403, 404)
    if _refused[response.status_code] > ENOUGH:
        return
    if not response.streaming and response.content:
        for problem in pages.problems_of(response.content.decode(response.charset)):
            findings.record(f"{asked} ({response.status_code}): {problem}")
