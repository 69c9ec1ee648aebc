"""Reading a backup: every byte is checked against the manifest before anything is touched."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO, Any

from jigai.config.backup import BLOCK, DUMP, FILES, FORMAT, MANIFEST
from jigai.config.data_files import KEPT
from jigai.errors import JigaiError


def verify(file: Path) -> dict[str, Any]:
    """The manifest of a complete, unchanged backup.

    Raises :class:`JigaiError` for anything else: cut, changed, from a newer version, not a backup.
    """
    try:
        with tarfile.open(file, "r:") as archive:
            return _verify(archive)
    except FileNotFoundError:
        raise
    except (tarfile.TarError, EOFError, KeyError, ValueError, TypeError, AttributeError):
        raise _bad("不是完整的备份文件") from None


def extract(file: Path, folder: Path) -> None:
    """Unpack a verified backup into an empty folder."""
    with tarfile.open(file, "r:") as archive:
        for entry in archive:
            target = folder / entry.name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _content(archive, entry) as source, target.open("wb") as copy:
                target.chmod(0o600)
                shutil.copyfileobj(source, copy, BLOCK)


def _verify(archive: tarfile.TarFile) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    for entry in archive:
        if not entry.isreg() or not _expected(entry.name) or entry.name in found:
            raise _bad(f"里面有不该有的“{entry.name}”")
        if entry.name == MANIFEST:
            manifest = json.load(_content(archive, entry))
        else:
            found[entry.name] = {"size": entry.size, "sha256": _hash(_content(archive, entry))}
    if manifest is None or DUMP not in found:
        raise _bad("文件不完整，可能没有复制完")
    _check_version(manifest)
    if found != manifest["members"]:
        names = {
            name
            for name in {*found, *manifest["members"]}
            if found.get(name) != manifest["members"].get(name)
        }
        raise _bad(f"内容与清单不符：{min(names)}")
    return manifest


def _expected(name: str) -> bool:
    """Only what a backup writes, so that no entry can leave the folder it is unpacked into."""
    if name in (DUMP, MANIFEST):
        return True
    parts = PurePosixPath(name.removeprefix(FILES)).parts
    return name.startswith(FILES) and parts[0] in KEPT and ".." not in parts and "\\" not in name


def _check_version(manifest: dict[str, Any]) -> None:
    ours, theirs = version("jigai"), str(manifest["version"])
    if manifest["format"] != FORMAT or _numbers(theirs) > _numbers(ours):
        raise JigaiError(
            "backup-newer",
            f"备份来自较新的版本 {theirs}，现在的版本是 {ours}。",
            "先升级平台再恢复；现有数据没有改动。",
        )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(entry)
    assert content is not None
    return content


def _hash(content: IO[bytes]) -> str:
    return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]


def _bad(why: str) -> JigaiError:
    return JigaiError("backup-bad", f"备份不能用：{why}。", "换一份备份；现有数据没有改动。")
