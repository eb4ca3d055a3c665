"""Inviting judges, giving them cards, seating them in panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.access.actions import grant_role, withdraw_role
from accounts.access.roles import Role
from accounts.people.actions import PersonFacts, note_person
from accounts.people.queries import person
from accounts.sign_in import actions as sign_in
from accounts.sign_in import queries as accounts
from accounts.sign_in.models import AccessCode
from competitions.judges import queries
from competitions.judges.exclusions import check_duty, check_panel
from competitions.judges.models import JudgeDuty, Panel, PanelAssignment, PanelSeat
from competitions.judges.permissions import DUTIES, SEATED
from competitions.programme import queries as programme
from competitions.rules.lifecycle import DUTY, DutyState
from foundation.audit.chain import record
from foundation.clock import new_id, random_bytes
from foundation.db import transaction
from foundation.permission import MACHINE, Actor, Scope, ScopeKind
from foundation.refusal import Conflict, Missing, Refusal

INVITATION_DAYS = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class JudgeFacts:
    """Who is asked. `login` is the user name or phone of an account when there is one."""

    name: str
    unit_name: str = ""
    licence: str = ""
    phone: str = ""
    login: str = ""


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """A judge's card as it is printed, once: the database keeps only hashes of code and PIN."""

    duty_id: UUID
    code: str
    pin: str


# --- duties -----------------------------------------------------------------------------------------------------------


