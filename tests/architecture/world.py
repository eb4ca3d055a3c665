"""One object of every kind that a URL can name, for the permission table. Rooms add theirs here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tests.factories import certification
from tests.factories.competitions import make_competition


@dataclass(frozen=True)
class World:
    """URL argument → id of an object in this world."""

    ids: dict[str, UUID]


def build_world(region: str = "320000") -> World:
    """A competition in `region` with everything that belongs to it."""
    host = f"主办单位{region}"
    competition = make_competition(region_code=region, hosts=(("lead_host", host),))
    issuer = certification.make_issuer()
    certificate = certification.make_approved(issuer, competition_id=competition, region_code=region)
    return World({"competition_id": competition, "certificate_id": certificate})
