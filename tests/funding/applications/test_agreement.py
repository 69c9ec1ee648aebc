"""Consortia: all members sign, the split is right to the fen, leaving works everything out anew."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from jigai.core.access import Denied, access_of
from jigai.core.models import Enterprise, Notice, User
from jigai.errors import JigaiError
from jigai.funding.applications.agreement import Agreement, agreement_of
from jigai.funding.applications.selectors import to_sign
from jigai.funding.applications.services.leave_consortium import leave_consortium
from jigai.funding.applications.services.pick_lines import Pick, pick_lines
from jigai.funding.applications.services.sign_agreement import (
    open_signing,
    reopen_draft,
    sign_agreement,
)
from jigai.funding.applications.services.start_application import start_application
from jigai.funding.applications.services.submit_application import submit_application
from jigai.funding.applications.timeline import timeline_of
from jigai.funding.compute.estimate import estimate
from jigai.funding.models import Application, InvoiceUse, MemberSignature, Round
from tests.factories import make_figure, make_user
from tests.funding.applications.conftest import fill, firm, person_of, pool_of_three
from tests.funding.making import make_measure

pytestmark = [pytest.mark.django_db, pytest.mark.system("consortium-subsidy")]
# 1,000 万元 of three members at 3 %; shared 3 : 4 : 3.
TOTAL, SHARES = 30_000_000, [9_000_000, 12_000_000, 9_000_000]


@dataclass
class Team:
    """A consortium with an application, its firms and their people; the first leads."""

    row: Application
    firms: list[Enterprise]
    people: list[User]

    def reload(self) -> Application:
        self.row = Application.objects.get(pk=self.row.pk)
        return self.row

    def agreement(self) -> Agreement:
        return agreement_of(self.reload())

    def place(self, number: int) -> MemberSignature:
        return self.row.signatures.get(enterprise=self.firms[number])

    def sign(self, number: int, content: str = "") -> MemberSignature:
        person = self.people[number]
        return sign_agreement(
            signature=self.place(number).pk, by=person, access=access_of(person),
            content_hash=content or self.agreement().content_hash,
        )  # fmt: skip

    def signed_by_all(self) -> None:
        lead = self.people[0]
        open_signing(application=self.row.pk, by=lead, access=access_of(lead))
        for number in range(len(self.firms)):
            self.sign(number)

    def submit(self) -> Application:
        lead = self.people[0]
        submit_application(application=self.row.pk, by=lead, access=access_of(lead))
        return self.reload()

    def leave(self, number: int, by: User | None = None) -> object:
        person = by or self.people[number]
        return leave_consortium(signature=self.place(number).pk, reason="项目终止", by=person,
                                access=access_of(person))  # fmt: skip


def team_of(round_: Round, *fens: int) -> Team:
    pool, firms = pool_of_three(*fens)
    people = [person_of(owner) for owner in firms]
    measure = round_.measures.filter(code="consortium").first()
    row = start_application(
        measure=measure or make_measure(round_, "consortium", evidence=[]), consortium=pool,
        by=people[0], access=access_of(people[0]),
    )  # fmt: skip
    return Team(row, firms, people)


@pytest.fixture
def team(round_: Round) -> Team:
    return team_of(round_)


class TestSplit:
    def test_total_and_shares(self, team: Team) -> None:
        found = estimate(team.row)
        assert found is not None and found.amount == TOTAL, [
            (m.name, m.source, m.key) for m in found.explanation.missing
        ]
        assert [party.share for party in team.agreement().parties] == SHARES

    def test_the_last_fen_goes_somewhere(self, round_: Round) -> None:
        """Thirds of an amount that does not divide: the sum is the total all the same."""
        team = team_of(round_, 200_000_033, 200_000_034, 200_000_033)
        shares = [party.share or 0 for party in team.agreement().parties]
        assert sum(shares) == team.agreement().amount == 18_000_003
        assert max(shares) - min(shares) <= 1

    def test_exactly_at_the_threshold_there_is_nothing(self, round_: Round) -> None:
        """五百万元“以上”means more than that."""
        at = team_of(round_, 200_000_000, 150_000_000, 150_000_000)
        found = estimate(at.row)
        assert found is not None and found.amount == 0


class TestSigning:
    def test_every_member_finds_it_in_its_own_list(self, team: Team) -> None:
        for number, person in enumerate(team.people):
            assert list(to_sign(access_of(person))) == [team.place(number)]
        assert not to_sign(access_of(person_of(firm()))).exists()

    def test_only_with_all_signatures_it_is_handed_in(self, team: Team) -> None:
        lead = team.people[0]
        open_signing(application=team.row.pk, by=lead, access=access_of(lead))
        team.sign(0)
        team.sign(1)
        with pytest.raises(JigaiError, match=f"{team.firms[2].name} 还没有签署"):
            team.submit()
        team.sign(2)
        assert team.submit().state == "submitted"
        assert team.row.estimate_fen == TOTAL

    def test_not_from_a_draft(self, team: Team) -> None:
        with pytest.raises(JigaiError, match="还没有签署协议"):
            team.submit()

    def test_nobody_signs_for_another(self, team: Team) -> None:
        lead = team.people[0]
        open_signing(application=team.row.pk, by=lead, access=access_of(lead))
        with pytest.raises(Denied):
            sign_agreement(signature=team.place(1).pk, by=lead, access=access_of(lead),
                           content_hash=team.agreement().content_hash)  # fmt: skip

    def test_what_was_not_shown_is_not_signed(self, team: Team) -> None:
        lead = team.people[0]
        open_signing(application=team.row.pk, by=lead, access=access_of(lead))
        with pytest.raises(JigaiError) as caught:
            team.sign(1, content="0" * 64)
        assert caught.value.code == "content-changed"

    def test_signing_twice_changes_nothing(self, team: Team) -> None:
        lead = team.people[0]
        open_signing(application=team.row.pk, by=lead, access=access_of(lead))
        first = team.sign(1)
        assert team.sign(1).signed_at == first.signed_at

    def test_a_change_asks_all_to_sign_again(self, team: Team) -> None:
        team.signed_by_all()
        assert team.agreement().signed
        lead = team.people[0]
        reopen_draft(application=team.row.pk, by=lead, access=access_of(lead))
        line = team.row.lines.get(line__buyer=team.firms[1]).line_id
        keep = {n.line_id: Pick(n.share_fen) for n in team.row.lines.all()}
        pick_lines(application=team.row.pk, picks=keep | {line: Pick(350_000_000)},
                   access=access_of(lead))  # fmt: skip
        assert not any(party.signed for party in team.agreement().parties)

    def test_a_changed_investment_makes_signatures_void(self, team: Team) -> None:
        team.signed_by_all()
        member = team.place(1).member
        member.equipment_fen = 390_000_000
        member.save()
        with pytest.raises(JigaiError, match="重新签署"):
            team.submit()


class TestLeaving:
    def test_after_the_hand_in_everything_is_worked_out_again(self, team: Team) -> None:
        team.signed_by_all()
        team.submit()
        both = team.leave(2)
        row = team.reload()
        assert both.before == ("符合", TOTAL) and both.after == ("符合", 21_000_000)
        assert "退出" in row.stale and row.claimed_fen == 700_000_000
        step = row.steps.order_by("-id")[0]
        assert step.data["result"] == {"before": ["符合", TOTAL], "after": ["符合", 21_000_000]}
        assert "300,000.00 元 → 符合 210,000.00 元" in step.text
        shares = [party.share for party in team.agreement().parties]
        assert shares == [9_000_000, 12_000_000]

    def test_its_invoices_are_free_again(self, team: Team) -> None:
        team.signed_by_all()
        team.submit()
        gone = team.row.lines.get(line__buyer=team.firms[2]).line
        team.leave(2)
        gone.refresh_from_db()
        assert gone.same is not None
        assert sum(InvoiceUse.objects.filter(item=gone.same).values_list("fen", flat=True)) == 0

    def test_the_threshold_is_looked_at_again(self, round_: Round) -> None:
        """没有 the third there are 500 万元 left, and that is not more than 500 万元."""
        team = team_of(round_, 200_000_000, 300_000_000, 300_000_000)
        team.signed_by_all()
        team.submit()
        both = team.leave(2)
        assert both.before[1] == 24_000_000 and both.after == ("不符合", 0)

    def test_the_share_of_small_firms_is_looked_at_again(self, round_: Round) -> None:
        team = team_of(round_, 500_000_000, 300_000_000, 300_000_000)
        team.signed_by_all()
        team.submit()
        both = team.leave(2)
        assert both.before[1] == 33_000_000 and both.after == ("不符合", 0)

    def test_the_others_sign_again_while_it_is_reviewed(self, team: Team) -> None:
        team.signed_by_all()
        team.submit()
        team.leave(2)
        assert not any(party.signed for party in team.agreement().parties)
        team.sign(0)
        team.sign(1)
        assert team.agreement().signed
        with pytest.raises(JigaiError):
            team.sign(2)

    def test_what_was_reviewed_goes_back_to_the_review(self, team: Team) -> None:
        team.signed_by_all()
        team.submit()
        Application.objects.filter(pk=team.row.pk).update(state="proposed", reviewed_fen=TOTAL)
        team.leave(2)
        assert team.reload().state == "review" and team.row.stale

    def test_money_on_its_way_stops_it(self, team: Team) -> None:
        team.signed_by_all()
        team.submit()
        Application.objects.filter(pk=team.row.pk).update(state="paying")
        with pytest.raises(JigaiError) as caught:
            team.leave(2)
        assert caught.value.code == "too-late"

    def test_the_lead_cannot_leave_and_others_cannot_put_it_out(self, team: Team) -> None:
        with pytest.raises(JigaiError) as caught:
            team.leave(0)
        assert caught.value.code == "lead-leaves"
        with pytest.raises(Denied):
            team.leave(2, by=team.people[1])
        with pytest.raises(Denied):
            team.leave(2, by=person_of(firm()))

    def test_the_bureau_may_after_the_hand_in(self, team: Team) -> None:
        clerk = make_user("section-clerk")
        with pytest.raises(Denied):
            team.leave(2, by=clerk)
        team.signed_by_all()
        team.submit()
        team.leave(2, by=clerk)
        assert team.place(2).left_at is not None

    def test_a_d_class_member_is_taken_out_by_the_rules(self, team: Team) -> None:
        """And threshold and share are looked at without it."""
        make_figure(team.firms[2], "grade", 2021, "D")
        found = estimate(team.row)
        assert found is not None and found.amount == 21_000_000
        third = team.agreement().parties[2]
        assert third.counted is False and third.why

    def test_the_others_are_told(
        self, team: Team, django_capture_on_commit_callbacks: object
    ) -> None:
        team.signed_by_all()
        team.submit()
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            team.leave(2)
        told = set(Notice.objects.filter(title__contains="重新签署").values_list("user", flat=True))
        assert told == {team.people[0].pk, team.people[1].pk}


def test_only_the_lead_applies(round_: Round) -> None:
    pool, firms = pool_of_three()
    member = person_of(firms[1])
    measure = make_measure(round_, "consortium", evidence=[])
    with pytest.raises(Denied):
        start_application(measure=measure, consortium=pool, by=member, access=access_of(member))
    lead = person_of(firms[0])
    row = start_application(measure=measure, consortium=pool, by=lead, access=access_of(lead))
    assert row.signatures.count() == 3 and row.claimed_fen == 1_000_000_000
    assert fill(row, lead).evidence == {}


def test_the_course_names_ones_own_people_and_the_office_of_others(team: Team) -> None:
    """Also after signatures were taken back; who is of the administration stays unnamed."""
    team.signed_by_all()
    team.submit()
    team.leave(2, by=make_user("section-clerk", name="示例经办员"))
    for_lead = {entry.verb: entry.who for entry in timeline_of(team.row, applicant=True)}
    assert for_lead[f"{team.firms[1].name} 已签署协议"] == str(team.people[1])
    assert "示例经办员" not in for_lead.values() and "主管部门" in for_lead.values()
    assert "示例经办员" in {entry.who for entry in timeline_of(team.row, applicant=False)}
