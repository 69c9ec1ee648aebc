"""What a file does to a register: rows that enter, rows that change, rows left out with reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from jigai.core.fields.shapes import Field
from jigai.core.imports.registry import Counts, Place
from jigai.core.models import ImportBatch
from jigai.core.models.imports import ImportChange
from jigai.errors import JigaiError
from jigai.registers.entry_values import Prepared, ValueProblem, prepare, search_words
from jigai.registers.extras import hold_for_checks, run_checks
from jigai.registers.import_spec import CODE, EDITION, FROM, SOURCE
from jigai.registers.lifecycle import CHANGE
from jigai.registers.models import Edition, Entry, LifeEvent, Register
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.life import settle
from jigai.sheets.issues import ERROR
from jigai.sheets.table import Row, Table

_CODES = {"required": "E_REGISTER_REQUIRED", "rule": "E_REGISTER_RULE"}
# What a change of an entry takes over, as columns of the table.
_TAKEN = ("values", "title", "pinyin", "key", "words", "region_code", "enterprise_id")


@dataclass(slots=True)
class Incoming:
    """A row of the file that may enter."""

    number: int
    admission: Admission
    target: Entry | None = None


class RegisterPlan:
    """See :class:`~jigai.core.imports.registry.Plan`. Rows with any error stay out whole."""

    def __init__(self, register: Register, table: Table, place: Place) -> None:
        self.register, self.table, self.place = register, table, place
        self._rows = {row.number: row for row in table.rows}
        self._bad: set[int] = set()
        self._remarks: dict[int, str] = {}
        self._unreadable()
        rows = prepare(register, [self._values(row) for row in table.rows])
        editions = {e.code: e for e in register.editions.all()} | {
            e.name: e for e in register.editions.all()
        }  # fmt: skip
        self._incoming = list(self._accepted(rows, editions))
        self._targets()

    def _unreadable(self) -> None:
        """Cells the kit could not read keep their row out; it has told about them already."""
        for row in self.table.rows:
            if any(cell.failed for cell in row.cells.values()):
                self._bad.add(row.number)
        for place, issue in enumerate(self.table.issues):
            if issue.row in self._bad and issue.severity == ERROR:
                told = f"{issue.message}{self._allowed(issue.field)}；本行不入库"
                self.table.issues[place] = replace(issue, message=told)

    def _allowed(self, name: str) -> str:
        item = self.register.schema.field(name)
        words = "、".join(item.options.values()) if item else ""
        return f"（可选：{words}）" if words else ""

    def _values(self, row: Row) -> dict[str, Any]:
        return {f.id: _raw(f, row) for f in self.register.schema.fields if f.type != "file"}

    def _accepted(self, rows: list[Prepared], editions: dict[str, Edition]) -> Iterator[Incoming]:
        seen: dict[tuple[int | None, str], int] = {}
        for source, row in zip(self.table.rows, rows, strict=True):
            if source.number in self._bad:
                continue
            edition = self._edition(source, editions)
            for problem in row.problems:
                self._report(source, problem)
            if not row.region_code.startswith(self.place.prefix):
                self._tell(source, self._cell(), "E_REGISTER_PLACE", row.region_code)
            key = (edition.pk if edition else None, row.key)
            if key in seen and source.number not in self._bad:
                self._tell(source, self._cell(), "E_REGISTER_TWICE", f"第 {seen[key]} 行")
            if source.number in self._bad:
                continue
            seen[key] = source.number
            self._warn(source, row)
            day = source.get(FROM) or (edition.valid_from if edition else timezone.localdate())
            told = str(source.get(SOURCE) or "") or self.table.file
            yield Incoming(source.number, Admission(row, day, edition, told))

    def _edition(self, row: Row, editions: dict[str, Edition]) -> Edition | None:
        if not self.register.schema.editions:
            return None
        named = str(row.get(EDITION) or "").strip()
        found = editions.get(named)
        if found is None and not named:
            today = timezone.localdate()
            current = {e.pk: e for e in editions.values() if e.holds_on(today)}
            found = next(iter(current.values())) if len(current) == 1 else None
        if found is None:
            known = "、".join(dict.fromkeys(e.name for e in editions.values())) or "还没有版次"
            field = EDITION if EDITION in self.table.columns else self._cell()
            self._tell(row, field, "E_REGISTER_VALUE", f"没有版次“{named}”；可填：{known}")
        return found

    def _cell(self) -> str:
        """The field an error of the whole row is shown at."""
        return self.register.schema.title

    def _report(self, row: Row, problem: ValueProblem) -> None:
        item = self.register.schema.field(problem.field)
        field = item.id if item and item.id in self.table.columns else self._cell()
        code = "E_REGISTER_VALUE"
        if problem.message.endswith("没有填写"):
            code = _CODES["required"]
        elif item is None or problem.fix in ("核对后改正", "不符合的不能入册", "补上后再提交"):
            code = _CODES["rule"]
        self._tell(row, field, code, f"{problem.message}；{problem.fix}")

    def _tell(self, row: Row, field: str, code: str, detail: str) -> None:
        self._bad.add(row.number)
        self.table.report(row, field, code, detail=detail)

    def _warn(self, row: Row, prepared: Prepared) -> None:
        name = self.register.schema.subject
        named = name in self.table.columns and bool(prepared.values.get(name))
        if named and prepared.enterprise_id is None:
            self.table.report(row, name, "W_REGISTER_ENTERPRISE")

    def _targets(self) -> None:
        """Stored entries the rows are about; those that left the list stay for people to decide."""
        keys = {item.admission.row.key for item in self._incoming}
        stored = Entry.objects.filter(register=self.register, key__in=keys)
        stored = stored.exclude(state__in=["refused", "withdrawn"]).order_by("pk")
        known = {(entry.edition_id, entry.key): entry for entry in stored}
        kept = []
        for item in self._incoming:
            edition = item.admission.edition
            entry = known.get((edition.pk if edition else None, item.admission.row.key))
            if entry is not None and entry.state != Entry.State.LISTED:
                told = f"“{entry}”{entry.get_state_display()}；要再入册请在条目页办理"
                self._tell(self._rows[item.number], self._cell(), "E_REGISTER_GONE", told)
                continue
            item.target = entry
            if entry is not None:
                same = entry.values == item.admission.row.values
                self._remarks[item.number] = "没有变化" if same else "变更已有条目"
            kept.append(item)
        self._incoming = kept

    def stage(self, cursor: Any, *, real: bool) -> Counts:
        """Count what would happen."""
        created = sum(item.target is None for item in self._incoming)
        changed = len(self._changed())
        unchanged = len(self._incoming) - created - changed
        return Counts(created, changed, unchanged, 0, {"left_out": len(self._bad)})

    def _changed(self) -> list[Incoming]:
        return [
            item for item in self._incoming
            if item.target is not None and item.target.values != item.admission.row.values
        ]  # fmt: skip

    def apply(self, cursor: Any, batch: ImportBatch) -> None:
        """Write new entries and changes, every row marked with the batch.

        Raises :class:`JigaiError` where what a check counted has changed since the preview.
        """
        self._check_again()
        fresh = [item for item in self._incoming if item.target is None]
        admit_entries(
            register=self.register, admissions=[item.admission for item in fresh],
            by=batch.created_by, batch=batch, rows=[item.number for item in fresh],
            reason=f"导入 {batch.file.name}",
        )  # fmt: skip
        self._change(self._changed(), batch)

    def _check_again(self) -> None:
        """Somebody else may have been writing until the register was held."""
        hold_for_checks(self.register)
        rows = [item.admission.row for item in self._incoming]
        run_checks(self.register, rows)
        told = [str(row.problems[0]) for row in rows if row.problems]
        if told:
            raise JigaiError("register-moved", told[0], "刚有别人登记，请重新读一次文件")

    def _change(self, items: list[Incoming], batch: ImportBatch) -> None:
        schema = self.register.schema
        entries, changes, events = [], [], []
        for item in items:
            entry, row = item.target, item.admission.row
            assert entry is not None
            before = {name: getattr(entry, name) for name in _TAKEN}
            entry.values, entry.title, entry.key = row.values, row.title, row.key
            entry.pinyin, entry.region_code = row.pinyin, row.region_code
            entry.enterprise_id = row.enterprise_id
            entry.words = search_words(schema, row.values)
            entry.version += 1
            after = {name: getattr(entry, name) for name in _TAKEN}
            differing = [name for name in _TAKEN if before[name] != after[name]]
            changes.append(
                ImportChange(batch=batch, model=Entry._meta.label_lower, key=entry.pk,
                             before={n: before[n] for n in differing},
                             after={n: after[n] for n in differing})
            )  # fmt: skip
            day = max(entry.starts or item.admission.effective, self._day(item))
            events.append(
                LifeEvent(entry=entry, kind=CHANGE, effective=day, values=row.values,
                          reason=f"导入 {batch.file.name}"[:400], by=batch.created_by, batch=batch)
            )  # fmt: skip
            entries.append(entry)
        Entry.objects.bulk_update(entries, [*(n.removesuffix("_id") for n in _TAKEN), "version"])
        ImportChange.objects.bulk_create(changes, batch_size=2000)
        LifeEvent.objects.bulk_create(events, batch_size=2000)
        validity = schema.validity
        settle(entries, until_field=validity.field if validity.kind == "field" else "")

    def _day(self, item: Incoming) -> dt.date:
        """A change counts from the day the file gives, else from today."""
        given: dt.date | None = self._rows[item.number].get(FROM)
        return given or timezone.localdate()

    def remark(self, row: int) -> str:
        """What the preview says about a row."""
        return "不入库" if row in self._bad else self._remarks.get(row, "")


def _raw(item: Field, row: Row) -> Any:
    """A cell of the file as a field takes it."""
    value = row.get(item.id)
    if item.type == "enterprise":
        code = row.get(f"{item.id}{CODE}")
        return {"name": value or "", "uscc": code} if value or code else None
    if item.type == "flag" and value is not None:
        return value == "yes"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value
