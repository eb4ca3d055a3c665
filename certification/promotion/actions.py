"""竞赛晋升: proposing, checking, public notice, approval. From approval on the certificate goes its own course."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from accounts.people.actions import QualificationFacts, note_qualification, verify_qualification
from accounts.people.models import Basis, QualificationKind, QualificationState
from certification.certificates.actions.issuing import ApprovedCase, register_approved
from certification.policies.queries import policy_of, policy_version
from certification.promotion import queries
from certification.promotion.assessment import Assessed, assess
from certification.promotion.facts import FINAL_KINDS, ApprovalFacts, NoticeFacts, case_hash, open_checks
from certification.promotion.models import AwardCase, AwardList
from certification.rules.lifecycle import AWARD_CASE, AWARD_LIST, OPEN_LIST, CaseState, ListState
from competitions.published import PublishedResults
from foundation.audit.chain import record
from foundation.clock import china_day, new_id
from foundation.db import transaction
from foundation.notices.working_days import notice_period
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal

_C = CaseState


def propose(
    publication_id: UUID, policy_version_id: UUID, evaluation_organization_id: UUID, *, edge_decision: str = "",
    actor: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """Make the award list of a decided publication: a case for everybody, those who get nothing with the reason why.

    The same publication under the same policy twice makes one list. Raises Refusal publication_not_final,
    policy_not_in_force, Missing.
    """
    results = queries.published_results(publication_id)
    version = policy_version(policy_version_id)
    if results.kind not in FINAL_KINDS or results.superseded_by is not None:
        raise Refusal("publication_not_final", number=results.number)
    with transaction() as writing:
        known = queries.list_of_publication(publication_id, policy_version_id)
        if known is not None:
            return known.id
        if version.in_force_at is None or version.retired_at is not None:
            raise Refusal("policy_not_in_force", field="policy", title=version.title)
        row = AwardList(
            id=new_id(), publication_id=publication_id, publication_hash=results.hash, competition_id=results.competition.id,
            competition_name=results.competition.name_zh, event_name=results.event.name_zh,
            division_name=results.event.division_name, region_code=results.competition.region_code,
            policy_version_id=policy_version_id, evaluation_organization_id=evaluation_organization_id,
            state=AWARD_LIST.start, edge_decision=edge_decision, confirmed={}, notice={}, created_by=actor.person, created_at=at,
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        event = results.event
        for position, assessed in enumerate(_assessed(row, results, at), start=1):
            case = AwardCase(
                id=new_id(), award_list_id=row.id, entry_id=assessed.result.entry_id, person_id=assessed.member.person_id,
                position=position, rank=assessed.result.rank, previous_hash=results.hash,
                state=AWARD_CASE.start if assessed.decision.awarded else _C.NOT_AWARDED,
                occupation_code=event.occupation_code, occupation_name=event.occupation_name,
                occupation_edition=event.occupation_edition, direction=event.direction,
            )  # fmt: skip
            _decide(case, assessed, at)
            writing.add(case)
        writing.flush()
        _record(row, "award_list:proposed", actor, at, publication=publication_id, policy=version.content_hash)
        return row.id


def assess_again(award_list_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Decide again every case that is not checked yet, after something was verified, confirmed or filed."""
    with transaction() as writing:
        row = _locked(award_list_id)
        if row.state not in (ListState.PROPOSED, ListState.CHECKED):
            raise Conflict("list_past_checking", state=f"@award_list_state:{row.state}")
        _reassess(row, at)
        writing.flush()
        _record(row, "award_list:reassessed", actor, at)


def verify_held(
    award_list_id: UUID, case_id: UUID, qualification_id: UUID, *, note: str, actor: Actor, at: datetime
) -> None:
    """Note that a declared grade of the case's person was looked up, and decide again. Raises Missing, Refusal note_missing."""
    if not note.strip():
        raise Refusal("note_missing", field="note")
    with transaction():
        row = _locked(award_list_id)
        case = _case(row, case_id)
        held = queries.people_rows([case.person_id])[case.person_id].held
        if qualification_id not in {one.id for one in held}:
            raise Missing
        verify_qualification(qualification_id, note=note, actor=actor, at=at)
        _reassess(row, at)
        _record(row, "award_case:held_verified", actor, at, case=case_id)


