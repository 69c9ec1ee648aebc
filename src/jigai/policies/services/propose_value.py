"""Somebody proposes a value for a parameter the document leaves open; it counts for nothing yet."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access, Denied
from jigai.core.evidence.cite import cite
from jigai.core.models import EvidenceFile, User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with, reaches
from jigai.policies.models import PackVersion, ParameterDecision
from jigai.policies.open_parameters import check_open, check_value
from jigai.policies.standing import current_version


def propose_value(
    *,
    slug: str,
    parameter: str,
    value: str,
    valid_from: dt.date,
    source: str,
    by: User,
    access: Access,
    evidence: EvidenceFile | None = None,
) -> ParameterDecision:
    """Record the proposal and tell those who may approve it.

    Raises :class:`Denied` outside one's region and :class:`JigaiError` for a parameter the document
    states or computes, a value of the wrong kind or unit, a date before the document, no source.
    """
    access.require("parameter.propose")
    version = current_version(slug)
    if not reaches(access, "parameter.propose", version.region_code, slug=slug):
        raise Denied("out-of-reach", "这份文件不由您所在的地区执行，不能提出取值")
    declared = check_open(version, parameter, value, source)
    check_value(version, declared, value)
    if not source.strip():
        raise JigaiError("no-source", "取值须有依据", "写明文件名称与文号，或会议纪要")
    if version.issued and valid_from < version.issued:
        raise JigaiError(
            "before-issue", f"生效日 {valid_from} 早于文件成文日期 {version.issued}", "改晚生效日"
        )
    with transaction.atomic():
        made = ParameterDecision.objects.create(
            slug=slug,
            parameter=parameter,
            name=declared.name,
            value=value.strip(),
            valid_from=valid_from,
            source=source.strip(),
            evidence=evidence,
            region_code=version.region_code,
            proposed_by=by,
        )
        url = reverse("parameter-detail", args=[slug, parameter])
        if evidence is not None:
            cite(
                file=evidence, kind="parameter", key=made.pk, label=str(made),
                purpose="取值依据", url=url, by=by,
            )  # fmt: skip
        transaction.on_commit(lambda: _tell(made, version, url))
    return made


def _tell(made: ParameterDecision, version: PackVersion, url: str) -> None:
    for person in people_with("parameter.approve", made.region_code, made.slug):
        if person.pk != made.proposed_by_id:
            send_notice(
                user=person,
                event="parameter-proposed",
                title=f"待批准：{made.name}＝{made.value}",
                body=f"{version.title}，自 {made.valid_from} 起，依据 {made.source}",
                url=url,
            )
