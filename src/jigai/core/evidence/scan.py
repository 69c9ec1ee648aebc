"""Asks the deployer's virus scanner about a file."""

from __future__ import annotations

import logging
import shlex
import subprocess
from pathlib import Path

from django.conf import settings

from jigai.core.models.evidence import EvidenceFile
from jigai.errors import JigaiError

_SECONDS = 120
log = logging.getLogger(__name__)


def scan(path: Path, name: str) -> str:
    """``clean``, or ``none`` where no scanner is set up.

    ``settings.VIRUS_SCAN`` is a command that gets the path; it ends with 0 for a clean file and 1
    for an infected one. Raises :class:`JigaiError` for an infected file and if the scanner fails.
    """
    command = shlex.split(settings.VIRUS_SCAN)
    if not command:
        return str(EvidenceFile.Scan.NONE)
    try:
        done = subprocess.run(
            [*command, str(path)], capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(name, str(error)) from error
    if done.returncode == 1:
        raise JigaiError(
            "evidence-infected",
            f"文件“{name}”查出病毒，没有接收",
            "请在本机杀毒后重新导出；如确属误报，请联系平台管理员",
        )
    if done.returncode != 0:
        raise _failed(name, done.stderr.decode(errors="replace"))
    return str(EvidenceFile.Scan.CLEAN)


def _failed(name: str, detail: str) -> JigaiError:
    log.error("virus scanner failed: %s", detail[:500])
    return JigaiError(
        "evidence-scan-failed",
        f"查毒程序没有给出结果，文件“{name}”没有接收",
        "请稍后再试；一直如此请联系平台管理员检查查毒程序",
    )
