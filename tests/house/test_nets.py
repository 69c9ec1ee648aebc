"""Every net fails a test when its rule is broken, and lets right pages pass."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import Count
from django.test import Client

from jigai.core.models import Region
from tests.house import bad_site
from tests.nets import findings
from tests.nets.queries import unordered_cut, written_table

pytestmark = [pytest.mark.urls("tests.house.bad_site")]


def caught(client: Client, url: str, method: str = "get") -> list[str]:
    """What the nets say about one request."""
    with findings.catching() as found:
        getattr(client, method)(url)
    return found


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("style", "inline style"),
        ("style-element", "style element"),
        ("script", "inline script"),
        ("module", "inline script"),
        ("handler", "inline handler onclick"),
        ("htmx-handler", "inline handler hx-on:click"),
        ("script-address", "script in href"),
        ("outside", "outside address in src"),
        ("outside-link", "outside address in href"),
        ("twice", "id 'a' twice"),
        ("form", "post form without csrf token: /x/"),
        ("empty-token", "post form without csrf token"),
        ("image", "img without alt"),
        ("language", "html without lang"),
        ("title", "page without title"),
        ("none", "shows 'None'"),
        ("mapping", "shows \"{'1': 99"),
        ("list", "shows \"[{'fen': 35"),
        ("code", "shows template code"),
    ],
)
@pytest.mark.django_db
def test_a_bad_page_is_caught(client: Client, name: str, words: str) -> None:
    found = caught(client, f"/page/{name}/")
    assert len(found) == 1, found
    assert words in found[0]


def test_every_bad_page_has_its_test() -> None:
    [mark] = test_a_bad_page_is_caught.pytestmark[1:]  # type: ignore[attr-defined]
    assert {name for name, _ in mark.args[1]} == set(bad_site.PAGES)


@pytest.mark.django_db
def test_a_right_page_passes(client: Client) -> None:
    assert caught(client, "/page/clean/") == []


@pytest.mark.django_db
def test_another_security_policy_is_caught(client: Client) -> None:
    assert caught(client, "/headers/") == [
        "GET /headers/: answer without the security policy of the house"
    ]


@pytest.mark.parametrize("name", bad_site.TEMPLATES)
@pytest.mark.django_db
def test_an_undefined_variable_is_caught(client: Client, name: str) -> None:
    [found] = caught(client, f"/template/{name}/")
    assert "undefined in template" in found


@pytest.mark.parametrize("name", bad_site.FINE_TEMPLATES)
@pytest.mark.django_db
def test_a_template_that_says_what_then_passes(client: Client, name: str) -> None:
    assert caught(client, f"/template/{name}/") == []


@pytest.mark.parametrize(
    ("kind", "table"),
    [("orm", "core_region"), ("raw", "core_region"), ("job", "core_job")],
)
@pytest.mark.django_db
def test_a_get_that_writes_is_caught(client: Client, kind: str, table: str) -> None:
    found = caught(client, f"/write/{kind}/")
    assert any(line.endswith(f"GET /write/{kind}/ writes to {table}") for line in found), found
    assert found[0].startswith("tests/house/bad_site.py:" if kind != "job" else "src/jigai/core/")


@pytest.mark.parametrize("kind", ["log", "lock"])
@pytest.mark.django_db
def test_logs_sessions_and_locks_are_no_writing(client: Client, kind: str) -> None:
    with transaction.atomic():
        assert caught(client, f"/write/{kind}/") == []


@pytest.mark.django_db
def test_a_post_may_write(client: Client) -> None:
    assert caught(client, "/write/orm/", "post") == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda rows: list(rows.order_by()[:3]),
        lambda rows: rows.order_by()[0],
        lambda rows: list(rows.values("level").annotate(n=Count("pk")).order_by()[:2]),
    ],
)
@pytest.mark.django_db
def test_a_cut_of_an_unordered_set_is_caught(ask: Callable[[object], object]) -> None:
    Region.objects.create(code="110000", name="北京市", level="province")
    with findings.catching() as found:
        ask(Region.objects.all())
    assert [line.partition(": ")[2] for line in found] == [
        "first rows of core_region without an order"
    ]


@pytest.mark.parametrize(
    "ask",
    [
        lambda rows: list(rows[:3]),
        lambda rows: rows.order_by().first(),
        lambda rows: rows.order_by().get(code="110000"),
        lambda rows: rows.order_by().exists(),
        lambda rows: rows.order_by().count(),
        lambda rows: list(rows.filter(pk__in=rows.order_by("name")[:2])),
        lambda rows: rows.get_or_create(code="110000", defaults={"name": "x"}),
    ],
)
@pytest.mark.django_db
def test_ordered_cuts_and_single_rows_pass(ask: Callable[[object], object]) -> None:
    Region.objects.create(code="110000", name="北京市", level="province")
    with findings.catching() as found:
        ask(Region.objects.all())
    assert found == []


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("SELECT 1 FROM core_job FOR UPDATE", ""),
        ('SELECT "a" FROM "core_job" FOR NO KEY UPDATE OF "core_job" SKIP LOCKED', ""),
        ("SAVEPOINT a", ""),
        ('UPDATE "core_job" SET a = 1', "core_job"),
        ("UPDATE django_session SET a = 1", ""),
        ("INSERT INTO core_x (a) VALUES (1) ON CONFLICT DO UPDATE SET a = 2", "core_x"),
        ("TRUNCATE TABLE core_x", "core_x"),
        ("SELECT procrastinate_defer_jobs_v1(%s)", "procrastinate_jobs"),
        ("SELECT id FROM procrastinate_jobs", ""),
    ],
)
def test_what_counts_as_writing(statement: str, table: str) -> None:
    assert written_table(statement) == table


def test_an_order_inside_brackets_is_no_order_outside() -> None:
    inner = "SELECT a FROM (SELECT a FROM core_x ORDER BY a) AS y LIMIT 3"
    assert unordered_cut(f"SELECT a FROM core_x WHERE b IN ({inner}) LIMIT %s") == "core_x"
    assert unordered_cut(f"SELECT a FROM core_x WHERE b IN ({inner}) ORDER BY a LIMIT 3") == ""


def test_a_finding_fails_the_test_it_was_made_in(tmp_path: Path) -> None:
    file = tmp_path / "test_page.py"
    file.write_text(
        "from django.template import Context, engines\n"
        "def show(text):\n"
        "    engines['django'].engine.from_string(text).render(Context({'a': 1}))\n"
        "def test_bad():\n    show('{{ b }}')\n"
        "def test_good():\n    show('{{ a }}')\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "tests.nets.plugin",
            str(file),
            "--rootdir",
            str(findings.ROOT),
            "-c",
            str(findings.ROOT / "pyproject.toml"),
            "-p",
            "no:cacheprovider",
        ],
        cwd=findings.ROOT,
        env={key: value for key, value in os.environ.items() if "XDIST" not in key},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "undefined in template: b" in done.stdout
