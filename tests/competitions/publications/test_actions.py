from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from accounts.people.models import Placing
from competitions import published
from competitions.marking.queries.marks import stream_head
from competitions.publications import actions, queries
from competitions.publications.models import Hold, PublicationName
from competitions.results import actions as results
from foundation.clock import now
from foundation.db import session, transaction
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal
from tests.factories.accounts import make_person
from tests.factories.results import AFTER_NOTICE, Ready, change_theory, decided, make_ready, signed_run

DOCUMENT = {"document_number": "江人社函〔2026〕66号", "document_date": date(2026, 11, 30)}


def test_posted_proposed_decided_are_three_numbered_acts(app: Flask, at: datetime) -> None:
    ready = make_ready()
    run = signed_run(ready)
    posted = actions.post_results(run, actor=ready.organizer, at=at)
    proposed = actions.propose_results(run, actor=ready.organizer, at=at)
    final = actions.decide_results(run, **DOCUMENT, actor=ready.organizer, at=AFTER_NOTICE)  # type: ignore[arg-type]
    rows = [queries.publication(key) for key in (posted, proposed, final)]
    assert [(row.number, row.kind, row.supersedes_id) for row in rows] == [
        (1, "posted", None),
        (2, "proposed", None),
        (3, "decided", None),
    ]
    notice = rows[1].notice
    assert {name: notice[name] for name in ("first", "last", "days", "assumed", "supervision_phone", "issuer")} == {
        "first": "2026-11-23", "last": "2026-11-27", "days": 5, "assumed": False, "supervision_phone": "025-86005678",
        "issuer": "江州省人力资源和社会保障厅",
    }  # fmt: skip
    assert rows[2].document_number == "江人社函〔2026〕66号"
    assert all(report.holds and report.names_hold for report in queries.verify_publications())


def test_both_signatures_and_a_third_person(app: Flask, at: datetime) -> None:
    ready = make_ready()
    run = results.compute_run(ready.event_id, ready.division_id, actor=ready.organizer, at=at)
    results.sign_run(run, role="chief_judge", actor=ready.chief, at=at)
    with pytest.raises(Refusal) as refused:
        actions.post_results(run, actor=ready.organizer, at=at)
    assert (refused.value.code, refused.value.facts) == ("signatures_missing", {"role": "@role:supervisor"})
    results.sign_run(run, role="supervisor", actor=ready.supervisor, at=at)
    for signer in (ready.chief, ready.supervisor, Actor(None)):
        with pytest.raises(Refusal, match="third_person_needed"):
            actions.post_results(run, actor=signer, at=at)
    actions.post_results(run, actor=ready.organizer, at=at)


def test_a_second_click_gets_a_clear_answer(app: Flask, at: datetime) -> None:
    ready = make_ready()
    run = signed_run(ready)
    actions.post_results(run, actor=ready.organizer, at=at)
    with pytest.raises(Conflict) as refused:
        actions.post_results(run, actor=ready.organizer, at=at)
    assert (refused.value.code, refused.value.facts) == ("published_already", {"number": 1, "when": at})
    assert len(published.publications_of(ready.competition_id)) == 1


def test_deciding_waits_for_the_end_of_the_notice(app: Flask, at: datetime) -> None:
    ready = make_ready()
    run = signed_run(ready)
    with pytest.raises(Refusal, match="notice_missing"):
        actions.decide_results(run, **DOCUMENT, actor=ready.organizer, at=AFTER_NOTICE)  # type: ignore[arg-type]
    actions.propose_results(run, actor=ready.organizer, at=at)
    last_day = datetime(2026, 11, 27, 15, 59, tzinfo=at.tzinfo)  # 23:59 in China
    with pytest.raises(Refusal) as refused:
        actions.decide_results(run, document_number="x", document_date=date(2026, 11, 27), actor=ready.organizer, at=last_day)  # fmt: skip
    assert (refused.value.code, refused.value.facts["last"]) == ("notice_running", date(2026, 11, 27))
    with pytest.raises(Refusal, match="document_missing"):
        actions.decide_results(run, document_number=" ", document_date=date(2026, 11, 27), actor=ready.organizer, at=AFTER_NOTICE)  # fmt: skip
    next_day = datetime(2026, 11, 27, 16, 0, tzinfo=at.tzinfo)  # 00:00 in China
    actions.decide_results(run, document_number="x", document_date=date(2026, 11, 27), actor=ready.organizer, at=next_day)  # fmt: skip


def test_a_notice_needs_the_phones(app: Flask, at: datetime) -> None:
    from competitions.programme.models import Competition

    ready = make_ready()
    run = signed_run(ready)
    with transaction() as writing:
        writing.get_one(Competition, ready.competition_id).supervision_phone = ""
    with pytest.raises(Refusal, match="notice_contacts_missing"):
        actions.propose_results(run, actor=ready.organizer, at=at)


