"""Who decides and how far a measure is stands on the decision, and whether it is charged."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from jigai.policies.models import PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.policies.trace_view import stages_of
from tests.policies.changed_packs import copied, replaced
from tests.policies.conftest import Evaluate

pytestmark = pytest.mark.system("rule-trace")
NOTE = "示例：办法另行印发，目前只受理申报"


def test_note_and_charge_come_from_the_pack() -> None:
    measure = SimpleNamespace(id="surcharge", number=1, entries=[])
    found: Any = SimpleNamespace(entries=[], measures=[measure], chosen=())
    declared: Any = {"surcharge": SimpleNamespace(status_note=NOTE, charge=True)}
    (told,) = stages_of(found, declared).measures
    assert (told.note, told.charge) == (NOTE, True)


@pytest.mark.django_db
def test_the_decision_page_shows_the_note(
    web: Client, county: dict[str, Any], pack: PackVersion, evaluate: Evaluate, tmp_path: Path
) -> None:
    plain = evaluate()
    folder = copied(tmp_path)
    replaced(
        folder / "measures.yaml", "- id: equipment\n",
        f"- id: equipment\n  status_note: {NOTE}\n",
    )  # fmt: skip
    noted = evaluate(pack=install_pack(folder=folder, check=False).pk)
    pages = [
        web.get(f"/decisions/{run.decisions.get(label='paid生产线改造').pk}/").content.decode()
        for run in (plain, noted)
    ]
    assert [NOTE in page for page in pages] == [False, True]
    assert "要交的钱" not in pages[1]
