"""Who takes part without reward."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from competitions.entries.models.entries import EligibilityVerdict
from foundation.db import session

WITHOUT_REWARD = ("eligibility:without_reward", "eligibility:title_without_reward")


def without_reward(entry_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these entries that take part without reward: an eligibility rule said so when they were accepted."""
    wanted = select(EligibilityVerdict.entry_id).where(
        EligibilityVerdict.entry_id.in_(entry_ids), EligibilityVerdict.code.in_(WITHOUT_REWARD)
    )
    return set(session().scalars(wanted))
