"""Entering scores, computing runs, signing them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounts.people import queries as people
from competitions.codes.queries import entries_by_work
from competitions.entries.models.entries import Entry
from competitions.entries.queries.entries import counting_base
from competitions.marking.actions.finality import refuse_open_event
from competitions.marking.queries import floor, voids
from competitions.marking.queries.finality import values_since
from competitions.programme import queries as programme
from competitions.programme.models import Division, Part
from competitions.results import queries, tally
from competitions.results.models import EnteredScore, ResultRow, ResultRun, RunSignature, ScoreImport
from competitions.results.permissions import SIGNING
from competitions.results.score_list import Candidate, ScoreList, read_scores, template
from competitions.results.tally import Basis, Counted
from competitions.rules import lifecycle
from competitions.rules.ranking import standings
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import session, transaction
from foundation.exact import fraction_text
from foundation.files.actions import keep_file
from foundation.permission import Actor, can
from foundation.refusal import Conflict, Forbidden, Missing, Refusal
from foundation.spreadsheets.writing import MEDIA_TYPE


def _part(event_id: UUID, part_id: UUID) -> Part:
    found = session().get(Part, part_id)
    if found is None or found.event_id != event_id or found.source != "entered_score":
        raise Missing
    return found


def _candidates(event_id: UUID, part_id: UUID) -> dict[str, Candidate]:
    scored = set(
        session().scalars(
            select(EnteredScore.entry_id)
            .join(ScoreImport, ScoreImport.id == EnteredScore.score_import_id)
            .where(ScoreImport.part_id == part_id, ScoreImport.state.in_(("entered", "confirmed")))
        )
    )
    wanted = select(Entry.id, Entry.pass_number, Entry.attendance).where(
        Entry.event_id == event_id, Entry.state == "accepted", Entry.pass_number.is_not(None)
    )
    return {
        number: Candidate(entry, attendance, entry in scored)
        for entry, number, attendance in session().execute(wanted.order_by(Entry.number))
        if number is not None
    }


def score_template(event_id: UUID, part_id: UUID) -> bytes:
    """The workbook to fill in, with the pass numbers of all accepted entries that were not absent. Raises Missing."""
    part = _part(event_id, part_id)
    numbers = [number for number, one in _candidates(event_id, part_id).items() if one.attendance != "absent"]
    return template({"theory": "理论知识成绩", "practice": "操作技能成绩"}.get(part.kind, part.kind), numbers)


def check_scores(event_id: UUID, part_id: UUID, data: bytes) -> ScoreList:
    """Read a list and say everything that is wrong with it; stores nothing. Raises Missing and what reading raises."""
    part = _part(event_id, part_id)
    return read_scores(data, _candidates(event_id, part_id), full_mark=part.full_mark)


def import_scores(event_id: UUID, part_id: UUID, data: bytes, *, name: str, actor: Actor, at: datetime) -> UUID:
    """Store a list as entered; a second person confirms it. Nothing is stored while anything in it is wrong.

    Raises Refusal score_list_wrong (`check_scores` names every error) and what reading raises.
    """
    found = check_scores(event_id, part_id, data)
    if found.wrong:
        raise Refusal("score_list_wrong", field="file", count=len(found.wrong))
    file_id = keep_file(data, media_type=MEDIA_TYPE, name=name, actor=actor, at=at)
    key = new_id()
    with transaction() as writing:
        again = _candidates(event_id, part_id)
        if any(again[number].scored for _entry, number, _score in found.scores if number in again):
            raise Conflict("scores_entered_meanwhile")
        writing.add(
            ScoreImport(
                id=key, event_id=event_id, part_id=part_id, file_id=file_id, state=lifecycle.SCORE_IMPORT.start,
                entered_by=actor.person, entered_at=at,
            )
        )  # fmt: skip
        writing.flush()
        writing.execute(
            insert(EnteredScore),
            [
                {"id": new_id(), "score_import_id": key, "entry_id": entry, "score": score}
                for entry, _number, score in found.scores
            ],
        )
        record(
            actor,
            "scores:entered",
            "score_import",
            key,
            at=at,
            chain=_chain(event_id),
            part=part_id,
            count=len(found.scores),
        )
    return key


def confirm_scores(score_import_id: UUID, *, actor: Actor, at: datetime) -> None:
    """A second person confirms a list; from then on its scores are frozen.

    Raises Missing, Refusal second_person_needed, Conflict move_not_allowed.
    """
    with transaction() as writing:
        row = writing.get(ScoreImport, score_import_id, with_for_update=True)
        if row is None:
            raise Missing
        following = lifecycle.SCORE_IMPORT.advance(row.state, "confirm")
        if actor.person is None or actor.person == row.entered_by:
            raise Refusal("second_person_needed")
        row.state, row.confirmed_by, row.confirmed_at = following, actor.person, at
        record(actor, "scores:confirmed", "score_import", row.id, at=at, chain=_chain(row.event_id))


def withdraw_scores(score_import_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take back a list that nobody confirmed; the list stays with the reason. Raises Missing, Refusal, Conflict."""
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        row = writing.get(ScoreImport, score_import_id, with_for_update=True)
        if row is None:
            raise Missing
        row.state = lifecycle.SCORE_IMPORT.advance(row.state, "withdraw")
        row.withdrawn_by, row.withdrawn_at, row.withdraw_reason = actor.person, at, reason.strip()[:300]
        record(actor, "scores:withdrawn", "score_import", row.id, at=at, chain=_chain(row.event_id))


