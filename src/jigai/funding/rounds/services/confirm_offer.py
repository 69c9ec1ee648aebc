"""免申即享: an enterprise takes up what the platform worked out, in one click."""

from __future__ import annotations

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.services.submit_application import submit_application
from jigai.funding.models import Application, Round


def confirm_offer(*, application: Application, by: User, access: Access) -> Application:
    """Hand the prepared draft in as it is; it is then an application like any other.

    A second click gives the same application. Raises :class:`JigaiError` for a round of another
    kind, and whatever the handing in raises (past the deadline, out of reach).
    """
    if application.round.mode != Round.Mode.CONFIRM:
        raise JigaiError("no-offer", "这不是免申即享的批次", "从申报页面填写后提交")
    return submit_application(application=application.pk, by=by, access=access)
