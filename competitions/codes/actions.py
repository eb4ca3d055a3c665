"""Giving codes to works, keeping the list sealed, and unblinding by two people."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounts.people.queries import person
from competitions.codes import queries
from competitions.codes.models import CodeSeal, Work, WorkEntry
from competitions.codes.permissions import CodesPermission
from competitions.entries.models.entries import Entry
from competitions.programme import queries as programme
from competitions.programme.models import Event
from competitions.rules.codes import draw_codes
from foundation.audit.chain import record
from foundation.clock import new_id, random_source
from foundation.db import transaction
from foundation.permission import Actor, can
from foundation.refusal import Conflict, Forbidden, Missing, Refusal


def make_works(event_id: UUID, *, actor: Actor, at: datetime) -> int:
    """A work with a random code for every accepted entry that is expected, present or late and has none; says how many.

    Sealed as it is made. Works of the absent and of withdrawn entries are taken back and their codes never given to another;
    who turns up after all gets the same one again. Rows are stored in order of the codes under random ids, so that nothing
    tells the order of registration. Repeat it when entries are added. Raises Missing, Refusal codes_no_entries, Conflict codes_released.
    """
    with transaction() as writing:
        if writing.get(Event, event_id, with_for_update=True) is None:  # two at the same time: one after the other
            raise Missing
        seal = writing.get(CodeSeal, event_id)
        if seal is not None and seal.released_at is not None:
            raise Conflict("codes_released")
        links = (
            select(WorkEntry.entry_id, Work).join(Work, Work.id == WorkEntry.work_id).where(Work.event_id == event_id)
        )
        linked = dict(writing.execute(links).all())
        entries = writing.scalars(select(Entry).where(Entry.event_id == event_id)).all()
        wanted = [
            row for row in entries
            if row.state == "accepted" and row.attendance in queries.WITH_WORK and row.id not in linked
        ]  # fmt: skip
        if seal is None and not wanted:
            raise Refusal("codes_no_entries")
        taken_back = _take_back(entries, linked, at)
        taken = [row.code for row in queries.works(event_id, withdrawn=True)]
        codes = draw_codes(len(wanted), taken=taken, rng=random_source())
        if wanted:
            drawn = sorted(zip(codes, wanted, strict=True), key=lambda pair: pair[0])
            rows = [(new_id(), code, entry) for code, entry in drawn]
            writing.execute(
                insert(Work),
                [
                    {"id": key, "event_id": event_id, "division_id": entry.division_id, "code": code, "created_at": at}
                    for key, code, entry in rows
                ],
            )
            writing.execute(insert(WorkEntry), [{"work_id": key, "entry_id": entry.id} for key, _code, entry in rows])
        if seal is None:
            writing.add(CodeSeal(event_id=event_id, sealed_by=actor.person, sealed_at=at))
        writing.flush()
        _note(actor, "codes:made", event_id, at=at, count=len(wanted), taken_back=taken_back)
        return len(wanted)


def _take_back(entries: Any, linked: dict[UUID, Work], at: datetime) -> int:
    count = 0
    for entry in entries:
        work = linked.get(entry.id)
        if work is None:
            continue
        keeps = entry.state == "accepted" and entry.attendance in queries.KEEPS_WORK
        if keeps:
            work.withdrawn_at = None
        elif work.withdrawn_at is None:
            work.withdrawn_at = at
            count += 1
    return count


def open_mapping(event_id: UUID, *, actor: Actor, at: datetime) -> list[queries.MappingRow]:
    """The sealed list of entry numbers and codes, for its custodian; that it was opened, by whom, is recorded first.

    Raises Missing for everybody else, Refusal codes_not_made.
    """
    if not can(actor, CodesPermission.READ_MAPPING, programme.event_scopes(event_id) or ()):
        raise Missing
    if queries.seal_of(event_id) is None:
        raise Refusal("codes_not_made")
    with transaction():
        _note(actor, "codes:mapping_opened", event_id, at=at)
    return queries.custody_rows(event_id)


def release_codes(event_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Marking is confirmed: unblinding may be asked for. Called by the marking room; repeats do nothing.

    Raises Refusal codes_not_made.
    """
    with transaction():
        seal = _held(event_id)
        if seal.released_at is None:
            seal.released_at = at
            _note(actor, "codes:released", event_id, at=at)


def ask_unblinding(event_id: UUID, *, actor: Actor, at: datetime) -> None:
    """The first of two: a blinding judge or organizer asks, after confirmation (competition-rules 5.1).

    Raises Refusal codes_not_made, unblinding_too_early, unblinding_needs_person, Forbidden; Conflict unblinding_asked or
    unblinding_agreed, with who and when.
    """
    _check(event_id, CodesPermission.ASK_UNBLINDING, actor)
    with transaction():
        seal = _held(event_id)
        _refuse_done(seal)
        if seal.released_at is None:
            raise Refusal("unblinding_too_early")
        if seal.asked_at is not None:
            raise Conflict("unblinding_asked", who=_name(seal.asked_by), when=seal.asked_at)
        seal.asked_by, seal.asked_at = actor.person, at
        _note(actor, "codes:unblinding_asked", event_id, at=at)


def agree_unblinding(event_id: UUID, *, actor: Actor, at: datetime) -> None:
    """The second of two: a supervisor agrees, another person than who asked. From now on results know whose work it is.

    It cannot be undone. Raises Refusal codes_not_made, unblinding_too_early, unblinding_not_asked, unblinding_same_person,
    unblinding_needs_person, Forbidden; Conflict unblinding_agreed with who and when.
    """
    _check(event_id, CodesPermission.AGREE_UNBLINDING, actor)
    with transaction():
        seal = _held(event_id)
        _refuse_done(seal)
        if seal.released_at is None:
            raise Refusal("unblinding_too_early")
        if seal.asked_at is None:
            raise Refusal("unblinding_not_asked")
        if seal.asked_by == actor.person:
            raise Refusal("unblinding_same_person")
        seal.agreed_by, seal.unblinded_at = actor.person, at
        _note(actor, "codes:unblinded", event_id, at=at, asked_by=seal.asked_by)


def _check(event_id: UUID, permission: CodesPermission, actor: Actor) -> None:
    if actor.person is None:
        raise Refusal("unblinding_needs_person")
    if not can(actor, permission, programme.event_scopes(event_id) or ()):
        raise Forbidden("http_403")


def _held(event_id: UUID) -> CodeSeal:
    with transaction() as writing:
        seal = writing.get(CodeSeal, event_id, with_for_update=True, populate_existing=True)
        if seal is None:
            raise Refusal("codes_not_made")
        return seal


def _refuse_done(seal: CodeSeal) -> None:
    if seal.unblinded_at is not None:
        raise Conflict("unblinding_agreed", who=_name(seal.agreed_by), when=seal.unblinded_at)


def _name(person_id: UUID | None) -> str:
    return person(person_id).name_zh if person_id else ""


def _note(actor: Actor, verb: str, event_id: UUID, *, at: datetime, **facts: Any) -> None:
    chain = programme.audit_chain(programme.event(event_id).competition_id)
    record(actor, verb, "event", event_id, at=at, chain=chain, **facts)
