"""What every section of a pack shares: strict keys, optional texts and dates, subjects."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

Subject = Literal[
    "enterprise", "project", "line", "consortium", "member", "award", "loan", "parcel", "region"
]


def _none(value: object) -> object:
    return None if value in ("", "null", "~") else value


OptionalDate = Annotated[dt.date | None, BeforeValidator(_none)]
OptionalText = Annotated[str | None, BeforeValidator(_none)]


class Section(BaseModel):
    """Base of every pack item: strict about keys, frozen once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
