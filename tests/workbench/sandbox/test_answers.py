"""The money an answer of the interpretation desk moves, seen in a study of both readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.policies.models import Interpretation, PackVersion
from jigai.policies.services.answer_question import answer_question
from jigai.policies.services.ask_question import ask_question
from jigai.policies.services.install_pack import install_pack
from jigai.workbench.models import SandboxStudy
from jigai.workbench.sandbox.answers import read_both_ways
from jigai.workbench.sandbox.services.start_work import start_run
from jigai.workbench.sandbox.standing import standings
from tests.workbench.sandbox.conftest import access, finish
from tests.workbench.sandbox.test_pages import nonce, post, text

pytestmark = [pytest.mark.django_db, pytest.mark.system("rule-interpretation-desk")]
BASIS = "invoice_amount_basis"


def answered(option: str, since: dt.date = dt.date(2021, 6, 1), **given: Any) -> Interpretation:
    asked = ask_question(
        slug="yanzhou-2020", clause="四.1", question="设备投资额按什么口径？", public=True,
        by=User.objects.get(username="clerk"), access=access("clerk"),
    )  # fmt: skip
    chief = User.objects.get(username="chief")
    values = {"reading": BASIS, "option": option, "number": "示例复〔2021〕1号", **given}
    return answer_question(
        question=asked.pk,
        answer="按申报数",
        effective_from=since,
        by=chief,
        access=access("chief"),
        **values,
    )


def test_both_readings_stand_beside_one_another(
    installed: PackVersion, district: SandboxStudy, web: Callable[[str], Client]
) -> None:
    """Made from the page of the answer; the difference is that of two evaluations, to the fen."""
    item, client = answered("c"), web("clerk")
    assert f"/sandbox/new/?answer={item.pk}" in text(client.get(f"/desk/{item.pk}/"))
    start = f"/sandbox/new/?answer={item.pk}"
    made = post(client, start, "/sandbox/new/", answer=item.pk, title="答复的影响",
                pack=installed.pk, population="current", region="370812", year="2021")  # fmt: skip
    assert made.status_code == 302, text(made)[-2000:]
    study = SandboxStudy.objects.get(title="答复的影响")
    names = list(study.scenarios.order_by("place").values_list("name", "readings"))
    assert [name.partition("：")[0] for name, _ in names] == ["答复前", "答复后"]
    for name in ("facts_file", "people_file", "known_at", "taken"):
        setattr(study, name, getattr(district, name))
    study.save()
    finish(start_run(study=study, scenarios=[], by=item.asked_by, access=access("clerk")))
    before, after = standings(study)
    assert before.summary["total"] == 4_544_190_327
    assert after.summary["total"] == 4_587_634_127


def test_before_means_what_was_answered_earlier(installed: PackVersion) -> None:
    answered("b", dt.date(2021, 1, 1))
    later = answered("c", dt.date(2021, 7, 1))
    (_, before), (_, after) = read_both_ways(later)
    assert before == {BASIS: "b"} and after == {BASIS: "c"}


def test_an_answer_without_a_reading_moves_no_money(
    installed: PackVersion, web: Callable[[str], Client]
) -> None:
    plain = answered("", reading="")
    with pytest.raises(JigaiError, match="没有改变"):
        read_both_ways(plain)
    client = web("clerk")
    assert "/sandbox/new/?answer=" not in text(client.get(f"/desk/{plain.pk}/"))
    assert client.get(f"/sandbox/new/?answer={plain.pk}").status_code == 404


def test_the_answer_is_about_its_own_document(
    installed: PackVersion, web: Callable[[str], Client]
) -> None:
    item, client = answered("c"), web("clerk")
    other = install_pack(folder=packs_dir() / "luan-2020", check=False)
    page = client.get(f"/sandbox/new/?answer={item.pk}")
    sent = {"nonce": nonce(page), "answer": item.pk, "title": "示例", "pack": other.pk,
            "population": "demo", "region": "370812", "year": "2021"}  # fmt: skip
    refused = client.post("/sandbox/new/", sent)
    assert refused.status_code == 422 and "答复是对另一份文件作的" in text(refused)