def _chain(event_id: UUID) -> str:
    return programme.audit_chain(programme.event(event_id).competition_id)


# --- runs -------------------------------------------------------------------------------------------------------------


def compute_run(event_id: UUID, division_id: UUID, *, reason: str = "", actor: Actor, at: datetime) -> UUID:
    """Work out and store the standing of a division from confirmed sheets and scores. Returns the run's id.

    Equal inputs and figures are the run that is there already. After a signed run a different one needs a reason.
    Raises Missing; Refusal codes_sealed, marking_not_final, scores_open, floor_unsigned, attendance_open, nobody_competed, reason_missing;
    Conflict inputs_changed when something was confirmed while it was computed.
    """
    division = session().get(Division, division_id)
    if division is None or division.event_id != event_id:
        raise Missing
    entry_of_work = entries_by_work(event_id)
    basis = tally.basis_of(event_id)
    _check_ready(event_id, division_id, basis)
    inputs = _inputs(event_id, basis)
    counted = tally.count(event_id, division_id, basis, entry_of_work)
    if not counted:
        raise Refusal("nobody_competed")
    rows = _rows(counted, basis)
    head = {
        "event_id": event_id, "division_id": division_id, "rule_set_id": basis.rule_set_id, "scheme_id": basis.scheme_id,
        "attendance": counting_base(event_id, division_id), "marks_hash": inputs.pop("marks_hash"), "inputs": inputs,
    }  # fmt: skip
    digest = queries.run_hash(head, rows)
    with transaction() as writing:
        writing.get(Division, division_id, with_for_update=True)
        refuse_open_event(event_id)
        if {**_inputs(event_id, basis)} != {**inputs, "marks_hash": head["marks_hash"]}:
            raise Conflict("inputs_changed")
        before = queries.latest_run(event_id, division_id)
        if before is not None and before.hash == digest:
            return before.id
        if before is not None and queries.signatures([before.id])[before.id] and not reason.strip():
            raise Refusal("correction_reason_missing", field="reason", number=before.number)
        key = new_id()
        writing.execute(
            insert(ResultRun),
            [{**head, "id": key, "number": before.number + 1 if before else 1, "correction_reason": reason.strip()[:300],
              "hash_version": queries.HASH_VERSION, "hash": digest, "computed_by": actor.person, "computed_at": at}],
        )  # fmt: skip
        writing.execute(insert(ResultRow), [{**row, "id": new_id(), "run_id": key} for row in rows])
        record(
            actor, "run:computed", "result_run", key, at=at, chain=_chain(event_id), number=before.number + 1 if before else 1,
            hash=digest, entries=len(rows), attendance=head["attendance"],
        )  # fmt: skip
    return key


def _check_ready(event_id: UUID, division_id: UUID, basis: Basis) -> None:
    with transaction():
        refuse_open_event(event_id)
    waiting = sum(row.state == "entered" for row, _count in queries.score_imports(event_id))
    if waiting:
        raise Refusal("scores_open", count=waiting)
    waiting = floor.unsigned_violations(event_id) if basis.rules.floor_deductions else 0
    if waiting:
        raise Refusal("floor_unsigned", count=waiting)
    waiting = queries.attendance_open(event_id, division_id)
    if waiting:
        raise Refusal("attendance_open", count=waiting)


