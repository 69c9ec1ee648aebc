"""Uploads in pieces: any order, cut anywhere, taken up again, checked at the end."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jigai.core.evidence import path_of
from jigai.core.evidence.pieces import (
    KEPT_FOR,
    _part,
    begin_upload,
    drop_upload,
    finish_upload,
    take_piece,
)
from jigai.core.models import EvidenceFile, Upload, User
from jigai.errors import JigaiError
from tests.core.imports.kit import register
from tests.factories import COUNTY, make_user

pytestmark = pytest.mark.django_db
CONTENT = register("兖州甲机械有限公司")
HALF = len(CONTENT) // 2


@pytest.fixture
def owner() -> User:
    return make_user("section-clerk")


def begin(owner: User, content: bytes = CONTENT, name: str = "名录.xlsx") -> Upload:
    digest = hashlib.sha256(content).hexdigest()
    return begin_upload(owner=owner, name=name, size=len(content), sha256=digest)


def send(owner: User, upload: Upload, start: int, end: int, content: bytes = CONTENT) -> int:
    piece = content[start:end]
    return take_piece(owner=owner, upload_id=upload.pk, offset=start, content=piece).received


def finish(owner: User, upload: Upload) -> EvidenceFile:
    return finish_upload(owner=owner, upload_id=upload.pk, region_code=COUNTY)


def test_pieces_make_the_file_and_finishing_twice_makes_one(owner: User) -> None:
    upload = begin(owner)
    assert send(owner, upload, 0, HALF) == HALF
    assert send(owner, upload, HALF, len(CONTENT)) == len(CONTENT)
    file = finish(owner, upload)
    assert path_of(file).read_bytes() == CONTENT
    assert finish(owner, upload).pk == file.pk and EvidenceFile.objects.count() == 1


def test_the_same_content_is_taken_up_where_it_broke_off(owner: User) -> None:
    first = begin(owner)
    send(owner, first, 0, HALF)
    again = begin(owner)
    assert (again.pk, again.received) == (first.pk, HALF)
    assert begin(make_user("section-clerk")).pk != first.pk
    assert begin(owner, CONTENT + b"x").pk != first.pk


def test_pieces_that_come_twice_or_overlap_change_nothing(owner: User) -> None:
    upload = begin(owner)
    send(owner, upload, 0, HALF)
    assert send(owner, upload, 0, HALF) == HALF
    assert send(owner, upload, 0, HALF + 10) == HALF + 10
    assert send(owner, upload, 5, HALF) == HALF + 10
    send(owner, upload, HALF + 10, len(CONTENT))
    assert path_of(finish(owner, upload)).read_bytes() == CONTENT


def test_a_gap_and_too_many_bytes_are_refused(owner: User) -> None:
    upload = begin(owner)
    with pytest.raises(JigaiError) as gap:
        send(owner, upload, 10, 20)
    with pytest.raises(JigaiError) as long:
        take_piece(owner=owner, upload_id=upload.pk, offset=0, content=CONTENT + b"x")
    with pytest.raises(JigaiError) as early:
        finish(owner, upload)
    codes = [error.value.code for error in (gap, long, early)]
    assert codes == ["upload-gap", "upload-too-long", "upload-incomplete"]


def test_bytes_that_a_crash_left_behind_are_cut_off(owner: User) -> None:
    upload = begin(owner)
    send(owner, upload, 0, HALF)
    with _part(upload.pk).open("ab") as stream:
        stream.write(b"half a piece that was never acknowledged")
    send(owner, upload, HALF, len(CONTENT))
    assert path_of(finish(owner, upload)).read_bytes() == CONTENT


def test_changed_content_starts_over(owner: User) -> None:
    upload = begin(owner)
    other = bytes(reversed(CONTENT))
    send(owner, upload, 0, len(CONTENT), other)
    with pytest.raises(JigaiError) as refused:
        finish(owner, upload)
    assert refused.value.code == "upload-changed"
    upload.refresh_from_db()
    assert upload.received == 0 and not _part(upload.pk).exists()
    send(owner, upload, 0, len(CONTENT))
    assert finish(owner, upload).size == len(CONTENT)


def test_a_file_that_is_refused_leaves_no_bytes(owner: User) -> None:
    content = b"MZ" + bytes(200)
    upload = begin(owner, content)
    send(owner, upload, 0, len(content), content)
    with pytest.raises(JigaiError) as refused:
        finish(owner, upload)
    assert refused.value.code == "evidence-type"
    assert not Upload.objects.exists() and not EvidenceFile.objects.exists()


def test_nobody_else_can_add_to_an_upload(owner: User) -> None:
    upload = begin(owner)
    stranger = make_user("section-clerk")
    with pytest.raises(JigaiError) as refused:
        send(stranger, upload, 0, 5)
    assert refused.value.code == "upload-unknown"
    with pytest.raises(JigaiError):
        drop_upload(owner=stranger, upload_id=upload.pk)


def test_sizes_and_hashes_that_cannot_be_are_refused(owner: User, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 10
    for size, digest, code in (
        (0, "0" * 64, "evidence-empty"), (11, "0" * 64, "evidence-too-large"),
        (5, "", "upload-hash"), (5, "G" * 64, "upload-hash"),
    ):  # fmt: skip
        with pytest.raises(JigaiError) as refused:
            begin_upload(owner=owner, name="a.xlsx", size=size, sha256=digest)
        assert refused.value.code == code


def test_what_nobody_comes_back_for_is_thrown_away(owner: User) -> None:
    old = begin(owner)
    send(owner, old, 0, HALF)
    part = _part(old.pk)
    Upload.objects.update(created_at=timezone.now() - KEPT_FOR - timedelta(hours=1))
    begin(owner, CONTENT + b"x")
    assert not Upload.objects.filter(pk=old.pk).exists()
    # Without its bytes an upload is begun from the start.
    part.unlink(missing_ok=True)
    fresh = begin(owner)
    Upload.objects.filter(pk=fresh.pk).update(received=HALF)
    assert begin(owner).received == 0


def test_the_addresses_speak_json(client: Client, owner: User) -> None:
    client.force_login(owner)
    digest = hashlib.sha256(CONTENT).hexdigest()
    begun = client.post(
        "/uploads/", {"name": "名录.xlsx", "size": len(CONTENT), "sha256": digest}
    ).json()
    own = f"/uploads/{begun['id']}/"
    assert begun["received"] == 0

    def put(start: int, end: int) -> Any:
        return client.put(
            f"{own}?offset={start}", CONTENT[start:end], content_type="application/octet-stream"
        )

    gap = put(50, 60)
    assert (gap.status_code, gap.json()["received"]) == (409, 0)
    assert put(0, HALF).json()["received"] == HALF
    early = client.post(f"{own}finish/")
    assert early.status_code == 422 and "没有传完整" in early.json()["message"]
    put(HALF, len(CONTENT))
    assert client.post(f"{own}finish/").json()["name"] == "名录.xlsx"
    assert client.get(own).status_code == 405
    assert client.post("/uploads/", {"name": "x"}).status_code == 422
    assert client.delete(f"/uploads/{uuid.uuid4()}/").status_code == 422
    client.force_login(make_user("leader"))
    assert client.post("/uploads/", {}).status_code == 403
