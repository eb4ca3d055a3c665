"""An event that is marked, confirmed and unblinded, written directly: what the rooms before results make."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from accounts.access.roles import Role
from competitions.codes.models import CodeSeal, WorkEntry
from competitions.entries.models.entries import Entry
from competitions.judges.models import PanelAssignment, PanelSeat
from competitions.marking.bodies import MarkBody, body_hash, link_body
from competitions.marking.models.marks import Mark, MarkHead, MarkStream, Sheet
from competitions.programme.models import Division, Part
from competitions.publications import actions as publishing
from competitions.results import actions
from competitions.results.models import EnteredScore, ScoreImport
from competitions.schemes.models import Aspect, Criterion, SubCriterion
from foundation.audit.chain import GENESIS, linked
from foundation.clock import new_id, now
from foundation.db import session, transaction
from foundation.permission import Actor, Scope, ScopeKind
from tests.factories import rows
from tests.factories.accounts import make_grant, make_person
from tests.factories.competitions import make_competition

# (name, theory, A1-1, A1-2 by three judges, B1-1 by three judges): practice in words, total beside it.
FIELD = (
    ("李梅", "90", "1", ("3", "3", "3"), ("29", "29", "29")),  # 99 × 0.7 + 27 = 96.30
    ("王强", "80", "1", ("2", "2", "3"), ("24", "25", "26")),  # 40 + 70/3 + 25
    ("张伟", "80", "1", ("2", "2", "3"), ("24", "25", "26")),  # the same: equal rank
    ("赵刚", "55", "0", ("1", "1", "1"), ("20", "20", "20")),  # theory failed, 30 in practice
)


@dataclass(frozen=True)
class Ready:
    """What a test needs of the event."""

    competition_id: UUID
    event_id: UUID
    division_id: UUID
    theory_id: UUID
    entries: dict[str, UUID]
    organizer: Actor
    chief: Actor
    supervisor: Actor
    scores_confirmed: bool = True


def make_marks(event_id: UUID, marks: dict[UUID, tuple[str, tuple[str, ...], tuple[str, ...]]]) -> None:
    """Heads of the scheme of `rows.make_scheme` for works, with the marks behind them."""
    with transaction() as writing:
        aspects = {
            row.code: row
            for row in writing.scalars(
                select(Aspect).join(SubCriterion).join(Criterion, Criterion.id == SubCriterion.criterion_id)
            )
            if row.scheme_id == rows_scheme(event_id)
        }
        seats: dict[UUID, list[UUID]] = {}
        panel_of = {}
        for assignment in writing.scalars(select(PanelAssignment)):
            panel_of[assignment.sub_criterion_id] = assignment.panel_id
        for seat in writing.scalars(select(PanelSeat).order_by(PanelSeat.number)):
            seats.setdefault(seat.panel_id, []).append(seat.id)
        sequence, head = 0, GENESIS
        for work, (agreed, judged, points) in marks.items():
            for code, given in (("A1-1", (agreed,)), ("A1-2", judged), ("B1-1", points)):
                aspect = aspects[code]
                panel = panel_of[aspect.sub_criterion_id]
                cells = [panel] if len(given) == 1 else seats[panel]
                for cell, value in zip(cells, given, strict=True):
                    sequence += 1
                    body = MarkBody(
                        new_id(), work, aspect.id, None if cell == panel else cell, "set", value, None, aspect.scheme_id,
                        new_id(), 1, now(),
                    )  # fmt: skip
                    said = {one.name: getattr(body, one.name) for one in fields(body)}
                    link = said | {
                        "stream": f"event:{event_id}", "sequence": sequence, "panel_id": panel, "judge_id": new_id(),
                        "server_at": now(), "status": "received", "held_code": "", "refers_to": None,
                        "body_hash": body_hash(body), "hash_version": 1, "previous_hash": head,
                    }  # fmt: skip
                    head = linked(head, link_body(link))
                    mark = Mark(**link, hash=head)
                    writing.add(mark)
                    writing.flush()
                    writing.add(
                        MarkHead(
                            work_id=work,
                            aspect_id=aspect.id,
                            cell=cell,
                            event_id=event_id,
                            mark_id=mark.id,
                            value=value,
                        )
                    )
        writing.merge(MarkStream(stream=f"event:{event_id}", sequence=sequence, hash=head))


def rows_scheme(event_id: UUID) -> UUID:
    """The event's scheme."""
    from competitions.schemes.queries import scheme_in_force

    found = scheme_in_force(event_id)
    assert found is not None
    return found.id


