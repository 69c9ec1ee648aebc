"""Working a round out from the review: which figures may stand after a run, and bulk acceptance."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.core.access import access_of
from jigai.funding.compute.claims import AUDITED, CLAIMED
from jigai.funding.models import Application, EvidenceCheck, Round
from jigai.funding.review.services import accept_clear as accepting
from jigai.funding.review.services import run_amounts as running
from jigai.funding.review.services.accept_clear import accept_clear, waiting
from jigai.funding.review.services.run_amounts import run_amounts
from jigai.policies.models import Decision
from tests.funding.making import make_application
from tests.funding.review.conftest import WAN, Do, Office, hand_in

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


def quiet(_step: str, _share: float) -> None:
    """Nobody looks at the progress."""


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bases worked out, in order; a run gives every application one 万元 on its base."""
    found: list[str] = []

    def run(*, round_: Round, basis: str, **_more: Any) -> str:
        found.append(basis)
        column = "reviewed_fen" if basis == AUDITED else "computed_fen"
        Application.objects.filter(round=round_).update(**{column: WAN})
        return basis

    monkeypatch.setattr(running, "run_round", run)
    return found


def test_an_audit_that_nobody_confirmed_gives_no_amount(
    application: Application, office: Office, round_: Round, runs: list[str]
) -> None:
    settled = hand_in(office, round_)
    without = hand_in(office, round_, lines=0)
    Application.objects.filter(pk=settled.pk).update(audited_fen=100 * WAN)
    run_amounts(round_=round_, basis=AUDITED, by=None, progress=quiet)
    found = {row.pk: row.reviewed_fen for row in Application.objects.all()}
    assert found == {application.pk: None, settled.pk: WAN, without.pk: WAN}


def test_a_later_run_on_the_claimed_base_is_followed_by_the_audited_one(
    round_: Round, runs: list[str]
) -> None:
    run_amounts(round_=round_, basis=CLAIMED, by=None, progress=quiet)
    assert runs == [CLAIMED]
    make_application(round_, state="reviewed", fen=WAN, subject_key="1")
    seen: list[tuple[str, float]] = []
    run_amounts(round_=round_, basis=CLAIMED, by=None, progress=lambda *told: seen.append(told))
    assert runs == [CLAIMED, CLAIMED, AUDITED]


@pytest.fixture
def agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules agree with every submitted application."""

    def keys(round_: Round) -> list[int]:
        rows = Application.objects.filter(round=round_, state="submitted")
        return list(rows.order_by("id").values_list("pk", flat=True))

    monkeypatch.setattr(accepting, "waiting", keys)


def test_what_is_clear_is_accepted_and_the_rest_named(
    application: Application, office: Office, round_: Round, agreed: None
) -> None:
    bare = hand_in(office, round_, evidence={})
    clerk, seen = office["miit"], []
    found = accept_clear(
        round_=round_, by=clerk, access=access_of(clerk),
        progress=lambda step, share: seen.append(share),
    )  # fmt: skip
    assert (found["accepted"], found["left"]) == (1, 1)
    assert found["reasons"] == [f"{bare.number}：没有材料“营业执照”"]
    application.refresh_from_db()
    assert application.state == "review"
    assert seen[-1] == 1


def test_somebody_who_may_not_accept_leaves_everything_as_it_was(
    application: Application, office: Office, round_: Round, agreed: None
) -> None:
    other = office["tax"]
    found = accept_clear(round_=round_, by=other, access=access_of(other), progress=quiet)
    assert found["accepted"] == 0
    application.refresh_from_db()
    assert application.state == "submitted"


def test_without_a_run_nothing_is_clear(
    application: Application, round_: Round, office: Office, do: Do
) -> None:
    assert waiting(round_) == []
    assert not Decision.objects.exists()
    EvidenceCheck.objects.create(
        application=application, item="form", state="short", words="x", by=office["miit"]
    )
    assert waiting(round_) == []
