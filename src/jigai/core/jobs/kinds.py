"""Kinds of work this room itself has; importing them registers them."""

from __future__ import annotations

from jigai.core.imports import jobs as jobs
from jigai.core.services import write_export as write_export
