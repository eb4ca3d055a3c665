"""The four acts after issue: 撤销, 注销, 更正换发, 补发. One person asks, another decides; what was agreed happens at once.

The holder may ask for a correction or a reissue. Whoever asked, and the holder, decide nothing about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.people.actions import PersonFacts, end_qualifications, note_person
from catalogue.rules.identity_numbers import checked_identity
from certification.certificates import drawing, face, production, signing
from certification.certificates.actions.credentials import note_credential, place_of, sign_root
from certification.certificates.models.certificates import (
    Certificate,
    CertificateAct,
    CertificateNumber,
    CertificatePrint,
)
from certification.certificates.models.life import CertificateChange, CertificateEdition
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import life as queries
from certification.certificates.queries import register
from certification.rules.certificate_states import (
    CHANGE,
    HOLDERS_ACTS,
    Act,
    CertificateState,
    ChangeState,
    advance,
    ended_on,
)
from foundation.audit.chain import record
from foundation.clock import china_day, new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.files.actions import note_file
from foundation.messages.actions import send_message
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal

_P = CertificatePermission
_AUDIT = {
    Act.REVOKE: "certificate:revoked", Act.WITHDRAW: "certificate:withdrawn",
    Act.CORRECT: "certificate:corrected", Act.REISSUE: "certificate:reissued",
}  # fmt: skip
CORRECTABLE = ("name", "name_en", "document_number", "work_type")
_Made = tuple[int, production.Prepared, production.Finished]  # the edition it replaces, from what, the file
PHOTO = "photo"  # in `wanted`: print the photo that is on record now


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """What is asked for. `wanted` holds only what a correction changes, by the names of what is printed."""

    reason: str
    effective_on: date | None = None
    replaced_by: str = ""
    wanted: Mapping[str, str] = field(default_factory=dict)
    evidence_id: UUID | None = None


# --- asking -----------------------------------------------------------------------------------------------------------


def ask_change(certificate_id: UUID, act: Act, facts: ChangeFacts, *, actor: Actor, at: datetime) -> UUID:
    """An officer asks for one of the four acts; nothing changes until another person agrees. Returns the request's id.

    Raises Missing, Conflict move_not_allowed, change_waits, Refusal change_*.
    """
    (row,) = register.chosen(actor, _P.ASK, [certificate_id])
    return _ask(row, act, facts, "officer", actor=actor, at=at)


def ask_own_change(certificate_id: UUID, act: Act, facts: ChangeFacts, *, actor: Actor, at: datetime) -> UUID:
    """The holder asks for a correction or a reissue. Raises what `ask_change` raises, and change_not_holders."""
    row = register.certificate(certificate_id)
    if actor.person is None or row.person_id != actor.person:
        raise Missing
    if act not in HOLDERS_ACTS:
        raise Refusal("change_not_holders")
    return _ask(row, act, facts, "holder", actor=actor, at=at)


def _ask(row: Certificate, act: Act, facts: ChangeFacts, role: str, *, actor: Actor, at: datetime) -> UUID:
    if actor.person is None:
        raise Refusal("change_needs_person")
    advance(row.state, act.value)
    if not facts.reason.strip():
        raise Refusal("change_reason_missing", field="reason")
    if act is Act.WITHDRAW:
        ended_on(act, issued_on=row.issued_on, wanted=facts.effective_on, today=china_day(at))
    replaced_by = _replacement(row, facts.replaced_by) if act in (Act.REVOKE, Act.WITHDRAW) else ""
    wanted = _wanted(row, facts) if act is Act.CORRECT else {}
    made = new_id()
    with transaction() as writing:
        _locked(writing, row.id)  # two requests at once: one waits here and finds the other
        waiting = select(CertificateChange.id).where(
            CertificateChange.certificate_id == row.id, CertificateChange.state == ChangeState.ASKED
        )
        if writing.scalar(waiting) is not None:
            raise Conflict("change_waits")
        writing.add(
            CertificateChange(
                id=made, certificate_id=row.id, act=act.value, state=CHANGE.start, reason=facts.reason.strip(),
                effective_on=facts.effective_on if act is Act.WITHDRAW else None, replaced_by=replaced_by,
                wanted=Personal(face.stored_text(wanted), keep=0) if wanted else None, evidence_id=facts.evidence_id,
                asked_by=actor.person, asked_as=role, asked_at=at,
            )
        )  # fmt: skip
        writing.flush()
        record(
            actor, "certificate_change:asked", "certificate_change", made, at=at, certificate=row.id, act=act.value,
            role=role,
        )  # fmt: skip
    return made


def _replacement(row: Certificate, number: str) -> str:
    """The number that takes this one's place: an issued certificate of the same person."""
    wanted = number.strip().upper()
    if not wanted:
        return ""
    found = register.with_number(wanted[:30])
    if found is None or found.person_id != row.person_id or found.id == row.id:
        raise Refusal("change_replacement_unknown", field="replaced_by", number=wanted)
    if found.state != CertificateState.ISSUED:
        raise Refusal("change_replacement_not_issued", field="replaced_by", number=wanted)
    return wanted


