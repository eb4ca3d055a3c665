"""Whether there is a place for somebody: asked at entering, importing, submitting and accepting, always under the competition's lock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from accounts.organizations.queries import known_as
from competitions.entries.member_facts import MemberFacts
from competitions.entries.models.entries import Entry
from competitions.entries.queries import quotas as queries
from competitions.programme.models import Event
from competitions.rules.lifecycle import EntryState
from competitions.rules.quotas import Newcomer, Standing, added, first_full, judge, may_exceed
from foundation.refusal import Refusal

_CODES = {"delegation": "quota_delegation_full", "unit": "quota_unit_full", "competition": "division_full"}


def newcomer(event: Event, division_id: UUID, delegation_id: UUID | None, facts: Sequence[MemberFacts]) -> Newcomer:
    """People who are about to be entered, as quotas see them."""
    kind = next((division.kind for division in event.divisions if division.id == division_id), "")
    units = known_as([one.unit_name.strip() for one in facts])
    return Newcomer(event.code, kind, str(delegation_id or ""), tuple(units))


def of(entry: Entry) -> Newcomer:
    """An entry as quotas see it."""
    return queries.newcomers([entry])[0]


def standings(competition_id: UUID, who: Newcomer, *, without: Collection[UUID] = ()) -> tuple[Standing, ...]:
    """What every quota says of an entry now."""
    quotas = queries.quotas_of(competition_id)
    return judge(quotas, who, queries.taken(competition_id, quotas, [who], without=without))


def why(full: Standing, event: Event) -> tuple[str, dict[str, object]]:
    """Why there is no place: a code with the count, whose it is and where."""
    division = next((one.name_zh for one in event.divisions if one.kind == full.group.division), "")
    where = " ".join(name for name in (event.name_zh if full.group.event else "", division) if name)
    facts: dict[str, object] = {"quota": full.quota.most, "taken": full.taken, "where": where or "@quota_where:all"}
    if full.quota.per == "unit":
        facts["unit"] = full.group.body
    return _CODES[full.quota.per], facts


def has_place(found: Sequence[Standing], event: Event, *, capacity: str, reason: str = "") -> bool:
    """True when there is a place, or a written reason of somebody who may go beyond; False when the entry waits in a list.

    Raises Refusal quota_delegation_full, quota_unit_full, division_full when a quota refuses.
    """
    full = first_full(found)
    if full is None:
        return True
    allowed = may_exceed(found, capacity)
    if allowed and reason.strip():
        return True
    if full.quota.beyond == "waiting":
        return False
    code, facts = why(full, event)
    raise Refusal(code, field="quota_reason" if allowed and capacity == "organizer" else "division_id", **facts)


def in_turn(competition_id: UUID, entries: Sequence[Entry]) -> list[tuple[Entry, bool]]:
    """Entries that are handed in together, in their order, each with whether it has a place. A returned one keeps its own.

    Raises what `has_place` raises.
    """
    quotas = queries.quotas_of(competition_id)
    people = dict(zip([entry.id for entry in entries], queries.newcomers(entries), strict=True))
    fresh = [entry.id for entry in entries if entry.state == EntryState.DRAFT]
    counts = queries.taken(competition_id, quotas, people.values(), without=fresh)
    made = []
    for entry in entries:
        place = True
        if entry.id in fresh:
            found = judge(quotas, people[entry.id], counts)
            place = has_place(found, entry.event, capacity="leader", reason=entry.quota_reason)
            counts = added(quotas, [people[entry.id]], counts) if place else counts
        made.append((entry, place))
    return made
