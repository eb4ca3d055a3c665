"""Delegations: opening them, appointing leaders and coaches, entering for them, handing in once, the sealed summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from accounts.access import queries as access
from accounts.access.actions import grant_role, withdraw_role
from accounts.access.roles import Role
from accounts.organizations.queries import organization
from accounts.people import queries as people
from accounts.people.actions import PersonFacts, note_person
from accounts.sign_in import actions as sign_in
from accounts.sign_in import queries as accounts
from accounts.sign_in.access_codes import fresh_code
from accounts.sign_in.passwords import fresh_password
from competitions.entries import noting, places
from competitions.entries.actions import waiting
from competitions.entries.actions.entering import enter, issue_claim_code
from competitions.entries.actions.fields import check_answered, check_delegation_answered
from competitions.entries.member_facts import MemberFacts, checked_name
from competitions.entries.models.delegations import DelegationOfficer, DelegationSummary, OfficerRole
from competitions.entries.models.entries import Delegation, Entry, RegistrationDeadline
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import deadlines
from competitions.entries.queries import delegations as queries
from competitions.entries.queries import entries as entry_queries
from competitions.programme import queries as programme
from competitions.programme.models import Competition
from competitions.rules.lifecycle import EntryState
from foundation.audit.chain import record
from foundation.clock import china_day, new_id
from foundation.db import transaction
from foundation.files.actions import keep_file
from foundation.permission import Actor, Scope, ScopeKind, can, visible
from foundation.refusal import Conflict, Missing, Refusal


def open_delegation(competition_id: UUID, name: str, *, actor: Actor, at: datetime) -> UUID:
    """The delegation of a body in a competition, made (with the body) when there is none. Raises Missing, Refusal delegation_name_missing."""
    if not name.strip():
        raise Refusal("delegation_name_missing", field="name")
    with transaction() as writing:
        if writing.get(Competition, competition_id) is None:
            raise Missing
        made = noting.delegation_of(writing, competition_id, name, actor=actor, at=at)
        if made is None:
            raise Refusal("delegation_name_missing", field="name")
        _noted(actor, "delegation:opened", writing.get_one(Delegation, made), at)
        return made


def set_deadline(
    competition_id: UUID, closes_at: datetime | None, *, role: str = "", actor: Actor, at: datetime
) -> None:
    """Fix until when everybody, or one role (`rules/deadlines.ROLES`), enters; None lifts it. Repeating it does nothing.

    Raises Missing, Refusal deadline_after_start when the moment lies behind the first day, competition_over.
    """
    with transaction() as writing:
        row = writing.get(Competition, competition_id, with_for_update=True)
        if row is None:
            raise Missing
        if row.state in noting.OVER:
            raise Refusal("competition_over")
        if closes_at is not None and china_day(closes_at) > row.starts_on:
            raise Refusal("deadline_after_start", field="closes_at", day=row.starts_on)
        own = writing.query(RegistrationDeadline).filter_by(competition_id=competition_id, role=role).first()
        before = row.registration_closes_at if not role else own.closes_at if own else None
        if before == closes_at:
            return
        if not role:
            row.registration_closes_at = closes_at
        elif own is not None and closes_at is None:
            writing.delete(own)
        elif own is not None and closes_at is not None:
            own.closes_at = closes_at
        elif closes_at is not None:
            writing.add(RegistrationDeadline(competition_id=competition_id, role=role, closes_at=closes_at))
        chain = programme.audit_chain(competition_id)
        record(
            actor, "registration:deadline_set", "competition", competition_id, at=at, chain=chain, role=role,
            until=closes_at or "",
        )  # fmt: skip


def set_deadlines(competition_id: UUID, moments: Mapping[str, datetime | None], *, actor: Actor, at: datetime) -> None:
    """Fix several at once, all or none: role → moment; the empty role is everybody. Raises what `set_deadline` raises."""
    with transaction():
        for role, moment in moments.items():
            set_deadline(competition_id, moment, role=role, actor=actor, at=at)


def appoint_officer(
    delegation_id: UUID, role: str, name: str, *, user_name: str = "", actor: Actor, at: datetime
) -> tuple[UUID, str]:
    """Make somebody leader or coach of a delegation: (officer, first password of a new account or an empty text).

    A leader signs in: an account of that user name is used when its owner has this name, otherwise one is opened whose password
    must be changed at the first sign-in. Raises Missing, Refusal officer_role_unknown, login_missing, login_taken, and those of names.
    """
    if role not in list(OfficerRole):
        raise Refusal("officer_role_unknown", field="role")
    plain = checked_name(name)
    if role == OfficerRole.LEADER and not user_name.strip():
        raise Refusal("login_missing", field="user_name")
    account = accounts.account_by_login(user_name) if user_name.strip() else None
    password = ""  # nosec B105
    with transaction() as writing:
        row = writing.get(Delegation, delegation_id)
        if row is None:
            raise Missing
        if account is not None and people.person(account.person_id).name_zh != plain:
            raise Refusal("login_taken", field="user_name")
        person = account.person_id if account else note_person(PersonFacts(name_zh=plain), actor=actor, at=at)
        if role == OfficerRole.LEADER and account is None:
            password = fresh_password()
            sign_in.open_account(person, password, user_name=user_name, must_change=True, actor=actor, at=at)
        officer = DelegationOfficer(
            id=new_id(), delegation_id=delegation_id, person_id=person, role=role, appointed_by=actor.person, appointed_at=at
        )  # fmt: skip
        writing.add(officer)
        writing.flush()
        if role == OfficerRole.LEADER:
            grant_role(person, Role.DELEGATION_LEADER, _scope(delegation_id), actor=actor, at=at)
        _noted(actor, "delegation:officer_appointed", row, at, role=role, officer=officer.id)
        return officer.id, password


def dismiss_officer(delegation_id: UUID, officer_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """End somebody's office with a reason that stays; a leader's access ends with it. Raises Missing, Refusal reason_missing."""
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction():
        officer = queries.officer(delegation_id, officer_id)
        officer.left_at, officer.reason = at, reason.strip()
        if officer.role == OfficerRole.LEADER:
            for grant in access.holders(_scope(delegation_id), at, Role.DELEGATION_LEADER):
                if grant.person_id == officer.person_id:
                    withdraw_role(grant.id, reason=reason.strip(), actor=actor, at=at)
        _noted(actor, "delegation:officer_dismissed", queries.delegation(delegation_id), at, officer=officer_id)


def hand_over(
    delegation_id: UUID, officer_id: UUID, name: str, user_name: str, *, reason: str, actor: Actor, at: datetime
) -> str:
    """Put another leader in place of one, in one step; answers the new one's first password. Raises what both steps raise."""
    with transaction():
        dismiss_officer(delegation_id, officer_id, reason=reason, actor=actor, at=at)
        return appoint_officer(delegation_id, OfficerRole.LEADER, name, user_name=user_name, actor=actor, at=at)[1]


