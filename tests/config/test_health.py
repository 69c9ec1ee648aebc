"""What supervisors, load balancers and Prometheus are told."""

from __future__ import annotations

import json

import psycopg
import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from jigai.config import health
from jigai.core.access import policy_of

TOKEN = "t" * 32


def scraped(rf: RequestFactory, address: str = "127.0.0.1", **headers: str) -> int:
    request: HttpRequest = rf.get("/metrics", headers=headers, REMOTE_ADDR=address)
    return int(health.metrics(request).status_code)


def unreachable(statement: str) -> list[object]:
    raise psycopg.OperationalError("gone")


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test asks anew whether the tables fit."""
    monkeypatch.setattr(health, "_fit", False)


def test_alive_asks_nobody_else(rf: RequestFactory) -> None:
    answer = health.healthz(rf.get("/healthz"))  # without a database mark, a query would fail
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_with_all_tables(rf: RequestFactory) -> None:
    answer = health.readyz(rf.get("/readyz"))
    assert answer.status_code == 200
    assert json.loads(answer.content) == {"ready": True, "database": True, "migrated": True}


def test_not_ready_with_tables_of_another_version(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.probe, "ask", lambda statement: [])
    monkeypatch.setattr(health, "pending_migrations", lambda: ["core.0099_next"])
    answer = health.readyz(rf.get("/readyz"))
    assert answer.status_code == 503 and json.loads(answer.content)["migrated"] is False


def test_not_ready_without_database(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.probe, "ask", unreachable)
    answer = health.readyz(rf.get("/readyz"))
    assert answer.status_code == 503 and json.loads(answer.content)["database"] is False


@pytest.mark.parametrize("view", [health.healthz, health.readyz, health.metrics])
def test_only_reading_is_allowed(rf: RequestFactory, view: object) -> None:
    assert view(rf.post("/")).status_code == 405  # type: ignore[operator]


@pytest.mark.parametrize("view", [health.healthz, health.readyz, health.metrics])
def test_every_view_says_why_it_is_public(view: object) -> None:
    policy = policy_of(view, None)  # type: ignore[arg-type]
    assert policy is not None and policy.kind == "public" and policy.reason


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_figures_are_given_to_this_machine(rf: RequestFactory, address: str) -> None:
    assert scraped(rf, address) == 200


def test_figures_are_not_given_to_others(rf: RequestFactory) -> None:
    assert scraped(rf, "192.0.2.7") == 403


def test_a_proxy_on_this_machine_does_not_open_them(rf: RequestFactory) -> None:
    assert scraped(rf, **{"X-Forwarded-For": "192.0.2.7"}) == 403
    assert scraped(rf, Forwarded="for=192.0.2.7") == 403


@pytest.mark.django_db
def test_a_token_opens_them_to_others(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIGAI_METRICS_TOKEN", TOKEN)
    assert scraped(rf, "192.0.2.7", Authorization=f"Bearer {TOKEN}") == 200
    assert scraped(rf, "192.0.2.7", Authorization="Bearer 令牌") == 403
    assert scraped(rf, "192.0.2.7") == 403


def test_no_token_set_is_not_an_empty_token(rf: RequestFactory) -> None:
    assert scraped(rf, "192.0.2.7", Authorization="Bearer ") == 403


@pytest.mark.django_db
def test_the_figures_tell_of_database_and_jobs(rf: RequestFactory) -> None:
    text = health.metrics(rf.get("/metrics")).content.decode()
    assert "jigai_database_up 1.0" in text and "# TYPE jigai_jobs gauge" in text


def test_the_figures_come_without_a_database_too(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.probe, "ask", unreachable)
    text = health.metrics(rf.get("/metrics")).content.decode()
    assert "jigai_database_up 0.0" in text
