"""The notices of a case: which may be issued, what each says, which were issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from jigai.cases.flow.shapes import KINDS
from jigai.cases.ledger import clock_ledger
from jigai.cases.models import Case, CaseEvidence, Correction, Pause
from jigai.cases.refusal_reason import reason_of_refusal
from jigai.cases.viewer import Viewer
from jigai.core.documents import documents_of, letter
from jigai.core.documents.context import chinese_day
from jigai.core.models import IssuedDocument
from jigai.errors import JigaiError
from jigai.yaml_files import read_yaml

OBJECT = "case"
_FILE = Path(__file__).parent / "data" / "papers.yaml"
# What each kind waits for, said where it is not there yet.
NEEDS: dict[str, tuple[Callable[[Case], Any], str]] = {
    "accepted": (lambda case: case.accepted_on, "受理之后才能出具"),
    "correction": (lambda case: _last_correction(case), "提出补正之后才能出具"),
    "refused": (lambda case: case.state == Case.State.REFUSED, "决定不予受理之后才能出具"),
    "closed": (lambda case: case.state == Case.State.DONE, "办结之后才能出具"),
    "extension": (lambda case: case.extensions.exists(), "批准延期之后才能出具"),
    "pause": (lambda case: _last_pause(case), "暂停计时之后才能出具"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of notice for one case: whether it may be issued now, and the copies there are."""

    kind: str
    title: str
    ready: bool
    missing: str
    issued: tuple[IssuedDocument, ...]


def kinds() -> dict[str, dict[str, Any]]:
    """The notices as the file says them."""
    found: dict[str, dict[str, Any]] = read_yaml(_FILE)
    return found


def papers_of(view: Viewer) -> list[Paper]:
    """The notices of a case: to those in office all of them, to the applicant those issued."""
    issued: dict[str, list[IssuedDocument]] = {}
    for row in documents_of(OBJECT, view.case.pk):
        issued.setdefault(row.kind.removeprefix("case-"), []).append(row)
    found = [
        Paper(kind, one["title"], _is_ready(view.case, one), NEEDS[one["needs"]][1],
              tuple(issued.get(kind, ())))
        for kind, one in kinds().items()
    ]  # fmt: skip
    shown = found if may_issue(view) else [one for one in found if one.issued]
    return [one for one in shown if one.issued or one.ready]


def is_for(case: Case, one: Mapping[str, Any]) -> bool:
    """Whether a notice is one for procedures of this kind."""
    return case.release.spec.kind in one["for"]


def _is_ready(case: Case, one: Mapping[str, Any]) -> bool:
    return is_for(case, one) and bool(NEEDS[one["needs"]][0](case))


def may_issue(view: Viewer) -> bool:
    """Who works or worked on the case, and who oversees it."""
    return view.in_office


def require_paper(view: Viewer, kind: str) -> dict[str, Any]:
    """The notice as the file says it. Raises :class:`JigaiError` where the case is not so far."""
    one = kinds()[kind]
    if not is_for(view.case, one):
        word = KINDS[view.spec.kind]
        raise JigaiError("paper-kind", f"{word}没有{one['title']}", "")
    test, missing = NEEDS[one["needs"]]
    if not test(view.case):
        raise JigaiError("paper-early", f"现在不能出具{one['title']}：{missing}", "先办理，再出具")
    return one


def letter_of(view: Viewer, kind: str, organ: str) -> dict[str, Any]:
    """The letter of one kind, for :func:`issue_document` and for the page."""
    case, one = view.case, require_paper(view, kind)
    values = values_for(case, one)
    lines = [
        part["text"].format_map(values) for part in one["paragraphs"]
        if (not part.get("if") or values[part["if"]])
        and not (part.get("unless") and values[part["unless"]])
    ]  # fmt: skip
    header, rows = _TABLES[one["table"]](case) if one.get("table") else ((), ())
    return letter(
        addressee=values["applicant"], paragraphs=lines, organ=organ, table_header=header,
        table_rows=rows,
    )  # fmt: skip