def confirm_standard(award_list_id: UUID, grade: str, *, note: str, actor: Actor, at: datetime) -> None:
    """Note that a person looked up that the occupation's standard offers `grade`, where the catalogue does not know it.

    The person, the day and the note stay with the list. Raises Refusal note_missing.
    """
    if not note.strip():
        raise Refusal("note_missing", field="note")
    with transaction():
        row = _locked(award_list_id)
        row.confirmed = {
            **row.confirmed,
            grade: {"by": str(actor.person or ""), "at": at.isoformat(), "note": note.strip()},
        }
        _reassess(row, at)
        _record(row, "award_list:standard_confirmed", actor, at, grade=grade)


def check_list(award_list_id: UUID, *, actor: Actor, at: datetime) -> int:
    """Pass every proposed case to the notice, once nothing of any waits for a person. Answers how many passed.

    Raises Refusal cases_waiting with how many, list_empty; Conflict move_not_allowed.
    """
    with transaction():
        row = _locked(award_list_id)
        _reassess(row, at)
        proposed = [case for case in row.cases if case.state == _C.PROPOSED]
        waiting = [case for case in proposed if open_checks(case.decision)]
        if waiting:
            raise Refusal("cases_waiting", count=len(waiting), first=waiting[0].rank or 0)
        if row.state == ListState.PROPOSED and not proposed and not _in_state(row, _C.CHECKED):
            raise Refusal("list_empty")
        for case in proposed:
            _move(case, "check")
        _move(row, "check")
        _record(row, "award_list:checked", actor, at, cases=len(proposed))
        return len(proposed)


def post_notice(award_list_id: UUID, facts: NoticeFacts, *, actor: Actor, at: datetime) -> date:
    """Put the checked cases on public notice for working days, the day of posting not counted. Answers the last day.

    Sent again it answers what stands. Raises Conflict move_not_allowed, Refusal notice_days_few.
    """
    with transaction():
        row = _locked(award_list_id)
        least = policy_of(row.policy).notice_days
        if facts.days < least:
            raise Refusal("notice_days_few", field="days", least=least)
        if row.state == ListState.ON_NOTICE:
            return date.fromisoformat(row.notice["last"])
        period = notice_period(china_day(at), facts.days)
        _move(row, "post")
        for case in _in_state(row, _C.CHECKED):
            _move(case, "post")
        row.notice = {
            "posted": china_day(at).isoformat(), "days": facts.days, "first": period.first.isoformat(),
            "last": period.last.isoformat(), "assumed": period.assumed, "contact_name": facts.contact_name,
            "contact_phone": facts.contact_phone, "contact_address": facts.contact_address,
            "supervision_phone": facts.supervision_phone,
        }  # fmt: skip
        _record(row, "award_list:posted", actor, at, last=period.last.isoformat(), days=facts.days)
        return period.last


def approve(award_list_id: UUID, facts: ApprovalFacts, *, actor: Actor, at: datetime) -> int:
    """Approve every case on notice, after deciding each again: one that changed meanwhile is held with the reason.

    Approved cases are handed to the certificates; a title becomes a nomination that waits for its decision document. Sent again
    with the same number it answers 0. Raises Refusal approval_number_missing, award_notice_running, self_approval, approval_date_wrong,
    scan_missing; Conflict already_approved, move_not_allowed.
    """
    if not facts.number.strip():
        raise Refusal("approval_number_missing", field="number")
    if facts.outside and facts.scan_id is None:
        raise Refusal("scan_missing", field="scan")
    with transaction() as writing:
        row = _locked(award_list_id)
        waiting = _in_state(row, _C.ON_NOTICE)
        if row.state == ListState.APPROVED and (row.approval_number != facts.number.strip() or not waiting):
            if row.approval_number == facts.number.strip():
                return 0
            raise Conflict("already_approved", number=row.approval_number, at=row.approved_at)
        if row.state == ListState.ON_NOTICE:
            _may_approve(row, facts, actor, at)
            _move(row, "approve")
            row.approval_number, row.approval_date = facts.number.strip(), facts.on
            row.approval_outside, row.approval_scan_id = facts.outside, facts.scan_id
            row.approved_by, row.approved_at = actor.person, at
        elif row.state != ListState.APPROVED:
            AWARD_LIST.advance(row.state, "approve")
        decided = {(a.result.entry_id, a.member.person_id): a for a in _assessed(row, _results(row), at)}
        approved = [case for case in waiting if _approve_case(row, case, decided, actor, at)]
        writing.flush()
        _record(
            row, "award_list:approved", actor, at, number=row.approval_number, on=facts.on.isoformat(),
            outside=int(facts.outside), approved=len(approved), held=len(waiting) - len(approved),
        )  # fmt: skip
        return len(approved)


