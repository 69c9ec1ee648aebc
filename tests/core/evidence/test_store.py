"""The evidence store: by content, private, all or nothing, scanned, served as a download."""

from __future__ import annotations

import hashlib
import io
import resource
import stat
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client

from jigai.core.evidence import cite, disk, path_of, store_evidence
from jigai.core.models import AccessLog, EvidenceFile, EvidenceUse, User
from jigai.errors import JigaiError
from tests.core.imports.kit import register
from tests.factories import COUNTY, SIBLING, make_enterprise, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.system("evidence-store")]
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


@pytest.fixture
def owner() -> User:
    return make_user("section-clerk")


def keep(content: bytes, owner: User | None = None, name: str = "批复.pdf", **fields: Any) -> Any:
    fields.setdefault("region_code", COUNTY)
    return store_evidence(stream=io.BytesIO(content), name=name, owner=owner, **fields)


def strays() -> list[Path]:
    return list(disk.incoming().glob("new-*"))


def test_bytes_lie_once_under_their_hash_for_the_owner_alone(owner: User) -> None:
    one, two = keep(PDF, owner, valid_to=date(2030, 1, 1)), keep(PDF, owner, name="副本.pdf")
    digest = hashlib.sha256(PDF).hexdigest()
    place = Path(settings.DATA_DIR) / "evidence" / digest[:2] / digest[2:4] / digest
    assert path_of(one) == path_of(two) == place and place.read_bytes() == PDF
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert (one.size, one.media_type, one.scan) == (len(PDF), "application/pdf", "none")
    assert one.name == "批复.pdf" and two.pk != one.pk and not strays()


def test_a_recorded_file_cannot_be_exchanged(owner: User) -> None:
    file = keep(PDF, owner)
    with pytest.raises(DatabaseError), transaction.atomic():
        EvidenceFile.objects.filter(pk=file.pk).update(sha256="0" * 64)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\etc/批 复.pdf", "批 复.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        ("\x00\n.pdf", ".pdf"),
    ],
)
def test_names_are_shortened_to_what_can_be_seen(owner: User, given: str, kept: str) -> None:
    if kept == ".pdf":
        with pytest.raises(JigaiError):
            keep(PDF, owner, name=given)
        return
    assert keep(PDF, owner, name=given).name == kept


def test_size_limit_and_empty_file(owner: User, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = len(PDF)
    keep(PDF, owner)
    for content, code in ((PDF + b"x", "evidence-too-large"), (b"", "evidence-empty")):
        with pytest.raises(JigaiError) as refused:
            keep(content, owner)
        assert refused.value.code == code
    assert not strays() and EvidenceFile.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (register("甲"), "名录.pdf", "evidence-extension"),
        (PDF, "名录.xlsx", "evidence-extension"),
        (b"PK\x03\x04" + b"\x00" * 40, "a.xlsx", "evidence-damaged"),
        (b"\x7fELF" + b"\x00" * 40, "a.pdf", "evidence-type"),
        (b"\xff\xfe\xfd\xfc" * 9, "a.csv", "evidence-type"),
    ],
)
def test_content_and_extension_must_agree(
    owner: User, content: bytes, name: str, code: str
) -> None:
    with pytest.raises(JigaiError) as refused:
        keep(content, owner, name=name)
    assert refused.value.code == code and not strays()


def test_text_in_either_encoding_is_a_table(owner: User) -> None:
    for encoding in ("utf-8-sig", "gb18030"):
        file = keep("企业名称,代码\n甲,1\n".encode(encoding), owner, name="表.csv")
        assert file.media_type == "text/csv"


@pytest.mark.parametrize(
    ("script", "code"),
    [("exit 1", "evidence-infected"), ("exit 2", "evidence-scan-failed")],
)
def test_what_the_scanner_does_not_pass_is_not_kept(
    owner: User, settings: Any, tmp_path: Path, script: str, code: str
) -> None:
    command = tmp_path / "scan"
    command.write_text(f'#!/bin/sh\ngrep -q PDF "$1" || exit 9\n{script}\n')
    command.chmod(0o755)
    settings.VIRUS_SCAN = str(command)
    with pytest.raises(JigaiError) as refused:
        keep(PDF + script.encode(), owner)
    assert refused.value.code == code
    digest = hashlib.sha256(PDF + script.encode()).hexdigest()
    assert not disk.place_of(digest).exists() and not strays()


