"""Local packs over a document: they fill what it leaves open and contradict nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.models import PackVersion
from jigai.policies.overlays import overlays_of
from jigai.policies.selectors_open import open_parameters, standing_of
from jigai.policies.services.decide_value import decide_value
from jigai.policies.services.install_pack import install_pack
from jigai.policies.services.propose_value import propose_value
from jigai.rules.plan import PAY, UNDETERMINED
from tests.factories import make_user
from tests.policies.conftest import Evaluate
from tests.policies.packs import LOCAL, changed_pack, local_pack
from tests.policies.test_evaluate_stored import of

pytestmark = [pytest.mark.django_db, pytest.mark.system("local-rule-pack")]
RATE = "equipment_rate"


@pytest.fixture
def base(pack: PackVersion, tmp_path: Path) -> PackVersion:
    """The document as if it had left the rate for equipment open."""
    return install_pack(folder=changed_pack(tmp_path, RATE, ""), check=False)


@pytest.fixture
def local(base: PackVersion, tmp_path: Path) -> PackVersion:
    """The county's own rules: 3 % from June 2021."""
    return install_pack(folder=local_pack(tmp_path, RATE, "3%"))


def test_it_fills_what_its_base_leaves_open(
    county: dict[str, Any], evaluate: Evaluate, base: PackVersion, local: PackVersion
) -> None:
    assert of(evaluate(pack=base.pk), county["paid"]).verdict == UNDETERMINED
    run = evaluate(pack=local.pk)
    assert (of(run, county["paid"]).verdict, of(run, county["paid"]).amount_fen) == (
        PAY,
        30_000_000,
    )
    assert run.payable and run.settled["parameters"] == {}


def test_dates_are_its_own(
    county: dict[str, Any], evaluate: Evaluate, base: PackVersion, local: PackVersion
) -> None:
    assert (base.valid_from, local.valid_from) == (dt.date(2020, 8, 15), dt.date(2021, 6, 1))
    before = evaluate(pack=local.pk, as_of="2021-05-31", deadline="2021-05-31")
    assert "未施行" in before.simulation and not before.payable
    assert of(before, county["paid"]).verdict == UNDETERMINED
    assert evaluate(pack=base.pk, as_of="2021-05-31", deadline="2021-05-31").payable


def test_both_pages_say_what_is_filled(base: PackVersion, local: PackVersion) -> None:
    (over,) = overlays_of(base).over
    (fill,) = over.fills
    assert over.version == local and (fill.base_clause, fill.clause) == ("四.1", "细则一")
    assert (fill.kind, fill.value, fill.since) == ("补上未定", "3%", dt.date(2021, 6, 1))
    around = overlays_of(local)
    assert around.base == base and around.own == over.fills and around.over == []
    shown = render_to_string("policies/overlays.html", {"overlays": around, "version": local})
    assert "所细化的上级文件" in shown and "区政府批准" in shown
    shown = render_to_string("policies/overlays.html", {"overlays": overlays_of(base),
                                                        "version": base})  # fmt: skip
    assert f"/policies/{LOCAL}/" in shown and "地方细则" in shown and "所细化" not in shown


def test_a_document_of_its_own_has_nothing_around_it(pack: PackVersion) -> None:
    found = overlays_of(pack)
    assert found.base is None and found.over == []
    assert (
        render_to_string("policies/overlays.html", {"overlays": found, "version": pack}).strip()
        == ""
    )


def test_contradicting_is_refused_with_both_clauses(pack: PackVersion, tmp_path: Path) -> None:
    folder = local_pack(tmp_path, RATE, "4%")
    with pytest.raises(JigaiError) as error:
        install_pack(folder=folder)
    told = str(error.value)
    assert error.value.code == "pack-refused"
    for words in ("上级条款 四.1", "3%", "本级条款 细则一", "4%"):
        assert words in told, words
    assert not PackVersion.objects.filter(slug=LOCAL).exists()


def test_the_register_shows_the_local_value(base: PackVersion, local: PackVersion) -> None:
    rows = {row.pack_id: row for row in open_parameters(dt.date(2021, 6, 1)).filter(code=RATE)}
    found = standing_of(list(rows.values()), dt.date(2021, 6, 1))
    assert found[rows[base.pk].pk].word == "未定"
    assert found[rows[local.pk].pk].word == "3%"
    assert found[rows[local.pk].pk].approver == "区政府"


def test_values_approved_for_the_base_count_for_the_local_pack(
    county: dict[str, Any], evaluate: Evaluate, base: PackVersion, clerk: User, tmp_path: Path
) -> None:
    local = install_pack(folder=local_pack(tmp_path, "annual_budget", "5000万元"), check=False)
    item = propose_value(
        slug=base.slug, parameter=RATE, value="3%", valid_from=dt.date(2021, 1, 1), source="纪要",
        by=clerk, access=access_of(clerk),
    )  # fmt: skip
    chief = make_user("section-chief")
    decide_value(decision=item.pk, approve=True, by=chief, access=access_of(chief))
    assert of(evaluate(pack=local.pk), county["paid"]).amount_fen == 30_000_000
