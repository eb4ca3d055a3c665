"""One object of every kind that a URL can name, for the permission table. Rooms add theirs here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from competitions.judges.queries import panel
from tests.factories.competitions import make_competition
from tests.factories.rows import make_entry, make_event, make_scheme
from tests.factories.rows import make_event, make_panel


@dataclass(frozen=True)
class World:
    """URL argument → id of an object in this world."""

    ids: dict[str, UUID]


def build_world(region: str = "320000") -> World:
    """A competition in `region` with everything that belongs to it."""
    host = f"主办单位{region}"
    competition = make_competition(region_code=region, hosts=(("lead_host", host),))
    return World({"competition_id": competition, "event_id": make_event(competition)})
    event = make_event(competition)
    make_scheme(event)
    return World({"competition_id": competition, "event_id": event})
    event = make_event(competition)
    return World({"competition_id": competition, "event_id": event, "entry_id": make_entry(event)})
    event = make_event(competition)
    group = make_panel(event)
    return World(
        {
            "competition_id": competition,
            "event_id": event,
            "panel_id": group,
            "duty_id": panel(group).seats[0].duty_id,
        }
    )
