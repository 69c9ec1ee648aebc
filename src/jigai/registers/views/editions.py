"""Editions of a register."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.views.form_page import FormPage
from jigai.errors import JigaiError
from jigai.registers.access import EDIT, VIEW
from jigai.registers.forms import EditionEndForm, EditionForm
from jigai.registers.models import Edition
from jigai.registers.services.add_edition import add_edition, end_edition
from jigai.registers.views.registers import register_or_404


@requires(VIEW)
@require_GET
def editions(request: Any, slug: str) -> HttpResponse:
    """Every edition with its dates and number of entries."""
    register = register_or_404(request, slug)
    today = timezone.localdate()
    rows = register.editions.annotate(count=Count("entries")).order_by("line", "-valid_from", "id")
    context = {
        "register": register,
        "rows": [
            {
                "row": row, "line": register.schema.lines.get(row.line, row.line),
                "look": "active" if row.holds_on(today)
                else "upcoming" if row.valid_from > today else "superseded",
                "word": "现行" if row.holds_on(today)
                else "待施行" if row.valid_from > today else "已失效",
            }
            for row in rows
        ],
        "edits": request.access.can(EDIT),
    }  # fmt: skip
    return render(request, "registers/editions.html", context)


@requires(EDIT)
class EditionNew(FormPage):
    """Add an edition."""

    title = "新增版次"
    note = "同一目录的版次不能重叠"
    above = ("名录一览", "register-list")
    done = "版次已登记"

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The register."""
        self.register = register_or_404(request, kwargs["slug"])
        if not self.register.schema.editions:
            raise JigaiError(
                "no-editions", f"“{self.register.name}”不分版次", "先在结构里打开分版次"
            )

    def form(self, request: Any, data: Any = None) -> EditionForm:
        """With the lines of the register."""
        return EditionForm(self.register, data)

    def context(self, request: Any) -> dict[str, Any]:
        """Back to the editions."""
        return {"heading": f"新增版次：{self.register.name}",
                "back": reverse("register-editions", args=[self.register.code])}  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Add it."""
        add_edition(register=self.register, by=request.user, access=request.access, **values)
        return reverse("register-editions", args=[self.register.code])


@requires(EDIT)
class EditionEnd(FormPage):
    """Give an edition another end."""

    title = "修改止日"
    above = ("名录一览", "register-list")
    done = "止日已改"

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The edition."""
        self.register = register_or_404(request, kwargs["slug"])
        rows = Edition.objects.select_related("register__current")
        self.edition = get_object_or_404(rows, pk=kwargs["pk"], register=self.register)

    def form(self, request: Any, data: Any = None) -> EditionEndForm:
        """With the end it has."""
        return EditionEndForm(data, initial={"valid_to": self.edition.valid_to})

    def context(self, request: Any) -> dict[str, Any]:
        """What it is about."""
        return {
            "heading": f"修改止日：{self.edition.name}",
            "facts": [("名录", self.register.name), ("起日", self.edition.valid_from)],
            "back": reverse("register-editions", args=[self.register.code]),
        }

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Change it."""
        end_edition(
            edition=self.edition, valid_to=values["valid_to"], by=request.user,
            access=request.access,
        )  # fmt: skip
        return reverse("register-editions", args=[self.register.code])
