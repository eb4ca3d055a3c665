"""What is next for a person in each of their entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from competitions.entries.models.entries import Entry, EntryMember
from competitions.entries.queries import check_in, deadlines
from competitions.entries.queries import entries as queries
from competitions.rules.candidate_steps import NextStep, Situation, next_step
from competitions.rules.eligibility import Answer
from competitions.rules.lifecycle import CompetitionState, EntryState
from foundation.clock import china_day


def next_steps(mine: Sequence[tuple[Entry, EntryMember]], *, at: datetime) -> dict[UUID, NextStep]:
    """Entry → next step of this person, with one query for all of them beyond what the entries brought."""
    doubted = check_in.doubted([entry.id for entry, _member in mine])
    return {entry.id: next_step(_situation(entry, member, entry.id in doubted, at)) for entry, member in mine}


def _situation(entry: Entry, member: EntryMember, doubted: bool, at: datetime) -> Situation:
    competition = entry.event.competition
    # Only a draft asks until when; the others cost no query.
    draft = entry.state == EntryState.DRAFT
    closes = deadlines.closes_for(competition, "candidate") if draft else None
    owed = any(
        one.rule == "minor_consent" and one.verdict != Answer.PASS and one.member_id == member.id
        for one in entry.verdicts
    )
    return Situation(
        entry.state, competition.state, entry.attendance, len(queries.certificate_gaps(member)), owed,
        competition.state == CompetitionState.REGISTRATION_OPEN and (closes is None or at < closes),
        bool(entry.pass_number), china_day(at) >= competition.starts_on, doubted, entry.attendance_fixed_at is not None,
    )  # fmt: skip
