"""Eligibility beyond the register: statements with proof, decision lists settled by a person, judged anew before awards."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role
from competitions.entries.actions import eligibility as actions
from competitions.entries.actions import entering
from competitions.entries.decisions import ListedName, names_of_text, names_of_workbook
from competitions.entries.queries import eligibility as queries
from competitions.entries.queries import entries
from competitions.programme.actions import move_competition, set_rules
from competitions.programme.queries import event as event_row
from competitions.programme.queries import rule_set_in_force
from competitions.rules.rule_set import RuleSet
from foundation.permission import MACHINE, Scope, ScopeKind
from foundation.refusal import Missing, Refusal
from tests.factories.competitions import make_competition
from tests.factories.entries import member_facts, picture
from tests.factories.rosters import workbook
from tests.factories.rows import make_event

MASTER = {"kind": "barred_titles", "titles": ["全国技术能手"], "pending": True}


@pytest.fixture
def place(app: Flask, at: datetime) -> dict[str, Any]:
    competition = make_competition()
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=at)
    return {"competition": competition, "event": make_event(competition, code="HJ"), "at": at}


def rules(place: dict[str, Any], *found: dict[str, Any]) -> None:
    made = replace(RuleSet(), eligibility=tuple(found))
    set_rules(place["competition"], made, basis="", actor=MACHINE, at=place["at"])


def enter(place: dict[str, Any], **facts: Any) -> UUID:
    division = event_row(place["event"]).divisions[0].id
    return entering.enter(place["event"], division, [member_facts(**facts)], actor=MACHINE, at=place["at"])


def verdicts(entry: UUID) -> list[tuple[str, str]]:
    return [(row.verdict, row.code.removeprefix("eligibility:")) for row in entries.entry(entry).verdicts]


def accept(place: dict[str, Any], entry: UUID, reason: str = "") -> None:
    entering.review_entry(entry, "accept", override_reason=reason, actor=MACHINE, at=place["at"])


def test_a_statement_is_judged_at_once_and_verified_by_an_organizer(place: dict[str, Any]) -> None:
    rules(place, {"kind": "local", "ways": ["work"], "months": 12}, {"kind": "contract"})
    entry, at = enter(place), place["at"]
    assert verdicts(entry) == [("needs_evidence", "local_unknown"), ("needs_evidence", "contract_unknown")]
    paper = {"work_since": (b"%PDF-1", "application/pdf")}
    given = {"work_since": "2024-01-01", "contract": "no", "live_since": "2000-01-01"}
    actions.state(entry, 1, given, papers=paper, actor=MACHINE, at=at)
    assert verdicts(entry) == [("pass", "local_fits"), ("fail", "contract_missing")]
    actions.state(entry, 1, {"contract": "yes"}, actor=MACHINE, at=at)
    actions.verify_statement(entry, 1, "contract", actor=MACHINE, at=at)
    assert [(row.code, row.basis) for row in entries.entry(entry).verdicts] == [
        ("eligibility:local_fits", "declared"), ("eligibility:contract_there", "verified"),
    ]  # fmt: skip
    accept(place, entry)
    with pytest.raises(Refusal, match="entry_fixed"):
        actions.state(entry, 1, {"contract": "no"}, actor=MACHINE, at=at)
    with pytest.raises(Missing):
        actions.verify_statement(entry, 1, "insurance", actor=MACHINE, at=at)
    member = entries.entry(entry).members[0].id
    assert set(queries.statements(member)) == {"work_since", "contract"}
    assert queries.statements(member)["work_since"].evidence_id is not None


def test_the_day_of_a_grade_is_stated_where_the_register_does_not_know_it(place: dict[str, Any]) -> None:
    rules(place, {"kind": "grade", "least": "L4", "years": 3})
    entry = enter(place, held_grade="L3", held_occupation_name="焊工")
    assert verdicts(entry) == [("needs_evidence", "grade_unknown")]
    actions.state(entry, 1, {"grade_since": "2020-01-01"}, actor=MACHINE, at=place["at"])
    assert verdicts(entry) == [("pass", "grade_held")]


def decide(place: dict[str, Any], *names: ListedName, kind: str = "title", state: str = "held") -> UUID:
    title = "全国技术能手" if kind == "title" else "江州市焊接大赛"
    return actions.import_decision(
        place["competition"], kind, title, names, state=state, document_number="人社部发〔2025〕9号", decided_on=date(2025, 6, 1),
        actor=MACHINE, at=place["at"],
    )  # fmt: skip


def settle(place: dict[str, Any], *, same: bool) -> None:
    [one] = queries.possible_matches(place["competition"])
    actions.settle_match(
        place["competition"], one.name.id, one.person.id, same=same, reason="核对身份证", actor=MACHINE, at=place["at"]
    )


@pytest.mark.parametrize("state", ["held", "pending"])
def test_a_name_on_a_decision_list_is_a_possible_match_until_a_person_settles_it(
    place: dict[str, Any], state: str
) -> None:
    rules(place, MASTER)
    early = enter(place, name_zh="林晓禾")
    decide(place, ListedName("林晓禾", "江州船厂"), ListedName("欧阳雨"), state=state)
    assert verdicts(early) == [("needs_evidence", "title_possible")]
    with pytest.raises(Refusal, match="eligibility_open"):
        accept(place, early)
    [one] = queries.possible_matches(place["competition"])
    with pytest.raises(Refusal, match="reason_missing"):
        actions.settle_match(place["competition"], one.name.id, one.person.id, same=True, reason=" ", actor=MACHINE, at=place["at"])  # fmt: skip
    with pytest.raises(Missing):
        other = make_competition(name_zh="另一个竞赛")
        actions.settle_match(other, one.name.id, one.person.id, same=True, reason="x", actor=MACHINE, at=place["at"])
    settle(place, same=True)
    expected = "title_barred" if state == "held" else "title_barred_pending"
    assert verdicts(early) == [("fail", expected)]
    [held] = entries.entry(early).members[0].person.qualifications
    assert (held.name, held.state, held.basis, held.basis_note) == (
        "全国技术能手",
        state,
        "verified",
        "人社部发〔2025〕9号",
    )
    assert queries.possible_matches(place["competition"]) == []


def test_somebody_else_of_the_same_name_is_free(place: dict[str, Any]) -> None:
    rules(place, MASTER)
    entry = enter(place, name_zh="林晓禾")
    decide(place, ListedName("林晓禾", "江州船厂"))
    settle(place, same=False)
    assert verdicts(entry) == [("pass", "no_barred_title")]
    accept(place, entry)


def test_earlier_winners_come_from_lists_as_well(place: dict[str, Any]) -> None:
    rules(place, {"kind": "earlier_winners", "ranks": 3, "years": 3})
    entry = enter(place, name_zh="林晓禾")
    decide(
        place, ListedName("林晓禾", event="焊接", rank=2), ListedName("欧阳雨", event="焊接", rank=9), kind="winners"
    )
    assert verdicts(entry) == [("needs_evidence", "winner_possible")]
    settle(place, same=True)
    assert verdicts(entry) == [("fail", "won_before")]


def test_before_awards_what_changed_is_open_and_what_was_accepted_stays(place: dict[str, Any]) -> None:
    rules(place, MASTER, {"kind": "experience", "years": 10})
    one, two = enter(place, name_zh="林晓禾", years_in_trade=3), enter(place, name_zh="欧阳雨", years_in_trade=12)
    accept(place, one, "省厅同意")
    accept(place, two)
    assert actions.check_event(place["event"], actor=MACHINE, at=place["at"]) == 0
    assert [row.override_reason for row in entries.entry(one).verdicts] == ["", "省厅同意"]
    decide(place, ListedName("欧阳雨"))
    assert actions.check_event(place["event"], actor=MACHINE, at=place["at"]) == 1
    assert [row.entry_id for row in queries.open_verdicts([place["event"]])] == [two]
    with pytest.raises(Refusal, match="reason_missing"):
        actions.accept_verdicts(two, " ", actor=MACHINE, at=place["at"])
    actions.accept_verdicts(two, "非同一人，待核", actor=MACHINE, at=place["at"])
    assert actions.check_event(place["event"], actor=MACHINE, at=place["at"]) == 0
    found = queries.last_checks([place["event"]])[place["event"]]
    assert (found.entries, found.open) == (2, 0)


def test_names_are_read_from_text_and_from_a_workbook() -> None:
    text = "林晓禾，江州重工\n张　伟 江州船厂\n\n欧阳雨\n"
    assert names_of_text(text) == [
        ListedName("林晓禾", "江州重工"), ListedName("张伟", "江州船厂"), ListedName("欧阳雨"),
    ]  # fmt: skip
    sheet = workbook(
        [["一", "李䶮", "技师学院", "焊接", "第2名", "二等奖"]],
        ["序号", "姓 名", "单位", "赛项", "名次", "奖项"],
        [["通报"]],
    )
    assert names_of_workbook(sheet) == [ListedName("李䶮", "技师学院", "焊接", 2, "二等奖")]
    for wrong in (lambda: names_of_text(" \n"), lambda: names_of_workbook(workbook([], ["编号", "单位"]))):
        with pytest.raises(Refusal, match="decision_no_names"):
            wrong()


def test_in_the_browser_a_notice_is_entered_and_a_match_settled(
    app: Flask, place: dict[str, Any], signed_in: Callable[..., FlaskClient]
) -> None:
    entry = enter(place, name_zh="林晓禾")
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(place["competition"])))
    page = f"/competitions/{place['competition']}/eligibility"
    rules(place)
    assert organizer.get(f"{page}/rule?kind=moon").status_code == 404
    assert organizer.get(f"{page}/rule?kind=local&at=x").status_code == 404
    titles = {"titles": "全国技术能手\n中华技能大奖", "pending": "yes"}
    assert organizer.post(f"{page}/rule?kind=barred_titles&at=0", data=titles).status_code == 302
    assert organizer.post(f"{page}/rule?kind=any_of&at=1", data={}).status_code == 302
    local = {"ways": ["work", "insured"], "months": "12", "classes": ["worker"]}
    assert organizer.post(f"{page}/rule?kind=local&at=1.0", data=local).status_code == 302
    wrong = organizer.post(f"{page}/rule?kind=experience&at=1.1", data={"years": "many"})
    assert (wrong.status_code, "many" in wrong.text) == (422, True)
    assert organizer.post(f"{page}/rule?kind=experience&at=1.1", data={"years": "6"}).status_code == 302
    assert list(rule_set_in_force(place["competition"])[1].eligibility) == [
        {"kind": "barred_titles", "titles": ["全国技术能手", "中华技能大奖"], "pending": True},
        {"kind": "any_of", "rules": [
            {"kind": "local", "ways": ["work", "insured"], "months": 12, "classes": ["worker"]}, {"kind": "experience", "years": 6},
        ]},
    ]  # fmt: skip
    shown = organizer.get(page).text
    for words in ("全国技术能手、中华技能大奖", "在本地工作、在本地缴纳养老保险", "从业年限"):
        assert words in shown
    assert organizer.get(f"{page}/rule?at=1.0").status_code == 200
    sent = {
        "kind": "title",
        "title": "全国技术能手",
        "state": "held",
        "decided_on": "2025-06-01",
        "text": "林晓禾，江州船厂",
    }
    assert organizer.post(f"{page}/lists", data=sent | {"text": ""}).status_code == 422
    assert organizer.post(f"{page}/lists", data=sent).status_code == 302
    assert "江州船厂" in organizer.get(page).text
    [one] = queries.possible_matches(place["competition"])
    settled = {"name": str(one.name.id), "person": str(one.person.id), "same": "no", "reason": "单位不同"}
    assert organizer.post(f"{page}/settle", data=settled).status_code == 302
    assert organizer.post(f"/events/{place['event']}/eligibility/check").status_code == 302
    assert organizer.post(f"{page}/remove", data={"at": "1.1"}).status_code == 302
    stated = f"/entries/{entry}/members/1/statements"
    assert "在本地工作起始日" in organizer.get(stated).text
    assert organizer.post(stated, data={"work_since": "2099-01-01"}).status_code == 422
    proved = {"work_since": "2020-01-01", "file.work_since": (io.BytesIO(picture()), "a.jpg")}
    assert organizer.post(stated, data=proved).status_code == 302
    assert organizer.get(f"{stated}/work_since").mimetype == "image/jpeg"
    assert organizer.post(f"{stated}/work_since/verify").status_code == 302
    person = entries.entry(entry).members[0].person_id
    candidate = signed_in(person_id=person)
    assert candidate.get(f"/my/entries/{entry}/statements").status_code == 200
    assert candidate.get(f"/my/entries/{entry}/statements/work_since").mimetype == "image/jpeg"
    assert candidate.get(f"/my/entries/{entry}").status_code == 200
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(entry)))
    assert leader.get(page).status_code == 404
