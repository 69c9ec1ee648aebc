"""What is looked at after the conclusion must be tellable apart, dated, and there at all."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.cases.flow.lint import ERROR, check
from jigai.cases.flow.shapes import read_procedure
from jigai.errors import JigaiError

pytestmark = [pytest.mark.system("commitment-approval")]
BASE: dict[str, Any] = {
    "title": "name", "fields": [{"id": "name", "label": "名称", "type": "text"}],
    "steps": [{"id": "decide", "name": "决定", "who": {"line": "miit"}}],
}  # fmt: skip
GOOD = {"id": "first", "name": "首次核查", "days": 30, "basis": "示例办法第三条"}


def codes(*checks: dict[str, Any], commitment: str = "") -> dict[str, str]:
    content = {**BASE, "checks": list(checks), "commitment": commitment}
    found = check(read_procedure(content))
    return {p.code: p.severity for p in found if p.code.startswith(("check-", "promise-un"))}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": "第一"}, "check-id"),
        ({"name": ""}, "check-name"),
        ({"days": 0}, "check-days"),
    ],
)
def test_what_is_wrong_with_a_check_is_an_error(change: dict[str, Any], code: str) -> None:
    assert codes({**GOOD, **change}) == {code: ERROR}


def test_two_checks_of_one_id_are_an_error_and_a_missing_basis_a_warning() -> None:
    assert codes(GOOD, {**GOOD, "name": "再查"}) == {"check-twice": ERROR}
    assert codes({**GOOD, "basis": ""}) == {"check-basis": "warning"}
    assert codes(GOOD) == {}


def test_a_promise_that_nobody_looks_at_is_warned_of() -> None:
    assert codes(commitment="承诺") == {"promise-unchecked": "warning"}
    assert codes(GOOD, commitment="承诺") == {}


def test_an_unknown_key_of_a_check_is_named() -> None:
    with pytest.raises(JigaiError, match="核查“首次核查”里不认识“after”"):
        read_procedure({**BASE, "checks": [{**GOOD, "after": "decide"}]})