def _may_approve(row: AwardList, facts: ApprovalFacts, actor: Actor, at: datetime) -> None:
    last, today = date.fromisoformat(row.notice["last"]), china_day(at)
    if today <= last:
        raise Refusal("award_notice_running", last=last)
    if not last <= facts.on <= today:
        raise Refusal("approval_date_wrong", field="on", last=last, today=today)
    if actor.person is not None and actor.person == row.created_by:
        raise Refusal("self_approval")


def _approve_case(
    row: AwardList, case: AwardCase, decided: dict[tuple[UUID, UUID], Assessed], actor: Actor, at: datetime
) -> bool:
    now = decided.get((case.entry_id, case.person_id))
    if now is None or now.decision.open or (now.decision.grade, now.decision.title) != (case.grade, case.title):
        _hold(case, "changed_since_check")
        return False
    _decide(case, now, at)
    _move(case, "approve")
    if case.title:
        note_qualification(
            case.person_id,
            QualificationFacts(
                kind=QualificationKind.TITLE, name=case.title, state=QualificationState.PENDING, issuer=row.policy.issuer,
                occupation_code=case.occupation_code, occupation_name=case.occupation_name,
                occupation_edition=case.occupation_edition, basis=Basis.REGISTER, source_kind=queries.SOURCE, source_id=case.id,
            ),
            actor=actor,
            at=at,
        )  # fmt: skip
    if case.grade:
        register_approved(
            ApprovedCase(
                case_id=case.id, case_hash=case.hash, evaluation_organization_id=row.evaluation_organization_id,
                person_id=case.person_id, grade=case.grade, occupation_code=case.occupation_code,
                occupation_name=case.occupation_name, occupation_edition=case.occupation_edition, direction=case.direction,
                approved_on=row.approval_date or china_day(at),
            ),
            actor=actor,
            at=at,
        )  # fmt: skip
    return True


