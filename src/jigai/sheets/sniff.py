"""What a file really is, whatever its extension says."""

from __future__ import annotations

from pathlib import Path

from jigai.sheets.errors import refuse
from jigai.sheets.limits import Limits

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<script", b"<style")
XLSX, XLS, CSV = "xlsx", "xls", "csv"


def sniff(path: Path, limits: Limits) -> str:
    """``xlsx``, ``xls`` or ``csv``; raises ``SheetError`` for everything else."""
    if not path.is_file():
        raise refuse("file_missing", name=path.name)
    size = path.stat().st_size
    if size == 0:
        raise refuse("file_empty", name=path.name)
    if size > limits.file_size:
        raise refuse("file_too_large", name=path.name, limit=limits.file_size // (1024 * 1024))
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(_ZIP):
        return XLSX
    if head.startswith(_COMPOUND):
        return _compound(path)
    return _text(path, head)


def _compound(path: Path) -> str:
    """Old .xls and password-protected .xlsx share one container format."""
    if _ENCRYPTED in path.read_bytes():
        raise refuse("file_encrypted", name=path.name)
    return XLS


def _text(path: Path, head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        raise refuse("file_html", name=path.name)
    if b"\x00" in head or path.suffix.lower() not in {".csv", ".txt", ".tsv"}:
        raise refuse("file_type", name=path.name)
    return CSV
