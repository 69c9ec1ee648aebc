"""A round over the whole sample district: what run, estimate and audit give equals the expected
results to the fen, and the quota, the shares and the members who left change what they must."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jigai.config import first_start
from jigai.core.access import access_of
from jigai.core.models import User
from jigai.core.services.install_demo_people import install_demo_people
from jigai.core.services.install_reference import install_reference
from jigai.errors import JigaiError
from jigai.funding.compute.claims import AUDITED, CLAIMED
from jigai.funding.compute.estimate import estimate
from jigai.funding.compute.run_round import run_round
from jigai.funding.models import (
    Application,
    ApplicationLine,
    Consortium,
    ConsortiumMember,
    InvoiceLine,
    MemberSignature,
    Programme,
    Round,
    RoundMeasure,
)
from jigai.ledgers.models import Book
from jigai.paths import packs_dir
from jigai.policies.models import Decision, PackVersion
from jigai.policies.proposals import run_in, run_to_compare
from jigai.policies.selectors import latest_run, visible_runs
from jigai.policies.services.install_pack import install_pack
from jigai.projects.models import Project

pytestmark = pytest.mark.system("subsidy-rule-engine")
MEASURES = {"M01": "equipment", "M02": "robot", "M03": "informatization"}
Rows = list[dict[str, str]]


def quiet(_step: str, _share: float) -> None:
    """Nobody looks at the progress."""


def fen(text: str) -> int:
    return int(Decimal(text) * 100)


def make_round(by: User) -> Round:
    """The year's round under the sample document, every measure opened."""
    book = Book.objects.create(code="t", name="示例", unit="fen", region_code="370812")
    programme = Programme.objects.create(
        region_code="370812", year=2021, code="t", name="示例专项", pack="yanzhou-2020", book=book
    )
    zone = timezone.get_current_timezone()
    found = Round.objects.create(
        number="PC-1", name="示例批次", programme=programme, region_code="370812", year=2021,
        pack=PackVersion.objects.defer("files").get(slug="yanzhou-2020", is_current=True),
        opens_at=dt.datetime(2021, 12, 1, tzinfo=zone), as_of=dt.date(2021, 12, 31),
        closes_at=dt.datetime(2021, 12, 31, 18, tzinfo=zone), pay_by_days=60, created_by=by,
    )  # fmt: skip
    for place, code in enumerate([*MEASURES.values(), "consortium"]):
        subject = "consortium" if code == "consortium" else "project"
        RoundMeasure.objects.create(round=found, code=code, name=code, subject=subject, place=place)
    return found


def apply_for_everything(round_: Round, best: dict[int, str]) -> None:
    """Every project for its best measure, every consortium; each with all its lines."""
    measures = {m.code: m for m in round_.measures.all()}
    made = []
    for project in Project.objects.filter(duplicate_of=None, enterprise__isnull=False):
        measure = measures[best[project.source_row or 0]]
        made.append(Application(
            number=f"SB-{project.pk}", round=round_, measure=measure, region_code="370812",
            enterprise_id=project.enterprise_id, project=project, subject_key=str(project.pk),
            title=project.name, state="submitted",
        ))  # fmt: skip
    for pool in Consortium.objects.order_by("id"):
        lead = pool.members.filter(role="lead").first()
        assert lead is not None
        if lead.enterprise_id is None:
            continue
        made.append(Application(
            number=f"SB-{pool.code}", round=round_, measure=measures["consortium"],
            region_code="370812", enterprise_id=lead.enterprise_id, consortium=pool,
            subject_key=pool.code, title=pool.name, state="submitted",
        ))  # fmt: skip
    Application.objects.bulk_create(made)
    lines = []
    for application in Application.objects.filter(round=round_):
        mine = InvoiceLine.objects.filter(project=application.project_id) if (
            application.project_id) else InvoiceLine.objects.filter(
                consortium=application.consortium_id)  # fmt: skip
        lines += [
            ApplicationLine(application=application, line=line, share_fen=line.amount_fen)
            for line in mine.exclude(status="red").exclude(amount_fen=None)
        ]
    ApplicationLine.objects.bulk_create(lines)