def hold_case(award_list_id: UUID, case_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Hold one case up, as for an objection; the others go on. Raises Refusal reason_missing, Conflict move_not_allowed."""
    _side_step(award_list_id, case_id, "hold", reason, actor, at)


def refuse_case(award_list_id: UUID, case_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Refuse one case with a reason; its clause stays as it was decided."""
    _side_step(award_list_id, case_id, "refuse", reason, actor, at)


def revoke_case(award_list_id: UUID, case_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take an approved case back with a reason; its certificate is ended in its own room."""
    _side_step(award_list_id, case_id, "revoke", reason, actor, at)


def release_case(award_list_id: UUID, case_id: UUID, *, reason: str, actor: Actor, at: datetime) -> None:
    """Let a held case go on: back on notice when it had been shown there, else to be checked anew."""
    with transaction():
        row = _locked(award_list_id)
        shown = _case(row, case_id).held_from == _C.ON_NOTICE
        _side_step(award_list_id, case_id, "resume" if shown else "release", reason, actor, at)


def _side_step(award_list_id: UUID, case_id: UUID, move: str, reason: str, actor: Actor, at: datetime) -> None:
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction():
        row = _locked(award_list_id)
        case = _case(row, case_id)
        if move == "hold":
            _hold(case, reason.strip())
        else:
            _move(case, move)
            case.hold_reason = reason.strip()
            if move == "release" and row.state == ListState.CHECKED:
                _move(row, "reassess")
        _record(row, f"award_case:{move}", actor, at, case=case_id, state=case.state)


def supersede(publication_id: UUID, superseded_by: UUID, *, actor: Actor, at: datetime) -> None:
    """A later publication replaced this one: open lists and their cases end, approved cases are flagged for review."""
    with transaction():
        for listed in queries.lists_of_publication(publication_id):
            row = _locked(listed.id)
            if row.superseded_by is not None:
                continue
            row.superseded_by = superseded_by
            for case in row.cases:
                if case.state == _C.APPROVED:
                    case.review_needed = True
                elif (case.state, "supersede") in AWARD_CASE.moves:
                    _move(case, "supersede")
            if row.state in OPEN_LIST:
                _move(row, "supersede")
            _record(row, "award_list:superseded", actor, at, by=superseded_by)


def note_export(award_list_id: UUID, form: str, *, actor: Actor, at: datetime) -> None:
    """Note that the roster was handed out, as what, to whom. Raises Missing."""
    with transaction():
        _record(_locked(award_list_id), "award_list:exported", actor, at, form=form)


# --- parts ------------------------------------------------------------------------------------------------------------


def _locked(award_list_id: UUID) -> AwardList:
    with transaction() as writing:
        if writing.get(AwardList, award_list_id, with_for_update=True) is None:
            raise Missing
        return queries.award_list(award_list_id)


def _case(row: AwardList, case_id: UUID) -> AwardCase:
    found = next((case for case in row.cases if case.id == case_id), None)
    if found is None:
        raise Missing
    return found


def _in_state(row: AwardList, state: CaseState) -> list[AwardCase]:
    return [case for case in row.cases if case.state == state]


def _results(row: AwardList) -> PublishedResults:
    return queries.published_results(row.publication_id)


def _assessed(row: AwardList, results: PublishedResults, at: datetime) -> Iterator[Assessed]:
    version = policy_version(row.policy_version_id)
    return assess(
        results, policy_of(version), version.content_hash, issuer=row.evaluation_organization_id, at=at,
        confirmed=frozenset(row.confirmed or {}), edge_decision=row.edge_decision, besides=row.id,
    )  # fmt: skip


def _reassess(row: AwardList, at: datetime) -> None:
    """Decide again what is not past checking; a case may come to stand or fall by it."""
    if row.state not in (ListState.PROPOSED, ListState.CHECKED):
        return
    decided = {(a.result.entry_id, a.member.person_id): a for a in _assessed(row, _results(row), at)}
    for case in row.cases:
        now = decided.get((case.entry_id, case.person_id))
        if now is None or case.state not in (_C.PROPOSED, _C.NOT_AWARDED, _C.CHECKED):
            continue
        before: Any = (case.grade, case.title)
        _decide(case, now, at)
        if case.state == _C.CHECKED and (before != (case.grade, case.title) or now.decision.open):
            _move(case, "reassess")
        if now.decision.awarded and case.state == _C.NOT_AWARDED:
            _move(case, "take_up")
        elif not now.decision.awarded and case.state == _C.PROPOSED:
            _move(case, "drop")
    if row.state == ListState.CHECKED and _in_state(row, _C.PROPOSED):
        _move(row, "reassess")


def _decide(case: AwardCase, assessed: Assessed, at: datetime) -> None:
    decision = assessed.decision
    case.clause, case.grade, case.title = decision.clause or decision.title_clause, decision.grade, decision.title
    case.decision, case.decided_at = assessed.stored, at
    case.hash = case_hash(case.previous_hash, case.id, case.entry_id, case.person_id, assessed.stored)


def _hold(case: AwardCase, reason: str) -> None:
    before = case.state
    _move(case, "hold")
    case.held_from, case.hold_reason = before, reason


def _move(noun: AwardList | AwardCase, move: str) -> None:
    course = AWARD_LIST if isinstance(noun, AwardList) else AWARD_CASE
    noun.state = course.advance(noun.state, move)


def _record(row: AwardList, verb: str, actor: Actor, at: datetime, **facts: Any) -> None:
    record(actor, verb, "award_list", row.id, at=at, chain=queries.audit_chain(row.competition_id), **facts)
