"""Columns of a panel's tablet that their judges have not confirmed yet. Only judges with a card and PIN are asked."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competitions.judges.models import Panel
from competitions.marking.models.confirmations import SeatConfirmation
from foundation.audit.chain import canonical


def column_hash(work_id: UUID, sub_criterion_id: UUID, seat_id: UUID, values: Mapping[UUID, str]) -> str:
    """SHA-256 over what stands in a judge's column of a sheet; the tablet computes the same."""
    fields = ["laurel.column", "1", str(work_id), str(sub_criterion_id), str(seat_id)]
    for aspect in sorted(values, key=str):
        fields += [str(aspect), values[aspect]]
    return hashlib.sha256(canonical(tuple(fields))).hexdigest()


def asked_seats(panel: Panel) -> list[UUID]:
    """The seats whose judges confirm by PIN: on a panel's tablet, those with a card."""
    if panel.entry_mode != "panel_tablet":
        return []
    return [seat.id for seat in panel.seats if seat.duty.carded_at is not None]


def columns(
    sub_aspects: Collection[UUID], seats: Collection[UUID], values: Mapping[tuple[UUID, UUID], str | None]
) -> dict[UUID, dict[UUID, str]]:
    """Seat → what stands in its column: aspect → value. `sub_aspects` are those each judge marks."""
    return {
        seat: {aspect: found for aspect in sub_aspects if (found := values.get((aspect, seat))) is not None}
        for seat in seats
    }


def unconfirmed(
    asked: Collection[UUID], sub_id: UUID, work_id: UUID, judged: Collection[UUID],
    values: Mapping[tuple[UUID, UUID], str | None], confirmed: Mapping[tuple[UUID, UUID, UUID], set[str]],
) -> list[UUID]:  # fmt: skip
    """The seats whose column of a sheet nobody confirmed as it stands. A sheet without judged aspects asks nobody."""
    if not judged:
        return []
    return [
        seat
        for seat, column in columns(judged, asked, values).items()
        if column_hash(work_id, sub_id, seat, column) not in confirmed.get((sub_id, work_id, seat), set())
    ]


def confirmed_hashes(reading: Session, panel_id: UUID) -> dict[tuple[UUID, UUID, UUID], set[str]]:
    """(sub-criterion, work, seat) → hashes that were confirmed."""
    rows = reading.execute(
        select(
            SeatConfirmation.sub_criterion_id, SeatConfirmation.work_id, SeatConfirmation.seat_id, SeatConfirmation.values_hash
        ).where(SeatConfirmation.panel_id == panel_id)
    )  # fmt: skip
    found: dict[tuple[UUID, UUID, UUID], set[str]] = {}
    for sub, work, seat, digest in rows:
        found.setdefault((sub, work, seat), set()).add(digest)
    return found
