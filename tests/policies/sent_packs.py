"""Sends a pack on screen and does the job behind it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jigai.core.jobs import run_job
from jigai.core.models import Job
from jigai.policies.models import PackProposal

Send = Callable[..., PackProposal]
LIST, NEW = "/pack-proposals/", "/pack-proposals/new/"


def upload(client: Client, content: bytes, **given: Any) -> Any:
    file = SimpleUploadedFile("yanzhou-2020.zip", content, "application/zip")
    return client.post(NEW, {"file": file, "nonce": str(uuid.uuid4()), **given})


def done(proposal: PackProposal) -> PackProposal:
    proposal.refresh_from_db()
    assert proposal.job_id is not None
    run_job(proposal.job_id)
    proposal.refresh_from_db()
    job = Job.objects.get(pk=proposal.job_id)
    assert job.status == "done", (job.error_code, job.error)
    return proposal
