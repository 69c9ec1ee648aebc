"""A look at an .xlsx package before anything expands it in memory."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from jigai.sheets.errors import refuse
from jigai.sheets.limits import Limits
from jigai.sheets.prescan_sheet import SheetFacts, scan_sheet
from jigai.sheets.styles import Styles, read_styles

_MAIN = re.compile(r"\{[^}]*\}")
_SMALL_PART = 8 * 1024 * 1024
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, NotImplementedError)


class Prescan:
    """Facts about a package that passed: sheets by name, styles, date system, notices."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.name = path.name
        self.limits = limits
        self.sheets: dict[str, SheetFacts] = {}
        self.notices: list[tuple[str, str]] = []
        self.date1904 = False
        try:
            with zipfile.ZipFile(path) as package:
                self._run(package)
        except (*_DAMAGED, ElementTree.ParseError, ValueError):
            raise refuse("file_damaged", name=self.name) from None

    def _run(self, package: zipfile.ZipFile) -> None:
        self._check_parts(package)
        names = set(package.namelist())
        if "xl/workbook.xml" not in names:
            raise refuse("file_type", name=self.name)
        if any(name.endswith("vbaProject.bin") for name in names):
            self.notices.append(("W_MACRO", ""))
        if any(name.startswith("xl/externalLinks/") for name in names):
            self.notices.append(("W_EXTERNAL_LINK", ""))
        styles = (
            read_styles(self._small(package, "xl/styles.xml"))
            if "xl/styles.xml" in names
            else Styles()
        )
        for sheet, part in self._sheet_parts(package).items():
            if part in names:
                self._refuse_doctype(package, part)
                with package.open(part) as stream:
                    self.sheets[sheet] = scan_sheet(stream, sheet, styles, self.limits)

    def _check_parts(self, package: zipfile.ZipFile) -> None:
        """Sizes come from the central directory, before a byte is unpacked."""
        parts = package.infolist()
        names = [part.filename for part in parts]
        if any(part.flag_bits & 1 for part in parts):
            raise refuse("file_encrypted", name=self.name)
        too_big = any(part.file_size > self.limits.part for part in parts)
        total = sum(part.file_size for part in parts)
        if too_big or total > self.limits.unpacked or len(parts) > self.limits.parts:
            raise refuse("file_bomb", name=self.name)
        if len(names) != len(set(names)):
            raise refuse("file_unsafe", name=self.name)
        strings = sum(part.file_size for part in parts if part.filename == "xl/sharedStrings.xml")
        if strings > self.limits.strings:
            raise refuse("file_strings", name=self.name)

    def _small(self, package: zipfile.ZipFile, part: str) -> bytes:
        if package.getinfo(part).file_size > _SMALL_PART:
            raise refuse("file_bomb", name=self.name)
        self._refuse_doctype(package, part)
        return package.read(part)

    def _refuse_doctype(self, package: zipfile.ZipFile, part: str) -> None:
        """Office files never declare a document type; entity tricks need one."""
        with package.open(part) as stream:
            head = stream.read(4096)
        if b"<!DOCTYPE" in head.upper() or b"<!ENTITY" in head.upper():
            raise refuse("file_unsafe", name=self.name)

    def _sheet_parts(self, package: zipfile.ZipFile) -> dict[str, str]:
        relations = ElementTree.fromstring(self._small(package, "xl/_rels/workbook.xml.rels"))
        targets = {item.get("Id"): item.get("Target", "") for item in relations}
        book = ElementTree.fromstring(self._small(package, "xl/workbook.xml"))
        parts: dict[str, str] = {}
        for element in book.iter():
            tag = _MAIN.sub("", element.tag)
            if tag == "workbookPr":
                self.date1904 = element.get("date1904", "0") in {"1", "true"}
            if tag == "sheet":
                link = next((value for key, value in element.items() if key.endswith("}id")), "")
                parts[element.get("name", "")] = _part_name(targets.get(link, ""))
        return parts


def _part_name(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