def invite_judge(
    event_id: UUID, facts: JudgeFacts, role: str, *, actor: Actor, at: datetime, key: UUID | None = None
) -> UUID:
    """Note a duty somebody is asked to take; the link comes from `invitation_code`, the card from `issue_card`.

    `key` is the duty's id when the caller chose it: sending the same form twice makes one. Nothing is granted yet. Raises
    Refusal duty_unknown, judge_login_unknown and those of duties that exclude each other; Conflict chief_judge_taken, duty_there.
    """
    if role not in DUTIES:
        raise Refusal("duty_unknown", field="role", role=role)
    with transaction() as writing:
        if key is not None and writing.get(JudgeDuty, key) is not None:
            return key
        person_id = _person_asked(facts, actor=actor, at=at)
        check_duty(event_id, person_id, role)
        row = JudgeDuty(
            id=key or new_id(), event_id=event_id, person_id=person_id, role=role, state=DUTY.start,
            unit_name=facts.unit_name, licence=facts.licence, created_at=at,
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        _note(actor, "judge:invited", row, at=at)
        return row.id


def _person_asked(facts: JudgeFacts, *, actor: Actor, at: datetime) -> UUID:
    if facts.login:
        account = accounts.account_by_login(facts.login)
        if account is None:
            raise Refusal("judge_login_unknown", field="login", login=facts.login)
        return account.person_id
    return note_person(PersonFacts(name_zh=facts.name, phone=facts.phone), actor=actor, at=at)


def invitation_code(duty_id: UUID, *, actor: Actor, at: datetime) -> str:
    """The code of a fresh invitation link; the one before ends. A declined or relieved judge is invited again.

    Raises Missing; Conflict invitation_over when the duty was accepted already.
    """
    with transaction() as writing:
        row = _held(duty_id)
        if row.state == DutyState.ACCEPTED:
            raise Conflict("invitation_over")
        if row.state != DutyState.INVITED:
            check_duty(row.event_id, row.person_id, row.role, own=row.id)
            row.state, row.reason = DUTY.advance(row.state, "invite_again"), ""
            writing.flush()
            _note(actor, "judge:invited_again", row, at=at)
        return sign_in.issue_code("invitation", row.person_id, row.id, ends_at=at + INVITATION_DAYS, actor=actor, at=at)


def open_invitation(code: str, *, at: datetime) -> AccessCode:
    """The invitation behind a link that still waits for an answer. Raises Refusal code_wrong, Conflict invitation_over."""
    row = sign_in.code_in_force("invitation", code, at=at)
    if row.used_at is not None or queries.duty(row.subject_id).state != DutyState.INVITED:
        raise Conflict("invitation_over")
    return row


def accept_invitation(
    code: str, *, actor: Actor, at: datetime, user_name: str = "", phone: str = "", password: str = ""
) -> UUID:
    """Take the duty: signed in as the person invited, or by opening an account for them. Returns the person.

    Somebody signed in whose name is the invited one takes the duty as themselves. Raises Refusal code_wrong, invitation_sign_in,
    invitation_other_name, login_taken and those of passwords and of duties; Conflict invitation_over.
    """
    asked = open_invitation(code, at=at)
    row = queries.duty(asked.subject_id)
    with transaction():
        held = _held(row.id)
        if not sign_in.use_code(asked.id, at=at):
            raise Conflict("invitation_over")
        if actor.person is None:
            if accounts.account_of(held.person_id) is not None:
                raise Refusal("invitation_sign_in")
            sign_in.open_account(held.person_id, password, user_name=user_name, phone=phone, actor=actor, at=at)
        elif actor.person != held.person_id:
            if row.person.name_zh != person(actor.person).name_zh:
                raise Refusal("invitation_other_name")
            check_duty(held.event_id, actor.person, held.role, own=held.id)
            held.person_id = actor.person
        _activate(held, actor=Actor(held.person_id, actor.via), at=at)
        return held.person_id


def decline_invitation(code: str, *, reason: str = "", actor: Actor, at: datetime) -> None:
    """Say no. Raises Refusal code_wrong, Conflict invitation_over."""
    asked = open_invitation(code, at=at)
    with transaction():
        row = _held(asked.subject_id)
        if not sign_in.use_code(asked.id, at=at):
            raise Conflict("invitation_over")
        row.state, row.reason = DUTY.advance(row.state, "decline"), reason.strip()
        _note(actor, "judge:declined", row, at=at)


def _activate(row: JudgeDuty, *, actor: Actor, at: datetime) -> None:
    if row.state == DutyState.ACCEPTED:
        return
    row.state = DUTY.advance(row.state, "accept")
    row.grant_id = grant_role(
        row.person_id, Role(row.role), Scope(ScopeKind.EVENT, str(row.event_id)), actor=actor, at=at
    )
    _note(actor, "judge:accepted", row, at=at)


def fresh_pin() -> str:
    """Six digits, every one equally likely."""
    return f"{int.from_bytes(random_bytes(8)) % 1_000_000:06d}"


def issue_card(duty_id: UUID, pin: str, *, actor: Actor, at: datetime) -> str:
    """Give a judge's card and answer its code, shown once; an earlier card ends. An invited duty counts as accepted.

    Raises Missing, Refusal pin_form, Conflict move_not_allowed for a duty that was declined or ended.
    """
    with transaction():
        row = _held(duty_id)
        _activate(row, actor=actor, at=at)
        sign_in.withdraw_codes("invitation", duty_id, actor=actor, at=at)
        row.carded_at = at
        person_id = row.person_id
        _note(actor, "judge:carded", row, at=at)
    return sign_in.issue_code("card", person_id, duty_id, actor=actor, at=at, pin=pin)


def issue_cards(
    event_id: UUID, duty_ids: Sequence[UUID], *, pin: str = "", actor: Actor, at: datetime
) -> list[IssuedCard]:
    """Cards for several judges of an event, each with a fresh PIN (or the one given). Raises what `issue_card` raises."""
    here = {row.id for row in queries.duties(event_id)}
    if not set(duty_ids) <= here:
        raise Missing
    issued = []
    for duty_id in duty_ids:
        own = pin or fresh_pin()
        issued.append(IssuedCard(duty_id, issue_card(duty_id, own, actor=actor, at=at), own))
    return issued


def sign_in_with_card(code: str, pin: str, *, browser: str, hours: int, at: datetime) -> tuple[str, UUID]:
    """A judge enters the hall: (token for the cookie, duty). Raises Refusal code_wrong, code_locked, duty_not_active."""
    token, card = sign_in.sign_in_by_card(code, pin, browser=browser, hours=hours, at=at)
    row = queries.duty(card.subject_id)
    if row.state != DutyState.ACCEPTED or row.person_id != card.person_id:
        sign_in.sign_out(token, actor=Actor(card.person_id), at=at)
        raise Refusal("duty_not_active", field="code")
    return token, row.id


def token_ends(event_id: UUID, at: datetime) -> datetime:
    """When a tablet's token ends: a day after the last day of the competition, at the earliest a day from `at`."""
    last = programme.event(event_id).competition.ends_on
    return max(at, datetime(last.year, last.month, last.day, tzinfo=at.tzinfo)) + timedelta(days=1)


def relieve_judge(duty_id: UUID, *, reason: str, actor: Actor, at: datetime, replaced_by: UUID | None = None) -> None:
    """End a duty with a reason: the role, the card, the invitation and the tablets end with it.

    The judge's seats in panels that have not marked yet are taken away; in a panel that has, `replaced_by` (an accepted duty)
    takes the seat over. Raises Missing, Refusal relieve_reason_missing, seat_frozen, seat_replacement_wrong, Conflict move_not_allowed.
    """
    if not reason.strip():
        raise Refusal("relieve_reason_missing", field="reason")
    with transaction() as writing:
        row = _held(duty_id)
        row.state, row.reason = DUTY.advance(row.state, "relieve"), reason.strip()
        for seat in writing.query(PanelSeat).filter_by(duty_id=duty_id).all():
            if replaced_by is not None:
                _hand_over(seat, row, replaced_by, actor=actor, at=at)
            elif seat.panel.frozen_at is not None:
                raise Refusal("seat_frozen", field="replaced_by", panel=seat.panel.name)
            else:
                _leave_seat(seat)
        if row.grant_id is not None:
            withdraw_role(row.grant_id, reason=reason.strip(), actor=actor, at=at)
            row.grant_id = None
        for kind in ("card", "invitation", "pairing"):
            sign_in.withdraw_codes(kind, duty_id, actor=actor, at=at)
        sign_in.revoke_devices(row.person_id, row.event_id, actor=actor, at=at)
        _note(actor, "judge:relieved", row, at=at)


def _hand_over(seat: PanelSeat, row: JudgeDuty, replaced_by: UUID, *, actor: Actor, at: datetime) -> None:
    with transaction() as writing:
        other = writing.get(JudgeDuty, replaced_by)
        if (
            other is None
            or other.event_id != row.event_id
            or other.state != DutyState.ACCEPTED
            or other.role not in SEATED
            or other.id in {each.duty_id for each in seat.panel.seats}
        ):
            raise Refusal("seat_replacement_wrong", field="replaced_by")
        seat.duty_id = other.id
        _note(actor, "judge:seat_handed_over", row, at=at, seat=seat.id, to=other.id)


def _leave_seat(seat: PanelSeat) -> None:
    with transaction() as writing:
        left = [each for each in seat.panel.seats if each.id != seat.id]
        panel_id = seat.panel_id
        writing.delete(seat)
        writing.flush()
        for number, each in enumerate(sorted(left, key=lambda one: one.number), start=1):
            each.number = number
            writing.flush()
        writing.expire(writing.get_one(Panel, panel_id), ["seats"])


def _held(duty_id: UUID) -> JudgeDuty:
    with transaction() as writing:
        row = writing.get(JudgeDuty, duty_id, with_for_update=True)
        if row is None:
            raise Missing
        return row


def _note(actor: Actor, verb: str, row: JudgeDuty, *, at: datetime, **facts: Any) -> None:
    chain = programme.audit_chain(programme.event(row.event_id).competition_id)
    record(actor, verb, "judge_duty", row.id, at=at, chain=chain, event=row.event_id, role=row.role, **facts)


# --- panels -----------------------------------------------------------------------------------------------------------


def set_up_panel(
    event_id: UUID, name: str, entry_mode: str, duty_ids: Sequence[UUID], sub_criterion_ids: Sequence[UUID], *,
    actor: Actor, at: datetime, key: UUID | None = None,
) -> UUID:  # fmt: skip
    """Make a panel: judges in the order of their seats, and what it marks. Safe to repeat with the same `key`.

    Raises Refusal panel_name_missing, panel_name_taken, panel_mode_unknown, panel_without_judges, seat_not_judge,
    sub_criterion_unknown, sub_criterion_taken, panel_needs_three_judges.
    """
    with transaction() as writing:
        if key is not None and writing.get(Panel, key) is not None:
            return key
        check_panel(event_id, name, entry_mode, duty_ids, sub_criterion_ids)
        row = Panel(id=key or new_id(), event_id=event_id, name=name.strip(), entry_mode=entry_mode, created_at=at)
        writing.add(row)
        writing.flush()
        _seat(row, duty_ids, sub_criterion_ids)
        _note_panel(actor, "panel:set_up", row, at=at, seats=len(duty_ids), sub_criteria=len(sub_criterion_ids))
        return row.id


def change_panel(
    panel_id: UUID, name: str, entry_mode: str, duty_ids: Sequence[UUID], sub_criterion_ids: Sequence[UUID], *,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Change a panel that has not marked yet. Raises Missing, Conflict panel_frozen and what `set_up_panel` raises."""
    with transaction() as writing:
        row = _open_panel(panel_id)
        check_panel(row.event_id, name, entry_mode, duty_ids, sub_criterion_ids, own=panel_id)
        row.name, row.entry_mode = name.strip(), entry_mode
        _clear(row)
        _seat(row, duty_ids, sub_criterion_ids)
        writing.flush()
        _note_panel(actor, "panel:changed", row, at=at, seats=len(duty_ids), sub_criteria=len(sub_criterion_ids))


def dissolve_panel(panel_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take back a panel that has not marked yet. Raises Missing, Conflict panel_frozen."""
    with transaction() as writing:
        row = _open_panel(panel_id)
        _note_panel(actor, "panel:dissolved", row, at=at)
        _clear(row)
        writing.delete(row)
        writing.flush()


def one_panel_marks_everything(
    event_id: UUID, name: str, *, entry_mode: str = "own_tablet", actor: Actor, at: datetime
) -> UUID:
    """One panel of every judge of the event that marks whatever no other panel marks.

    Raises Refusal scheme_missing and what `set_up_panel` raises.
    """
    with transaction():
        wanted = [row.id for row in queries.sub_criteria(event_id)]
        if not wanted:
            raise Refusal("scheme_missing")
        taken = queries.assigned_to(event_id)
        judges = [row.id for row in queries.duties(event_id) if row.role == "judge" and row.state in queries.ACTIVE]
        left = [sub for sub in wanted if sub not in taken]
        return set_up_panel(event_id, name, entry_mode, judges, left, actor=actor, at=at)


def freeze_panel(panel_id: UUID, *, at: datetime, actor: Actor = MACHINE) -> None:
    """The first mark arrived: seats and assignments no longer change. Repeats do nothing. Raises Missing."""
    with transaction() as writing:
        row = writing.get(Panel, panel_id)
        if row is None:
            raise Missing
        if row.frozen_at is None:
            row.frozen_at = at
            _note_panel(actor, "panel:frozen", row, at=at)


def _open_panel(panel_id: UUID) -> Panel:
    with transaction() as writing:
        row = writing.get(Panel, panel_id, with_for_update=True)
        if row is None:
            raise Missing
        if row.frozen_at is not None:
            raise Conflict("panel_frozen", panel=row.name)
        return row


def _clear(row: Panel) -> None:
    with transaction() as writing:
        for part in (*row.seats, *row.assignments):
            writing.delete(part)
        writing.flush()
        writing.expire(row, ["seats", "assignments"])


def _seat(row: Panel, duty_ids: Sequence[UUID], sub_criterion_ids: Sequence[UUID]) -> None:
    with transaction() as writing:
        writing.add_all(
            PanelSeat(panel_id=row.id, duty_id=duty, number=number) for number, duty in enumerate(duty_ids, start=1)
        )
        writing.add_all(
            PanelAssignment(panel_id=row.id, sub_criterion_id=sub) for sub in dict.fromkeys(sub_criterion_ids)
        )
        writing.flush()


def _note_panel(actor: Actor, verb: str, row: Panel, *, at: datetime, **facts: Any) -> None:
    chain = programme.audit_chain(programme.event(row.event_id).competition_id)
    record(actor, verb, "panel", row.id, at=at, chain=chain, event=row.event_id, **facts)
