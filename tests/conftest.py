"""What several test folders share: the sample workbooks and the truth they must give."""

from __future__ import annotations

import csv
import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from jigai.config import environment
from jigai.config.embedded import Place
from jigai.workbench.dossier import Dossier, read_dossier
from tests import postgres_server, template_database
from tests.kept_rows import kept_rows as kept_rows
from tests.own_database import own_database as own_database

# Speed is measured in bench/, never asserted here.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_configure() -> None:
    """The server runs before the first worker does; only the process that claimed it starts it."""
    postgres_server.start()


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: searching it for rubbish again and again
    took a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure() -> None:
    gc.unfreeze()
    postgres_server.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Before the first database of this worker is made: have something to copy it from."""
    if not os.environ.get("JIGAI_TEST_DATABASE_URL"):
        template_database.ensure(Place(environment.data_dir() / "postgres"))


pytest_plugins = ["tests.nets.plugin", "tests.browser.plugin"]

SAMPLES = Path(__file__).with_name("samples")
Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder with the sample workbooks."""
    return SAMPLES


@pytest.fixture(scope="session")
def expected() -> Callable[[str], Rows]:
    """Reads a table of ``samples/expected`` by its name without extension."""

    def read(name: str) -> Rows:
        with (SAMPLES / "expected" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    return read


@pytest.fixture(scope="session")
def sample_files() -> dict[str, Path]:
    """The four workbooks of the dossier by kind."""
    return {
        "enterprises": SAMPLES / "01_企业名录_2021.xlsx",
        "projects": SAMPLES / "02_技改项目台账_2021.xlsx",
        "invoices": SAMPLES / "03_设备购置发票清单_2021.xlsx",
        "consortium_members": SAMPLES / "06_技改共同体名单_2021.xlsx",
    }


@pytest.fixture(scope="session")
def dossier(sample_files: dict[str, Path]) -> Dossier:
    """The four sample workbooks, read and cross-matched once for all tests."""
    return read_dossier(
        sample_files["enterprises"],
        sample_files["projects"],
        sample_files["invoices"],
        sample_files["consortium_members"],
        year=2021,
    )
