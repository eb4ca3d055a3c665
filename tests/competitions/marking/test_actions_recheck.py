"""A re-check is drawn by code, finds what is wrong, has it corrected, is signed by two, and only then releases the codes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.access.roles import Role
from competitions.codes.models import CodeSeal, Work
from competitions.marking.actions import corrections, recheck, signing
from competitions.marking.ledger import receive_marks
from competitions.marking.models.marks import Sheet
from competitions.marking.queries import marks as queries
from competitions.marking.queries import recheck as found
from competitions.results.tally import totals_by_work
from competitions.rules.rule_set import RuleSet
from foundation.clock import new_id
from foundation.db import session
from foundation.permission import Actor, Scope, ScopeKind
from foundation.refusal import Conflict, Missing, Refusal
from tests.conftest import AT
from tests.factories.accounts import make_grant, make_person
from tests.factories.competitions import set_rules
from tests.factories.marking import Hall, make_hall


def want(competition_id: UUID, top: int, rest: int, limit: int = 5) -> None:
    """Rules that want a re-check."""
    set_rules(competition_id, RuleSet(recheck_top=top, recheck_rest=rest, recheck_limit=limit))


def confirm_all(hall: Hall) -> None:
    """Sign and confirm whatever is complete."""
    key = signing.make_signing_list(hall.panel_id, hall.subs.values(), actor=hall.judges[0], at=AT)
    row = queries.signing_list(key)
    for seat, judge in zip(hall.seats, hall.judges, strict=True):
        signing.sign_list(row.id, seat, row.hash, actor=judge, at=AT)
    signing.confirm_list(row.id, actor=hall.chief, at=AT)


def released(hall: Hall) -> bool:
    session().expire_all()
    return session().get_one(CodeSeal, hall.event_id).released_at is not None


@pytest.fixture
def hall(app: Flask) -> Hall:
    """Four marked works: 100, 80, 60 and 40 points, not yet confirmed; the rules want half of the best and a fifth."""
    made = make_hall(works=4)
    want(made.competition_id, 50, 20, 34)
    for work, points in enumerate(("30", "20", "10", "5")):
        for seat in range(3):
            receive_marks(made.whole(seat, work, points=points), actor=made.judges[seat], at=AT)
    return made


@pytest.fixture
def supervisor(hall: Hall) -> Actor:
    person = make_person("监督员")
    make_grant(person, Role.SUPERVISOR, Scope(ScopeKind.EVENT, str(hall.event_id)))
    return Actor(person)


def draw(hall: Hall, actor: Actor) -> list[UUID]:
    recheck.draw_recheck(hall.event_id, totals_by_work(hall.event_id), actor=actor, at=AT)
    row = found.recheck_of(hall.event_id)
    assert row is not None
    return [item.work_id for item in row.items]


def note(
    hall: Hall, work: UUID, actor: Actor, *, wrong: bool = False, error: str = "keying", remark: str = "抄错一行"
) -> bool:
    return recheck.note_finding(hall.event_id, work, wrong=wrong, error=error, remark=remark, actor=actor, at=AT)


def test_without_shares_the_codes_are_released_at_once(app: Flask) -> None:
    plain = make_hall(works=1)
    for seat in range(3):
        receive_marks(plain.whole(seat, 0), actor=plain.judges[seat], at=AT)
    confirm_all(plain)
    assert released(plain)
    with pytest.raises(Refusal, match="recheck_not_wanted"):
        recheck.draw_recheck(plain.event_id, {}, actor=plain.chief, at=AT)


def test_from_confirmation_to_release(hall: Hall, supervisor: Actor) -> None:
    with pytest.raises(Refusal, match="recheck_too_early"):
        draw(hall, supervisor)
    confirm_all(hall)
    assert not released(hall)
    sample = draw(hall, supervisor)
    assert sample[:2] == hall.works[:2]  # the two best, by points
    assert len(sample) == 3
    assert draw(hall, supervisor) == sample  # a second click draws nothing anew
    row = found.recheck_of(hall.event_id)
    assert row is not None
    assert [Fraction(item.total) for item in row.items][:2] == [
        totals_by_work(hall.event_id)[key] for key in hall.works[:2]
    ]
    with pytest.raises(Refusal, match="recheck_unfinished"):
        recheck.sign_recheck(hall.event_id, actor=supervisor, at=AT)
    for key in sample:
        assert note(hall, key, supervisor) is False
    with pytest.raises(Refusal, match="recheck_not_signed"):
        recheck.agree_recheck(hall.event_id, actor=hall.chief, at=AT)
    recheck.sign_recheck(hall.event_id, actor=supervisor, at=AT)
    with pytest.raises(Conflict, match="recheck_signed"):
        note(hall, sample[0], supervisor, wrong=True)
    with pytest.raises(Refusal, match="second_person"):
        recheck.agree_recheck(hall.event_id, actor=supervisor, at=AT)
    assert not released(hall)
    recheck.agree_recheck(hall.event_id, actor=hall.chief, at=AT)
    recheck.agree_recheck(hall.event_id, actor=hall.chief, at=AT)
    assert released(hall)
    assert set(session().scalars(select(Sheet.state).where(Sheet.event_id == hall.event_id))) == {"rechecked"}
    assert queries.all_confirmed(hall.event_id)


def test_a_wrong_work_is_corrected_and_confirmed_again_first(hall: Hall, supervisor: Actor) -> None:
    confirm_all(hall)
    sample = draw(hall, supervisor)
    with pytest.raises(Refusal, match="recheck_error_kind"):
        note(hall, sample[0], supervisor, wrong=True, error="")
    with pytest.raises(Refusal, match="reason_missing"):
        note(hall, sample[0], supervisor, wrong=True, remark=" ")
    with pytest.raises(Missing):
        note(hall, new_id(), supervisor)
    note(hall, sample[0], supervisor, wrong=True)
    for key in sample[1:]:
        assert note(hall, key, supervisor) is False  # one of three is 33.3 %: not over 34
    code = session().get_one(Work, sample[0]).code
    with pytest.raises(Refusal, match="recheck_uncorrected") as refused:
        recheck.sign_recheck(hall.event_id, actor=supervisor, at=AT)
    assert refused.value.facts == {"codes": code}
    asked = corrections.ask_correction(
        hall.event_id, sample[0], hall.aspects["B1-1"], hall.seats[1], "25", "录入错误", actor=hall.chief, at=AT
    )
    corrections.agree_correction(asked, actor=supervisor, at=AT)
    with pytest.raises(Refusal, match="recheck_unconfirmed"):
        recheck.sign_recheck(hall.event_id, actor=supervisor, at=AT)
    confirm_all(hall)
    assert not released(hall)
    recheck.sign_recheck(hall.event_id, actor=supervisor, at=AT)
    recheck.agree_recheck(hall.event_id, actor=hall.chief, at=AT)
    assert released(hall)


def test_over_the_limit_every_work_is_checked(hall: Hall, supervisor: Actor) -> None:
    want(hall.competition_id, 50, 20, 33)
    confirm_all(hall)
    sample = draw(hall, supervisor)
    note(hall, sample[0], supervisor, wrong=True)
    note(hall, sample[1], supervisor)
    assert note(hall, sample[2], supervisor) is True  # 33.3 % is over 33
    row = found.recheck_of(hall.event_id)
    assert row is not None
    assert {item.work_id for item in row.items} == set(hall.works)
    assert [item.group for item in row.items] == ["top", "top", "drawn", "full"]
    with pytest.raises(Refusal, match="recheck_unfinished"):
        recheck.sign_recheck(hall.event_id, actor=supervisor, at=AT)
    assert note(hall, row.items[3].work_id, supervisor) is False


def test_the_pages(hall: Hall, signed_in: Callable[..., FlaskClient]) -> None:
    confirm_all(hall)
    client = signed_in(Role.SUPERVISOR, Scope(ScopeKind.EVENT, str(hall.event_id)))
    base = f"/events/{hall.event_id}/recheck"
    assert "抽取作品" in client.get(base).text
    client.post(f"{base}/draw")
    page = client.get(base).text
    row = found.recheck_of(hall.event_id)
    assert row is not None
    for item in row.items:
        assert item.work.code in page
    left_out = set(hall.works) - {item.work_id for item in row.items}
    work = row.items[0].work_id
    assert client.get(f"{base}/{left_out.pop()}").status_code == 404
    assert client.post(f"{base}/{work}", data={"finding": "wrong", "error": "", "remark": "第二项"}).status_code == 422
    answer = client.post(
        f"{base}/{work}", data={"finding": "wrong", "error": "sum", "remark": "第二项加错"}, follow_redirects=True
    )
    assert "合计错误" in answer.text
    assert "第二项加错" in answer.text
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(hall.competition_id)))
    assert organizer.get(base).status_code in (403, 404)
