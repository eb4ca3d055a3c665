"""Rows written directly, for tests of rooms that need what other rooms make. Valid by default."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any
from uuid import UUID

from competitions.codes.models import CodeSeal, Work, WorkEntry
from competitions.entries.models.entries import Entry, EntryMember
from competitions.judges.models import JudgeDuty, Panel, PanelAssignment, PanelSeat
from competitions.programme.models import Division, Event, Part
from competitions.schemes.models import Aspect, Criterion, MarkingScheme, SubCriterion
from foundation.clock import new_id, now
from foundation.db import transaction
from tests.factories.accounts import make_person

_numbers = count(1)


def make_event(
    competition_id: UUID, *, divisions: tuple[str, ...] = ("worker",), theory: bool = True, **facts: Any
) -> UUID:
    """焊工: theory 30 % entered, practice 70 % by scheme, one division."""
    with transaction() as writing:
        given = {
            "code": f"E{next(_numbers)}", "name_zh": "焊接", "name_en": "Welding", "occupation_code": "6-18-02-04",
            "occupation_name": "焊工", "occupation_edition": "2022", "test_level": "L3", "team_size": 1, "position": 1,
        } | facts  # fmt: skip
        event = Event(id=new_id(), competition_id=competition_id, created_at=now(), **given)
        writing.add(event)
        writing.flush()
        for position, kind in enumerate(divisions):
            writing.add(
                Division(
                    event_id=event.id,
                    kind=kind,
                    name_zh={"worker": "职工组", "student": "学生组"}.get(kind, kind),
                    position=position,
                )
            )
        shares = ((("theory", Fraction(3, 10), "entered_score"), ("practice", Fraction(7, 10), "scheme")) if theory
                  else (("practice", Fraction(1), "scheme"),))  # fmt: skip
        for position, (kind, weight, source) in enumerate(shares):
            writing.add(
                Part(
                    event_id=event.id,
                    kind=kind,
                    full_mark=Decimal(100),
                    weight=weight,
                    pass_mark=Decimal(60),
                    source=source,
                    position=position,
                )
            )
    return event.id


def make_scheme(event_id: UUID) -> UUID:
    """Criterion A with A1 (pass/fail 40, judgement 30) and B with B1 (points 30): 100 in all."""
    with transaction() as writing:
        scheme = MarkingScheme(id=new_id(), event_id=event_id, number=1, state="in_force", title="评分标准", total=Decimal(100),
                               sections=[], content_hash="0" * 64, created_at=now())  # fmt: skip
        writing.add(scheme)
        writing.flush()
        for position, (letter, aspects) in enumerate(
            (
                ("A", (("measurement", "pass_fail", "40"), ("judgement", "judgement_0_3", "30"))),
                ("B", (("points", "points", "30"),)),
            )
        ):
            criterion = Criterion(
                id=new_id(), scheme_id=scheme.id, code=letter, name_zh=f"评分项{letter}", position=position
            )
            writing.add(criterion)
            writing.flush()
            sub = SubCriterion(
                id=new_id(),
                criterion_id=criterion.id,
                code=f"{letter}1",
                name_zh=f"评分子项{letter}1",
                day=1,
                position=0,
            )
            writing.add(sub)
            writing.flush()
            for number, (kind, method, most) in enumerate(aspects, start=1):
                writing.add(
                    Aspect(scheme_id=scheme.id, sub_criterion_id=sub.id, code=f"{letter}1-{number}", kind=kind, method=method, options={},
                           max_mark=Decimal(most), name_zh=f"评分点{letter}1-{number}", descriptors=["低于", "达到", "部分超出", "全面超出"] if kind == "judgement" else [],
                           position=number)
                )  # fmt: skip
    return scheme.id


def make_wide_scheme(event_id: UUID, sub_criteria: int) -> UUID:
    """Criterion A with many sub-criteria, each of a measurement and a judgement."""
    with transaction() as writing:
        scheme = MarkingScheme(id=new_id(), event_id=event_id, number=1, state="in_force", title="评分标准", total=Decimal(100),
                               sections=[], content_hash="0" * 64, created_at=now())  # fmt: skip
        criterion = Criterion(id=new_id(), scheme_id=scheme.id, code="A", name_zh="评分项A", position=0)
        writing.add_all([scheme, criterion])
        writing.flush()
        for number in range(1, sub_criteria + 1):
            sub = SubCriterion(
                id=new_id(), criterion_id=criterion.id, code=f"A{number}", name_zh=f"评分子项{number}", day=1, position=number
            )  # fmt: skip
            writing.add(sub)
            writing.flush()
            for place, (kind, method) in enumerate(
                (("measurement", "pass_fail"), ("judgement", "judgement_0_3")), start=1
            ):
                writing.add(
                    Aspect(scheme_id=scheme.id, sub_criterion_id=sub.id, code=f"A{number}-{place}", kind=kind, method=method,
                           options={}, max_mark=Decimal(4), name_zh=f"评分点A{number}-{place}",
                           descriptors=["低于", "达到", "部分超出", "全面超出"] if place == 2 else [], position=place)
                )  # fmt: skip
    return scheme.id


def make_entry(event_id: UUID, *, name: str = "", person_id: UUID | None = None, division: str = "worker", state: str = "accepted",
               attendance: str = "present", identity_class: str = "worker", **member: Any) -> UUID:  # fmt: skip
    """An accepted entry of one person who is present."""
    with transaction() as writing:
        event = writing.get_one(Event, event_id)
        division_row = next(row for row in event.divisions if row.kind == division)
        number = next(_numbers)
        entry = Entry(id=new_id(), competition_id=event.competition_id, event_id=event_id, division_id=division_row.id, number=number,
                      pass_number=f"{number:05d}", state=state, origin="organizer", attendance=attendance, created_at=now())  # fmt: skip
        writing.add(entry)
        writing.flush()
        person = person_id or make_person(name, birth_date=date(1990, 5, 1))
        writing.add(
            EntryMember(
                entry_id=entry.id,
                person_id=person,
                position=1,
                identity_class=identity_class,
                unit_name="江州重工",
                **member,
            )
        )
    return entry.id


def make_panel(
    event_id: UUID, *, judges: int = 3, sub_criteria: tuple[UUID, ...] = (), entry_mode: str = "own_tablet"
) -> UUID:
    """A panel with accepted judges that marks the given sub-criteria."""
    with transaction() as writing:
        panel = Panel(
            id=new_id(), event_id=event_id, name=f"评分组{next(_numbers)}", entry_mode=entry_mode, created_at=now()
        )
        writing.add(panel)
        writing.flush()
        for number in range(1, judges + 1):
            duty = JudgeDuty(
                id=new_id(),
                event_id=event_id,
                person_id=make_person(),
                role="judge",
                state="accepted",
                created_at=now(),
            )
            writing.add(duty)
            writing.flush()
            writing.add(PanelSeat(panel_id=panel.id, duty_id=duty.id, number=number))
        writing.add_all(PanelAssignment(panel_id=panel.id, sub_criterion_id=key) for key in sub_criteria)
    return panel.id


def make_work(event_id: UUID, entry_id: UUID | None = None, code: str = "") -> UUID:
    """A work, of an entry when given."""
    with transaction() as writing:
        event = writing.get_one(Event, event_id)
        division = writing.get_one(Entry, entry_id).division_id if entry_id else event.divisions[0].id
        work = Work(
            id=new_id(),
            event_id=event_id,
            division_id=division,
            code=code or f"W{next(_numbers):03d}",
            created_at=now(),
        )
        writing.add(work)
        writing.flush()
        if entry_id:
            writing.add(WorkEntry(work_id=work.id, entry_id=entry_id))
    return work.id


def make_seal(event_id: UUID) -> None:
    """The custody of an event's codes: made and sealed."""
    with transaction() as writing:
        if writing.get(CodeSeal, event_id) is None:
            writing.add(CodeSeal(event_id=event_id, sealed_at=now()))