def _wanted(row: Certificate, facts: ChangeFacts) -> dict[str, str]:
    printed = register.printed_values(row)
    wanted = {
        name: text.strip()
        for name, text in facts.wanted.items()
        if name in CORRECTABLE and text.strip() and text.strip() != printed.get(name, "")
    }
    if facts.wanted.get(PHOTO):
        wanted[PHOTO] = "1"
    if not wanted:
        raise Refusal("change_nothing_differs", field="name")
    if facts.evidence_id is None:
        raise Refusal("change_evidence_missing", field="evidence")
    if "document_number" in wanted:
        wanted["document_number"] = _document(row, wanted["document_number"])
    _printable(row, printed | wanted)
    return wanted


def _document(row: Certificate, number: str) -> str:
    """The number in its normal form. Raises Refusal identity_number_*."""
    holder = register.holders([row.person_id]).get(row.person_id)
    kind = holder.document[0] if holder and holder.document else "resident_identity_card"
    try:
        return checked_identity(kind, number).number
    except Refusal as wrong:
        raise Refusal(wrong.code, field="document_number", **wrong.facts) from wrong


def _printable(row: Certificate, values: Mapping[str, str]) -> None:
    """Raises Refusal certificate_* for what stops the corrected face, print_text_too_long where a text has no room."""
    holder = register.holders([row.person_id]).get(row.person_id)
    photo = row.printed.photo_id if row.printed else None
    faults = face.gaps(row, holder, values, photo or (holder.photo_id if holder else None))
    if faults:
        raise Refusal(faults[0].code, **faults[0].facts)
    face.check_fit(
        {name: text for name, text in values.items() if name != PHOTO},
        drawn=drawing.of_certificate(row, sample=row.sample),
    )


# --- deciding ---------------------------------------------------------------------------------------------------------


