"""What a file really is, by its content; its name must agree."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import filetype

from jigai.errors import JigaiError

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<script", b"<style")
_OFFICE = "application/vnd.openxmlformats-officedocument."
# An office package unpacked may be this many times larger, and at most this large in bytes.
_MOST_UNPACKED = 500 * 1024 * 1024
_MOST_PARTS = 10_000
_HEAD = 8192


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is kept: its name, its media type, the extensions it may bear."""

    name: str
    media_type: str
    extensions: frozenset[str]


def _kind(name: str, media_type: str, *extensions: str) -> Kind:
    return Kind(name, media_type, frozenset(extensions))


XLSX = _kind("Excel 工作簿", f"{_OFFICE}spreadsheetml.sheet", "xlsx", "xlsm")
DOCX = _kind("Word 文档", f"{_OFFICE}wordprocessingml.document", "docx", "docm")
PPTX = _kind("演示文稿", f"{_OFFICE}presentationml.presentation", "pptx")
OFD = _kind("OFD 版式文件", "application/ofd", "ofd")
XLS = _kind("旧版 Excel 工作簿", "application/vnd.ms-excel", "xls", "et")
DOC = _kind("旧版 Word 文档", "application/msword", "doc", "wps")
PACK = _kind("政策包", "application/zip", "zip")
TEXT = _kind("文本或 CSV", "text/csv", "csv", "txt", "tsv")
_BY_MEDIA = {
    "application/pdf": _kind("PDF", "application/pdf", "pdf"),
    "image/png": _kind("PNG 图片", "image/png", "png"),
    "image/jpeg": _kind("JPEG 图片", "image/jpeg", "jpg", "jpeg"),
    "image/tiff": _kind("TIFF 图片", "image/tiff", "tif", "tiff"),
}
_MAIN_PARTS = {
    "xl/workbook.xml": XLSX,
    "word/document.xml": DOCX,
    "ppt/presentation.xml": PPTX,
    "OFD.xml": OFD,
}
_STREAMS = {"Workbook": XLS, "Book": XLS, "WordDocument": DOC}
_ALL = (XLSX, DOCX, PPTX, OFD, XLS, DOC, PACK, TEXT, *_BY_MEDIA.values())
ACCEPTED = "xlsx、xls、csv、pdf、ofd、docx、doc、pptx、png、jpg、tif"


def kind_of(path: Path, name: str) -> Kind:
    """The kind of the stored file ``path`` whose clerk calls it ``name``.

    Raises :class:`JigaiError` for an empty, unknown, unsafe or password-protected file and for an
    extension that says something else than the content.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise JigaiError("evidence-empty", f"文件“{name}”是空的", "请重新导出后再上传")
    kind = _by_content(path, name, head)
    extension = Path(name).suffix.lower().lstrip(".")
    if extension not in kind.extensions:
        fitting = "、".join(f".{item}" for item in sorted(kind.extensions))
        raise JigaiError(
            "evidence-extension",
            f"文件“{name}”的内容是{kind.name}，与扩展名“.{extension}”不符",
            f"请把扩展名改为 {fitting}，或另存为正确的格式后再上传",
        )
    return kind


def _by_content(path: Path, name: str, head: bytes) -> Kind:
    if head.startswith(_ZIP):
        return _package(path, name)
    if head.startswith(_COMPOUND):
        return _compound(path, name)
    found = filetype.guess(head)
    if found is not None and found.mime in _BY_MEDIA:
        return _BY_MEDIA[found.mime]
    if found is not None or b"\x00" in head:
        raise _unknown(name)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise JigaiError(
            "evidence-html",
            f"文件“{name}”其实是网页，只是改了扩展名",
            "请用 WPS 或 Excel 打开后另存为 .xlsx 再上传",
        )
    return _text(path, name)


def _package(path: Path, name: str) -> Kind:
    """Office packages by their main part; sizes come from the directory, nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise JigaiError(
            "evidence-damaged", f"文件“{name}”已损坏或没有传完整", "请重新导出或重新上传"
        ) from None
    if any(part.flag_bits & 1 for part in parts):
        raise _locked(name)
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise JigaiError(
            "evidence-bomb", f"文件“{name}”展开后过大，已拒绝接收", "请另存为新文件后再上传"
        )
    names = {part.filename for part in parts}
    for main, kind in _MAIN_PARTS.items():
        if main in names:
            return kind
    files = {part.filename for part in parts if not part.is_dir()}
    # Other packages may hold anything; this one is text throughout.
    if any(n.endswith("/pack.yaml") for n in files) and all(n.endswith(".yaml") for n in files):
        return PACK
    raise _unknown(name)


def _compound(path: Path, name: str) -> Kind:
    """Old office files and password-protected new ones share one container."""
    content = path.read_bytes()
    if _ENCRYPTED in content:
        raise _locked(name)
    for stream, kind in _STREAMS.items():
        if stream.encode("utf-16-le") + b"\x00\x00" in content:
            return kind
    raise _unknown(name)


def _text(path: Path, name: str) -> Kind:
    content = path.read_bytes()
    if b"\x00" not in content:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                content.decode(encoding)
            except UnicodeDecodeError:
                continue
            return TEXT
    raise _unknown(name)


def _unknown(name: str) -> JigaiError:
    return JigaiError("evidence-type", f"文件“{name}”的类型不能接收", f"可以上传的类型：{ACCEPTED}")


def _locked(name: str) -> JigaiError:
    return JigaiError("evidence-locked", f"文件“{name}”设了打开密码", "请取消密码后再上传")


def kind_name(media_type: str) -> str:
    """What people call a media type; the type itself for one that is not listed."""
    return next((kind.name for kind in _ALL if kind.media_type == media_type), media_type)
