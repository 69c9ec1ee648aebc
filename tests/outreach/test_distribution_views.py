"""收文 and 发文 on screen."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.outreach.models import Delivery, Distribution
from jigai.outreach.services.end_distribution import end_overtaken, repeal_distribution
from tests.factories import (
    SIBLING,
    make_department,
    make_enterprise,
    make_institution,
    make_regions,
    make_user,
)
from tests.outreach.distribution_cases import (
    PDF,
    add,
    draft,
    file_draft,
    in_force,
    of,
    send,
    work_off,
)
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("document-distribution")]
FINANCE = "370812finance局"


@pytest.fixture
def clerk(db: None) -> User:
    make_regions()
    return make_user("section-clerk", username="clerk")


@pytest.fixture
def finance(db: None) -> User:
    return make_user("finance", department=make_department(line="finance"))


@pytest.fixture
def notice(clerk: User, finance: User) -> Distribution:
    """A file sent to the finance office and the court."""
    begun = file_draft(clerk)
    add(begun, clerk, FINANCE, "区法院")
    return send(begun, clerk)


def post(client: Client, url: str, **given: Any) -> Any:
    return client.post(url, {"nonce": str(uuid.uuid4()), **given})


def taken(client: Client, url: str) -> bytes:
    """The bytes of a file, all of them: what is left open would be noticed."""
    response = client.get(url)
    assert response.status_code == 200, url
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return content


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_from_the_document_to_the_receipt(
    client: Client, clerk: User, finance: User, tmp_path: Path
) -> None:
    in_force(tmp_path)
    client.force_login(clerk)
    given = {"slug": "yanzhou-2020", "sign_days": "3", "nonce": str(uuid.uuid4())}
    place = client.post("/distributions/new/", given)["Location"]
    assert client.post("/distributions/new/", given)["Location"] == place
    shown = page(client, place)
    assert "抄送 5" in shown and "区检察院" in shown and "印发通知与文末版记" in shown
    assert "没有账号，线下送达" in shown
    assert post(client, f"{place}do/send/").status_code == 302
    work_off()
    sent = Distribution.objects.get()
    assert f"0 / {sent.deliveries.count()}（0%）" in page(client, place)
    client.force_login(finance)
    row = of(sent, FINANCE)
    assert sent.title in page(client, "/deliveries/")
    assert "签收</button>" in page(client, f"/deliveries/{row.pk}/")
    assert post(client, f"/deliveries/{row.pk}/do/sign/").status_code == 302
    post(client, f"/deliveries/{row.pk}/do/read/")
    assert of(sent, FINANCE).state == "read"
    client.force_login(clerk)
    assert f"1 / {sent.deliveries.count()}" in page(client, place)


def test_the_old_one_shows_the_new_one_first(
    client: Client, clerk: User, finance: User, tmp_path: Path
) -> None:
    in_force(tmp_path)
    first = send(draft(clerk), clerk)
    row = of(first, FINANCE)
    client.force_login(finance)
    assert "请停止使用" not in page(client, f"/deliveries/{row.pk}/")
    in_force(tmp_path, interpreter="区政府办公室")
    # Nothing has run yet: the page still tells the truth.
    shown = page(client, f"/deliveries/{row.pk}/")
    assert "已被修订" in shown and 'href="/policies/yanzhou-2020/"' in shown
    assert shown.index("现行文件") < shown.index("原件（只供查考）")
    end_overtaken()
    second = send(draft(clerk), clerk)
    new = of(second, FINANCE)
    shown = page(client, f"/deliveries/{row.pk}/")
    assert f'href="/deliveries/{new.pk}/"' in shown
    assert shown.index(f'href="/deliveries/{new.pk}/"') < shown.index("原件（只供查考）")
    listed = page(client, "/deliveries/")
    assert "待确认停用" in listed and "jg-superseded" in listed
    post(client, f"/deliveries/{row.pk}/do/stop/")
    assert "已确认停用" in page(client, "/deliveries/")


def test_what_came_for_the_record_asks_for_nothing(
    client: Client, clerk: User, finance: User, tmp_path: Path
) -> None:
    in_force(tmp_path, effective_to="2023-08-14")
    sent = send(draft(clerk), clerk)
    client.force_login(finance)
    shown = page(client, f"/deliveries/{of(sent, FINANCE).pk}/")
    assert "供存档" in shown and "确认本单位已停用" not in shown
    assert "待确认停用" not in page(client, "/deliveries/")
    client.force_login(clerk)
    shown = page(client, f"/distributions/{sent.pk}/")
    assert "催签收" in shown and "未确认停用" not in shown


def test_who_has_not_confirmed_the_end(
    client: Client, clerk: User, finance: User, notice: Distribution
) -> None:
    client.force_login(clerk)
    url = f"/distributions/receipts/?owing=stop&document={notice.pk}"
    assert "区法院" not in page(client, url)
    place = f"/distributions/{notice.pk}/"
    assert post(client, f"{place}repeal/", reason="").status_code == 422
    assert post(client, f"{place}repeal/", reason="示例〔2024〕2号").status_code == 302
    work_off()
    shown = page(client, url)
    assert "区法院" in shown and FINANCE in shown
    court = of(notice, "区法院")
    assert f"/deliveries/{court.pk}/paper/" in page(client, place)
    given = {"what": "stop", "signer": "示例收件人"}
    assert post(client, f"/deliveries/{court.pk}/paper/", **given).status_code == 302
    shown = page(client, url)
    assert ">区法院<" not in shown and FINANCE in shown
    assert "已确认 1 / 2（50%）" in page(client, place)


def test_what_nobody_may(client: Client, clerk: User, finance: User, notice: Distribution) -> None:
    row, place = of(notice, FINANCE), f"/distributions/{notice.pk}/"
    far = make_user("section-clerk", SIBLING)
    for person, url, code in (
        (far, place, 404), (far, f"/deliveries/{row.pk}/", 404), (far, f"{place}cover/", 404),
        (clerk, f"/deliveries/{row.pk}/", 404), (finance, f"{place}repeal/", 403),
        (finance, "/distributions/new/", 403), (far, f"/deliveries/{row.pk}/paper/", 404),
        (far, f"/deliveries/{row.pk}/file/", 404), (far, f"{place}file/", 404),
    ):  # fmt: skip
        client.force_login(person)
        assert client.get(url).status_code == code, (url, code)
    client.force_login(far)
    assert post(client, f"/deliveries/{row.pk}/do/sign/").status_code == 404
    assert post(client, f"{place}do/remind/").status_code == 404
    client.force_login(finance)
    assert post(client, f"{place}do/send/").status_code == 403
    assert post(client, f"/deliveries/{row.pk}/do/nothing/").status_code == 404
    assert of(notice, FINANCE).state == "unsigned"


def test_the_file_comes_after_the_signature(
    client: Client, clerk: User, finance: User, notice: Distribution
) -> None:
    row = of(notice, FINANCE)
    client.force_login(finance)
    assert client.get(f"/deliveries/{row.pk}/file/").status_code == 404
    post(client, f"/deliveries/{row.pk}/do/sign/")
    assert taken(client, f"/deliveries/{row.pk}/file/") == PDF
    client.force_login(clerk)
    assert taken(client, f"/distributions/{notice.pk}/file/") == PDF


def test_uploading_a_revision(client: Client, clerk: User, notice: Distribution) -> None:
    client.force_login(clerk)
    assert f'value="{notice.pk}"' in page(client, "/distributions/upload/")
    given = {"title": "申报通知（修订）", "issuer": "区工信局", "sign_days": "5",
             "replaces": str(notice.pk)}  # fmt: skip
    bad = SimpleUploadedFile("通知.pdf", b"<html></html>")
    answer = post(client, "/distributions/upload/", upload=bad, **given)
    assert answer.status_code == 422 and "网页" in answer.content.decode()
    good = SimpleUploadedFile("通知.pdf", PDF)
    place = post(client, "/distributions/upload/", upload=good, **given)["Location"]
    shown = page(client, place)
    assert FINANCE in shown and f'href="/distributions/{notice.pk}/"' in shown
    post(client, f"{place}do/send/")
    assert "申报通知（修订）" in page(client, f"/distributions/{notice.pk}/")
    assert Distribution.objects.get(pk=notice.pk).standing == "revised"


def test_choosing_addressees(client: Client, clerk: User, finance: User) -> None:
    begun = file_draft(clerk)
    make_institution("示例银行")
    firm = make_enterprise("示例甲公司", industry_code="3421")
    make_enterprise("示例乙公司", industry_code="1340")
    client.force_login(clerk)
    url = f"/distributions/{begun.pk}/addressees/"
    assert FINANCE in page(client, url)
    empty = post(client, url, kind="main")
    assert empty.status_code == 422 and "没有选任何单位" in empty.content.decode()
    post(client, url, kind="main", departments=str(finance.assignments.get().department_id),
         names="示例协会\n\n区法院\n", institutions="bank", enterprises="on",
         industry="34")  # fmt: skip
    names = set(begun.deliveries.values_list("name", flat=True))
    assert names == {FINANCE, "示例协会", "区法院", "示例银行", "示例甲公司"}
    assert of(begun, "示例甲公司").enterprise == firm
    unknown = post(client, url, kind="copy", enterprises="on", pasted="没有的公司")
    assert unknown.status_code == 422 and "没有的公司" in unknown.content.decode()
    row = of(begun, "示例协会")
    post(client, f"/distributions/{begun.pk}/do/drop/", delivery=str(row.pk))
    assert not Delivery.objects.filter(pk=row.pk).exists()
    assert post(client, f"/distributions/{begun.pk}/do/discard/")["Location"] == "/distributions/"
    assert not Distribution.objects.exists()


def test_the_printed_list(client: Client, clerk: User, notice: Distribution) -> None:
    client.force_login(clerk)
    shown = page(client, f"/distributions/{notice.pk}/cover/")
    assert shown.index("主送") < shown.index(FINANCE) and "区法院" in shown
    assert ">抄送<" not in shown


def test_filters(client: Client, clerk: User, finance: User, notice: Distribution) -> None:
    other = file_draft(clerk, "另一份文件")
    add(other, clerk, FINANCE, kind="copy")
    send(other, clerk)
    repeal_distribution(distribution=notice.pk, reason="x", by=clerk, access=access_of(clerk))
    client.force_login(clerk)
    for url, found, missing in (
        ("/distributions/?q=申报", "申报通知", "另一份文件"),
        ("/distributions/?standing=repealed", "申报通知", "另一份文件"),
        ("/distributions/receipts/?kind=copy", "另一份文件", ">申报通知<"),
        ("/distributions/receipts/?unit=法院", "区法院", f">{FINANCE}<"),
    ):
        # The choice of documents names them all; the table starts after the form.
        table = re.sub(r"(?s)<form.*?</form>", "", page(client, url))
        assert found in table and missing not in table, url
    client.force_login(finance)
    shown = page(client, "/deliveries/?standing=valid")
    assert "另一份文件" in shown and "申报通知" not in shown


def test_the_enterprise_has_an_inbox_too(client: Client, clerk: User) -> None:
    firm = make_enterprise("示例甲公司")
    handler = make_user("enterprise-handler", enterprise=firm)
    begun = file_draft(clerk)
    client.force_login(clerk)
    url = f"/distributions/{begun.pk}/addressees/"
    post(client, url, kind="main", enterprises="on", pasted="示例甲公司")
    send(begun, clerk)
    client.force_login(handler)
    shown = page(client, "/deliveries/")
    assert "申报通知" in shown and 'href="/deliveries/"' in shown
    assert "/distributions/" not in shown


@pytest.mark.parametrize(
    ("url", "most"),
    [("/distributions/", 14), ("/distributions/receipts/", 17), ("/deliveries/", 12)],
)
def test_query_counts(client: Client, clerk: User, finance: User, url: str, most: int) -> None:
    """Documents sent several times each: asked by document, not by row."""
    client.force_login(finance if url == "/deliveries/" else clerk)

    def grow(rows: int) -> None:
        while Distribution.objects.count() < rows:
            begun = file_draft(clerk, f"通知{Distribution.objects.count()}")
            add(begun, clerk, FINANCE, "区法院")
            send(begun, clerk)
            repeal_distribution(
                distribution=begun.pk, reason="x", by=clerk, access=access_of(clerk)
            )  # fmt: skip

    assert_query_count(client, url, grow, most=most, sizes=(2, 6))
