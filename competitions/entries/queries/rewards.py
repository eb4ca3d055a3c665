"""Who takes part without reward, and whose coaches are honoured."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from competitions.entries.models.delegations import DelegationOfficer, OfficerRole
from competitions.entries.models.entries import EligibilityVerdict, Entry
from foundation.db import session

WITHOUT_REWARD = ("eligibility:without_reward", "eligibility:title_without_reward")


def without_reward(entry_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these entries that take part without reward: an eligibility rule said so when they were accepted."""
    wanted = select(EligibilityVerdict.entry_id).where(
        EligibilityVerdict.entry_id.in_(entry_ids), EligibilityVerdict.code.in_(WITHOUT_REWARD)
    )
    return set(session().scalars(wanted))


def coaches_of(entry_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """entry → the coaches its delegation has now, by the day they were appointed."""
    if not entry_ids:
        return {}
    wanted = (
        select(Entry.id, DelegationOfficer.person_id)
        .join(DelegationOfficer, DelegationOfficer.delegation_id == Entry.delegation_id)
        .where(
            Entry.id.in_(entry_ids),
            DelegationOfficer.role == OfficerRole.COACH.value,
            DelegationOfficer.left_at.is_(None),
        )
        .order_by(DelegationOfficer.appointed_at, DelegationOfficer.id)
    )
    found: dict[UUID, list[UUID]] = {}
    for entry, person in session().execute(wanted):
        found.setdefault(entry, []).append(person)
    return found
