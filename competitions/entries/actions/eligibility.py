"""Stating and verifying what rules ask, importing decision lists, settling possible matches, judging anew before awards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from accounts.people.actions import QualificationFacts, note_qualification
from accounts.people.models import Basis, Person, QualificationKind, QualificationState
from competitions.entries import noting
from competitions.entries.decisions import ListedName
from competitions.entries.models.eligibility import (
    DecisionList,
    DecisionMatch,
    DecisionName,
    EligibilityCheck,
    MemberStatement,
)
from competitions.entries.models.entries import Entry, EntryMember
from competitions.entries.queries import eligibility as queries
from competitions.entries.queries import entries
from competitions.programme import queries as programme
from competitions.programme.models import Competition
from competitions.rules.eligibility_options import checked_statement
from competitions.rules.lifecycle import EntryState
from foundation.audit.chain import record
from foundation.clock import china_day, new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.files.actions import erase_file, keep_file
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal

Paper = tuple[bytes, str]
AT_ONCE = 5
"""Entries judged anew in one transaction: the write lock is held for a moment only."""


def state(
    entry_id: UUID, position: int, given: Mapping[str, str], *, papers: Mapping[str, Paper] | None = None, by_organizer: bool = False,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Note what a member states of what the rules ask, with papers that prove it; the entry is judged anew.

    A changed statement is declared again, whoever verified the one before. After acceptance only an organizer changes it.
    Raises Missing, Refusal entry_fixed, competition_over and those of `checked_statement`.
    """
    entry = entries.entry(entry_id)
    member = entries.member_at(entry, position)
    if entry.state not in (EntryState.DRAFT, EntryState.RETURNED, EntryState.SUBMITTED) and not by_organizer:
        raise Refusal("entry_fixed")
    asked = dict(queries.asked_statements(entry, member))
    values = {key: checked_statement(key, given[key], china_day(at)) for key in asked if key in given}
    files = {
        key: keep_file(data, media_type=media_type, name=key, actor=actor, at=at)
        for key, (data, media_type) in (papers or {}).items()
        if key in asked
    }
    gone: list[UUID] = []
    with transaction() as writing:
        if entry.event.competition.state in noting.OVER:
            raise Refusal("competition_over")
        writing.get(Entry, entry_id, with_for_update=True)
        known = {row.key: row for row in writing.query(MemberStatement).filter_by(member_id=member.id)}
        changed = []
        for key in asked:
            row = known.get(key)
            value = values.get(key, row.value.revealed() if row else "")
            if key not in files and (row.value.revealed() if row else "") == value:
                continue
            if row is None:
                row = MemberStatement(id=new_id(), member_id=member.id, key=key)
                writing.add(row)
            if key in files:
                gone += [row.evidence_id] if row.evidence_id else []
                row.evidence_id = files[key]
            row.value, row.basis, row.noted_by, row.noted_at = Personal(value, keep=0), "declared", actor.person, at
            row.verified_by = row.verified_at = None
            changed.append(key)
        if changed:
            noting.judge_anew(writing, entry_id, at)
            _noted(entry, actor, "statement:noted", at, position=position, keys=",".join(changed))
    for file_id in gone:
        erase_file(file_id, at=at)


def verify_statement(entry_id: UUID, position: int, key: str, *, actor: Actor, at: datetime) -> None:
    """Note that somebody compared a statement with its proof; the entry is judged anew. Repeating it does nothing. Raises Missing."""
    entry = entries.entry(entry_id)
    member = entries.member_at(entry, position)
    with transaction() as writing:
        row = writing.query(MemberStatement).filter_by(member_id=member.id, key=key).with_for_update().first()
        if row is None or not row.value:
            raise Missing
        if row.basis == "verified":
            return
        row.basis, row.verified_by, row.verified_at = "verified", actor.person, at
        noting.judge_anew(writing, entry_id, at)
        _noted(entry, actor, "statement:verified", at, position=position, keys=key)


