"""One change for many rows: choose a value, see what would change and what would not, do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from jigai.core.access import Access
from jigai.core.models import User

# A preview longer than this is no longer read by anybody.
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class BulkLine:
    """What one row would become. ``refusal`` says why it stays as it is."""

    pk: int
    label: str
    before: str
    after: str
    version: int = 0
    refusal: str = ""

    @property
    def changes(self) -> bool:
        """Whether carrying out would alter the row."""
        return not self.refusal and self.before != self.after


class BulkAction:
    """One bulk action; ``rows`` reaches no further than the person's right to change."""

    key: ClassVar[str] = ""
    label: ClassVar[str] = ""
    capability: ClassVar[str] = ""
    changed_field: ClassVar[str] = ""
    form_class: ClassVar[type[forms.Form]]

    def rows(self, access: Access, ids: Sequence[int]) -> QuerySet[Any]:
        """The ticked rows this person may change."""
        raise NotImplementedError

    def lines(self, rows: Sequence[Any], values: dict[str, Any]) -> list[BulkLine]:
        """What would become of these rows."""
        raise NotImplementedError

    def carry_out(self, *, rows: QuerySet[Any], values: dict[str, Any], user: User,
                  versions: dict[int, int]) -> tuple[int, list[str]]:  # fmt: skip
        """Change the rows in one transaction; the number changed, and refusals in words."""
        raise NotImplementedError
