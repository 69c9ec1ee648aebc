"""A study of the sample district, run once for a module; people of two counties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jigai.core.access import Access, access_of
from jigai.core.jobs import run_job
from jigai.core.models import Job, User
from jigai.paths import packs_dir
from jigai.policies.models import PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.workbench.dossier import Dossier
from jigai.workbench.evaluation import fact_rows
from jigai.workbench.models import SandboxScenario, SandboxStudy
from jigai.workbench.sandbox.population import Taken, _names, _people, keep
from jigai.workbench.sandbox.services.change_scenario import add_scenario, save_scenario
from jigai.workbench.sandbox.services.create_study import create_study
from jigai.workbench.sandbox.services.start_work import start_run
from tests.factories import COUNTY, SIBLING, make_regions, make_user
from tests.kept_rows import Unblock


@pytest.fixture(scope="module")
def installed(kept_rows: Unblock) -> PackVersion:
    """Yanzhou's document and the people of the county and of its neighbour."""
    with kept_rows():
        make_regions()
        for name, role, region in (
            ("clerk", "section-clerk", COUNTY), ("chief", "section-chief", COUNTY),
            ("finance", "finance", COUNTY), ("neighbour", "section-clerk", SIBLING),
        ):  # fmt: skip
            make_user(role, region, username=name)
        return install_pack(folder=packs_dir() / "yanzhou-2020", check=False)


def access(name: str) -> Access:
    return access_of(User.objects.get(username=name))


def finish(job: Job) -> Job:
    """Do the work of a job; it must end well."""
    run_job(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert job.status == "done", (job.error_code, job.error)
    return job


def new_study(pack: PackVersion, **given: Any) -> SandboxStudy:
    values: dict[str, Any] = {
        "title": "示例研究", "year": 2021, "region_code": COUNTY, "population": "current",
        "base": pack, "by": User.objects.get(username="clerk"), "access": access("clerk"),
    }  # fmt: skip
    return create_study(**{**values, **given})


def changed(study: SandboxStudy, name: str, **overrides: str) -> SandboxScenario:
    """A further scenario with other values."""
    first = study.scenarios.get(place=1)
    row = add_scenario(study=study.pk, name=name, copy_of=first.pk, access=access("clerk"))
    return save_scenario(
        scenario=row.pk, name=name, overrides=overrides, readings={}, version=1,
        access=access("clerk"),
    )  # fmt: skip


@pytest.fixture
def district(ran: int) -> SandboxStudy:
    """The study as it stands in the tables: a test may have changed its own copy."""
    return SandboxStudy.objects.get(pk=ran)


@pytest.fixture(scope="module")
def ran(kept_rows: Unblock, installed: PackVersion, dossier: Dossier) -> int:
    """The sample district under the document as it stands and with 2 % for equipment, run."""
    with kept_rows():
        study = new_study(installed)
        taken = Taken(fact_rows(dossier), _people(dossier.enterprises), _names(dossier))
        study.facts_file, study.people_file = keep(taken)
        study.known_at = study.created_at
        study.taken = {"counts": taken.counts(), "found": {}}
        study.save()
        changed(study, "比例降到二", equipment_rate="2%")
        finish(
            start_run(
                study=study, scenarios=[], by=User.objects.get(username="clerk"),
                access=access("clerk"),
            )
        )  # fmt: skip
        return int(study.pk)


@pytest.fixture
def web(client: Client) -> Callable[[str], Client]:
    """A browser in which somebody is signed in."""

    def sign_in(name: str) -> Client:
        client.force_login(User.objects.get(username=name))
        return client

    return sign_in
