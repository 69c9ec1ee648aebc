"""Is it alive, can it work, how is it doing: for supervisors, load balancers and Prometheus."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

import psycopg
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from jigai.config import environment, probe
from jigai.config.prepare import pending_migrations
from jigai.core.access import public

LOOPBACK = ("127.0.0.1", "::1")
_fit = False


@public("监控程序不登录；只答一个词")
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing else, so a slow database does not get it restarted."""
    return HttpResponse("ok", content_type="text/plain")


@public("负载均衡不登录；只答能否工作")
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and its tables fit this version; 503 otherwise."""
    try:
        probe.ask("SELECT 1")
        fits = _tables_fit()
    except (psycopg.Error, DatabaseError):
        return JsonResponse({"ready": False, "database": False, "migrated": None}, status=503)
    state = {"ready": fits, "database": True, "migrated": fits}
    return JsonResponse(state, status=200 if fits else 503)


def _tables_fit() -> bool:
    """Asked until it is so, and then remembered: looking takes a tenth of a second."""
    global _fit
    _fit = _fit or not pending_migrations()
    return _fit


@public("按来源地址或令牌放行，见 may_scrape")
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: this process, the database, the jobs."""
    if not may_scrape(request):
        return HttpResponse("forbidden", status=403, content_type="text/plain")
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def may_scrape(request: HttpRequest) -> bool:
    """From this machine, or with ``JIGAI_METRICS_TOKEN`` as bearer token.

    Behind a proxy on this machine every visitor comes from here, so a forwarded request needs the
    token as well.
    """
    token = environment.text("JIGAI_METRICS_TOKEN")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(token.encode(), given.encode()):
        return True
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and request.META.get("REMOTE_ADDR") in LOOPBACK


class PlatformCollector(Collector):
    """Asks the database at every scrape; when it does not answer, says so and nothing more."""

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not touch the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The state of the database and the number of jobs by state."""
        reachable = GaugeMetricFamily("jigai_database_up", "1 if the database answers")
        jobs = GaugeMetricFamily("jigai_jobs", "Jobs by state", labels=["status"])
        try:
            for status, count in _jobs_by_status():
                jobs.add_metric([status], count)
            reachable.add_metric([], 1)
        except psycopg.Error:
            reachable.add_metric([], 0)
        yield reachable
        yield jobs


def _jobs_by_status() -> list[tuple[str, int]]:
    return probe.ask("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")


REGISTRY.register(PlatformCollector())

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
