"""What excludes what: duties of one person, judges and sub-criteria of one panel. Reads and refuses; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from competitions.judges import queries
from competitions.judges.permissions import CUSTODIANS, MARKERS, OUTSIDE, SEATED
from competitions.programme import queries as programme
from foundation.refusal import Conflict, Refusal

ENTRY_MODES = ("own_tablet", "panel_tablet")


def check_duty(event_id: UUID, person_id: UUID, role: str, *, own: UUID | None = None) -> None:
    """Which duties exclude each other: competition-rules 5.2 (custodian ≠ marker) and 6.1 (supervision is not judging).

    Raises Refusal duty_outside_judges, duty_custodian, duty_organizer, duty_candidate; Conflict chief_judge_taken, duty_there.
    """
    others = [row for row in queries.duties(event_id) if row.id != own]
    if role == "chief_judge" and any(row.role == role and row.state in queries.ACTIVE for row in others):
        raise Conflict("chief_judge_taken")
    for row in others:
        if row.person_id != person_id:
            continue
        if row.role == role:
            raise Conflict("duty_there")
        if row.state not in queries.ACTIVE:
            continue
        pair = {role, row.role}
        if pair & OUTSIDE and pair - OUTSIDE:
            raise Refusal("duty_outside_judges", field="role", other=f"@role:{row.role}")
        if pair & CUSTODIANS and pair & MARKERS:
            raise Refusal("duty_custodian", field="role", other=f"@role:{row.role}")
    if role not in OUTSIDE and queries.is_entered(person_id, event_id):
        raise Refusal("duty_candidate", field="role")
    if role in MARKERS and queries.keeps_identities(person_id, programme.event_scopes(event_id) or ()):
        raise Refusal("duty_organizer", field="role")


def check_panel(
    event_id: UUID,
    name: str,
    entry_mode: str,
    duty_ids: Sequence[UUID],
    sub_criterion_ids: Sequence[UUID],
    *,
    own: UUID | None = None,
) -> None:
    """May a panel look like this? A judgement takes three seats (competition-rules 6.1); one panel marks each sub-criterion.

    Raises the refusals that `actions.set_up_panel` lists.
    """
    if not name.strip():
        raise Refusal("panel_name_missing", field="name")
    if entry_mode not in ENTRY_MODES:
        raise Refusal("panel_mode_unknown", field="entry_mode")
    others = {row.id: row for row in queries.panels(event_id) if row.id != own}
    if name.strip() in {row.name for row in others.values()}:
        raise Refusal("panel_name_taken", field="name", name=name.strip())
    if not duty_ids:
        raise Refusal("panel_without_judges", field="duties")
    able = {row.id for row in queries.duties(event_id) if row.role in SEATED and row.state in queries.ACTIVE}
    if not set(duty_ids) <= able or len(set(duty_ids)) != len(duty_ids):
        raise Refusal("seat_not_judge", field="duties")
    known = {row.id: row for row in queries.sub_criteria(event_id)}
    if not set(sub_criterion_ids) <= set(known):
        raise Refusal("sub_criterion_unknown", field="sub_criteria")
    taken = queries.assigned_to(event_id)
    for sub in sub_criterion_ids:
        if taken.get(sub) in others:
            raise Refusal(
                "sub_criterion_taken",
                field="sub_criteria",
                sub_criterion=known[sub].code,
                panel=others[taken[sub]].name,
            )
    judgement = queries.judgement_among(sub_criterion_ids) if len(duty_ids) < 3 else None
    if judgement is not None:
        raise Refusal("panel_needs_three_judges", field="duties", aspect=judgement, judges=len(duty_ids))
