"""Reads a pack out of a zip that anybody may have made, and lays packs out for the linter."""

from __future__ import annotations

import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from jigai.errors import JigaiError
from jigai.policies.models import PackVersion
from jigai.rules.errors import PackError, Problem
from jigai.rules.loader import KNOWN_FILES
from jigai.rules.source import Source

Files = dict[str, str]
MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 6 * 1024 * 1024
MOST_ENTRIES = 200
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,57}[a-z0-9])?")
_EXAMPLES = re.compile(r"examples/[\w-][\w.-]{0,80}\.yaml")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_HOW = "把政策包文件夹（如 yanzhou-2020）整个压缩成 .zip，里面只放 .yaml 文件"


def read_zip(stream: BinaryIO, size: int) -> tuple[str, Files]:
    """The folder's name and its files by ``folder/name``, without having unpacked anything to disk.

    ``size`` is that of the zip in bytes. Raises :class:`JigaiError` for a zip that is too large,
    damaged, encrypted, or that holds anything but the YAML files of one pack.
    """
    if size > MOST_BYTES:
        raise _refused(f"压缩包超过 {MOST_BYTES // 1024 // 1024} MB", "政策包只有文字，请检查内容")
    try:
        with zipfile.ZipFile(stream) as package:
            entries = _entries(package)
            files = _texts(package, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise _refused("这不是 .zip 压缩包，或者已经损坏", "请重新压缩后再上传") from None
    folder = next(iter(files)).partition("/")[0]
    if f"{folder}/pack.yaml" not in files:
        raise _refused(f"文件夹“{folder}”里没有 pack.yaml", _HOW)
    return folder, files


def _entries(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of the zip, once nothing about them is suspicious."""
    listed = package.infolist()
    if len(listed) > MOST_ENTRIES:
        raise _refused(f"压缩包里有 {len(listed):,} 项，超过 {MOST_ENTRIES} 项", _HOW)
    entries = [entry for entry in listed if not entry.is_dir()]
    for entry in listed:
        _check(entry)
    names = [entry.filename for entry in entries]
    if not names:
        raise _refused("压缩包里没有文件", _HOW)
    if len(set(names)) != len(names):
        raise _refused("压缩包里有重名的文件", "请重新压缩后再上传")
    folders = {name.partition("/")[0] for name in names}
    if len(folders) > 1:
        raise _refused("压缩包里不止一个文件夹", "一次上传一个政策包；它引用的通用规则用已安装的")
    # What the directory of the zip says may be a lie; reading stops at the limit all the same.
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _too_much()
    return entries


def _check(entry: zipfile.ZipInfo) -> None:
    shown = entry.filename[:80]
    if entry.flag_bits & 1:
        raise _refused("压缩包设了密码", "请取消密码后再上传")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(f"“{shown}”是链接或特殊文件", _HOW)
    if entry.compress_type not in _METHODS:
        raise _refused(f"“{shown}”的压缩方式不能识别", "请用普通的 .zip 格式压缩")
    folder, _slash, name = entry.filename.partition("/")
    if entry.is_dir():
        if not _SLUG.fullmatch(folder) or name not in ("", "examples/"):
            raise _refused(f"不接受文件夹“{shown}”", _HOW)
    elif not _SLUG.fullmatch(folder):
        raise _refused(
            f"“{shown}”不在政策包的文件夹里", _HOW + "；文件夹名用小写字母、数字与连字符"
        )
    elif name not in KNOWN_FILES and not _EXAMPLES.fullmatch(name):
        raise _refused(
            f"政策包里不能有“{shown}”", "可用：" + "、".join(KNOWN_FILES) + "、examples/"
        )


def _texts(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Files:
    files: Files = {}
    left = MOST_UNPACKED
    for entry in sorted(entries, key=lambda item: item.filename):
        with package.open(entry) as source:
            content = source.read(left + 1)
        left -= len(content)
        if left < 0:
            raise _too_much()
        files[entry.filename] = _text(entry.filename, content)
    return files


def _text(name: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(f"“{name}”不是 UTF-8 编码", "用编辑器另存为 UTF-8 后重新压缩") from None
    if "\x00" in text:
        raise _refused(f"“{name}”不是文本文件", _HOW)
    # Written to disk and read again, line ends become these; the hash must not change on the way.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _too_much() -> JigaiError:
    return _refused(f"展开后超过 {MOST_UNPACKED // 1024 // 1024} MB", "政策包只有文字，请检查内容")


def _refused(message: str, hint: str) -> JigaiError:
    return JigaiError("pack-zip", message, hint)


def own_files(slug: str, files: Mapping[str, str]) -> Files:
    """The files of the pack itself, without those of the packs it extends."""
    return {name: text for name, text in files.items() if name.startswith(f"{slug}/")}


def base_files(folder: str) -> Files:
    """Files of an installed pack that others extend; none when nothing of that name is installed.

    A base that was only ever installed inside other packs is taken from the newest of those.
    """
    rows = PackVersion.objects.order_by("-is_current", "-id")
    version = rows.filter(slug=folder, is_current=True).first() or (
        rows.filter(files__has_key=f"{folder}/pack.yaml").first()
    )
    return own_files(folder, version.files) if version else {}


@contextmanager
def laid_out_aside(slug: str, files: Mapping[str, str]) -> Iterator[Path]:
    """The files in a folder of their own for as long as needed; gives the folder of the pack."""
    with tempfile.TemporaryDirectory(prefix="jigai-pack-") as temporary:
        root = Path(temporary)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        yield root / slug


def with_bases(slug: str, own: Mapping[str, str]) -> Files:
    """The files of a pack and those of every installed pack it extends.

    A base that is not installed is left out: the loader then takes the shipped one, or says that
    there is none. Raises :class:`PackError` for a name that is no folder name.
    """
    files, waiting = dict(own), [slug]
    while waiting:
        folder = waiting.pop()
        for name in _extended(folder, files):
            if f"{name}/pack.yaml" not in files and (found := base_files(name)):
                files.update(found)
                waiting.append(name)
    return files


def _extended(folder: str, files: Mapping[str, str]) -> list[str]:
    file = f"{folder}/pack.yaml"
    source = Source(file, files[file])
    if not isinstance(source.data, dict):
        return []
    names: list[str] = []
    for key in ("overlays", "extends"):
        given = source.data.get(key) or []
        for name in [given] if isinstance(given, str) else given:
            if not isinstance(name, str) or not _SLUG.fullmatch(name):
                # A path here would make the loader read outside of the pack's own folder.
                fix = "写被引用的政策包的文件夹名，如 national"
                problem = Problem("bad-base", source.place((key,)), f"不能引用“{name}”", fix)
                raise PackError([problem])
            names.append(name)
    return names
