"""Rosters as spreadsheets: sending, assigning columns, accepting all rows or the good ones.

Nobody learns from a roster whether a stranger is registered: rows are compared with the sender's own entries alone, and a
number is only asserted until the entry is reviewed or claimed (`actions/joining.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from accounts.organizations.queries import ids_named
from accounts.people.actions import QualificationFacts
from accounts.people.identity import phone_index, pinyin_of
from accounts.people.models import IdentityDocument, Person, Qualification, QualificationKind, QualificationState
from competitions.entries import noting
from competitions.entries.actions.delegations import check_open
from competitions.entries.actions.fields import store_answer
from competitions.entries.member_facts import MemberFacts
from competitions.entries.models.entries import EligibilityVerdict, Entry, EntryMember
from competitions.entries.models.fields import FieldValue
from competitions.entries.models.rosters import RosterColumns, RosterImport
from competitions.entries.queries import deadlines, delegations
from competitions.entries.queries import entries as entry_queries
from competitions.entries.queries import rosters as queries
from competitions.entries.roster.answers import PREFIX, Asked
from competitions.entries.roster.columns import FIELDS, Layout, find_layout
from competitions.entries.roster.full import mark_full
from competitions.entries.roster.marked import marked_file
from competitions.entries.roster.reading import Row, Wrong, entries_of, read_rows
from competitions.programme import queries as programme
from competitions.programme.models import Competition
from competitions.rules import eligibility
from competitions.rules.applicants import Applicant
from competitions.rules.lifecycle import EntryState
from competitions.rules.registration_fields import Subject
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.encryption.sealing import blind_index
from foundation.files.actions import keep_file
from foundation.files.queries import file_bytes
from foundation.jobs.actions import order_job
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal
from foundation.spreadsheets.reading import Sheet, read_workbook
from foundation.spreadsheets.writing import MEDIA_TYPE

JOB = "entries:store_roster"
AT_ONCE = 100
"""Rows entered while the sender waits, and rows of one transaction: the write lock is held for a moment only."""
_SHOWN = 10


def send_roster(
    competition_id: UUID, data: bytes, *, name: str, delegation_id: UUID | None = None, event_id: UUID | None = None,
    actor: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """Take a roster in and check it whole; nobody is entered yet. Returns its id.

    Columns are those the body assigned before under the same heads, else recognised.
    Raises Missing, Refusal roster_no_heads, competition_over, registration_not_open and those of `read_workbook`.
    """
    _open(competition_id, delegation_id, actor, at)
    sheets = read_workbook(data)
    layout = _layout(sheets, competition_id, delegation_id)
    found = _checked(sheets, layout, competition_id, delegation_id, event_id)
    file_id = keep_file(data, media_type=MEDIA_TYPE, name=name[:120], actor=actor, at=at)
    row = RosterImport(
        id=new_id(), competition_id=competition_id, delegation_id=delegation_id, event_id=event_id, file_id=file_id,
        state="checked", created_by=actor.person, created_at=at, **_told(layout, found),
    )  # fmt: skip
    with transaction() as writing:
        writing.add(row)
        writing.flush()
        chain = programme.audit_chain(competition_id)
        record(
            actor, "roster:sent", "roster_import", row.id, at=at, chain=chain, new=row.rows_new, wrong=row.rows_wrong
        )
    return row.id


def assign_columns(roster_import_id: UUID, columns: Mapping[int, str], *, actor: Actor, at: datetime) -> None:
    """Say what each column holds and check anew; the body's next roster with these heads is read in the same way.

    Raises Missing, Refusal roster_columns_wrong, Conflict roster_settled.
    """
    given = {place: field for place, field in columns.items() if field}
    row = queries.roster_import(roster_import_id)
    extra = {PREFIX + one.rule.key for one in queries.extra_fields(row.competition_id)}
    fields = list(given.values())
    if "name_zh" not in fields or len(set(fields)) != len(fields) or not set(fields) <= {*FIELDS, *extra}:
        raise Refusal("roster_columns_wrong")
    sheets, before = _read(row)
    layout = replace(before, columns=given)
    told = _told(layout, _checked(sheets, layout, row.competition_id, row.delegation_id, row.event_id))
    body = queries.sender_body(row.competition_id, row.delegation_id)
    with transaction() as writing:
        held = _open_roster(writing, roster_import_id)
        for name, value in told.items():
            setattr(held, name, value)
        if body is not None:
            known = writing.query(RosterColumns).filter_by(organization_id=body, heads=layout.key).first()
            if known is None:
                known = RosterColumns(id=new_id(), organization_id=body, heads=layout.key)
                writing.add(known)
            known.columns, known.noted_at = {str(place): field for place, field in given.items()}, at
        chain = programme.audit_chain(row.competition_id)
        record(actor, "roster:columns_assigned", "roster_import", row.id, at=at, chain=chain)


def accept_roster(roster_import_id: UUID, *, only_good: bool, actor: Actor, at: datetime) -> UUID | None:
    """Enter the rows: all, or the good ones. A large roster becomes a job, whose id is returned. Repeating it does nothing.

    Raises Missing, Refusal roster_has_errors, roster_nothing_new, Conflict roster_settled and those of `send_roster`.
    """
    row = queries.roster_import(roster_import_id)
    if row.state in ("accepting", "accepted"):
        return row.job_id
    _open(row.competition_id, row.delegation_id, actor, at)
    with transaction() as writing:
        held = _open_roster(writing, roster_import_id)
        if held.rows_wrong and not only_good:
            raise Refusal("roster_has_errors", count=held.rows_wrong)
        if not held.rows_new and not held.rows_changed:
            raise Refusal("roster_nothing_new")
        held.state, held.accepted_by = "accepting", actor.person
        if held.rows_new + held.rows_changed > AT_ONCE:
            held.job_id = order_job(JOB, {"roster": str(roster_import_id), "at": at.isoformat()}, actor=actor, at=at)
            return held.job_id
    store_roster(roster_import_id, actor=actor, at=at)
    return None


def discard_roster(roster_import_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Put a roster aside; it stays on record. Raises Missing, Conflict roster_settled."""
    with transaction() as writing:
        held = _open_roster(writing, roster_import_id)
        held.state = "discarded"
        chain = programme.audit_chain(held.competition_id)
        record(actor, "roster:discarded", "roster_import", held.id, at=at, chain=chain)


