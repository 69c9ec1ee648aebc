"""Says that a record rests on a file."""

from __future__ import annotations

from jigai.core.models import EvidenceFile, EvidenceUse, User


def cite(
    *,
    file: EvidenceFile,
    kind: str,
    key: str | int,
    label: str,
    purpose: str,
    url: str = "",
    by: User | None,
) -> EvidenceUse:
    """Record one use of a file; citing it again for the same record and purpose changes nothing.

    ``kind`` and ``key`` name the record, ``label`` and ``url`` show it to people.
    """
    use, _made = EvidenceUse.objects.get_or_create(
        file=file,
        kind=kind,
        key=str(key),
        purpose=purpose,
        defaults={"label": label[:200], "url": url[:200], "created_by": by},
    )
    return use