def test_a_clean_file_says_so_and_a_missing_scanner_refuses(owner: User, settings: Any) -> None:
    settings.VIRUS_SCAN = "true"
    assert keep(PDF, owner).scan == "clean"
    settings.VIRUS_SCAN = "no-such-scanner --quiet"
    with pytest.raises(JigaiError) as refused:
        keep(PDF, owner)
    assert refused.value.code == "evidence-scan-failed"


def test_a_full_disk_is_said_and_leaves_nothing(owner: User) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    content = PDF + b"x" * 300_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(JigaiError) as refused:
            keep(content, owner)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refused.value.code == "evidence-disk-full" and refused.value.hint
    assert not strays() and not EvidenceFile.objects.exists()
    assert keep(content, owner).size == len(content)


def test_lost_bytes_are_reported(owner: User) -> None:
    file = keep(PDF + b"lost", owner)
    path_of(file).unlink()
    with pytest.raises(JigaiError) as refused:
        path_of(file)
    assert refused.value.code == "evidence-lost"


def test_citing_twice_is_one_use(owner: User) -> None:
    file = keep(PDF, owner)
    for _ in range(2):
        cite(file=file, kind="gate", key=5, label="备案确认", purpose="依据", by=owner)
    use = EvidenceUse.objects.get()
    assert (use.key, use.label, use.purpose) == ("5", "备案确认", "依据")


def test_a_download_is_private_inert_and_on_record(client: Client, owner: User) -> None:
    file = keep(PDF, owner, name="批复 2021.pdf")
    client.force_login(owner)
    answer = client.get(f"/evidence/{file.pk}/file/")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    head = answer.headers
    quoted = quote("批复 2021.pdf")
    assert head["Content-Disposition"] == f"attachment; filename*=utf-8''{quoted}"
    assert head["X-Content-Type-Options"] == "nosniff"
    assert head["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in head["Cache-Control"]
    log = AccessLog.objects.get()
    assert (log.user, log.action, log.key, log.label) == (
        owner, "download", str(file.pk), "批复 2021.pdf",
    )  # fmt: skip


@pytest.mark.system("data-privacy")
def test_files_out_of_reach_do_not_exist(client: Client, owner: User) -> None:
    firm = make_enterprise()
    county, own = keep(PDF, owner), keep(PDF, owner, enterprise=firm)
    person = make_user("enterprise-handler", enterprise=firm)
    neighbour = make_user("section-clerk", SIBLING)
    for user, file, status in (
        (person, own, 200), (person, county, 404), (neighbour, own, 404), (owner, own, 200),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(f"/evidence/{file.pk}/").status_code == status
        answer = client.get(f"/evidence/{file.pk}/file/")
        assert answer.status_code == status
        assert status == 404 or b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    client.force_login(make_user("leader"))
    assert client.get("/evidence/").status_code == 403


def test_the_list_and_the_page_show_hash_validity_and_uses(client: Client, owner: User) -> None:
    file = keep(PDF, owner, source="区发改局", valid_to=date(2030, 1, 1))
    cite(file=file, kind="import", key=1, label="企业名录 2021 年", purpose="导入来源",
         url="/imports/1/", by=owner)  # fmt: skip
    client.force_login(owner)
    text = client.get("/evidence/").content.decode()
    assert "批复.pdf" in text and "区发改局" in text and "2030-01-01" in text
    assert "批复.pdf" not in client.get("/evidence/?name=别的").content.decode()
    text = client.get(f"/evidence/{file.pk}/").content.decode()
    assert file.sha256 in text and "企业名录 2021 年" in text and "/imports/1/" in text


def test_upload_on_screen_and_a_refusal(client: Client, owner: User) -> None:
    client.force_login(owner)
    nonce = "5e2b2f4e-8c1d-4a64-9d57-0d8d5a0c2f11"

    def send(name: str, number: str) -> Any:
        given = io.BytesIO(PDF)
        given.name = name
        return client.post("/evidence/add/", {"files": given, "source": "企业", "nonce": number})

    assert client.get("/evidence/add/").status_code == 200
    wrong = send("批复.docx", nonce)
    assert wrong.status_code == 422 and "与扩展名" in wrong.content.decode()
    first, second = send("批复.pdf", nonce), send("批复.pdf", nonce)
    assert first.url == second.url and EvidenceFile.objects.count() == 1
    assert EvidenceFile.objects.get().region_code == COUNTY
