"""Documents a pack leans on: each a row that stays open until something stands for it."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jigai.core.access import access_of
from jigai.core.models import EvidenceUse, User
from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.policies.models import PackItem, PackVersion, UpstreamDocument
from jigai.policies.sections import live_items
from jigai.policies.services.attach_upstream import attach_upstream
from jigai.policies.services.install_pack import install_pack
from tests.factories import make_user
from tests.policies.packs import local_pack
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-lineage")]
State = UpstreamDocument.State
COST = "粤府〔2018〕79号"


@pytest.fixture
def guangdong(db: None) -> PackVersion:
    return install_pack(folder=packs_dir() / "guangdong-2019", check=False)


@pytest.fixture
def province(db: None) -> User:
    """Somebody who may attach originals everywhere."""
    return make_user("section-chief", region="440000", scope="all")


def row_of(slug: str, part: str) -> UpstreamDocument:
    return UpstreamDocument.objects.get(slug=slug, title__contains=part)


def attach(row: UpstreamDocument, by: User, kind: str, **given: Any) -> UpstreamDocument:
    values = {
        "pack_slug": "", "parameter": "", "upload": None, "note": "", "seen": row.version, **given,
    }  # fmt: skip
    return attach_upstream(upstream=row.pk, kind=kind, by=by, access=access_of(by), **values)


def test_every_upstream_document_of_every_pack_is_a_row_to_be_imported(
    web: Client, pack: PackVersion
) -> None:
    for slug in ("guangdong-2019", "jiangsu-2015", "sunan-2017", "luan-2020"):
        install_pack(folder=packs_dir() / slug, check=False)
    rows = UpstreamDocument.objects.filter(listed=True)
    assert {row.slug: row.state for row in rows} == dict.fromkeys(
        ["yanzhou-2020", "guangdong-2019", "jiangsu-2015", "sunan-2017", "luan-2020"], "pending"
    )
    assert rows.filter(slug="yanzhou-2020").count() == 3
    page = web.get("/upstream/?size=100").content.decode()
    assert page.count("待导入") >= rows.count() and COST in page
    only = web.get("/upstream/?pack=yanzhou-2020").content.decode()
    assert "山东省企业技术改造条例" in only and COST not in only


def test_a_measure_that_only_refers_is_to_be_imported_and_not_zero(
    web: Client, guangdong: PackVersion
) -> None:
    item = PackItem.objects.select_related("pack").get(pack=guangdong, code="cost-reduction")
    live = live_items(access_of(make_user("section-clerk")), [item])[item.pk]
    assert live.status == "pending"
    assert live.words.startswith("待导入") and COST in live.words and "不是零" in live.words
    other = PackItem.objects.select_related("pack").get(pack=guangdong, code="military-civil-fund")
    assert (
        "待导入" not in live_items(access_of(make_user("section-clerk")), [other])[other.pk].words
    )
    for url in ("", "living/", "lineage/"):
        page = web.get(f"/policies/guangdong-2019/{url}").content.decode()
        assert "降成本政策落实" in page and "待导入" in page and "不是零" in page, url


def test_attached_on_screen_to_an_original(
    client: Client, guangdong: PackVersion, province: User
) -> None:
    client.force_login(province)
    row = UpstreamDocument.objects.get(number=COST)
    url = f"/upstream/{row.pk}/attach/"
    assert COST in client.get(url).content.decode()
    sent = {
        "kind": "file", "note": "官网下载", "seen": str(row.version), "nonce": str(uuid.uuid4()),
        "upload": SimpleUploadedFile("原文.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"),
    }  # fmt: skip
    answer = client.post(url, sent)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    row.refresh_from_db()
    assert (row.state, row.attached_by) == (State.ATTACHED, province)
    assert row.file is not None and len(row.file.sha256) == 64
    assert EvidenceUse.objects.get(file=row.file).kind == "upstream"
    page = client.get("/policies/guangdong-2019/lineage/").content.decode()
    assert "已挂接" in page and "原文.pdf" in page and "待导入" not in page
    late = {"kind": "pending", "note": "", "seen": sent["seen"], "nonce": str(uuid.uuid4())}
    again = client.post(url, late)
    assert again.status_code == 422 and "刚有人改过" in again.content.decode()


def test_attached_to_a_pack_the_chain_goes_up_and_down(
    web: Client, guangdong: PackVersion, pack: PackVersion, province: User
) -> None:
    row = UpstreamDocument.objects.get(number=COST)
    attach(row, province, "pack", pack_slug=pack.slug)
    up = web.get("/policies/guangdong-2019/lineage/").content.decode()
    assert "又依据" in up and "鲁工信改〔2019〕26号" in up
    down = web.get("/policies/yanzhou-2020/lineage/").content.decode()
    assert "列为上位依据" in down and guangdong.title in down


def test_attached_to_a_parameter_of_the_standard(guangdong: PackVersion, province: User) -> None:
    install_pack(folder=packs_dir() / "national", check=False)
    row = attach(
        UpstreamDocument.objects.get(number=COST), province, "parameter",
        parameter="national:above_scale_threshold",
    )  # fmt: skip
    assert row.state == State.ATTACHED and row.pack_slug == ""
    with pytest.raises(JigaiError, match="没有选通用参数"):
        attach(row, province, "parameter", parameter="national:no_such_one")


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("file", {}, "no-file"),
        ("none", {}, "no-reason"),
        ("pack", {"pack_slug": "guangdong-2019"}, "itself"),
        ("pack", {"pack_slug": "nowhere"}, "unknown-pack"),
        ("none", {"note": "会议要求", "seen": 9}, "changed"),
    ],
)
def test_what_does_not_fit_is_refused(
    guangdong: PackVersion, province: User, kind: str, given: dict[str, Any], code: str
) -> None:
    row = UpstreamDocument.objects.get(number=COST)
    with pytest.raises(JigaiError) as refused:
        attach(row, province, kind, **given)
    assert refused.value.code == code
    row.refresh_from_db()
    assert row.state == State.PENDING


def test_no_pack_exists_is_said_with_its_reason(web: Client, province: User) -> None:
    install_pack(folder=packs_dir() / "jiangsu-2015", check=False)
    attach(row_of("jiangsu-2015", "国务院常务会议"), province, "none", note="会议要求，没有文件")
    page = web.get("/policies/jiangsu-2015/lineage/").content.decode()
    assert "不存在数据包" in page and "会议要求，没有文件" in page


def test_only_the_region_of_the_document_attaches(guangdong: PackVersion, chief: User) -> None:
    with pytest.raises(JigaiError, match="所在的地区"):
        attach(UpstreamDocument.objects.get(number=COST), chief, "none", note="没有")


def test_the_document_itself_arriving_attaches_it(pack: PackVersion, tmp_path: Path) -> None:
    folder = local_pack(tmp_path, "equipment_rate", "")
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    number = "鲁工信改〔2019〕26号"
    (folder / "pack.yaml").write_text(
        text.replace("兖工信字〔2021〕3号", number).replace("overlays: yanzhou-2020\n", ""),
        encoding="utf-8",
    )
    waiting = UpstreamDocument.objects.get(slug="yanzhou-2020", number=number)
    assert waiting.state == State.PENDING
    (folder / "parameters.yaml").unlink()
    install_pack(folder=folder, check=False)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.pack_slug) == (State.ATTACHED, "yanzhou-detail")


def test_local_packs_stand_below_their_base(web: Client, pack: PackVersion, tmp_path: Path) -> None:
    install_pack(folder=local_pack(tmp_path, "equipment_rate", ""), check=False)
    page = web.get("/policies/yanzhou-2020/lineage/").content.decode()
    assert "地方细则" in page and "实施细则（测试）" in page


def test_installing_again_keeps_what_people_attached(
    guangdong: PackVersion, province: User
) -> None:
    attach(UpstreamDocument.objects.get(number=COST), province, "none", note="待省里公布")
    assert install_pack(folder=packs_dir() / "guangdong-2019", check=False) == guangdong
    row = UpstreamDocument.objects.get(number=COST)
    assert (row.state, row.note) == (State.NONE, "待省里公布")


def test_the_chain_costs_the_same_for_more_documents(web: Client, pack: PackVersion) -> None:
    url = "/policies/yanzhou-2020/lineage/"
    web.get(url)
    few = len(queries_of(web, url))
    install_pack(folder=packs_dir() / "sunan-2017", check=False)
    assert len(queries_of(web, url)) <= few
