"""What comes in as a pack: hostile packages and texts leave nothing behind."""

from __future__ import annotations

import io
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jigai.core.models import EvidenceFile, Job
from jigai.policies.models import PackProposal, PackVersion
from tests.policies.changed_packs import copied, replaced, zipped
from tests.policies.sent_packs import NEW, Send, upload

pytestmark = pytest.mark.django_db


def package(entries: dict[str, bytes | str], **flags: Any) -> bytes:
    """A zip of these entries; ``flags`` are set on the last one."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name == list(entries)[-1]:
                for key, value in flags.items():
                    setattr(info, key, value)
            made.writestr(info, content)
    return target.getvalue()


def locked(content: bytes) -> bytes:
    """The same zip, saying of its entries that they are encrypted."""
    found = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = found.find(mark)
        while place >= 0:
            found[place + offset] |= 1
            place = found.find(mark, place + 4)
    return bytes(found)


GOOD = {"a/pack.yaml": "id: a\n"}
BAD: dict[str, tuple[bytes, str]] = {
    "not a zip": (b"PK no", "不是 .zip"),
    "cut off": (package(GOOD)[:-30], "不是 .zip"),
    "empty": (package({}), "没有文件"),
    "no pack": (package({"a/tasks.yaml": "tasks: []"}), "没有 pack.yaml"),
    "no folder": (package({"pack.yaml": "id: a"}), "不在政策包的文件夹里"),
    "two packs": (package({**GOOD, "b/pack.yaml": "id: b"}), "不止一个文件夹"),
    "upwards": (package({**GOOD, "../x/pack.yaml": "id: b"}), "不在政策包的文件夹里"),
    "inside upwards": (package({**GOOD, "a/../../b.yaml": "x"}), "不能有"),
    "absolute": (package({**GOOD, "/etc/pack.yaml": "x"}), "不在政策包的文件夹里"),
    "backslashes": (package({**GOOD, "a\\..\\pack.yaml": "x"}), "不在政策包的文件夹里"),
    "program": (package({**GOOD, "a/run.py": "import os"}), "不能有"),
    "hidden": (package({**GOOD, "a/examples/.x.yaml": "x"}), "不能有"),
    "deeper": (package({**GOOD, "a/examples/b/c.yaml": "x"}), "不能有"),
    "link": (
        package({**GOOD, "a/tasks.yaml": "/etc/passwd"}, external_attr=0o120777 << 16), "链接",
    ),
    "device": (package({**GOOD, "a/tasks.yaml": ""}, external_attr=0o060666 << 16), "链接或特殊"),
    "encrypted": (locked(package(GOOD)), "密码"),
    "gb18030": (package({**GOOD, "a/tasks.yaml": "任务".encode("gb18030")}), "UTF-8"),
    "binary": (package({**GOOD, "a/tasks.yaml": b"a\x00b"}), "不是文本"),
    "many": (package({**GOOD, **{f"a/examples/{n}.yaml": "" for n in range(300)}}), "301 项"),
    "bomb": (package({**GOOD, "a/tasks.yaml": b" " * (7 * 1024 * 1024)}), "展开后超过"),
    "large": (b"PK\x03\x04" + b"\x01" * (2 * 1024 * 1024), "超过 2 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_zip_that_is_not_one_pack_leaves_nothing(browser: Client, name: str) -> None:
    content, told = BAD[name]
    answer = upload(browser, content)
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not PackProposal.objects.exists() and not EvidenceFile.objects.exists()
    assert not Job.objects.exists()


def test_two_files_of_one_name_are_refused(browser: Client) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("a/pack.yaml", "id: a")
        made.writestr("a/pack.yaml", "id: b")
    assert "重名" in upload(browser, target.getvalue()).content.decode()


def test_a_zip_that_lies_about_its_sizes_is_not_read_on(browser: Client) -> None:
    content = bytearray(package({"a/pack.yaml": b" " * (7 * 1024 * 1024)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.find(mark) + offset
        content[place : place + 4] = (100).to_bytes(4, "little")
    answer = upload(browser, bytes(content))
    assert answer.status_code == 422 and not PackProposal.objects.exists()


def test_nothing_chosen_is_told(browser: Client) -> None:
    answer = browser.post(NEW, {"nonce": str(uuid.uuid4())})
    assert answer.status_code == 422 and "请选择政策包" in answer.content.decode()


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (LAUGHS, "yaml-bounds"),
        ("a: &a [*a]\n", "yaml-bounds"),
        (f"a: {'[' * 60}{']' * 60}\n", "yaml-bounds"),
        ("id: a\nextends: [../../../tmp]\n", "bad-base"),
        ("id: a\nextends: [nowhere]\n", ""),
        ("id: [a\n", "yaml-syntax"),
        ("- a\n", ""),
        ("", ""),
    ],
)
def test_texts_made_to_hurt_are_only_problems(
    send: Send, pack: PackVersion, text: str, code: str
) -> None:
    proposal = send(package({"a/pack.yaml": text}))
    assert proposal.status == "refused" and proposal.problems
    assert not code or [row["code"] for row in proposal.problems] == [code]


def test_the_folder_is_named_like_the_pack(send: Send, pack: PackVersion, tmp_path: Path) -> None:
    folder = copied(tmp_path).rename(tmp_path / "another")
    proposal = send(zipped(folder))
    assert proposal.status == "refused" and proposal.problems[0]["code"] == "folder-name"


def test_what_the_tables_do_not_take_is_told_before_anybody_confirms(
    send: Send, pack: PackVersion, tmp_path: Path
) -> None:
    folder = copied(tmp_path)
    replaced(folder / "tasks.yaml", "name: ", f"name: {'很' * 201}")
    proposal = send(zipped(folder))
    assert proposal.status == "refused" and proposal.problems[0]["code"] == "not-storable"
    assert PackVersion.objects.get() == pack
