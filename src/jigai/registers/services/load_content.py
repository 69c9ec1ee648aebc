"""Loads the registers that ship with the platform; a second time there is nothing to do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pghistory
from django.db import connection, transaction

from jigai.core.models.reference import ReferenceInstall
from jigai.errors import JigaiError
from jigai.registers.content_check import KIND_CODES, Content, check_file, day_of, is_public
from jigai.registers.entry_values import Prepared, prepare
from jigai.registers.lifecycle import CODES
from jigai.registers.models import Edition, Entry, Register, RegisterSchema
from jigai.registers.selectors import register_by_code
from jigai.registers.services.add_edition import store_edition
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.edit_schema import next_number, put
from jigai.registers.services.publish_schema import make_current
from jigai.registers.services.record_event import record

FOLDER = Path(__file__).resolve().parent.parent / "content"
DEMO = "demo-*.yaml"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('registers.content'))"
# Raised when the loader itself changes, so that files loaded by the older one are done again.
_EDITION = b"2"


def load_content(tell: Callable[[str], None] = lambda text: None, folder: Path = FOLDER) -> int:
    """Load every file whose content has not been loaded yet; the number loaded."""
    return _load(sorted(set(folder.glob("*.yaml")) - set(folder.glob(DEMO))), tell)


def load_demo(tell: Callable[[str], None] = lambda text: None, folder: Path = FOLDER) -> int:
    """Load the invented rows of ``demo-*.yaml`` into registers that are there; the number loaded.

    Only for platforms with the sample district: they name its enterprises.
    """
    return _load(sorted(folder.glob(DEMO)), tell)


def _load(files: Sequence[Path], tell: Callable[[str], None]) -> int:
    known = dict(
        ReferenceInstall.objects.filter(name__startswith="register:").values_list("name", "sha256")
    )
    stale = [path for path in files if known.get(_mark(path)) != _digest(path)]
    contents = {path: check_file(path) for path in stale}
    for path in in_order(contents):
        register = _store(path, contents[path])
        tell(f"载入{'示例' if path.match(DEMO) else '名录'}：{register.name}")
    return len(stale)


def in_order(contents: Mapping[Path, Content]) -> list[Path]:
    """A register's entries may name those of another: that one is loaded first."""
    homes = {str(one.register["code"]): path for path, one in contents.items() if not one.adds}
    order: TopologicalSorter[Path] = TopologicalSorter()
    for path in contents:
        named = (item.register for item in contents[path].schema.fields if item.register)
        order.add(path, *(homes[code] for code in named if homes.get(code, path) != path))
    try:
        return list(order.static_order())
    except CycleError as error:
        names = " → ".join(path.name for path in error.args[1])
        raise JigaiError(
            "content-order", f"名录互相引用，没有先后：{names}", "去掉其中一个引用"
        ) from None


def load_file(path: Path) -> Register:
    """Load one file in one transaction: definition, schema, editions, entries; of a file that only
    adds to a register (``register: {code: …}``) the last two.

    What people changed stays: only rows this file brought are touched, and a schema only where the
    last one published came from the file. Raises :class:`JigaiError` naming file and place.
    """
    return _store(path, check_file(path))


def _store(path: Path, content: Content) -> Register:
    origin = f"content:{path.stem}"[:160]
    with transaction.atomic(), pghistory.context(reason=f"载入随版本提供的名录 {path.name}"):
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
        if content.adds:
            register = register_by_code(str(content.register["code"]))
        else:
            register = _define(content, origin)
            _give_schema(register, content, origin)
        editions = _editions(register, content)
        _entries(register, content, editions, origin)
        ReferenceInstall.objects.update_or_create(
            name=_mark(path), defaults={"sha256": _digest(path), "rows": len(content.entries)}
        )
    return register


def _mark(path: Path) -> str:
    # The column is short and names of files are not.
    return f"register:{hashlib.sha256(path.stem.encode()).hexdigest()[:30]}"


def _digest(path: Path) -> str:
    return hashlib.sha256(_EDITION + path.read_bytes()).hexdigest()


def _define(content: Content, origin: str) -> Register:
    given = content.register
    found = Register.objects.select_related("current").filter(code=given["code"]).first()
    if found is not None and found.origin != origin:
        raise JigaiError(
            "content-code", f"{content.name} 的代号“{given['code']}”已被另一名录使用", "换一个代号"
        )
    register = found or Register(code=str(given["code"]), origin=origin)
    register.name, register.kind = str(given["name"])[:120], KIND_CODES[given["kind"]]
    register.region_code = str(given.get("region") or "")
    for name in ("keeper", "level", "purpose", "cadence", "admission", "note", "clause"):
        most = Register._meta.get_field(name).max_length
        setattr(register, name, str(given.get(name) or "")[:most])
    register.systems = [str(s) for s in given.get("systems") or ()]
    register.items = [str(s) for s in given.get("items") or ()]
    register.public = is_public(given)
    register.save()
    return register


def _give_schema(register: Register, content: Content, origin: str) -> None:
    if register.current is not None:
        same = register.current.sha256 == content.schema.sha256
        if same or register.current.origin != origin:
            return
    RegisterSchema.objects.filter(register=register, published=False, origin=origin).delete()
    if RegisterSchema.objects.filter(register=register, published=False).exists():
        return
    row = RegisterSchema(register=register, number=next_number(register), origin=origin)
    put(row, content.schema)
    row.save()
    make_current(register, row, None)


