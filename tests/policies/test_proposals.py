"""A new version of a pack: sent in, checked, compared, confirmed once; old decisions stay."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import jigai
from jigai.core.access import access_of
from jigai.core.models import EvidenceFile, EvidenceUse, Job, User
from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.policies.evaluate_stored import evaluate_again
from jigai.policies.models import EvaluationRun, PackProposal, PackVersion
from jigai.policies.money_change import fitting
from jigai.policies.proposals import region_of
from jigai.policies.services.confirm_proposal import confirm_proposal
from jigai.policies.services.install_pack import install_pack
from jigai.policies.stored_packs import files_hash
from jigai.policies.uploaded_packs import own_files
from jigai.rules.loader import load_pack
from jigai.rules.model import build_model
from tests.factories import CITY, COUNTY, PROVINCE, SIBLING, make_regions, make_user
from tests.policies.changed_packs import SLUG, copied, raised, replaced, zipped
from tests.policies.conftest import Evaluate
from tests.policies.sent_packs import LIST, NEW, Send, done, upload
from tests.policies.test_evaluate_stored import of
from tests.query_counts import queries_of

pytestmark = pytest.mark.django_db


def post(client: Client, proposal: PackProposal, verb: str, nonce: str = "") -> Any:
    return client.post(f"{LIST}{proposal.pk}/{verb}/", {"nonce": nonce or str(uuid.uuid4())})


def page_of(client: Client, proposal: PackProposal) -> str:
    return client.get(f"{LIST}{proposal.pk}/").content.decode()


def ready(pack: PackVersion, by: User, files: dict[str, str] | None = None) -> PackProposal:
    """A proposal that has been checked, without the work of checking it."""
    given = files or {
        **pack.files, f"{SLUG}/tasks.yaml": pack.files[f"{SLUG}/tasks.yaml"] + "\n# 改\n",
    }  # fmt: skip
    file = EvidenceFile.objects.create(sha256="0" * 64, size=1, media_type="x", name="a.zip")
    return PackProposal.objects.create(
        slug=SLUG, title=pack.title, region_code=COUNTY, file=file, files=given,
        status="ready", created_by=by,
        changes={"base": pack.pk, "engine": jigai.__version__, "sections": [],
                 "counts": {"added": 0, "removed": 0, "changed": 0}},
    )  # fmt: skip


@pytest.mark.system("policy-corpus")
def test_four_percent_instead_of_three(
    send: Send, browser: Client, four: bytes, county: dict[str, Any], evaluate: Evaluate,
    pack: PackVersion,
) -> None:  # fmt: skip
    old = evaluate()
    count = EvaluationRun.objects.count()
    proposal = send(four)
    assert proposal.status == "ready" and not any(
        row["severity"] == "error" for row in proposal.problems
    )
    codes = [section["code"] for section in proposal.changes["sections"]]
    assert codes == ["clauses", "numbers", "parameters", "examples"]
    money = proposal.money
    # 1,000万元 × 1% = 10万元
    assert money["before"]["total_fen"] == old.summary["total_fen"] == 30_000_000
    assert (money["after"]["total_fen"], money["difference"]) == (40_000_000, 10_000_000)
    assert money["before"]["selected"] == money["after"]["selected"] == 1
    (measure,) = money["measures"]
    assert (measure["before"], measure["after"]) == (
        {"count": 1, "fen": 30_000_000}, {"count": 1, "fen": 40_000_000},
    )  # fmt: skip
    # The one that is paid, and the one whose upper bound rises while its grade is missing.
    paid, open_ = money["subjects"]
    assert (paid["key"], paid["difference"]) == (str(county["paid"].pk), 10_000_000)
    assert (open_["key"], open_["difference"]) == (str(county["open"].pk), 0)
    assert (open_["before"]["high_fen"], open_["after"]["high_fen"]) == (40_000_000, 50_000_000)
    assert sum(row["difference"] for row in money["subjects"]) == money["difference"]
    assert EvaluationRun.objects.count() == count

    page = page_of(browser, proposal)
    for part in ("+100,000.00", "300,000.00", "400,000.00", "设备补助比例", "确认安装",
                 "paid生产线改造", reverse("clause", args=[SLUG, "四.1"]),
                 "0.00 至 500,000.00"):  # fmt: skip
        assert part in page, part
    assert "100,000.00" in browser.get(LIST).content.decode()

    assert post(browser, proposal, "confirm").status_code == 302
    proposal.refresh_from_db()
    new = PackVersion.objects.get(slug=SLUG, is_current=True)
    assert proposal.status == "installed" and proposal.installed == new != pack
    assert new.installed_by == proposal.decided_by and new.files == proposal.files
    again = evaluate_again(old)
    assert (again.snapshot, again.decision_hash) == (old.snapshot, old.root_hash)
    fresh = evaluate(pack=new.pk)
    assert of(fresh, county["paid"]).paid_fen == 40_000_000
    assert fresh.summary["total_fen"] == money["after"]["total_fen"]
    assert of(old, county["paid"]).paid_fen == 30_000_000
    assert "确认安装" not in page_of(browser, proposal)


def test_choices_the_new_version_does_not_know_are_told(
    county: dict[str, Any], evaluate: Evaluate
) -> None:
    run = evaluate(readings={"uplift_order": "b"})
    model = build_model(load_pack(packs_dir() / SLUG))
    choices, dropped = fitting(run, model, timezone.now())
    assert (choices.readings, dropped) == ({"uplift_order": "b"}, [])
    assert (choices.as_of, choices.deadline) == (run.as_of, run.deadline)
    model.pack.readings = [r for r in model.pack.readings if r.id != "uplift_order"]
    choices, dropped = fitting(run, model, timezone.now())
    assert choices.readings == {} and dropped == ["加点次序＝加点部分不封顶"]


def test_problems_are_told_with_their_places(
    send: Send, browser: Client, pack: PackVersion, tmp_path: Path
) -> None:
    proposal = send(zipped(raised(tmp_path)))
    assert proposal.status == "refused" and proposal.money == {} == proposal.changes
    row = next(row for row in proposal.problems if "恰500万元”的 amount" in row["message"])
    assert (row["file"], row["line"], row["column"]) == (
        f"{SLUG}/examples/01-equipment.yaml", 9, 33,
    )  # fmt: skip
    assert row["fix"] == "改规则或改样例"
    page = page_of(browser, proposal)
    assert "没有通过检查" in page and "01-equipment.yaml:9:33" in page and "确认安装" not in page
    assert post(browser, proposal, "confirm").status_code == 422
    assert PackVersion.objects.get(is_current=True) == pack


def test_sending_twice_and_confirming_twice_count_once(
    browser: Client, pack: PackVersion, chief: User, four: bytes
) -> None:
    nonce = str(uuid.uuid4())
    first, second = upload(browser, four, nonce=nonce), upload(browser, four, nonce=nonce)
    assert first["Location"] == second["Location"] and PackProposal.objects.count() == 1
    assert Job.objects.filter(kind="propose-pack").count() == 1
    proposal = ready(pack, chief)
    for number in (nonce := str(uuid.uuid4()), nonce, str(uuid.uuid4())):
        assert post(browser, proposal, "confirm", number).status_code == 302
    assert PackVersion.objects.count() == 2
    proposal.refresh_from_db()
    assert proposal.installed == PackVersion.objects.get(is_current=True)


def test_the_zip_is_kept_as_evidence(browser: Client, pack: PackVersion, four: bytes) -> None:
    upload(browser, four)
    proposal = PackProposal.objects.get()
    assert proposal.file.size == len(four) and proposal.file.region_code == COUNTY
    assert EvidenceUse.objects.get(file=proposal.file).url == f"{LIST}{proposal.pk}/"
    assert own_files(SLUG, proposal.files) == proposal.files


@pytest.mark.parametrize("change", ["version", "base", "engine"])
def test_what_was_compared_must_still_be_installed(
    browser: Client, pack: PackVersion, chief: User, tmp_path: Path, change: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    proposal = ready(pack, chief)
    if change == "version":
        folder = copied(tmp_path)
        replaced(folder / "tasks.yaml", "tasks:", "tasks:  # 别人改的")
        other = install_pack(folder=folder, by=chief, check=False)
    elif change == "base":
        folder = copied(tmp_path).parent / "national"
        replaced(folder / "readings.yaml", "readings:", "readings:  # 改")
        install_pack(folder=folder, check=False)
        other = pack
    else:
        monkeypatch.setattr(jigai, "__version__", "9.9.9")
        other = pack
    versions = PackVersion.objects.count()
    answer = post(browser, proposal, "confirm")
    assert answer.status_code == 302 and answer["Location"] == f"{LIST}{proposal.pk}/"
    assert PackVersion.objects.count() == versions
    proposal.refresh_from_db()
    assert proposal.status == "checking" and proposal.installed is None
    proposal = done(proposal)
    assert proposal.status == "ready" and proposal.changes["base"] == other.pk
    page = page_of(browser, proposal)
    assert "比较之后情况有变" in page and (change != "version" or other.sha256[:16] in page)
    assert post(browser, proposal, "confirm").status_code == 302
    proposal.refresh_from_db()
    assert proposal.status == "installed"


def test_a_version_equal_to_the_one_in_use_is_refused(
    send: Send, pack: PackVersion, tmp_path: Path
) -> None:
    proposal = send(zipped(copied(tmp_path)))
    assert proposal.status == "refused"
    assert proposal.problems[0]["code"] == "same-version"


def test_a_pack_nobody_has_installed_yet(
    send: Send, browser: Client, pack: PackVersion, tmp_path: Path
) -> None:
    folder = copied(tmp_path).rename(tmp_path / "yanzhou-2021")
    replaced(folder / "pack.yaml", f"id: {SLUG}", "id: yanzhou-2021")
    proposal = send(zipped(folder))
    assert (proposal.status, proposal.changes["base"]) == ("ready", None)
    assert "none" in proposal.money and proposal.files["national/pack.yaml"]
    assert "这是一份新的政策" in page_of(browser, proposal)
    post(browser, proposal, "confirm")
    found = PackVersion.objects.get(slug="yanzhou-2021")
    assert found.sha256 == files_hash(found.files) and found.is_current


def test_giving_up(browser: Client, pack: PackVersion, chief: User, four: bytes) -> None:
    upload(browser, four)
    proposal = PackProposal.objects.get()
    for _again in range(2):
        assert post(browser, proposal, "discard").status_code == 302
    proposal.refresh_from_db()
    assert proposal.status == "discarded" and proposal.decided_by == chief
    assert Job.objects.get(pk=proposal.job_id).status == "cancelled"
    assert post(browser, proposal, "confirm").status_code == 422
    assert post(browser, proposal, "recheck").status_code == 422
    installed = ready(pack, chief)
    post(browser, installed, "confirm")
    assert post(browser, installed, "discard").status_code == 422


def test_a_check_that_broke_off_can_be_repeated(
    browser: Client, pack: PackVersion, four: bytes
) -> None:
    upload(browser, four)
    proposal = PackProposal.objects.get()
    Job.objects.filter(pk=proposal.job_id).update(status="failed", error="磁盘已满")
    assert "磁盘已满" in page_of(browser, proposal)
    post(browser, proposal, "recheck")
    first = proposal.job_id
    proposal.refresh_from_db()
    assert proposal.job_id != first and done(proposal).status == "ready"


def test_a_discarded_proposal_stays_so_when_its_check_ends(
    browser: Client, pack: PackVersion, four: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(browser, four)
    proposal = PackProposal.objects.get()
    from jigai.policies.services import check_proposal

    real = check_proposal.examine_files

    def meanwhile(*given: Any) -> Any:
        PackProposal.objects.filter(pk=proposal.pk).update(status="discarded")
        return real(*given)

    monkeypatch.setattr(check_proposal, "examine_files", meanwhile)
    assert done(proposal).status == "discarded"


# Who may.


@pytest.mark.system("role-access")
def test_others_are_kept_out(client: Client, pack: PackVersion, chief: User) -> None:
    proposal = ready(pack, chief)
    urls = [LIST, NEW, f"{LIST}{proposal.pk}/", f"{LIST}{proposal.pk}/state/"]
    for role in ("section-clerk", "leader", "auditor", "finance"):
        client.force_login(make_user(role))
        assert [client.get(url).status_code for url in urls] == [403] * 4, role
        for verb in ("confirm", "discard", "recheck"):
            assert post(client, proposal, verb).status_code == 403
    client.force_login(make_user("section-chief", SIBLING))
    assert client.get(f"{LIST}{proposal.pk}/").status_code == 404
    assert post(client, proposal, "confirm").status_code == 404
    assert pack.title not in client.get(LIST).content.decode()
    client.force_login(make_user("section-chief", CITY))
    assert post(client, proposal, "confirm").status_code == 302


@pytest.mark.system("role-access")
@pytest.mark.parametrize("region", [COUNTY, SIBLING])
def test_nobody_takes_over_the_document_of_another_region(
    client: Client, send: Send, pack: PackVersion, tmp_path: Path, region: str
) -> None:
    """Not as it is, and not by naming one's own region in it."""
    folder = copied(tmp_path)
    replaced(folder / "pack.yaml", f'code: "{COUNTY}"', f'code: "{region}"')
    replaced(folder / "tasks.yaml", "tasks:", "tasks:  # 改")
    client.force_login(make_user("section-chief", SIBLING))
    proposal = send(zipped(folder), client)
    assert proposal.status == "refused"
    assert any(row["code"] == "out-of-reach" for row in proposal.problems)
    # Its sender still sees why.
    assert "不在您的数据权限之内" in page_of(client, proposal)
    assert post(client, proposal, "confirm").status_code == 404


