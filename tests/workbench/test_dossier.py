"""Reading a year's workbooks together."""

from __future__ import annotations

import pytest

from jigai.sheets.errors import SheetError
from jigai.workbench.dossier import read_dossier


def test_the_steps_are_told_in_order(sample_files) -> None:
    steps: list[tuple[str, float]] = []
    read_dossier(
        sample_files["enterprises"],
        sample_files["projects"],
        consortia=sample_files["consortium_members"],
        year=2021,
        progress=lambda step, share: steps.append((step, share)),
    )
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert steps[0][0] == "读取01_企业名录_2021.xlsx"


def test_invoices_and_consortia_may_be_absent(sample_files) -> None:
    dossier = read_dossier(sample_files["enterprises"], sample_files["projects"], year=2021)
    assert (dossier.lines, dossier.members) == ((), ())
    assert set(dossier.tables) == {"enterprises", "projects"}
    assert len(dossier.projects) == 201


def test_another_year_changes_only_what_depends_on_it(sample_files, dossier) -> None:
    other = read_dossier(
        sample_files["enterprises"], sample_files["projects"], sample_files["invoices"], year=2020
    )
    assert sum(bool(line.in_period) for line in other.lines) == sum(
        line.date is not None and line.date.year == 2020 for line in dossier.lines
    )
    assert other.projects == dossier.projects


def test_files_in_the_wrong_place_are_named(sample_files) -> None:
    with pytest.raises(SheetError) as caught:
        read_dossier(sample_files["projects"], sample_files["enterprises"], year=2021)
    assert caught.value.code == "sheets.no_table"


def test_reading_twice_gives_the_same(sample_files, dossier) -> None:
    again = read_dossier(
        sample_files["enterprises"],
        sample_files["projects"],
        sample_files["invoices"],
        sample_files["consortium_members"],
        year=2021,
    )
    assert again.issues == dossier.issues
    assert (again.enterprises, again.projects, again.lines, again.members) == (
        dossier.enterprises, dossier.projects, dossier.lines, dossier.members,
    )  # fmt: skip
