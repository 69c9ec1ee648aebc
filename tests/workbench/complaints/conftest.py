"""The complaints desk of the county with its departments."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.cases.models import Case
from jigai.cases.services.act import act
from jigai.cases.services.file_complaint import file_complaint
from jigai.cases.services.load_content import FOLDER, load_file
from jigai.core.access import access_of
from jigai.core.models import User
from tests.factories import COUNTY, make_department, make_regions, make_user

VALUES: dict[str, Any] = {
    "subject": "repeated", "heading": "三个月内两次收检测费", "target": "示例检测站",
    "firm": "示例机械有限公司", "amount": "1200元", "told": "同一台设备，三月和五月各收一次。",
}  # fmt: skip
FOUND = {"finding": "示例：两次收费属实", "outcome": "true", "measure": "refund",
         "refund": "1200元"}  # fmt: skip
ANSWER = {"answer": "经查重复收费属实，1200元已退还。"}


class Desk:
    """People of the lines that handle complaints, by line."""

    def __init__(self) -> None:
        make_regions()
        load_file(FOLDER / "complaint.yaml")
        roles = {"miit": "section-clerk", "market": "credit", "finance": "finance"}
        self.people: dict[str, User] = {
            line: make_user(role, department=make_department(line=line), name=f"示例{line}")
            for line, role in roles.items()
        }

    def file(self, **more: Any) -> Case:
        """A complaint without an account."""
        given = {"values": VALUES, "region_code": COUNTY, **more}
        return file_complaint(**given)

    def do(self, case: Case, verb: str, line: str, **data: Any) -> Case:
        """A verb by somebody of a line."""
        user = self.people[line]
        return act(case=case.pk, verb=verb, by=user, access=access_of(user), **data)

    def until_found(self, case: Case, line: str = "market", **found: Any) -> Case:
        """Accepted, assigned and looked into by a line."""
        self.do(case, "accept", "miit")
        self.do(case, "agree", "miit", values={"handler_line": line})
        return self.do(case, "agree", line, values={**FOUND, **found})

    def closed(self, case: Case, line: str = "market", **found: Any) -> Case:
        """Answered as well."""
        self.until_found(case, line, **found)
        return self.do(case, "agree", "miit", values=ANSWER)


@pytest.fixture
def desk(db: None) -> Desk:
    """The desk."""
    return Desk()
