"""A small county with a handful of projects, and evaluations of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jigai.core.jobs import run_job, start_job
from jigai.core.models import Enterprise, Job, User
from jigai.paths import packs_dir
from jigai.policies.models import EvaluationRun, PackProposal, PackVersion
from jigai.policies.services.install_pack import install_pack
from tests.factories import (
    COUNTY,
    make_enterprise,
    make_line,
    make_project,
    make_regions,
    make_user,
)
from tests.policies.changed_packs import mended, raised, zipped
from tests.policies.sent_packs import Send, done, upload

GOOD = {
    "size_computed": "small",
    "grade": "B",
    "echelon": "no",
    "credit": "good",
    "credit_text": "良好",
}
Evaluate = Callable[..., EvaluationRun]


@pytest.fixture
def pack(db: None) -> PackVersion:
    """The Yanzhou document as installed."""
    return install_pack(folder=packs_dir() / "yanzhou-2020", check=False)


@pytest.fixture
def clerk(db: None) -> User:
    """A clerk of the county."""
    make_regions()
    return make_user("section-clerk", username="clerk")


@pytest.fixture
def firm(db: None) -> Callable[..., Enterprise]:
    """Makes an enterprise that meets every gate, unless told otherwise."""

    def make(name: str, **terms: Any) -> Enterprise:
        figures = {2021: {**GOOD, **terms}}
        return make_enterprise(
            name, figures=figures, registered_region=COUNTY, legal_type="independent"
        )

    return make


@pytest.fixture
def county(firm: Callable[..., Enterprise]) -> dict[str, Any]:
    """Three enterprises: one is paid, one is below the threshold, one lacks its grade."""
    found: dict[str, Any] = {}
    for key, fen, terms in (
        ("paid", 1_000_000_000, {}),
        ("below", 100_000_000, {}),
        ("open", 1_000_000_000, {"grade": ""}),
    ):
        enterprise = firm(f"兖州示例{key}机械有限公司", **{k: v for k, v in terms.items()})
        if key == "open":
            enterprise.figures.filter(term="grade").update(withdrawn_at="2020-01-01T00:00Z")
        project = make_project(
            enterprise, f"{key}生产线改造", in_statistics=True, filing="yes", filing_no="370812-1",
            nature="retrofit",
        )  # fmt: skip
        make_line(project, amount_fen=fen, total_fen=fen * 113 // 100, buyer_matches=True,
                  arithmetic_ok=True)  # fmt: skip
        found[key] = project
    return found


@pytest.fixture
def evaluate(
    pack: PackVersion, clerk: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> Evaluate:
    """Runs an evaluation as the clerk's job does and gives the stored run."""

    def run(**params: Any) -> EvaluationRun:
        given = {"pack": pack.pk, "year": 2021, "region": COUNTY, **params}
        job = start_job(kind="evaluate", title="测算", owner=clerk, params=given)
        run_job(job.pk)
        job = Job.objects.get(pk=job.pk)
        assert job.status == "done", (job.error_code, job.error)
        return EvaluationRun.objects.get(pk=job.result["run"])

    return run


@pytest.fixture
def web(client: Client, clerk: User) -> Client:
    """A browser in which the clerk is signed in."""
    client.force_login(clerk)
    return client


@pytest.fixture(scope="session")
def four_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack with 4 % of the equipment, fit to be installed."""
    return mended(raised(tmp_path_factory.mktemp("four")))


@pytest.fixture(scope="session")
def four(four_folder: Path) -> bytes:
    """The same as somebody sends it."""
    return zipped(four_folder)


@pytest.fixture
def chief(clerk: User) -> User:
    """Who may install packs in the county."""
    return make_user("section-chief", username="chief")


@pytest.fixture
def browser(client: Client, chief: User) -> Client:
    """A browser in which the chief is signed in."""
    client.force_login(chief)
    return client


@pytest.fixture
def send(browser: Client) -> Send:
    """Sends a zip on screen and does the job behind it."""

    def act(content: bytes, client: Client | None = None) -> PackProposal:
        answer = upload(client or browser, content)
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return done(PackProposal.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2]))

    return act