def agree_change(
    certificate_id: UUID, change_id: UUID, *, actor: Actor, at: datetime, public_url: str, print_serial: str = "", note: str = ""
) -> None:  # fmt: skip
    """Another person agrees, and it happens: state, file, number, the grade with its holder, messages. A second click does nothing more.

    `print_serial` is that of the new paper at a reissue; empty, the platform counts on. Raises Missing, Refusal
    change_other_person, change_serial_taken; Conflict move_not_allowed, change_overtaken; for a correction what issuing raises.
    """
    (row,) = register.chosen(actor, _P.DECIDE, [certificate_id])
    asked = queries.change(change_id, certificate_id)
    if asked.state == ChangeState.AGREED:
        return
    _another_person(asked, row, actor)
    act = Act(asked.act)
    made = _print_corrected(row, asked, public_url=public_url, at=at) if act is Act.CORRECT else None
    with transaction() as writing:
        held = _locked(writing, certificate_id)
        change = writing.get_one(CertificateChange, change_id, with_for_update=True, populate_existing=True)
        if change.state == ChangeState.AGREED:
            return
        change.state = CHANGE.advance(change.state, "agree")
        change.decided_by, change.decided_at, change.decision_note = actor.person, at, note.strip()
        held.state = advance(held.state, act.value)
        facts: dict[str, str] = {}
        if act in (Act.REVOKE, Act.WITHDRAW):
            _end(writing, held, change, act, actor=actor, at=at)
        elif act is Act.REISSUE:
            facts["serial"] = held.print_serial = change.print_serial = _serial(writing, held, print_serial)
        elif made is not None:
            facts["hash"] = _put_in_force(writing, held, change, made, actor=actor, at=at)
        writing.add(
            CertificateAct(
                certificate_id=held.id, change_id=change.id, act=act.value, reason=change.reason, by=actor.person, at=at
            )
        )
        writing.flush()
        record(actor, _AUDIT[act], "certificate", held.id, at=at, change=change.id, asked_by=change.asked_by, **facts)
        _tell(held, change, f"certificate_message:{act.value}", actor=actor, at=at)
    if made is not None:
        sign_root(row.evaluation_organization_id, public_url=public_url, actor=actor, at=at)


def refuse_change(certificate_id: UUID, change_id: UUID, note: str, *, actor: Actor, at: datetime) -> None:
    """Another person does not agree; the request stays on record with the reason. Repeating it changes nothing.

    Raises Missing, Refusal change_reason_missing, change_other_person, Conflict move_not_allowed.
    """
    (row,) = register.chosen(actor, _P.DECIDE, [certificate_id])
    if not note.strip():
        raise Refusal("change_reason_missing", field="note")
    queries.change(change_id, certificate_id)
    with transaction() as writing:
        change = writing.get_one(CertificateChange, change_id, with_for_update=True, populate_existing=True)
        if change.state == ChangeState.REFUSED:
            return
        _another_person(change, row, actor)
        change.state = CHANGE.advance(change.state, "refuse")
        change.decided_by, change.decided_at, change.decision_note = actor.person, at, note.strip()
        record(actor, "certificate_change:refused", "certificate_change", change.id, at=at, certificate=certificate_id)
        _tell(row, change, "certificate_message:refused", actor=actor, at=at, note=change.decision_note)