def _editions(register: Register, content: Content) -> dict[str, Edition]:
    found = {edition.code: edition for edition in register.editions.all()}
    for given in sorted(content.editions, key=lambda e: str(e["from"])):
        code, where = str(given["id"]), f"editions {given['id']}"
        edition = found.get(code) or Edition(register=register, code=code)
        edition.name, edition.line = str(given["name"])[:200], str(given.get("line") or "")
        edition.number = str(given.get("number") or "")[:120]
        edition.note, edition.source = str(given.get("note") or ""), str(given["source"])[:300]
        edition.valid_from = day_of(content.name, where, given["from"])
        end = given.get("to")
        edition.valid_to = day_of(content.name, where, end) if end else None
        try:
            found[code] = store_edition(edition)
        except JigaiError as error:
            raise JigaiError(
                "content", f"{content.name} 的 {where}：{error.message}", error.hint
            ) from error
    return found


def _entries(
    register: Register, content: Content, editions: Mapping[str, Edition], origin: str
) -> None:
    rows = prepare(register, [entry["values"] for entry in content.entries])
    for place, row in enumerate(rows, 1):
        if row.problems:
            problem = row.problems[0]
            raise JigaiError(
                "content",
                f"{content.name} 的 entries 第 {place} 条：{problem.message}",
                problem.fix,
            )
    known = {
        (entry.edition_id, entry.key): entry
        for entry in Entry.objects.filter(register=register)
        .exclude(state__in=["refused", "withdrawn"]).select_related("edition")
    }  # fmt: skip
    fresh: dict[tuple[int | None, str], tuple[Admission, Mapping[str, Any]]] = {}
    for place, (given, row) in enumerate(zip(content.entries, rows, strict=True), 1):
        one = _admission(register, content, given, row, editions, place)
        key = (one.edition.pk if one.edition else None, row.key)
        if key in fresh:
            raise JigaiError(
                "content",
                f"{content.name} 的 entries 第 {place} 条与前面一条重复：{row.title}",
                "删去一条",
            )
        if key in known:
            _update(known[key], register, one, given, origin, content)
        else:
            fresh[key] = (one, given)
    made = admit_entries(
        register=register, admissions=[one for one, _ in fresh.values()], origin=origin,
        reason="随版本提供",
    )  # fmt: skip
    for entry, (_, given) in zip(made, fresh.values(), strict=True):
        _live(entry, register, given, content)


def _admission(
    register: Register, content: Content, given: Mapping[str, Any], row: Prepared,
    editions: Mapping[str, Edition], place: int,
) -> Admission:  # fmt: skip
    edition = _edition_of(register, content, given, editions, place)
    begins = given.get("from") or (edition.valid_from if edition else None)
    day = day_of(content.name, f"entries 第 {place} 条", begins)
    return Admission(row, day, edition, str(given["source"]))


def _edition_of(
    register: Register, content: Content, given: Mapping[str, Any],
    editions: Mapping[str, Edition], place: int,
) -> Edition | None:  # fmt: skip
    if not register.schema.editions:
        return None
    named = str(given.get("edition") or "")
    if named not in editions:
        raise JigaiError(
            "content", f"{content.name} 的 entries 第 {place} 条：没有版次“{named}”",
            f"写名录里有的版次：{'、'.join(editions) or '还没有'}",
        )  # fmt: skip
    return editions[named]


def _update(
    entry: Entry, register: Register, one: Admission, given: Mapping[str, Any], origin: str,
    content: Content,
) -> None:  # fmt: skip
    """An entry of an earlier load takes over corrected values; what people touched stays."""
    if entry.origin != origin or entry.life.filter(by__isnull=False).exists():
        return
    entry.register = register
    if entry.values != one.row.values and not given.get("events"):
        day = max(entry.starts or one.effective, one.effective)
        record(entry=entry, kind="change", effective=day, by=None, values=one.row.values,
               reason="随版本更正")  # fmt: skip
    if entry.source != one.source:
        entry.source = one.source[:300]
        entry.save(update_fields=["source"])
    _live(entry, register, given, content)


def _live(entry: Entry, register: Register, given: Mapping[str, Any], content: Content) -> None:
    """Events of the file that are not recorded yet, in order of their dates."""
    known = set(entry.life.values_list("kind", "effective"))
    events = [(day_of(content.name, str(entry), e["on"]), e) for e in given.get("events") or ()]
    for day, event in sorted(events, key=lambda pair: pair[0]):
        kind = CODES[event["kind"]]
        if (kind, day) in known:
            continue
        entry.register = register
        values = event.get("values")
        whole: dict[str, Any] | None = None
        if values is not None:
            row = prepare(register, [{**_raw(entry), **_by_id(register, values)}], entry=entry.pk)[
                0
            ]
            if row.problems:
                raise JigaiError("content", f"{content.name} 的 {entry}：{row.problems[0].message}",
                                 row.problems[0].fix)  # fmt: skip
            whole = row.values
        record(
            entry=entry, kind=kind, effective=day, by=None, values=whole,
            reason=str(event.get("reason") or ""), document=str(event.get("document") or ""),
        )  # fmt: skip


def _by_id(register: Register, values: Mapping[str, Any]) -> dict[str, Any]:
    return {(f.id if (f := register.schema.field(name)) else name): v for name, v in values.items()}


def _raw(entry: Entry) -> dict[str, Any]:
    return dict(entry.values)