def import_decision(
    competition_id: UUID, kind: str, title: str, names: Sequence[ListedName], *, state: str = "held", document_number: str,
    decided_on: date, actor: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """Keep the names of a decision: who got a title (held, or pending), or who won before. Entries are judged anew at their review.

    Names that are entered here become possible matches, which a person settles. Returns the list's id.
    Raises Missing, Refusal decision_title_missing, decision_kind_wrong, decision_in_future.
    """
    if kind not in ("title", "winners") or state not in ("held", "pending"):
        raise Refusal("decision_kind_wrong", field="kind")
    if not title.strip():
        raise Refusal("decision_title_missing", field="title")
    if decided_on > china_day(at):
        raise Refusal("decision_in_future", field="decided_on")
    with transaction() as writing:
        if writing.get(Competition, competition_id) is None:
            raise Missing
        row = DecisionList(
            id=new_id(), competition_id=competition_id, kind=kind, title=title.strip()[:100], state=state,
            document_number=document_number.strip()[:80], decided_on=decided_on, created_by=actor.person, created_at=at,
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        writing.add_all(
            DecisionName(list_id=row.id, position=place, name=one.name, unit=one.unit, event=one.event, rank=one.rank, prize=one.prize)
            for place, one in enumerate(names)
        )  # fmt: skip
        writing.flush()
        chain = programme.audit_chain(competition_id)
        record(actor, "decision:imported", "competition", competition_id, at=at, chain=chain, names=len(names))
        _judge_named(writing, competition_id, {one.name for one in names}, at)
        return row.id


def settle_match(
    competition_id: UUID, name_id: UUID, person_id: UUID, *, same: bool, reason: str, actor: Actor, at: datetime
) -> None:
    """Say whether a listed name is this person, and why. The same: the title is noted in the register, verified by the decision.

    Repeating it does nothing. Raises Missing, Refusal reason_missing.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    name = queries.decision_name(competition_id, name_id)
    if not any(
        one.name.id == name_id and one.person.id == person_id for one in queries.possible_matches(competition_id)
    ):
        with transaction() as writing:
            if writing.query(DecisionMatch).filter_by(name_id=name_id, person_id=person_id).first() is None:
                raise Missing
        return
    with transaction() as writing:
        writing.add(
            DecisionMatch(
                name_id=name_id, person_id=person_id, same=same, reason=reason.strip()[:300], settled_by=actor.person, settled_at=at
            )
        )  # fmt: skip
        writing.flush()
        if same and name.list.kind == "title":
            pending = name.list.state == "pending"
            held = QualificationFacts(
                QualificationKind.TITLE, name.list.title, QualificationState.PENDING if pending else QualificationState.HELD,
                held_from=None if pending else name.list.decided_on, basis=Basis.VERIFIED, basis_note=name.list.document_number,
                source_kind="decision_list", source_id=name.list_id,
            )  # fmt: skip
            note_qualification(person_id, held, actor=actor, at=at)
        chain = programme.audit_chain(competition_id)
        record(actor, "decision:settled", "person", person_id, at=at, chain=chain, same=same, name=name_id)
        _judge_named(writing, competition_id, {name.name}, at)


def check_event(event_id: UUID, *, actor: Actor, at: datetime) -> int:
    """Judge every accepted entry of an event anew, before awards, some at a time; how many of them are open.

    What was accepted all the same stays accepted as long as the verdict is the same. Raises Missing.
    """
    competition_id = programme.event(event_id).competition_id
    waiting = iter([row.id for row in entries.entries_of_event(event_id, states=(EntryState.ACCEPTED,))])
    count = 0
    while chunk := list(islice(waiting, AT_ONCE)):
        with transaction() as writing:
            for entry_id in chunk:
                noting.judge_anew(writing, entry_id, at)
        count += len(chunk)
    opened = len({row.entry_id for row in queries.open_verdicts([event_id])})
    with transaction() as writing:
        writing.add(
            EligibilityCheck(event_id=event_id, entries=count, open=opened, checked_by=actor.person, checked_at=at)
        )
        writing.flush()
        chain = programme.audit_chain(competition_id)
        record(actor, "eligibility:checked", "event", event_id, at=at, chain=chain, entries=count, open=opened)
    return opened


def accept_verdicts(entry_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """Let an accepted entry keep its place although a verdict is open: the reason stays on it. Raises Missing, Refusal reason_missing."""
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        writing.get(Entry, entry_id, with_for_update=True)
        entry = entries.entry(entry_id)
        open_ones = [row for row in entry.verdicts if row.verdict != "pass" and not row.override_reason]
        for row in open_ones:
            row.override_reason, row.overridden_by = reason.strip(), actor.person
        if open_ones:
            _noted(entry, actor, "eligibility:accepted_all_the_same", at, count=len(open_ones))


def _judge_named(writing: Session, competition_id: UUID, names: set[str], at: datetime) -> None:
    """Judge the live entries anew in which somebody of these names is entered."""
    found = (
        writing.query(Entry.id)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Person, Person.id == EntryMember.person_id)
        .filter(Entry.competition_id == competition_id, Entry.state.in_(entries.LIVE), Person.name_zh.in_(names))
        .distinct()
    )
    for (entry_id,) in found.all():
        noting.judge_anew(writing, entry_id, at)


def _noted(entry: Entry, actor: Actor, verb: str, at: datetime, **facts: object) -> None:
    record(actor, verb, "entry", entry.id, at=at, chain=programme.audit_chain(entry.competition_id), **facts)