@pytest.mark.system("role-access")
def test_who_sees_no_enterprises_sees_totals_only(
    client: Client, send: Send, four: bytes, county: dict[str, Any], evaluate: Evaluate
) -> None:
    evaluate()
    client.force_login(make_user("platform-admin", PROVINCE, scope="all"))
    proposal = send(four, client)
    assert proposal.money["difference"] == 10_000_000
    page = page_of(client, proposal)
    assert "+100,000.00" in page and "确认安装" in page
    assert "paid生产线改造" not in page and "由有权查看" in page


def test_the_service_itself_refuses(pack: PackVersion, chief: User, clerk: User) -> None:
    proposal = ready(pack, chief)
    for user in (clerk, make_user("section-chief", SIBLING)):
        with pytest.raises(JigaiError):
            confirm_proposal(proposal_id=proposal.pk, by=user, access=access_of(user))
    assert PackVersion.objects.count() == 1


def test_reading_writes_nothing(browser: Client, pack: PackVersion, chief: User) -> None:
    proposal = ready(pack, chief)
    for table in (PackProposal, PackVersion, Job, EvidenceFile):
        before = list(table.objects.order_by("pk").values())  # type: ignore[attr-defined]
        for url in (LIST, NEW, f"{LIST}{proposal.pk}/", f"{LIST}{proposal.pk}/state/",
                    f"/policies/{SLUG}/versions/", f"/policies/{SLUG}/compare/"):  # fmt: skip
            assert browser.get(url).status_code == 200
        for verb in ("confirm", "discard", "recheck"):
            assert browser.get(f"{LIST}{proposal.pk}/{verb}/").status_code == 405
        assert list(table.objects.order_by("pk").values()) == before  # type: ignore[attr-defined]


