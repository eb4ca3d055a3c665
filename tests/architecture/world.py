"""One object of every kind that a URL can name, for the permission table. Rooms add theirs here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from competitions.publications.actions import propose_results, raise_objection
from competitions.results.queries import score_imports
from foundation.clock import now
from tests.factories.competitions import make_competition
from tests.factories.results import make_ready, signed_run


@dataclass(frozen=True)
class World:
    """URL argument → id of an object in this world."""

    ids: dict[str, UUID]


def build_world(region: str = "320000") -> World:
    """A competition in `region` with everything that belongs to it."""
    host = f"主办单位{region}"
    ids = {
        "competition_id": make_competition(
            region_code=region, hosts=(("lead_host", host),), contact_phone="1", supervision_phone="2"
        )
    }
    return World({**ids, **_results(ids["competition_id"])})


def _results(competition_id: UUID) -> dict[str, UUID]:
    """An event of one marked entry with a list of scores, a signed run, its notice and an objection to it."""
    ready = make_ready(competition_id=competition_id)
    run = signed_run(ready)
    notice = propose_results(run, actor=ready.organizer, at=now())
    objection = raise_objection(
        notice, ready.entries["王强"], raised_by="刘真名", matter="资格", actor=ready.organizer, at=now()
    )
    return {
        "event_id": ready.event_id, "division_id": ready.division_id, "part_id": ready.theory_id,
        "entry_id": ready.entries["王强"], "run_id": run, "publication_id": notice, "objection_id": objection,
        "score_import_id": score_imports(ready.event_id)[0][0].id,
    }  # fmt: skip
