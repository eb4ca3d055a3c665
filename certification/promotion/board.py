"""What award lists have to say on the competition's board and on a person's home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from certification.policies.queries import policy_of
from certification.promotion import queries
from certification.promotion.permissions import PromotionPermission
from certification.rules.lifecycle import ListState
from foundation.permission import Actor, Scope, ScopeKind, can, scopes_of
from foundation.web.cards import Card, CardKind

_TURN = {
    ListState.PROPOSED: PromotionPermission.CHECK,
    ListState.CHECKED: PromotionPermission.POST,
    ListState.ON_NOTICE: PromotionPermission.APPROVE,
}


def award_cards(actor: Actor, scope: Scope, at: datetime) -> Sequence[Card]:  # noqa: ARG001
    """Pending lists of a competition; on a person's own scope, their cases with clause and state."""
    if scope.kind == ScopeKind.COMPETITION:
        return _of_competition(actor, UUID(scope.key))
    if scope.kind == ScopeKind.SELF and scope.key == str(actor.person):
        return _of_person(UUID(scope.key))
    return ()


def _of_competition(actor: Actor, competition_id: UUID) -> list[Card]:
    scopes = scopes_of("competition_id", competition_id) or ()
    if not can(actor, PromotionPermission.VIEW, scopes):
        return []
    made = []
    for row in queries.pending_lists(competition_id):
        facts: dict[str, Any] = {"event": row.event_name, "division": row.division_name}
        if row.notice:
            facts["last"] = date.fromisoformat(row.notice["last"])
        made.append(
            Card(
                CardKind.NEXT_STEP, f"award_card:{row.state}", facts, link=f"/award-lists/{row.id}",
                link_code="award_card:open", order=60, mine=can(actor, _TURN[ListState(row.state)], scopes),
            )
        )  # fmt: skip
    return made


def _of_person(person_id: UUID) -> list[Card]:
    made = []
    for case in queries.cases_of_person(person_id):
        listed = case.award_list
        facts = {
            "event": f"{listed.competition_name} · {listed.event_name}", "policy": policy_of(listed.policy).document,
            "grade": f"@award_grade:{case.grade}" if case.grade else case.title, "article": case.decision["article"],
            "state": f"@award_case_state:{case.state}",
        }  # fmt: skip
        code = "award_card:mine" if case.grade else "award_card:mine_title"
        made.append(Card(CardKind.FLAG, code, facts, link=f"/me/award-cases/{case.id}", order=60))
    return made