def reset_officer(delegation_id: UUID, officer_id: UUID, *, actor: Actor, at: datetime) -> str:
    """A fresh first password for a leader whose account was opened for this office; sessions end. Raises Missing.

    Whoever holds any other role keeps the account out of the organizer's hands: Refusal account_beyond_office.
    """
    officer = queries.officer(delegation_id, officer_id)
    if any(grant.scope_key != str(delegation_id) for grant in access.grants_of(officer.person_id, at)):
        raise Refusal("account_beyond_office")
    with transaction():
        password = sign_in.reset_password(officer.person_id, actor=actor, at=at)
        _noted(actor, "delegation:officer_reset", queries.delegation(delegation_id), at, officer=officer_id)
        return password


def enter_for(
    delegation_id: UUID, event_id: UUID, division_id: UUID, members: Sequence[MemberFacts], *, quota_reason: str = "",
    actor: Actor, at: datetime, key: UUID | None = None,
) -> UUID:  # fmt: skip
    """A leader enters a person or team while registration is open; it stays a draft until the delegation is handed in.

    Raises Missing for an event of another competition, Refusal registration_not_open, and those of `enter`.
    """
    with transaction():
        row = queries.delegation(delegation_id)
        event = programme.event(event_id)
        if event.competition_id != row.competition_id:
            raise Missing
        check_open(row, at, actor)
        return enter(
            event_id, division_id, members, delegation=row.name, origin="delegation", state=EntryState.DRAFT,
            quota_reason=quota_reason, actor=actor, at=at, key=key,
        )  # fmt: skip


def open_own_delegation(competition_id: UUID, organization_id: UUID, *, actor: Actor, at: datetime) -> UUID:
    """A unit's operator opens the delegation of the own body, where units come themselves. Repeating it answers the same.

    Raises Missing for a body or competition that may not, Refusal registration_not_open after the units' deadline.
    """
    reach = visible(actor, EntryPermission.OWN_DELEGATIONS)
    row = programme.public_competition(competition_id)
    body = organization(organization_id)
    if (
        body is None
        or organization_id not in reach.units
        or not programme.rule_set_in_force(competition_id)[1].units_open
    ):
        raise Missing
    if not deadlines.is_open(row, "unit", at):
        raise Refusal("registration_not_open")
    return open_delegation(competition_id, body.name, actor=actor, at=at)


