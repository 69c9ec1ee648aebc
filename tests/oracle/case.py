"""The rows of one case, indexed the ways the document walks through them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]


class Case:
    """Enterprises, projects, lines, members and consortia with their links."""

    def __init__(self, rows: Rows) -> None:
        def keyed(subject: str) -> dict[Any, Row]:
            return {row["key"]: row for row in rows.get(subject, ())}

        def grouped(subject: str, link: str) -> dict[Any, list[Row]]:
            groups: dict[Any, list[Row]] = defaultdict(list)
            for row in rows.get(subject, ()):
                if row.get(link) is not None:
                    groups[row[link]].append(row)
            return groups

        self.enterprises = keyed("enterprise")
        self.projects = keyed("project")
        self.lines = keyed("line")
        self.members = keyed("member")
        self.consortia = keyed("consortium")
        self.projects_of = grouped("project", "enterprise_key")
        self.lines_of_project = grouped("line", "project_key")
        self.lines_of_member = grouped("line", "member_key")
        self.members_of = grouped("member", "consortium_key")
        self.memberships_of = grouped("member", "enterprise_key")
        self.led_by = grouped("consortium", "enterprise_key")

    def enterprise_of(self, row: Row) -> Row | None:
        """The enterprise a project or a member belongs to, if it was matched."""
        return self.enterprises.get(row.get("enterprise_key"))

    def buyer_of(self, line: Row) -> Row | None:
        """The enterprise behind an invoice line, through its project or its membership."""
        owner = self.projects.get(line.get("project_key")) or self.members.get(
            line.get("member_key")
        )
        return self.enterprise_of(owner) if owner else None