def test_a_round_over_the_sample_district(
    own_database: str, samples: Path, expected: Callable[[str], Rows], settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    install_reference()
    install_demo_people(password="shili-0000", enterprise=None)
    install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
    first_start.load_samples(samples, lambda text: None)
    by = User.objects.get(username="clerk")
    main = [r for r in expected("subsidy_by_project") if r["basis"] == "invoice_excl_tax"]
    wanted = {int(r["ledger_row"]): r for r in main}
    best = {row: MEASURES.get(want["best_measure"], "equipment") for row, want in wanted.items()}
    round_ = make_round(by)
    with pytest.raises(JigaiError, match="没有可以测算的申报"):
        run_round(round_=round_, basis=CLAIMED, by=by, progress=quiet)
    apply_for_everything(round_, best)

    stored = run_round(round_=round_, basis=CLAIMED, by=by, progress=quiet)
    assert stored.population["basis"] == "申报基数" and stored.payable
    round_.refresh_from_db()
    assert round_.run_id == stored.pk
    its_run_is_not_the_district(by)
    everybody_gets_what_is_expected(round_, wanted, expected)
    estimates_say_the_same(round_, wanted)
    a_lowered_base_keeps_both_figures(round_, by)
    a_member_who_left_is_not_counted(round_, by)
    nothing_but_what_was_claimed_counts(round_, by)


def its_run_is_not_the_district(by: User) -> None:
    """It is there to be seen, but no new document is tried on the applicants of a round alone."""
    access = access_of(by)
    assert visible_runs(access).count() == 1
    assert latest_run(access) is None
    assert run_to_compare("yanzhou-2020", access) is run_in("370812", access) is None


def everybody_gets_what_is_expected(
    round_: Round, wanted: dict[int, dict[str, str]], expected: Callable[[str], Rows]
) -> None:
    total = 0
    for application in Application.objects.filter(round=round_, project__isnull=False):
        want = wanted[application.project.source_row or 0]  # type: ignore[union-attr]
        got = application.computed_fen
        if want["status"] == "undetermined":
            assert got is None, want
        elif want["status"] == "pay" and want["selected"] == "yes":
            assert got == fen(want["amount"]), want
            total += got
        else:
            assert got == 0, want
        decision = application.decision
        assert decision is not None and decision.subject_key == str(application.project_id)
    assert total == fen("42220988.46")
    pools = {
        r["consortium"]: r
        for r in expected("subsidy_consortium")
        if r["basis"] == "invoice_excl_tax"
    }
    for application in Application.objects.filter(round=round_, consortium__isnull=False):
        want = pools[application.subject_key]
        got = application.computed_fen
        assert got == (fen(want["pool"]) if want["pool"] else None), want
        shares = Decision.objects.filter(
            run=application.decision.run, subject="member",  # type: ignore[union-attr]
            subject_key__startswith=f"{application.subject_key}#",
        )  # fmt: skip
        if got:
            assert sum(row.paid_fen or 0 for row in shares) == got


def estimates_say_the_same(round_: Round, wanted: dict[int, dict[str, str]]) -> None:
    """The estimate on the applicant's screen is what the run gives; for an open one the bounds."""
    chosen = Application.objects.filter(round=round_).select_related(
        "round__pack", "measure", "enterprise", "project"
    )
    for application in [*chosen.order_by("id")[:25], *chosen.filter(project=None)[:4]]:
        found = estimate(application)
        assert found is not None
        if application.computed_fen is None:
            assert found.amount is None or found.explanation.selected is None
        else:
            assert (found.amount or 0) == application.computed_fen, application.title
        if application.project:
            want = wanted[application.project.source_row or 0]
            if want["status"] == "undetermined":
                assert (found.low, found.high) == (fen(want["low"]), fen(want["high"]))


def paying(round_: Round) -> Application:
    """Somebody with one project, far above the threshold and below the cap: 3 or 4 % of a base."""
    rows = Application.objects.filter(round=round_, measure__code="equipment")
    for found in rows.filter(computed_fen__gt=30_000_000, computed_fen__lt=90_000_000):
        alone = Application.objects.filter(round=round_, enterprise=found.enterprise_id)
        if alone.count() == 1:
            return found
    raise AssertionError("nobody in between")


def largest(application: Application) -> ApplicationLine:
    """Its largest line of equipment that counts."""
    rows = application.lines.filter(
        line__item_class="equipment", line__duplicate_of=None, line__status="normal",
        line__buyer_matches=True, line__date__year=2021, line__red_letters=None,
    )  # fmt: skip
    found = rows.order_by("-share_fen").first()
    assert found is not None
    return found


def rate_of(application: Application) -> Decimal:
    """3 %, or 4 % for class A and the echelon: whichever is nearer to amount by base."""
    base = sum(row.share_fen for row in application.lines.all())
    rough = Decimal(application.computed_fen or 0) / base
    return min((Decimal("0.03"), Decimal("0.04")), key=lambda rate: abs(rate - rough))


def a_lowered_base_keeps_both_figures(round_: Round, by: User) -> None:
    application = paying(round_)
    before = application.computed_fen or 0
    line = largest(application)
    cut = line.share_fen // 7
    line.audited_fen, line.audit_reason = line.share_fen - cut, "示例：含安装费"
    line.save()
    run_round(round_=round_, basis=AUDITED, by=by, progress=quiet)
    application.refresh_from_db()
    assert application.computed_fen == before, "the claimed figure stays"
    rate = rate_of(application)
    assert application.reviewed_fen is not None
    # The base fell by the cut; the rate is the same, so the amount fell by rate times cut.
    assert abs(before - application.reviewed_fen - rate * cut) <= 1
    others = Application.objects.filter(round=round_, computed_fen__isnull=False)
    same = [a for a in others.exclude(pk=application.pk) if a.reviewed_fen != a.computed_fen]
    assert same == []
    line.audited_fen, line.audit_reason = None, ""
    line.save()


def a_member_who_left_is_not_counted(round_: Round, by: User) -> None:
    """Threshold, share of small firms, cap and split are all worked out anew without it."""
    application = Application.objects.get(round=round_, subject_key="GTT-2021-01")
    members = ConsortiumMember.objects.filter(consortium=application.consortium_id)
    gone = members.get(enterprise__uscc="91370812MAU2HHJ38A")
    MemberSignature.objects.create(
        application=application, member=gone, enterprise=gone.enterprise,
        left_at=timezone.now(), left_reason="示例退出",
    )  # fmt: skip
    run_round(round_=round_, basis=CLAIMED, by=by, progress=quiet)
    application.refresh_from_db()
    # 12,345,678.90 less 1,765,432.01 at 3 %.
    assert application.computed_fen == 31_740_741
    assert application.decision is not None
    shares = {
        row.subject_key: row.paid_fen
        for row in Decision.objects.filter(run=application.decision.run, subject="member")
        if row.subject_key.startswith("GTT-2021-01#")
    }
    assert len(shares) == 3 and sum(filter(None, shares.values())) == 31_740_741


def nothing_but_what_was_claimed_counts(round_: Round, by: User) -> None:
    """Half of one line is half of it; a line that was not claimed is not there."""
    application = paying(round_)
    line = largest(application)
    half = line.share_fen // 2
    ApplicationLine.objects.filter(pk=line.pk).update(share_fen=line.share_fen - half)
    found = estimate(Application.objects.get(pk=application.pk))
    assert found is not None and found.amount is not None
    fallen = (application.computed_fen or 0) - found.amount
    assert abs(fallen - rate_of(application) * half) <= 1
    application.lines.all().delete()
    found = estimate(Application.objects.get(pk=application.pk))
    assert found is not None and not found.amount
