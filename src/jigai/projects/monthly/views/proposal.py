"""Taking a proposal over in one click."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator

from jigai.core.access import requires
from jigai.projects.monthly.access import FILL, reports_for
from jigai.projects.monthly.services.accept_proposal import accept_proposal
from jigai.projects.monthly.views.click import Click
from jigai.projects.monthly.views.reports import given_fen


@method_decorator(requires(FILL), name="dispatch")
class TakeProposal(Click):
    """采纳建议值."""

    done = "已按建议值改正，数据计入汇总"

    def home(self, request: Any, **kwargs: Any) -> str:
        """The report."""
        return reverse("monthly-report", args=[kwargs["pk"]])

    def act(self, request: Any, **kwargs: Any) -> str:
        """Take it over as it was shown."""
        row = get_object_or_404(reports_for(request.access), pk=kwargs["pk"])
        accept_proposal(
            report=row.pk, current_fen=given_fen(request, "current"),
            cumulative_fen=given_fen(request, "cumulative"), by=request.user,
            access=request.access,
        )  # fmt: skip
        return self.home(request, **kwargs)
