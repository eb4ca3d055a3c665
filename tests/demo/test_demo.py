"""The demo by stage: what each stage leaves behind, and that every awkward case is there and ends as it should."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.people.models import Person
from certification.certificates.models.certificates import Certificate
from certification.promotion.models import AwardCase, AwardList
from competitions import published
from competitions.codes.queries import seal_of
from competitions.entries.models.entries import Entry, EntryMember
from competitions.judges.models import JudgeDuty
from competitions.marking.models.marks import Sheet
from competitions.publications.models import Publication
from competitions.published import PublishedResults
from competitions.results.models import ResultRun
from demo import ground
from demo.scene import EventScene, Scene
from foundation.db import session
from foundation.print.printer import print_html


def built(stage: str, seed: int = 7) -> Scene:
    """The demo up to a stage."""
    scene = ground.build(stage=stage, seed=seed, if_empty=True)
    assert scene is not None
    assert ground.build(stage=stage, seed=seed, if_empty=True) is None  # somebody has an account now
    return scene


def count(table: type) -> int:
    """How many rows a table has."""
    return session().scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.timeout(300)
def test_half_way_through_the_marking(app: Flask) -> None:
    scene = built("marking")
    states = Counter(session().scalars(select(Entry.state)))
    assert states == {"accepted": 109, "refused": 1, "waiting": 1}
    roles = Counter(session().scalars(select(JudgeDuty.role)))
    assert roles == {"judge": 12, "chief_judge": 3, "supervisor": 3}
    assert len(set(session().scalars(select(JudgeDuty.person_id)))) == 14
    welding, electrics, website = (event.id for event in scene.events)
    by_event = {
        event: Counter(session().scalars(select(Sheet.state).where(Sheet.event_id == event)))
        for event in (welding, electrics, website)
    }
    assert set(by_event[welding]) == set(by_event[electrics]) == {"confirmed"}
    assert set(by_event[website]) == {"open", "complete"}
    seals = [seal_of(event) for event in (welding, electrics, website)]
    assert [seal is not None and seal.released_at is not None for seal in seals] == [True, True, False]
    assert (count(ResultRun), count(Publication), count(AwardList)) == (0, 0, 0)


@pytest.mark.timeout(400)
def test_to_the_certificates_twice(app: Flask, request: pytest.FixtureRequest) -> None:
    scene = built("certified")
    welding, electrics, website = scene.events
    assert Counter(session().scalars(select(Publication.kind))) == {"posted": 3, "proposed": 3, "decided": 3}
    told = {event.key: _decided(scene, event) for event in scene.events}
    _attendance(welding, electrics, website, told)
    _tie(welding, told["welding"])
    _cases(scene, welding, told["welding"])
    _people(welding, electrics, website, told)
    first = _runs()
    session().rollback()
    request.getfixturevalue("sqlite_world").reset()
    built("published")
    assert _runs() == first
    assert len(first) == 3


def _runs() -> list[str]:
    """The hashes of the runs: they cover every mark, score, rank and total."""
    return sorted(session().scalars(select(ResultRun.hash)))


def _decided(scene: Scene, event: EventScene) -> PublishedResults:
    summary = next(
        row for row in published.publications_of(scene.competition_id) if (row.event_id, row.kind) == (event.id, "decided")
    )  # fmt: skip
    return published.results_of(summary.id)


def _entry(event: EventScene, place: int) -> UUID:
    return list(event.entries)[place]


def _attendance(
    welding: EventScene, electrics: EventScene, website: EventScene, told: dict[str, PublishedResults]
) -> None:
    by_entry = {one.entry_id: one for results in told.values() for one in results.results}
    absent = [_entry(welding, 30), _entry(electrics, 20), _entry(electrics, 33)]
    stopped = _entry(welding, 36)
    assert [(by_entry[key].status, by_entry[key].rank) for key in absent] == [("absent", None)] * 3
    assert (by_entry[stopped].status, by_entry[stopped].rank) == ("stopped", None)
    late = [_entry(welding, 14), _entry(electrics, 9), _entry(website, 11)]
    assert [by_entry[key].status for key in late] == ["ranked"] * 3
    assert [session().get_one(Entry, key).attendance for key in late] == ["late"] * 3
    refused = _entry(welding, 41)
    assert refused not in by_entry
    # The absent are not counted, who started and stopped is: 41 accepted welders less one, 37 students less two, 31.
    assert {key: results.attendance for key, results in told.items()} == {"welding": 40, "electrics": 35, "website": 31}


def _tie(welding: EventScene, results: PublishedResults) -> None:
    ranks = {one.entry_id: one.rank for one in results.results}
    tied = [_entry(welding, 4), _entry(welding, 5)]
    assert [ranks[key] for key in tied] == [5, 5]
    assert 6 not in ranks.values()
    totals = {one.entry_id: one.total for one in results.results}
    assert totals[tied[0]] == totals[tied[1]]


def _cases(scene: Scene, welding: EventScene, results: PublishedResults) -> None:
    cases = {
        case.entry_id: case
        for case in session().scalars(
            select(AwardCase).join(AwardList).where(AwardList.publication_id == results.publication_id)
        )
    }
    assert set(cases) == {one.entry_id for one in results.results}
    assert all(case.decision["checks"] for case in cases.values())
    assert all(case.clause if case.grade else case.decision["reason"] for case in cases.values())

    def checks(place: int) -> set[str]:
        return {check["code"] for check in cases[_entry(welding, place)].decision["checks"]}

    master, elsewhere, below = (cases[_entry(welding, place)] for place in (1, 2, 3))
    assert (master.grade, master.state) == ("L1", "approved")  # 技师 held → 高级技师
    assert "held_up_one" in checks(1)
    assert (elsewhere.grade, elsewhere.state) == ("L2", "approved")
    assert {"held_elsewhere", "held_none"} <= checks(2)
    assert (below.grade, below.rank) == ("L2", 4)
    assert [cases[_entry(welding, place)].grade for place in (4, 5)] == ["L2", "L2"]  # both of the tie
    again = cases[_entry(welding, 6)]
    assert (again.grade, again.state, again.decision["reason"]) == ("", "not_awarded", "promoted_this_year")
    failed = cases[_entry(welding, 8)]
    assert (failed.grade, failed.state, failed.decision["reason"]) == ("", "not_awarded", "part_failed")
    assert {cases[_entry(welding, place)].decision["reason"] for place in (30, 36)} == {"not_ranked"}
    approved = [case for case in cases.values() if case.state == "approved"]
    states = Counter((row[0], row[1]) for row in session().execute(select(Certificate.kind, Certificate.state)))
    winners = [member for one in results.results if one.prize for member in one.members]
    assert states == {
        ("grade", "issued"): len([case for case in approved if case.grade]),
        ("prize", "issued"): len(winners),
    }
    assert Counter(one.prize for one in results.results) == {
        "first_prize": 4,
        "second_prize": 8,
        "third_prize": 12,
        "": len(results.results) - 24,
    }
    candidate = scene.office["candidate"].person
    assert next(case for case in approved if case.person_id == candidate).entry_id == _entry(welding, 3)


def _people(welding: EventScene, electrics: EventScene, website: EventScene, told: dict[str, PublishedResults]) -> None:
    barred = session().get_one(Entry, _entry(welding, 41))
    assert (barred.state, barred.pass_number) == ("refused", None)
    minor = session().scalars(select(EntryMember).where(EntryMember.entry_id == _entry(electrics, 6))).one()
    person = session().get_one(Person, minor.person_id)
    assert person.birth_date is not None
    assert person.birth_date.isoformat() == "2008-09-01"  # 17 on the first day
    assert minor.consent_file_id is not None
    result = next(one for one in told["electrics"].results if one.entry_id == minor.entry_id)
    assert (result.status, result.members[0].age) == ("ranked", 17)
    names = published.display_names(told["welding"].publication_id)
    same = [names[_entry(welding, place)] for place in (20, 24)]
    assert [name for name, _unit in same] == ["王伟", "王伟"]
    assert same[0][1] != same[1][1]
    name, unit = published.display_names(told["website"].publication_id)[_entry(website, 4)]
    assert name == "吕𬭎"
    page = print_html(f"<p>{name} {unit}</p>").data
    assert "吕𬭎" in _text(page)


def _text(pdf: bytes) -> str:
    import pypdfium2

    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