def make_ready(
    *, scores: bool = True, unblinded: bool = True, absent: bool = True, competition_id: UUID | None = None
) -> Ready:
    """焊工 with four marked works (`FIELD`), one absent entry, confirmed theory scores."""
    competition = competition_id or make_competition(
        contact_phone="025-86001234", contact_address="江州市人民路1号", supervision_phone="025-86005678"
    )
    event = rows.make_event(competition)
    rows.make_scheme(event)
    with transaction() as writing:
        subs = tuple(
            writing.scalars(select(SubCriterion.id).join(Criterion).where(Criterion.scheme_id == rows_scheme(event)))
        )
        division = writing.scalars(select(Division).where(Division.event_id == event)).one().id
        theory = writing.scalars(select(Part).where(Part.event_id == event, Part.kind == "theory")).one().id
    panel = rows.make_panel(event, sub_criteria=subs)
    entries = {name: rows.make_entry(event, name=name) for name, *_rest in FIELD}
    if absent:
        entries["孙丽"] = rows.make_entry(event, name="孙丽", attendance="absent")
    works = {name: rows.make_work(event, entries[name]) for name, *_rest in FIELD}
    make_marks(event, {works[name]: (agreed, judged, points) for name, _theory, agreed, judged, points in FIELD})
    organizer, chief, supervisor, second = (Actor(make_person(name)) for name in ("周敏", "钱裁判", "吴监督", "郑记分"))
    make_grant(organizer.person, Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    make_grant(chief.person, Role.CHIEF_JUDGE, Scope(ScopeKind.EVENT, str(event)))
    make_grant(supervisor.person, Role.SUPERVISOR, Scope(ScopeKind.EVENT, str(event)))
    with transaction() as writing:
        for work in works.values():
            for sub in subs:
                writing.add(
                    Sheet(event_id=event, panel_id=panel, sub_criterion_id=sub, work_id=work, state="confirmed")
                )
        writing.add(
            CodeSeal(event_id=event, sealed_at=now(), released_at=now(), unblinded_at=now() if unblinded else None)
        )
        if scores:
            held = ScoreImport(
                id=new_id(), event_id=event, part_id=theory, state="confirmed", entered_by=organizer.person,
                entered_at=now(), confirmed_by=second.person, confirmed_at=now(),
            )  # fmt: skip
            writing.add(held)
            writing.flush()
            for name, score, *_rest in FIELD:
                writing.add(EnteredScore(score_import_id=held.id, entry_id=entries[name], score=Decimal(score)))
    return Ready(competition, event, division, theory, entries, organizer, chief, supervisor)


def signed_run(ready: Ready, *, at: datetime | None = None, reason: str = "") -> UUID:
    """A run with both signatures."""
    moment = at or now()
    run = actions.compute_run(ready.event_id, ready.division_id, reason=reason, actor=ready.organizer, at=moment)
    actions.sign_run(run, role="chief_judge", actor=ready.chief, at=moment)
    actions.sign_run(run, role="supervisor", actor=ready.supervisor, at=moment)
    return run


AFTER_NOTICE = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)  # noticed on Sunday 22 November: Monday to Friday


def change_theory(ready: Ready, name: str, score: str) -> None:
    """A corrected score: the list in force is withdrawn, another takes its place."""
    with transaction() as writing:
        before = writing.scalars(
            select(ScoreImport).where(ScoreImport.event_id == ready.event_id, ScoreImport.state == "confirmed")
        ).one()
        given = {row.entry_id: row.score for row in before.scores}
        before.state = "withdrawn"
        given[ready.entries[name]] = Decimal(score)
        held = ScoreImport(
            id=new_id(), event_id=ready.event_id, part_id=ready.theory_id, state="confirmed", entered_at=now()
        )
        writing.add(held)
        writing.flush()
        writing.add_all(EnteredScore(score_import_id=held.id, entry_id=entry, score=given[entry]) for entry in given)


def decided(ready: Ready) -> UUID:
    """The whole way: signed, proposed, decided after the notice."""
    run = signed_run(ready)
    publishing.propose_results(run, actor=ready.organizer, at=now())
    return publishing.decide_results(
        run, document_number="江人社函〔2026〕66号", document_date=AFTER_NOTICE.date() - timedelta(days=1),
        actor=ready.organizer, at=AFTER_NOTICE,
    )  # fmt: skip


def entry_of_work(work_id: UUID) -> UUID:
    """Whose work it is."""
    return session().scalars(select(WorkEntry.entry_id).where(WorkEntry.work_id == work_id)).one()


def mark_absent(entry_id: UUID) -> None:
    """The entry did not come."""
    with transaction() as writing:
        writing.get_one(Entry, entry_id).attendance = "absent"
