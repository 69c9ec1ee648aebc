"""Which registered enterprise a row means: code, name, former name, near name, in this order."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from jigai.core.enterprise_register import Enterprise
from jigai.core.regions import UnknownRegionError, region
from jigai.sheets.table import Row, Table
from jigai.sheets.values.names import canonical_name

BY_CODE, BY_NAME, BY_FORMER_NAME, BY_NEAR_NAME = "uscc", "name", "former_name", "name_fuzzy"
_SUFFIX = re.compile(r"(有限责任公司|有限公司|公司)$")
_KIND_OF_REGION = re.compile(r"(特别行政区|(?:维吾尔|壮族|回族)?自治区|省|市|区|县|旗)$")
_BRACKETS = re.compile(r"[（）()]")
# Code findings whose suggestion is the code of the enterprise that the name leads to.
_BAD_CODES = ("W_USCC_CHECK", "W_USCC_OLD", "W_USCC_CONFUSABLE")


@dataclass(frozen=True, slots=True)
class Match:
    """The enterprise found (None: unresolved), the way it was found, and issue codes by subject.

    ``findings`` are pairs of (``name`` or ``uscc``, issue code).
    """

    enterprise: Enterprise | None = None
    how: str | None = None
    findings: tuple[tuple[str, str], ...] = ()


def region_names(code: str) -> tuple[str, ...]:
    """Short names of a region and of those above it: 370812 gives 兖州, 济宁, 山东."""
    names: list[str] = []
    current: str | None = code
    while current:
        try:
            found = region(current)
        except UnknownRegionError:
            break
        names.append(_KIND_OF_REGION.sub("", found.name))
        current = found.parent
    return tuple(name for name in names if len(name) > 1)


def home_region(enterprises: Iterable[Enterprise]) -> str:
    """The region that most enterprises of a register are registered in (six digits, or empty)."""
    counted = Counter(item.region or (item.uscc or "")[2:8] for item in enterprises)
    return counted.most_common(1)[0][0] if counted else ""


def near_name(name: str, regions: Sequence[str]) -> str:
    """A name without region prefix, brackets and company suffix, to find near names."""
    text = _SUFFIX.sub("", canonical_name(name))
    if not regions:
        return _BRACKETS.sub("", text)
    places = "|".join(sorted(map(re.escape, regions), key=len, reverse=True))
    text = re.sub(rf"（({places})[省市区县]?）", "", text)
    text = re.sub(rf"^((?:{places})[省市区县]?)+", "", text)
    return _BRACKETS.sub("", text)


class EnterpriseIndex:
    """A register prepared for matching."""

    def __init__(
        self, enterprises: Sequence[Enterprise], regions: Sequence[str] | None = None
    ) -> None:
        """``regions`` are prefixes that tell nobody apart; by default the home region's."""
        self.regions = tuple(region_names(home_region(enterprises)) if regions is None else regions)
        self.by_code = {item.uscc: item for item in enterprises if item.uscc}
        self.by_name = _group(enterprises, lambda item: item.name)
        self.by_former = _group(enterprises, lambda item: canonical_name(item.former_name or ""))
        self.by_near = _group(enterprises, lambda item: near_name(item.name, self.regions))

    def match(self, *, uscc: str | None, name: str | None) -> Match:
        """Find the enterprise meant by a code and a name (both already normalised)."""
        canonical = canonical_name(name or "")
        coded = self.by_code.get(uscc) if uscc else None
        exact = self.by_name.get(canonical, ())
        if coded is not None:
            return self._with_code(coded, exact, canonical)
        findings = (("uscc", "W_USCC_NOT_FOUND"),) if uscc else ()
        found = self._by_names(canonical, exact)
        return Match(found.enterprise, found.how, (*findings, *found.findings))

    def _with_code(self, coded: Enterprise, exact: Sequence[Enterprise], name: str) -> Match:
        if exact and coded not in exact:
            return Match(findings=(("uscc", "E_USCC_NAME_CONFLICT"),))
        if name and name == canonical_name(coded.former_name or ""):
            return Match(coded, BY_CODE, (("name", "W_NAME_ALIAS"),))
        near = near_name(name, self.regions) == near_name(coded.name, self.regions)
        differs = bool(name) and name != coded.name and not near
        return Match(coded, BY_CODE, (("name", "W_NAME_MISMATCH"),) if differs else ())

    def _by_names(self, name: str, exact: Sequence[Enterprise]) -> Match:
        steps = (
            (exact, BY_NAME, ()),
            (self.by_former.get(name, ()), BY_FORMER_NAME, (("name", "W_NAME_ALIAS"),)),
            (self._near(name), BY_NEAR_NAME, (("name", "W_NAME_FUZZY"),)),
        )
        for found, how, findings in steps:
            if len(found) == 1:
                return Match(found[0], how, findings)
            if found:
                return Match(findings=(("name", "E_NAME_AMBIGUOUS"),))
        return Match(findings=(("name", "E_ENT_UNMATCHED"),) if name else ())

    def _near(self, name: str) -> Sequence[Enterprise]:
        return self.by_near.get(near_name(name, self.regions), ()) if name else ()


def _group(
    enterprises: Sequence[Enterprise], key: Callable[[Enterprise], str]
) -> dict[str, tuple[Enterprise, ...]]:
    groups: dict[str, list[Enterprise]] = defaultdict(list)
    for item in enterprises:
        if key(item):
            groups[key(item)].append(item)
    return {name: tuple(items) for name, items in groups.items()}


def match_row(
    table: Table, row: Row, index: EnterpriseIndex, *, name: str, uscc: str = ""
) -> Match:
    """Match one row of a table and report what there is to say about its name and code.

    ``name`` and ``uscc`` are field ids; ``uscc`` may be empty when the table has no such column.
    """
    written = row.get(uscc) if uscc else None
    match = index.match(uscc=written, name=row.get(name))
    code_known = bool(uscc) and (row.parsed(uscc).failed or bool(row.parsed(uscc).codes))
    for subject, code in match.findings:
        if code == "W_USCC_NOT_FOUND" and code_known:
            continue  # the cell already carries a finding that explains it
        clean = match.enterprise.name if match.enterprise and subject == "name" else ""
        table.report(row, name if subject == "name" else uscc, code, clean)
    if uscc and match.enterprise and match.how != BY_CODE and match.enterprise.uscc:
        _suggest_code(table, row, match, uscc)
    return match


def _suggest_code(table: Table, row: Row, match: Match, uscc: str) -> None:
    assert match.enterprise is not None and match.enterprise.uscc is not None
    table.suggest(row, uscc, _BAD_CODES, match.enterprise.uscc)
    blank = row.get(uscc) is None and not row.parsed(uscc).codes
    if blank and match.how in (BY_NAME, BY_FORMER_NAME) and uscc in table.columns:
        table.report(row, uscc, "A_USCC_FILLED", match.enterprise.uscc)
