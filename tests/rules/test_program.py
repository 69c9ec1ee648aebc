"""Saved programs: the same answers as the plan they came from, and a key that changes with it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from jigai.rules.compiler import compile_plan
from jigai.rules.environment import build_environment
from jigai.rules.program import case_evaluator, load_program, program_key, save_program
from tests.rules.harness import model
from tests.rules.test_yanzhou_boundaries import DECLARED, district


def test_a_loaded_program_decides_like_its_plan(tmp_path: Path) -> None:
    """Saved, loaded, equal; nothing half-written beside it."""
    m = model()
    plan = compile_plan(m, build_environment(m.pack, m.scope, year=2021, readings=DECLARED))
    path = tmp_path / "program.bin"
    save_program(plan, path)
    loaded = load_program(path)
    assert loaded is not None
    rows = district(declared_equipment=10**9)
    (mine,), (theirs,) = (e.decide(rows)["project"] for e in (case_evaluator(plan), loaded))
    assert (mine["amount"], mine["selected"]) == (theirs["amount"], theirs["selected"])
    assert mine["amount"] == 30_000_000
    assert [file.name for file in tmp_path.iterdir()] == ["program.bin"]


def test_no_program_or_a_damaged_one_is_none(tmp_path: Path) -> None:
    """A missing or cut file is compiled anew, never an error."""
    path = tmp_path / "program.bin"
    assert load_program(path) is None
    path.write_bytes(b"\x80\x05")
    assert load_program(path) is None


def test_the_key_changes_with_every_constant_of_the_run() -> None:
    """Another reading, parameter or date never meets an old program."""
    m = model()
    changes = (
        {}, {"readings": DECLARED}, {"overrides": {"设备补助比例": "4%"}},
        {"deadline": dt.date(2021, 11, 30)},
    )  # fmt: skip
    keys = [
        program_key(m, build_environment(m.pack, m.scope, year=2021, **change))  # type: ignore[arg-type]
        for change in changes
    ]
    assert len(set(keys)) == len(keys)
    assert keys[0] == program_key(m, build_environment(m.pack, m.scope, year=2021))
