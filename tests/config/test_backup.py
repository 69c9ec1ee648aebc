"""Backup, restore and reset on a real database, with backups that were tampered with."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from jigai.config.archive import verify
from jigai.config.backup import DUMP, MANIFEST, write_backup
from jigai.config.embedded import Place, Server, address, postmaster, serving
from jigai.config.embedded.locks import Lock
from jigai.config.reach import running_lock
from jigai.config.reset import reset_data, what_is_there
from jigai.config.restore import restore_backup
from jigai.errors import JigaiError
from tests.config.conftest import CHEAP
from tests.config.running import copy_tree
from tests.postgres_server import scratch

Members = dict[str, bytes]


def fill(data: Path, server: Server) -> None:
    """Put a table and files into an empty platform."""
    server.start()
    with psycopg.connect(address(), autocommit=True) as session:
        session.execute("CREATE TABLE django_migrations (name text)")
        session.execute("CREATE TABLE kept AS SELECT '旧' AS word")
    server.stop()
    (data / "evidence" / "ab").mkdir(parents=True)
    (data / "evidence" / "ab" / "发票.pdf").write_bytes(b"%PDF old")
    (data / "secret.key").write_text("k" * 64)


@pytest.fixture
def filled(data: Path, server: Server) -> Path:
    """A data directory with a table and files, its database stopped."""
    fill(data, server)
    return data


@pytest.fixture(scope="session")
def good_bytes(blank: Place) -> bytes:
    """A good backup, for the tests that only damage it."""
    folder = scratch("jigai-data-")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIGAI_DATA", str(folder))
        patch.delenv("DATABASE_URL")
        copy_tree(blank.root, folder / "postgres")
        fill(folder, Server(Place(folder / "postgres"), CHEAP))
        with serving():
            write_backup(folder / "backup.tar")
    content = (folder / "backup.tar").read_bytes()
    shutil.rmtree(folder)
    return content


@pytest.fixture
def damaged(good_bytes: bytes, data: Path, tmp_path: Path) -> Path:
    """A good backup to be damaged, beside a platform that was never started."""
    (tmp_path / "backup.tar").write_bytes(good_bytes)
    return tmp_path / "backup.tar"


@pytest.fixture
def saved(filled: Path, tmp_path: Path) -> Path:
    """A backup of ``filled``, after which the data changed."""
    with serving():
        write_backup(tmp_path / "backup.tar")
        change(filled)
    return tmp_path / "backup.tar"


def change(data: Path) -> None:
    with psycopg.connect(address(), autocommit=True) as session:
        session.execute("UPDATE kept SET word = '新'")
    (data / "evidence" / "ab" / "发票.pdf").write_bytes(b"%PDF new")
    (data / "evidence" / "later.txt").write_text("later")


def state(data: Path) -> tuple[object, list[tuple[str, bytes]]]:
    """The word in the table; the evidence files."""
    with serving(), psycopg.connect(address()) as session:
        word = session.execute("SELECT word FROM kept").fetchone()
    files = sorted(path for path in (data / "evidence").rglob("*") if path.is_file())
    return word and word[0], [(path.name, path.read_bytes()) for path in files]


OLD = ("旧", [("发票.pdf", b"%PDF old")])
NEW = ("新", [("发票.pdf", b"%PDF new"), ("later.txt", b"later")])


def databases() -> set[str]:
    with serving(), psycopg.connect(address()) as session:
        rows = session.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
        return {row[0] for row in rows}


def test_a_backup_is_one_private_file_that_lists_its_content(saved: Path) -> None:
    manifest = verify(saved)
    assert set(manifest["members"]) == {DUMP, "files/evidence/ab/发票.pdf", "files/secret.key"}
    assert saved.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in saved.parent.iterdir()] == ["backup.tar"], "no drafts left"


def test_restore_brings_back_database_and_files(saved: Path, filled: Path) -> None:
    assert state(filled) == NEW
    told: list[str] = []
    restore_backup(saved, replace=True, tell=told.append)
    assert state(filled) == OLD
    assert databases() == {"jigai", "postgres"}
    assert "已恢复" in told[-1]
    assert not list(filled.glob(".restore-*"))
    assert postmaster.running(Place(filled / "postgres").cluster) is None


def test_restore_into_an_empty_platform(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filled: Path
) -> None:
    other = filled / "another"
    monkeypatch.setenv("JIGAI_DATA", str(other))
    restore_backup(saved, replace=False, tell=lambda text: None)
    assert state(other) == OLD
    assert (other / "secret.key").read_text() == "k" * 64


def test_data_is_not_replaced_without_being_told_to(saved: Path, filled: Path) -> None:
    assert refused(saved, replace=False) == "data-present"
    assert state(filled) == NEW


def test_a_running_platform_is_not_restored_over(saved: Path, filled: Path) -> None:
    lock = running_lock()
    assert lock.take()
    try:
        lock.note("4711 127.0.0.1 8000\n")
        with pytest.raises(JigaiError, match="4711"):
            restore_backup(saved, replace=True, tell=lambda text: None)
    finally:
        lock.release()
    assert state(filled) == NEW


def refused(file: Path, replace: bool = True) -> str:
    """The code with which a restore is refused."""
    with pytest.raises(JigaiError) as caught:
        restore_backup(file, replace=replace, tell=lambda text: None)
    assert caught.value.hint
    return caught.value.code


def rewrite(file: Path, edit: Callable[[Members], None]) -> None:
    """Change the members of a backup."""
    with tarfile.open(file) as archive:
        members = {e.name: archive.extractfile(e).read() for e in archive}  # type: ignore[union-attr]
    edit(members)
    with tarfile.open(file, "w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


def edit_manifest(members: Members, change: Callable[[dict[str, object]], None]) -> None:
    manifest = json.loads(members[MANIFEST])
    change(manifest)
    members[MANIFEST] = json.dumps(manifest).encode()


def seal(members: Members, name: str, content: bytes) -> None:
    """Put a member in together with its place in the manifest, as a forger would."""
    members[name] = content
    entry = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    edit_manifest(members, lambda manifest: manifest["members"].update({name: entry}))  # type: ignore[attr-defined]


def swap_bytes(members: Members) -> None:
    members["files/evidence/ab/发票.pdf"] = b"%PDF odd"


BROKEN: dict[str, Callable[[Members], None]] = {
    "a changed file": swap_bytes,
    "a missing file": lambda members: members.pop("files/secret.key") and None,
    "a missing dump": lambda members: members.pop(DUMP) and None,
    "a missing manifest": lambda members: members.pop(MANIFEST) and None,
    "a manifest that is no JSON": lambda members: members.update({MANIFEST: b"{"}),
    "an extra file": lambda members: members.update({"files/evidence/x": b"x"}),
    "a way out": lambda members: seal(members, "files/evidence/../../out", b"x"),
    "an absolute path": lambda members: seal(members, "/tmp/jigai-out", b"x"),
    "a folder that is not ours": lambda members: seal(members, "files/postgres/password", b"x"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_tampered_backup_is_refused_before_anything_happens(
    damaged: Path, data: Path, what: str
) -> None:
    verify(damaged)
    rewrite(damaged, BROKEN[what])
    assert refused(damaged) == "backup-bad"
    assert [path.name for path in data.iterdir()] == ["up.lock"]


def test_a_cut_backup_is_refused(damaged: Path) -> None:
    content = damaged.read_bytes()
    with tarfile.open(damaged) as archive:
        last = archive.getmembers()[-1]
    end = last.offset_data + last.size  # what follows is padding
    for share in (0.0, 0.3, 0.7, 0.99):
        damaged.write_bytes(content[: int(end * share)])
        assert refused(damaged) == "backup-bad"


def test_a_link_in_a_backup_is_refused(damaged: Path) -> None:
    with tarfile.open(damaged, "a") as archive:
        link = tarfile.TarInfo("files/evidence/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert refused(damaged) == "backup-bad"


@pytest.mark.parametrize(("key", "value"), [("version", "999.0"), ("format", 2)])
def test_a_backup_of_a_newer_version_is_refused(damaged: Path, key: str, value: object) -> None:
    rewrite(damaged, lambda members: edit_manifest(members, lambda m: m.update({key: value})))
    assert refused(damaged) == "backup-newer"


def test_a_dump_that_pg_restore_cannot_read_loses_nothing(saved: Path, filled: Path) -> None:
    rewrite(saved, lambda members: seal(members, DUMP, b"PGDMP" + b"\0" * 500))
    assert refused(saved) == "pg_restore-failed"
    assert state(filled) == NEW
    assert databases() == {"jigai", "postgres"}


def test_a_failure_while_swapping_puts_everything_back(
    saved: Path, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def fail_at_the_key(path: Path, target: Path) -> Path:
        if path.name == "secret.key" and "restore" in str(path) and "旧" not in str(path):
            raise OSError("broken disk")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_at_the_key)
    with pytest.raises(OSError, match="broken disk"):
        restore_backup(saved, replace=True, tell=lambda text: None)
    monkeypatch.undo()
    monkeypatch.setenv("JIGAI_DATA", str(filled))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert state(filled) == NEW
    assert (filled / "secret.key").exists()


def test_a_dump_that_fails_leaves_no_file(filled: Path, tmp_path: Path) -> None:
    with pytest.raises(JigaiError, match="备份数据库失败"):
        write_backup(tmp_path / "backup.tar")  # the database does not run
    assert list(tmp_path.iterdir()) == []


def test_reset_deletes_what_is_ours_and_nothing_else(filled: Path) -> None:
    (filled / "somebody.txt").write_text("else")
    reset_data()
    assert sorted(path.name for path in filled.iterdir()) == ["somebody.txt", "up.lock"]


def test_reset_refuses_while_a_command_uses_the_data(filled: Path) -> None:
    with serving(), pytest.raises(JigaiError) as caught:
        reset_data()
    assert caught.value.code == "data-in-use"
    assert state(filled) == OLD


def test_reset_refuses_a_database_of_the_deployer(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/jigai")
    with pytest.raises(JigaiError, match="DATABASE_URL"):
        what_is_there()


def test_a_lock_is_free_again_when_its_holder_lets_go(tmp_path: Path) -> None:
    one, two = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert one.take() and not two.take() and not two.take(shared=True)
    one.release()
    assert two.take(shared=True) and one.take(shared=True) and not one.take()
    one.release()
    two.release()