def objected(ready: Ready, at: datetime, name: str = "王强") -> tuple[UUID, UUID, UUID]:
    run = signed_run(ready)
    notice = actions.propose_results(run, actor=ready.organizer, at=at)
    objection = actions.raise_objection(
        notice, ready.entries[name], raised_by="刘真名", matter="资格不符", actor=ready.organizer, at=at
    )
    return run, notice, objection


def test_an_objection_holds_up_the_entry_concerned_alone(app: Flask, at: datetime) -> None:
    ready = make_ready()
    run, _notice, objection = objected(ready, at)
    final = actions.decide_results(run, **DOCUMENT, actor=ready.organizer, at=AFTER_NOTICE)  # type: ignore[arg-type]
    held = {one.entry_id for one in published.results_of(final).results if one.held}
    assert held == {ready.entries["王强"]}
    assert {row.entry_id for row in session().query(Placing)} == {ready.entries[n] for n in ("李梅", "张伟", "赵刚")}
    actions.settle_objection(objection, upheld=False, answer="经核查，符合条件", actor=ready.organizer, at=AFTER_NOTICE)
    with pytest.raises(Refusal, match="publication_reason_missing"):
        actions.decide_results(run, **DOCUMENT, actor=ready.organizer, at=AFTER_NOTICE)  # type: ignore[arg-type]
    again = actions.decide_results(run, **DOCUMENT, reason="异议不成立", actor=ready.organizer, at=AFTER_NOTICE)  # type: ignore[arg-type]
    assert [one.held for one in published.results_of(again).results] == [False] * 5
    assert published.results_of(final).superseded_by == again
    assert session().query(Placing).count() == 4


def test_an_upheld_objection_holds_until_the_correction(app: Flask, at: datetime) -> None:
    ready = make_ready()
    run, _notice, objection = objected(ready, at)
    actions.settle_objection(objection, upheld=True, answer="成绩登记有误", actor=ready.organizer, at=at)
    final = actions.decide_results(run, **DOCUMENT, actor=ready.organizer, at=AFTER_NOTICE)  # type: ignore[arg-type]
    assert sum(one.held for one in published.results_of(final).results) == 1
    with pytest.raises(Conflict, match="move_not_allowed"):
        actions.settle_objection(objection, upheld=False, answer="x", actor=ready.organizer, at=at)


def test_objections_are_in_writing_with_a_real_name_and_in_time(app: Flask, at: datetime) -> None:
    ready = make_ready()
    run = signed_run(ready)
    notice = actions.propose_results(run, actor=ready.organizer, at=at)
    given = {"actor": ready.organizer, "at": at}
    entry = ready.entries["王强"]
    for code, arguments in (
        ("objection_name_missing", {"raised_by": " ", "matter": "x", **given}),
        ("objection_matter_missing", {"raised_by": "刘真名", "matter": "", **given}),
        ("objection_late", {"raised_by": "刘真名", "matter": "x", **given, "at": AFTER_NOTICE}),
    ):
        with pytest.raises(Refusal, match=code):
            actions.raise_objection(notice, entry, **arguments)  # type: ignore[arg-type]
    with pytest.raises(Missing):
        actions.raise_objection(notice, make_person(), raised_by="刘真名", matter="x", **given)  # type: ignore[arg-type]


def test_a_hold_on_the_event_stops_everything(app: Flask, at: datetime) -> None:
    ready = make_ready()
    run = signed_run(ready)
    actions.propose_results(run, actor=ready.organizer, at=at)
    with transaction() as writing:
        writing.add(Hold(event_id=ready.event_id, code="appeal", placed_at=at))
    with pytest.raises(Refusal, match="event_held"):
        actions.decide_results(run, **DOCUMENT, actor=ready.organizer, at=AFTER_NOTICE)  # type: ignore[arg-type]


def test_a_correction_makes_the_next_number_with_its_reason(app: Flask, at: datetime) -> None:
    ready = make_ready()
    run = signed_run(ready)
    first = actions.propose_results(run, actor=ready.organizer, at=at)
    change_theory(ready, "王强", "82")
    second_run = signed_run(ready, reason="理论成绩复核更正")
    with pytest.raises(Conflict, match="run_not_latest"):
        actions.propose_results(run, actor=ready.organizer, at=at)
    second = actions.propose_results(second_run, actor=ready.organizer, at=at)
    row = queries.publication(second)
    assert (row.number, row.supersedes_id, row.correction_reason) == (2, first, "理论成绩复核更正")
    assert published.results_of(first).superseded_by == second
    change_theory(ready, "王强", "83")
    third = signed_run(ready, reason="再次更正")
    with pytest.raises(Refusal, match="notice_missing"):
        actions.decide_results(third, **DOCUMENT, actor=ready.organizer, at=AFTER_NOTICE)  # type: ignore[arg-type]


