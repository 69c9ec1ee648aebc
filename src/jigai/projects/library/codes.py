"""Codes of the library's tables, as the pages and services name them."""

from __future__ import annotations

from typing import Any

from jigai.projects import models

Level: Any = models.Level
Status: Any = models.LibraryEntry.Status
Outcome: Any = models.RollOverLine.Outcome
Statement: Any = models.ProjectInvestment.Statement
