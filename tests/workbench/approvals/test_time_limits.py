"""限时办结: what a document leaves open stays 未定 until it is set, and then says so."""

from __future__ import annotations

import pytest
from django.utils import timezone

from jigai.core.access import access_of
from jigai.paths import packs_dir
from jigai.policies.models import PackVersion, ParameterDecision
from jigai.policies.services.decide_value import decide_value
from jigai.policies.services.install_pack import install_pack
from jigai.policies.services.propose_value import propose_value
from jigai.workbench.approvals.limits import LimitLine, limit_lines
from tests.cases.conftest import publish
from tests.cases.content.town import Town, ship
from tests.factories import make_user
from tests.kept_rows import Unblock

pytestmark = [pytest.mark.django_db, pytest.mark.system("time-limited-approval")]


@pytest.fixture(scope="module")
def pack(kept_rows: Unblock) -> int:
    """The document that leaves the limit open."""
    with kept_rows():
        return int(install_pack(folder=packs_dir() / "yanzhou-2020", check=False).pk)


def line(town: Town) -> LimitLine:
    found = limit_lines(access_of(town["chief"]))
    assert found[0].parameters, "有参数的排在前面"
    return next(one for one in found if one.procedure.code == "yanzhou-major")


def settle(town: Town, value: str) -> ParameterDecision:
    chief = make_user("section-chief")
    asked = propose_value(
        slug="yanzhou-2020", parameter="approval_time_limit", value=value,
        valid_from=timezone.localdate(), source="示例承诺〔2026〕1号", by=town["clerk"],
        access=access_of(town["clerk"]),
    )  # fmt: skip
    return decide_value(decision=asked.pk, approve=True, by=chief, access=access_of(chief))


def test_it_stays_open_and_names_who_sets_it(pack: int, town: Town) -> None:
    assert PackVersion.objects.get(pk=pack).is_current
    ship("yanzhou-major")
    one = line(town).parameters[0]
    assert (one.word, one.settled, one.decided_by) == ("未定", False, "区行政审批服务局")
    assert line(town).undetermined and not line(town).differs


def test_once_set_it_asks_for_the_promise_to_follow(pack: int, town: Town) -> None:
    shipped = ship("yanzhou-major")
    settle(town, "7个工作日")
    one = line(town).parameters[0]
    assert one.settled and one.word.startswith("7") and line(town).differs
    about = {"name": shipped.name, "items": shipped.items, "systems": shipped.systems}
    content = {**shipped.spec.content(), "promise": {"days": 7, "basis": "示例承诺〔2026〕1号"}}
    publish(content, "yanzhou-major", **about)
    assert not line(town).differs and not line(town).undetermined