def test_query_counts(browser: Client, pack: PackVersion, chief: User) -> None:
    ready(pack, chief)
    browser.get(LIST)
    small = len(queries_of(browser, LIST))
    for _more in range(5):
        ready(pack, chief)
    assert len(queries_of(browser, LIST)) == small <= 16


def test_the_region_of_a_group_is_the_smallest_around_it() -> None:
    from jigai.core.models import RegionGroup, RegionGroupMember

    make_regions()
    for slug, codes in (("near", [COUNTY, SIBLING]), ("far", [COUNTY, "320500"]),
                        ("wide", [COUNTY, "370100"])):  # fmt: skip
        group = RegionGroup.objects.create(slug=slug, name=slug)
        for code in codes:
            RegionGroupMember.objects.create(group=group, region_code=code)
    assert [region_of(code) for code in ("near", "far", "wide", COUNTY, "nothing")] == [
        CITY, "", PROVINCE, COUNTY, "",
    ]  # fmt: skip


# The command.


def test_the_command_shows_asks_and_installs(
    pack: PackVersion, county: dict[str, Any], evaluate: Evaluate, four_folder: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from jigai import cli_packs

    evaluate()
    monkeypatch.setattr(cli_packs.typer, "confirm", lambda *given, **more: False)
    assert cli_packs.install_folder(four_folder, yes=False) == 1
    told = capsys.readouterr().out
    for part in ("3% → 4%", "设备补助比例", "300,000.00 元 → 400,000.00 元", "+100,000.00"):
        assert part in told, part
    assert PackVersion.objects.count() == 1
    assert cli_packs.install_folder(four_folder, yes=True) == 0
    assert PackVersion.objects.get(is_current=True) != pack and PackVersion.objects.count() == 2


def test_the_command_refuses_what_the_linter_refuses(
    pack: PackVersion, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from jigai import cli_packs

    folder = copied(tmp_path)
    replaced(folder / "tasks.yaml", "clause: ", "clause: 九九")
    assert cli_packs.install_folder(folder, yes=True) == 1
    assert f"{SLUG}/tasks.yaml:" in capsys.readouterr().out
    assert PackVersion.objects.get() == pack
    assert cli_packs.install_folder(packs_dir() / SLUG, yes=True) == 0
    assert "完全相同" in capsys.readouterr().out and PackVersion.objects.count() == 1
