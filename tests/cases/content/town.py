"""A county with every department that the shipped approvals name, and its one enterprise."""

from __future__ import annotations

from typing import Any

from jigai.cases.models import Case, CaseProcedure
from jigai.cases.services.act import act
from jigai.cases.services.load_content import FOLDER, load_file
from jigai.cases.services.start_case import start_case, submit_case
from jigai.core.access import access_of
from jigai.core.models import Enterprise, User
from tests.cases.conftest import make_file, open_tasks
from tests.factories import COUNTY, make_department, make_enterprise, make_regions, make_user

LINES = ("approval", "development", "miit", "land", "housing", "emergency", "ecology")
ZONE = "示例高新技术产业开发区"
FILE = "file"


def ship(code: str) -> CaseProcedure:
    """The procedure of a content file."""
    load_file(FOLDER / f"{code}.yaml")
    return CaseProcedure.objects.select_related("current").get(code=code)


class Town:
    """Accounts by line (``approval``), ``applicant``, ``chief`` and ``clerk``; made when needed."""

    def __init__(self) -> None:
        make_regions()
        for line in LINES:
            make_department(line=line)
        self.firm: Enterprise = make_enterprise()
        self.known: dict[str, User] = {}

    def __getitem__(self, name: str) -> User:
        if name not in self.known:
            self.known[name] = self._made(name)
        return self.known[name]

    def _made(self, name: str) -> User:
        if name == "applicant":
            return make_user("enterprise-handler", enterprise=self.firm, name="示例申请人")
        roles = {"chief": "section-chief", "clerk": "section-clerk", "leader": "leader",
                 "credit": "credit"}  # fmt: skip
        if name in roles:
            return make_user(roles[name], department=make_department(line="approval"), name=name)
        return make_user("approval", department=make_department(line=name), name=f"示例{name}")

    def draft(self, procedure: CaseProcedure, **more: Any) -> Case:
        """A draft of the enterprise."""
        user = self["applicant"]
        return start_case(procedure=procedure, by=user, access=access_of(user), **more)

    def submit(
        self, procedure: CaseProcedure, values: dict[str, Any],
        evidence: dict[str, Any] | None = None, **more: Any,
    ) -> Case:  # fmt: skip
        """Handed in; every material named ``file`` is uploaded, every one not named left out."""
        user = self["applicant"]
        given = {
            item: make_file(user).pk if how == FILE else how
            for item, how in (evidence or {}).items()
        }
        case = self.draft(procedure)
        return submit_case(
            case=case, by=user, access=access_of(user), values=values, evidence=given, **more
        )

    def do(self, case: Case, verb: str, who: str, **data: Any) -> Case:
        """A verb by one of the people."""
        user = self[who]
        return act(case=case.pk, verb=verb, by=user, access=access_of(user), **data)


def files(procedure: CaseProcedure, *without: str) -> dict[str, Any]:
    """Uploads for every material that has to be handed in."""
    return {e.id: FILE for e in procedure.spec.evidence if not e.shared and e.id not in without}


__all__ = ["COUNTY", "FILE", "LINES", "ZONE", "Town", "files", "open_tasks", "ship"]