def test_signals_come_after_commit(app: Flask, at: datetime) -> None:
    heard: list[tuple[str, object]] = []

    def note_published(_sender: object, publication_id: UUID) -> None:
        heard.append(("published", queries.publication(publication_id).number))

    def note_superseded(_sender: object, publication_id: UUID, superseded_by: UUID) -> None:
        heard.append(("superseded", queries.publication(superseded_by).number))

    with published.results_published.connected_to(note_published), published.results_superseded.connected_to(note_superseded):  # fmt: skip
        ready = make_ready()
        run = signed_run(ready)
        actions.propose_results(run, actor=ready.organizer, at=at)
        change_theory(ready, "王强", "82")
        actions.propose_results(signed_run(ready, reason="更正"), actor=ready.organizer, at=at)
    assert heard == [("published", 1), ("published", 2), ("superseded", 2)]


def test_the_door_shows_everything_a_policy_asks_for(app: Flask, at: datetime) -> None:
    ready = make_ready()
    final = decided(ready)
    found = published.results_of(final)
    first = found.results[0]
    assert (found.kind, found.attendance, found.event.division_kind, found.competition.tier) == ("decided", 4, "worker", "provincial")  # fmt: skip
    assert (first.rank, first.total, [(part.kind, part.passed) for part in first.parts]) == (1, "96.30", [("theory", True), ("practice", True)])  # fmt: skip
    assert [(m.identity_class, m.age, m.unit_name) for m in first.members] == [("worker", 36, "江州重工")]
    assert found.marks_hash == stream_head(ready.event_id)[1] != ""
    assert published.display_names(final)[ready.entries["李梅"]] == ("李梅", "江州重工")
    assert [one.id for one in published.decided_publications()] == [final]
    assert [one.id for one in published.decided_publications(Actor(make_person()))] == []
    assert [one.id for one in published.decided_publications(ready.organizer)] == [final]
    assert published.since(0, ready.competition_id) == [one.id for one in reversed(published.publications_of(ready.competition_id))]  # fmt: skip
    person = first.members[0].person_id
    (mine,) = published.person_results(person)
    assert (mine.publication.kind, mine.result.rank, mine.attendance) == ("decided", 1, 4)


@pytest.mark.parametrize("attack", ["UPDATE publication SET number = 9", "DELETE FROM publication_row", "UPDATE publication_row SET rank = 1"])  # fmt: skip
def test_a_publication_cannot_be_changed(app: Flask, at: datetime, attack: str) -> None:
    actions.post_results(signed_run(make_ready()), actor=Actor(make_person()), at=at)
    with pytest.raises(DBAPIError, match="append-only"), transaction() as writing:
        writing.execute(text(attack))


def disarmed(statement: str) -> None:
    """Change a listed table as somebody who owns the database file can."""
    with transaction() as writing:
        if writing.get_bind().dialect.name == "sqlite":
            for table in ("result_row", "publication_row"):
                writing.execute(text(f"DROP TRIGGER {table}_no_update"))
        else:
            for table in ("result_row", "publication_row"):
                writing.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change"))
        writing.execute(text(statement))


@pytest.mark.parametrize(
    ("attack", "broken"),
    [
        ("UPDATE result_row SET rank = 1 WHERE position = 2", ("run",)),
        ("UPDATE result_row SET decided_by = 'practice' WHERE position = 2", ("run",)),
        ("UPDATE publication_row SET total = '99.99' WHERE position = 2", ("publication",)),
        ("UPDATE publication_name SET names = '王五'", ("names",)),
    ],
)
def test_a_flipped_row_is_found(app: Flask, at: datetime, attack: str, broken: tuple[str, ...]) -> None:
    import json

    ready = make_ready()
    actions.post_results(signed_run(ready), actor=ready.organizer, at=at)
    disarmed(attack)
    answer = app.test_cli_runner().invoke(args=["results", "verify", "--json"])
    found = json.loads(answer.output)
    assert answer.exit_code == 1
    assert [name for name in ("run", "publication", "names") if name in found["broken"]] == list(broken)


def test_names_can_be_erased_and_the_publication_still_holds(app: Flask, at: datetime) -> None:
    ready = make_ready()
    key = actions.post_results(signed_run(ready), actor=ready.organizer, at=now())
    with transaction() as writing:
        writing.query(PublicationName).delete()
    (report,) = queries.verify_publications()
    assert (report.holds, report.names_hold, published.display_names(key)) == (True, None, {})
