"""A document sent in a county, for tests: who sends, who gets it, and what comes after it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from jigai.core.access import access_of
from jigai.core.jobs import run_job
from jigai.core.models import Job, User
from jigai.outreach.distribution_lists import Addressee, named_unit
from jigai.outreach.models import Delivery, Distribution
from jigai.outreach.services.draft_distribution import (
    add_addressees,
    draft_file_distribution,
    draft_pack_distribution,
)
from jigai.outreach.services.send_distribution import send_distribution
from jigai.policies.models import PackVersion
from jigai.policies.services.install_pack import install_pack
from tests.factories import COUNTY
from tests.policies.packs import with_identity

SLUG = "yanzhou-2020"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def in_force(folder: Path, **changes: str) -> PackVersion:
    """The Yanzhou document with an open end, or with other lines of its head."""
    lines = {"effective_to": "null", **changes}
    return install_pack(folder=with_identity(folder, **lines), check=False)


def draft(by: User, slug: str = SLUG, days: int = 3) -> Distribution:
    """The document ready to be sent to those it names."""
    return draft_pack_distribution(
        slug=slug, note="", sign_days=days, by=by, access=access_of(by)
    )  # fmt: skip


def add(sent: Distribution, by: User, *names: str, kind: str = "main") -> None:
    """More units, by name."""
    units = [named_unit(kind, name, COUNTY, dt.date.today()) for name in names]
    add_addressees(distribution=sent.pk, addressees=units, access=access_of(by))


def send(sent: Distribution, by: User) -> Distribution:
    """Out it goes, and the notices with it."""
    found = send_distribution(distribution=sent.pk, by=by, access=access_of(by))
    work_off()
    return found


def work_off() -> None:
    """Everything queued is done, and what that queues."""
    while (job := Job.objects.filter(status="waiting").order_by("id").first()) is not None:
        run_job(job.pk)
        job.refresh_from_db()
        assert job.status == "done", (job.kind, job.error_code, job.error)


def file_draft(by: User, title: str = "申报通知", **changes: Any) -> Distribution:
    """A file ready for addressees."""
    given = {
        "title": title, "number": "", "issuer": "区工信局", "issued": None, "note": "",
        "upload": SimpleUploadedFile(f"{title}.pdf", PDF), "replaces": None, "sign_days": 3,
        **changes,
    }  # fmt: skip
    return draft_file_distribution(by=by, access=access_of(by), **given)


def of(sent: Distribution, name: str) -> Delivery:
    """One unit's delivery."""
    return Delivery.objects.select_related("distribution").get(distribution=sent, name=name)


def outside(name: str, kind: str = "copy") -> Addressee:
    """A unit that is not on the platform."""
    return Addressee(kind, name, name)