def _inputs(event_id: UUID, basis: Basis) -> dict[str, str]:
    sequence, marks_hash = tally.stream_head(event_id)
    taken, left_out = floor.penalties(event_id), voids.said(event_id)
    return {
        **(
            {"floor": ",".join(f"{work}:{one.marks}:{int(one.stopped)}" for work, one in sorted(taken.items()))}
            if taken
            else {}
        ),
        **({"voids": queries.json_text(left_out)} if left_out else {}),
        "rules": queries.json_text(basis.rules.stored()),
        "scheme_hash": basis.scheme_hash,
        "imports": ",".join(str(key) for key in tally.confirmed_imports(event_id)),
        "marks_sequence": str(sequence),
        "marks_hash": marks_hash,
    }


def _rows(counted: list[Counted], basis: Basis) -> list[dict[str, Any]]:
    rules = basis.rules
    by_entry = {one.contender.entry_id: one for one in counted}
    places = standings(
        [one.contender for one in counted],
        places=rules.score_places,
        tie_breaks=rules.tie_breaks,
        last_resort=rules.last_resort,
    )
    return [
        {
            "entry_id": place.entry_id,
            "work_id": by_entry[place.entry_id].work_id,
            "position": place.position,
            "rank": place.rank,
            "status": place.status,
            "total": by_entry[place.entry_id].total.exact,
            "shown_total": by_entry[place.entry_id].total.shown,
            "parts": [_part_stored(part) for part in by_entry[place.entry_id].total.parts],
            "decided_by": ",".join(place.decided_by),
        }
        for place in places
    ]


def _part_stored(part: Any) -> Mapping[str, Any]:
    return {
        "kind": part.rule.kind,
        "score": None if part.score is None else fraction_text(part.score),
        "weight": fraction_text(part.rule.weight),
        "full_mark": str(part.rule.full_mark),
        "pass_mark": None if part.rule.pass_mark is None else str(part.rule.pass_mark),
        "passed": part.passed,
        "gate_only": part.rule.gate_only,
        "criteria": [[code, None if value is None else fraction_text(value)] for code, value in part.criteria.items()],
    }


def sign_run(run_id: UUID, *, role: str, actor: Actor, at: datetime) -> None:
    """Sign a run as chief judge or as supervisor, each in person; its hash is what is signed.

    Raises Missing, Forbidden sign_role_not_held, Conflict run_not_latest, run_signed_already, Refusal other_person_needed and what
    `check_final` raises.
    """
    if role not in SIGNING:
        raise Missing
    scopes = queries.run_scopes(run_id)
    if scopes is None:
        raise Missing
    if actor.person is None or not can(actor, SIGNING[role], scopes):
        raise Forbidden("sign_role_not_held", role=f"@role:{role}")
    with transaction() as writing:
        run = writing.get_one(ResultRun, run_id)
        writing.get(Division, run.division_id, with_for_update=True)
        latest = queries.latest_run(run.event_id, run.division_id)
        if latest is not None and latest.id != run_id:
            raise Conflict("run_not_latest", number=latest.number)
        signed = queries.signatures([run_id])[run_id]
        if role in signed:
            raise Conflict(
                "run_signed_already", by=people.person(signed[role].person_id).name_zh, when=signed[role].signed_at
            )
        if any(row.person_id == actor.person for row in signed.values()):
            raise Refusal("other_person_needed")
        check_final(run)
        writing.add(
            RunSignature(id=new_id(), run_id=run_id, role=role, person_id=actor.person, run_hash=run.hash, signed_at=at)
        )
        record(actor, "run:signed", "result_run", run_id, at=at, chain=_chain(run.event_id), role=role, hash=run.hash)


def check_final(run: ResultRun) -> None:
    """May this run become final: signed or published? Call inside `transaction()`: no mark enters until it ends.

    Raises Refusal marking_not_final (what is open), Conflict run_outdated (a value in force, a confirmed list of scores or a
    signed floor record has changed since it was computed).
    """
    refuse_open_event(run.event_id)
    now_in_force = _inputs(run.event_id, tally.basis_of(run.event_id))
    moved = any(now_in_force.get(name, "") != run.inputs.get(name, "") for name in ("floor", "imports", "voids"))
    if moved or values_since(run.event_id, int(run.inputs["marks_sequence"])):
        raise Conflict("run_outdated", number=run.number)