def values_for(case: Case, one: Mapping[str, Any]) -> dict[str, str]:
    """Everything the sentences may name; empty where there is nothing."""
    spec, ledger = case.release.spec, clock_ledger(case, timezone.localdate())
    applicant = str(case.enterprise or case.applicant_name or case.started_by or "申请人")
    basis = one["basis"].get(spec.kind) or one["basis"].get("default", "")
    licence = "1" if spec.is_licensing else ""
    refused = case.result == Case.Result.REFUSED
    return {
        "applicant": applicant, "applicant_word": "你单位" if case.enterprise else "你",
        "matter": case.title, "procedure": case.procedure.name, "number": case.number,
        "by_law": f"根据{basis}，" if basis else "", "licensing": licence,
        "submitted_on": _day(case.submitted_on), "received_on": _day(case.received_on),
        "accepted_on": _day(case.accepted_on), "closed_on": _day(case.closed_on),
        "clock_from": _day(case.clock_from), "due": _day(case.due), "days": str(case.days or ""),
        "total": str(ledger.total or ""), "held": str(ledger.held),
        "used": str(ledger.used) if ledger.total else "",
        "result": case.get_result_display() if case.result else "办理完毕",
        "refused_reason": reason_of_refusal(case) if refused else "",
        "appeal": licence if refused else "",
        "reason": _notice_reason(case), "deferred": "1" if _deferred_rows(case) else "",
        **_correction(case), **_extension(case), **_pause(case),
    }  # fmt: skip


def _day(value: dt.date | None) -> str:
    return chinese_day(value) if value else ""


def _reason(case: Case, verb: str) -> str:
    row = case.records.filter(verb=verb).order_by("-id").first()
    return row.reason if row else ""


def _notice_reason(case: Case) -> str:
    if case.state == Case.State.REFUSED:
        return _reason(case, "refuse_acceptance")
    row = _last_correction(case)
    return row.reason if row else ""


def _last_correction(case: Case) -> Correction | None:
    return case.corrections.order_by("-id").first()


def _last_pause(case: Case) -> Pause | None:
    return case.pauses.exclude(kind="correction").select_related("step").order_by("-id").first()


def _correction(case: Case) -> dict[str, str]:
    row = _last_correction(case)
    return {"correction_due": _day(row.due) if row else ""}


def _extension(case: Case) -> dict[str, str]:
    row = case.extensions.order_by("-id").first()
    return {
        "extension_days": str(row.days) if row else "",
        "extension_reason": row.reason if row else "",
    }  # fmt: skip


def _pause(case: Case) -> dict[str, str]:
    row = _last_pause(case)
    expected = row.expected_days if row else None
    return {
        "pause_kind": row.get_kind_display() if row else "",
        "pause_from": _day(row.starts) if row else "", "pause_to": _day(row.ends) if row else "",
        "pause_reason": row.reason if row else "", "expected_days": str(expected or ""),
    }  # fmt: skip


Table = tuple[tuple[str, ...], list[tuple[str, ...]]]


def _deferred_rows(case: Case) -> list[tuple[str, ...]]:
    names = {item.id: item.name for item in case.release.spec.evidence}
    rows = case.evidence.filter(state=CaseEvidence.State.DEFERRED).order_by("promised_on", "id")
    return [
        (str(at), names.get(row.item, row.item), _day(row.promised_on) or "—")
        for at, row in enumerate(rows, 1)
    ]


def _deferred_table(case: Case) -> Table:
    return ("序号", "材料", "承诺补齐日期"), _deferred_rows(case)


def _correction_table(case: Case) -> Table:
    row = _last_correction(case)
    said = [*row.items, *row.fields] if row else []
    rows: list[tuple[str, ...]] = [
        (str(at), str(one.get("name", one["id"])), str(one["say"]))
        for at, one in enumerate(said, 1)
    ]
    return ("序号", "材料或内容", "需要补正"), rows


_TABLES: dict[str, Callable[[Case], Table]] = {
    "deferred": _deferred_table, "correction": _correction_table,
}  # fmt: skip