def store_roster(
    roster_import_id: UUID, *, actor: Actor, at: datetime, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> int:  # fmt: skip
    """Enter the good rows of an accepted roster, some at a time. Safe to repeat: rows that were entered are known by then."""
    row = queries.roster_import(roster_import_id)
    sheets, layout = _read(row)
    rows = _checked(sheets, layout, row.competition_id, row.delegation_id, row.event_id)
    before = queries.already_stored(roster_import_id)
    waiting = [group for group in entries_of(rows) if group[0].number not in before]
    changed = [one for one in rows if one.state == "known" and one.answers]
    total, done, chunks = len(waiting) + len(changed), 0, iter(waiting)
    bodies: dict[str, UUID | None] = {}
    while chunk := list(islice(chunks, AT_ONCE)):
        ready = [[(member, _sealed(member)) for member in group] for group in chunk]  # outside of the lock
        with transaction() as writing:
            _enter(writing, row, ready, bodies, actor=actor, at=at)
        done += len(chunk)
        progress(done, total)
    entered, known = done, iter(changed)
    while told := list(islice(known, AT_ONCE)):
        _answer(row, told, actor=actor, at=at)
        done += len(told)
        progress(done, total)
    head, _wrong = _head_answers(row.competition_id, row.delegation_id, layout)
    with transaction() as writing:
        for field_id, value in head.items():
            store_answer(writing, field_id, {"delegation_id": row.delegation_id}, value, actor=actor, at=at)  # type: ignore[dict-item]
        held = writing.get_one(RosterImport, roster_import_id, with_for_update=True)
        if held.state != "accepted":
            held.state, held.accepted_at = "accepted", at
            chain = programme.audit_chain(held.competition_id)
            record(
                actor, "roster:accepted", "roster_import", held.id, at=at, chain=chain, entries=len(before) + entered
            )
    return entered


def marked_roster(roster_import_id: UUID, *, title: str, say: Callable[[Mapping[str, Any]], str]) -> bytes:
    """The file as it was sent, with what is wrong written beside its rows. Raises Missing."""
    row = queries.roster_import(roster_import_id)
    report = queries.report_of(row)
    problems = {one["row"]: one["wrong"] for one in report["wrong"]}
    return marked_file(file_bytes(row.file_id), report["sheet"], report["head"], problems, title=title, say=say)


# --- inside ---


def _open(competition_id: UUID, delegation_id: UUID | None, actor: Actor, at: datetime) -> None:
    competition = programme.competition(competition_id)
    if competition.state in noting.OVER:
        raise Refusal("competition_over")
    if delegation_id is not None:
        row = delegations.delegation(delegation_id)
        if row.competition_id != competition_id:
            raise Missing
        check_open(row, at, actor)
    elif deadlines.is_late(competition, at):
        raise Refusal("late_one_by_one")


def _open_roster(writing: Session, roster_import_id: UUID) -> RosterImport:
    held = writing.get(RosterImport, roster_import_id, with_for_update=True)
    if held is None:
        raise Missing
    if held.state != "checked":
        raise Conflict("roster_settled")
    return held


def _layout(sheets: Sequence[Sheet], competition_id: UUID, delegation_id: UUID | None) -> Layout:
    asked = Asked(queries.extra_fields(competition_id))
    layout = find_layout(sheets, asked.by_head(), asked.by_head(("delegation",)))
    if layout is None:
        raise Refusal("roster_no_heads", field="file")
    columns = queries.remembered_columns(queries.sender_body(competition_id, delegation_id), layout.key)
    return replace(layout, columns=columns or layout.columns)


def _read(row: RosterImport) -> tuple[Sequence[Sheet], Layout]:
    sheets = read_workbook(file_bytes(row.file_id))
    said = queries.report_of(row)
    columns = {int(place): field for place, field in row.columns.items()}
    above = {name: tuple(found) for name, found in said["above"].items()}
    return sheets, Layout(said["sheet"], said["head"], tuple(said["heads"]), columns, row.form, said["unit"], above)


def _checked(
    sheets: Sequence[Sheet], layout: Layout, competition_id: UUID, delegation_id: UUID | None, event_id: UUID | None
) -> list[Row]:
    around = queries.surroundings(competition_id, delegation_id=delegation_id, event_id=event_id)
    _head, wrong = _head_answers(competition_id, delegation_id, layout)
    rows = [*wrong, *read_rows(sheets[layout.sheet], layout, around)]
    mark_full(rows, competition_id, delegation_id)
    return rows


def _head_answers(
    competition_id: UUID, delegation_id: UUID | None, layout: Layout
) -> tuple[dict[UUID, str], list[Row]]:
    """What stands above the table of what is asked of the sending delegation: field → answer, and a row for each wrong one."""
    answers: dict[UUID, str] = {}
    wrong: list[Row] = []
    if delegation_id is None:
        return answers, wrong
    asked = Asked(queries.extra_fields(competition_id), "leader")
    for one in asked.fields:
        number, _column, text = layout.above.get(PREFIX + one.rule.key, (0, 0, ""))
        try:
            value = asked.answer(one, text, Subject(about="delegation")) if text else ""
            if asked.differing(one, value, None):
                answers[one.id] = value
        except Refusal as refusal:
            named = MemberFacts(name_zh=min(one.heads, key=len))
            wrong.append(Row(number, named, wrong=[Wrong(None, refusal.code, refusal.facts)]))
    return answers, wrong


def _told(layout: Layout, rows: Sequence[Row]) -> dict[str, Any]:
    good = [row for row in rows if row.state != "wrong"]
    report = {
        "sheet": layout.sheet, "head": layout.head, "heads": layout.heads, "unit": layout.unit, "above": dict(layout.above),
        "wrong": [
            {"row": row.number, "name": row.facts.name_zh, "unit": row.facts.unit_name,
             "wrong": [{"column": one.column, "code": one.code, "facts": {k: str(v) for k, v in one.facts.items()}} for one in row.wrong]}
            for row in rows if row.wrong
        ],
        "good": [{"row": row.number, "name": row.facts.name_zh, "unit": row.facts.unit_name, "known": row.known, "changed": len(row.answers)} for row in good[:_SHOWN]],
    }  # fmt: skip
    known = sum(row.state == "known" for row in rows)
    return {
        "columns": {str(place): field for place, field in layout.columns.items()}, "form": layout.form,
        "rows_new": len(good) - known, "rows_known": known, "rows_wrong": len(rows) - len(good),
        "rows_changed": sum(row.state == "known" and bool(row.answers) for row in rows),
        "report": Personal(json.dumps(report, ensure_ascii=False), keep=0),
    }  # fmt: skip


def _sealed(row: Row) -> dict[str, Any]:
    """What takes time and needs no lock: ids, indexes, pinyin."""
    facts = row.facts
    return {
        "id": new_id(), "name_pinyin": pinyin_of(facts.name_zh), "phone_index": phone_index(facts.phone) if facts.phone else None,
        "held": blind_index("certificate_number", facts.held_number) if facts.held_grade and facts.held_number else None,
    }  # fmt: skip


def _enter(
    writing: Session, row: RosterImport, chunk: Sequence[Sequence[tuple[Row, dict[str, Any]]]], bodies: dict[str, UUID | None], *,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    writing.get(Competition, row.competition_id, with_for_update=True)  # entry numbers run without gaps
    number = entry_queries.highest_number(row.competition_id)
    first_day = programme.competition(row.competition_id).starts_on
    rules = programme.rule_set_in_force(row.competition_id)[1].eligibility
    # A delegation hands everything in at once, when its leader says so.
    state = EntryState.DRAFT if row.delegation_id else EntryState.SUBMITTED
    tables: dict[type[Any], list[dict[str, Any]]] = {
        kind: []
        for kind in (Person, IdentityDocument, Qualification, Entry, EntryMember, EligibilityVerdict, FieldValue)
    }
    units = ids_named([member.facts.unit_name for group in chunk for member, _sealed in group])
    for group in chunk:
        lead, event, number, entry_id = group[0][0], group[0][0].event, number + 1, new_id()
        if event is None:
            continue
        waits = lead.waits and state == EntryState.SUBMITTED
        if lead.delegation not in bodies:
            bodies[lead.delegation] = row.delegation_id or noting.delegation_of(
                writing, row.competition_id, lead.delegation, actor=actor, at=at
            )
        tables[Entry].append({
            "id": entry_id, "competition_id": row.competition_id, "event_id": event.id, "division_id": lead.division_id,
            "delegation_id": bodies[lead.delegation], "number": number, "state": EntryState.WAITING.value if waits else state.value, "origin": "import",
            "submitted_at": at if state == EntryState.SUBMITTED and not waits else None, "waiting_since": at if waits else None,
            "created_by": actor.person, "created_at": at, "roster_import_id": row.id, "roster_row": lead.number,
        })  # fmt: skip
        place = 0
        for position, (member, sealed) in enumerate(group, start=1):
            member_id = new_id()
            _person(tables, member, sealed, at)
            tables[EntryMember].append({
                "id": member_id, "entry_id": entry_id, "person_id": sealed["id"], "position": position,
                "identity_class": member.facts.identity_class, "unit_name": member.facts.unit_name, "unit_id": units.get(member.facts.unit_name), "post": member.facts.post,
                "years_in_trade": member.facts.years_in_trade, "held_grade_id": sealed.get("held_id"),
            })  # fmt: skip
            for field_id, (about, value) in member.answers.items():
                if about == "member" or position == 1:  # of the entry as a whole its first row speaks
                    tables[FieldValue].append({
                        "field_id": field_id, "member_id": member_id if about == "member" else None,
                        "entry_id": entry_id if about == "entry" else None, "value": Personal(value, keep=0),
                        "noted_by": actor.person, "noted_at": at,
                    })  # fmt: skip
            applicant = Applicant(member.facts.birth_date, member.facts.identity_class)
            for verdict in eligibility.judge(rules, applicant, first_day):
                tables[EligibilityVerdict].append({
                    "id": new_id(), "entry_id": entry_id, "member_id": member_id, "position": place, "rule": verdict.rule,
                    "verdict": verdict.answer.value, "code": verdict.code, "facts": dict(verdict.facts), "basis": verdict.basis,
                    "judged_at": at,
                })  # fmt: skip
                place += 1
    for kind, values in tables.items():
        if values:
            writing.execute(insert(kind), values)
    chain = programme.audit_chain(row.competition_id)
    record(
        actor, "roster:entered", "roster_import", row.id, at=at, chain=chain, entries=len(tables[Entry]), last=number
    )


def _answer(row: RosterImport, told: Sequence[Row], *, actor: Actor, at: datetime) -> None:
    """Note the answers that differ, of people who are entered already."""
    with transaction() as writing:
        for one in told:
            if one.same is None or one.same.member_id is None or one.same.entry_id is None:
                continue
            for field_id, (about, value) in one.answers.items():
                target = {"member_id": one.same.member_id} if about == "member" else {"entry_id": one.same.entry_id}
                store_answer(writing, field_id, target, value, actor=actor, at=at)
        chain = programme.audit_chain(row.competition_id)
        record(actor, "roster:answers_noted", "roster_import", row.id, at=at, chain=chain, count=len(told))


def _person(tables: dict[type[Any], list[dict[str, Any]]], row: Row, sealed: dict[str, Any], at: datetime) -> None:
    facts = row.facts
    tables[Person].append({
        "id": sealed["id"], "name_zh": facts.name_zh, "name_pinyin": sealed["name_pinyin"], "sex": facts.sex, "birth_date": facts.birth_date,
        "ethnic_group": facts.ethnic_group, "education": facts.education, "phone": Personal(facts.phone) if facts.phone else None,
        "phone_index": sealed["phone_index"], "address": Personal(facts.address, keep=0) if facts.address else None, "created_at": at,
    })  # fmt: skip
    if facts.document_number:
        tables[IdentityDocument].append({
            "id": new_id(), "person_id": sealed["id"], "kind": facts.document_kind, "number": Personal(facts.document_number),
            "number_index": row.index, "asserted": True, "created_at": at,
        })  # fmt: skip
    if facts.held_grade:
        held = QualificationFacts(QualificationKind.GRADE, facts.held_grade)
        sealed["held_id"] = new_id()
        tables[Qualification].append({
            "id": sealed["held_id"], "person_id": sealed["id"], "kind": held.kind.value, "state": QualificationState.HELD.value,
            "name": held.name, "occupation_name": facts.held_occupation_name, "basis": held.basis.value, "source_kind": "entry",
            "number": Personal(facts.held_number, keep=6) if facts.held_number else None, "number_index": sealed["held"], "noted_at": at,
        })  # fmt: skip
