"""Which rows of a roster have a place: the quotas of the competition, applied to the new entries in their order."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounts.organizations.queries import known_as
from competitions.entries import places
from competitions.entries.queries import quotas as queries
from competitions.entries.queries.delegations import ids_by_name
from competitions.entries.roster.reading import Row, Wrong, entries_of
from competitions.programme import queries as programme
from competitions.rules.quotas import Newcomer, added, first_full, judge


def mark_full(rows: Sequence[Row], competition_id: UUID, delegation_id: UUID | None) -> None:
    """Write beside the rows for which a quota has no place why not; who may wait in the list is a good row."""
    quotas = queries.quotas_of(competition_id)
    if not quotas:
        return
    events = {event.id: event for event in programme.competition(competition_id).events}
    bodies = ids_by_name(competition_id)
    groups = list(entries_of(rows))
    units = iter(known_as([row.facts.unit_name for group in groups for row in group]))
    counts = queries.tally(competition_id, quotas)
    for group in groups:
        own = tuple(next(units) for _row in group)
        lead = group[0]
        event = events.get(lead.event.id) if lead.event is not None else None
        if event is None:
            continue
        kind = next((one.kind for one in event.divisions if one.id == lead.division_id), "")
        # A delegation that this roster founds counts under its name.
        body = str(delegation_id or bodies.get(lead.delegation) or lead.delegation)
        who = Newcomer(event.code, kind, body, own)
        full = first_full(judge(quotas, who, counts))
        if full is not None and full.quota.beyond == "refuse":
            code, facts = places.why(full, event)
            lead.wrong.append(Wrong(None, code, facts))
            for other in group[1:]:
                other.wrong.append(Wrong(None, "roster_team_waits"))
        elif full is not None:
            lead.waits = True
        else:
            counts = added(quotas, [who], counts)