def check_open(row: Delegation, at: datetime, actor: Actor | None = None) -> None:
    """Raises Refusal registration_not_open unless this delegation's leader, or its unit's operator, may enter and change people now."""
    leads = actor is None or can(actor, EntryPermission.LEAD, [_scope(row.id)])
    unit = actor is not None and can(actor, EntryPermission.LEAD, entry_queries.unit_scopes([row.organization_id]))
    role = "unit" if unit and not leads else "leader"
    if not deadlines.is_open(programme.competition(row.competition_id), role, at):
        raise Refusal("registration_not_open")


def submit_delegation(delegation_id: UUID, *, actor: Actor, at: datetime) -> int:
    """Hand in every entry of a delegation that is not yet submitted, in one step; says how many. For whom there is no place,
    waits in the list where the rules say so; the order is that of the entries' numbers.

    Raises Missing, Refusal registration_not_open, nothing_to_submit, fields_unanswered and those of `places.has_place`.
    """
    with transaction() as writing:
        row = writing.get(Delegation, delegation_id, with_for_update=True)
        if row is None:
            raise Missing
        check_open(row, at, actor)
        open_ones = (EntryState.DRAFT.value, EntryState.RETURNED.value)
        writing.get(Competition, row.competition_id, with_for_update=True)  # places are given one after the other
        mine = writing.query(Entry).filter(Entry.delegation_id == delegation_id, Entry.state.in_(open_ones))
        found = mine.order_by(Entry.number).all()
        if not found:
            raise Refusal("nothing_to_submit")
        check_delegation_answered(row)
        for entry, place in places.in_turn(row.competition_id, found):
            check_answered(entry)
            waiting.hand_in(entry, place, at, by_body=True)
            noting.judge_anew(writing, entry.id, at)
        row.submitted_at, row.submitted_by = at, actor.person
        _noted(actor, "delegation:submitted", row, at, entries=len(found))
        return len(found)


def print_summary(delegation_id: UUID, *, actor: Actor, at: datetime) -> DelegationSummary:
    """Note a printing of the summary with a code of its own; the same content gets the code it had.

    Raises Missing, Refusal nobody_entered, and submit_first while an entry has not been handed in.
    """
    with transaction() as writing:
        row = writing.get(Delegation, delegation_id, with_for_update=True)
        if row is None:
            raise Missing
        lines = queries.grid(delegation_id)
        if not lines:
            raise Refusal("nobody_entered")
        if any(line.entry.state in (EntryState.DRAFT, EntryState.RETURNED) for line in lines):
            raise Refusal("submit_first")
        said = queries.content_hash(lines)
        known = [one for one in queries.summaries(delegation_id) if one.content_hash == said]
        if known:
            return known[0]
        made = DelegationSummary(
            id=new_id(), delegation_id=delegation_id, code=f"HZ-{fresh_code(8)}", content_hash=said,
            entries=len({line.entry.id for line in lines}), printed_by=actor.person, printed_at=at,
        )  # fmt: skip
        writing.add(made)
        writing.flush()
        _noted(actor, "delegation:summary_printed", row, at, code=made.code)
        return made


def file_summary(
    delegation_id: UUID, code: str, data: bytes, *, media_type: str, actor: Actor, at: datetime
) -> None:  # fmt: skip
    """File the sealed scan of a printed summary by the code on it. A scan is filed once.

    Raises Missing, Refusal summary_code_wrong, Conflict summary_void when the entries changed after printing, summary_filed.
    """
    wanted = code.strip().upper()
    found = [one for one in queries.summaries(delegation_id) if one.code == wanted]
    if not found:
        raise Refusal("summary_code_wrong", field="code")
    scan = keep_file(data, media_type=media_type, name="summary", actor=actor, at=at)
    with transaction() as writing:
        row = writing.get_one(DelegationSummary, found[0].id, with_for_update=True)
        if row.scan_id is not None:
            raise Conflict("summary_filed", code=wanted)
        if queries.content_hash(queries.grid(delegation_id)) != row.content_hash:
            raise Conflict("summary_void", code=wanted)
        row.scan_id, row.filed_by, row.filed_at = scan, actor.person, at
        _noted(actor, "delegation:summary_filed", queries.delegation(delegation_id), at, code=wanted)


def issue_codes(member_ids: Sequence[UUID], *, actor: Actor, at: datetime) -> dict[UUID, str]:
    """Fresh claim codes for members who have not claimed, all in one step: member → code. Raises what `issue_claim_code` raises."""
    with transaction():
        return {key: issue_claim_code(key, actor=actor, at=at) for key in member_ids}


def _scope(delegation_id: UUID) -> Scope:
    return Scope(ScopeKind.DELEGATION, str(delegation_id))


def _noted(actor: Actor, verb: str, row: Delegation, at: datetime, **facts: object) -> None:
    record(actor, verb, "delegation", row.id, at=at, chain=programme.audit_chain(row.competition_id), **facts)