def take_back_change(certificate_id: UUID, change_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Whoever asked no longer wants it. Repeating it changes nothing. Raises Missing, Conflict move_not_allowed."""
    queries.change(change_id, certificate_id)
    with transaction() as writing:
        change = writing.get_one(CertificateChange, change_id, with_for_update=True, populate_existing=True)
        if actor.person is None or change.asked_by != actor.person:
            raise Missing
        if change.state == ChangeState.TAKEN_BACK:
            return
        change.state = CHANGE.advance(change.state, "take_back")
        record(
            actor, "certificate_change:taken_back", "certificate_change", change.id, at=at, certificate=certificate_id
        )


def _locked(writing: Session, certificate_id: UUID) -> Certificate:
    return writing.get_one(Certificate, certificate_id, with_for_update={"of": Certificate}, populate_existing=True)


def _another_person(change: CertificateChange, row: Certificate, actor: Actor) -> None:
    if actor.person is None or actor.person in (change.asked_by, row.person_id):
        raise Refusal("change_other_person")


def _end(
    writing: Session, row: Certificate, change: CertificateChange, act: Act, *, actor: Actor, at: datetime
) -> None:
    last = ended_on(act, issued_on=row.issued_on, wanted=change.effective_on, today=china_day(at))
    row.ended_on = china_day(at) if act is Act.REVOKE else last
    row.replaced_by = change.replaced_by
    number = writing.get(CertificateNumber, row.number) if row.number else None
    if number is not None and row.issued_on is None:
        number.state, number.reason = "voided", change.reason[:200]
    if row.award_case_id is not None:  # what was wrong from the start was never held: it ends on the day it began
        end_qualifications("award_case", row.award_case_id, last, actor=actor, at=at)


def _serial(writing: Session, row: Certificate, asked: str) -> str:
    serial = asked.strip()[:40]
    if not serial:
        before = select(func.count()).where(
            CertificateChange.certificate_id == row.id, CertificateChange.print_serial.is_not(None)
        )
        return f"{row.number}-{(writing.scalar(before) or 0) + 2}"
    taken = select(CertificateChange.id).where(CertificateChange.print_serial == serial)
    if writing.scalar(taken) is not None:
        raise Refusal("change_serial_taken", field="print_serial", serial=serial)
    return serial


# --- 更正换发 ---------------------------------------------------------------------------------------------------------


def _print_corrected(row: Certificate, change: CertificateChange, *, public_url: str, at: datetime) -> _Made:
    before, wanted = register.printed_values(row), queries.wanted_values(change)
    values = {**before, **{name: text for name, text in wanted.items() if name != PHOTO}}
    _printable(row, values)
    photo = row.printed.photo_id if row.printed else None
    if PHOTO in wanted or photo is None:
        photo = register.holders([row.person_id])[row.person_id].photo_id
    slot, key = place_of(row, at=at, further=1)
    ready = production.made_from(
        row, values, photo, public_url=public_url, sample=row.sample, at=at, slot=slot, key=key
    )
    return row.edition, ready, production.finished(ready, at=at)


def _put_in_force(
    writing: Session, row: Certificate, change: CertificateChange, made: _Made, *, actor: Actor, at: datetime
) -> str:
    """Replace the file in force; the edition before is kept and stays checkable. Returns the new link's hash."""
    edition, ready, done = made
    if row.edition != edition or row.file_id is None:
        raise Conflict("change_overtaken")
    earlier = queries.editions(row.id)
    writing.add(
        CertificateEdition(
            certificate_id=row.id, edition=row.edition, change_id=change.id, file_id=row.file_id,
            file_sha256=row.file_sha256, printed_commitment=row.printed_commitment,
            previous_hash=earlier[-1].hash if earlier else row.previous_hash, hash=row.hash, replaced_at=at,
        )
    )  # fmt: skip
    printed = writing.get_one(CertificatePrint, row.id)
    before, base = register.printed_values(row), row.hash
    kept = note_file(done.put, media_type="application/pdf", name=f"{row.number}.pdf", actor=actor, at=at)
    writing.flush()
    change.before = Personal(face.stored_text(before), keep=0)
    printed.values, printed.photo_id = Personal(face.stored_text(ready.values), keep=0), ready.photo_id
    row.file_id, row.file_sha256, row.edition = kept, done.put.sha256, edition + 1
    row.design, row.design_hash = ready.design.key, ready.design_hash
    row.printed_commitment = face.commitment(ready.values)
    row.hash = face.chain_hash(
        row, number=row.number or "", file_sha256=row.file_sha256, printed=row.printed_commitment, before=base
    )
    if done.signing_key_id is not None:
        signing.note_signed(writing, row.id, done.signing_key_id, at=at)
    if ready.credential is not None:
        note_credential(writing, row.id, row.edition, ready.credential, at=at)
    if ready.values["name"] != before.get("name"):
        note_person(PersonFacts(name_zh=ready.values["name"]), person_id=row.person_id, actor=actor, at=at)
    return row.hash


def _tell(row: Certificate, change: CertificateChange, code: str, *, actor: Actor, at: datetime, **facts: str) -> None:
    """Holder and asker learn what came of it; the one who decided knows."""
    said: dict[str, Any] = {
        "number": row.number or "",
        "act": f"@certificate_move:{change.act}",
        "reason": change.reason,
        **facts,
    }
    holder_told = code != "certificate_message:refused" or change.asked_as == "holder"
    for person in {change.asked_by, *([row.person_id] if holder_told else [])} - {actor.person}:
        own = person == row.person_id
        link = "/my/certificates" if own else f"/certificates/{row.id}"
        send_message(person, code, actor=actor, at=at, link=link, **said)
