"""Whether a sheet is complete: every cell filled, no conflict, no spread left to discuss."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from competitions.rules.scoring.aspects import AspectRule, Points, aspect_points


@dataclass(frozen=True, slots=True)
class CellValue:
    """The value in force of a cell, and whether it is disputed."""

    value: str | None
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class SheetFindings:
    """What stands between a sheet and its signature. `points` by aspect; `total` is None while one is missing."""

    needed: int
    filled: int
    conflicts: int
    discuss: tuple[UUID, ...]
    points: Mapping[UUID, Points]

    @property
    def complete(self) -> bool:
        """May it be signed?"""
        return (
            self.filled == self.needed
            and not self.conflicts
            and all(points.value is not None for points in self.points.values())
        )

    @property
    def obstacles(self) -> tuple[tuple[str, int], ...]:
        """Why it may not be signed yet: code and how many; empty when it may."""
        found = (
            ("obstacle:empty", self.needed - self.filled),
            ("obstacle:conflict", self.conflicts),
            ("obstacle:discuss", len(self.discuss)),
        )
        return tuple((code, count) for code, count in found if count)

    @property
    def total(self) -> Fraction | None:
        """The points of the sheet, exact."""
        values = [points.value for points in self.points.values()]
        return None if any(v is None for v in values) else sum((v for v in values if v is not None), Fraction(0))


def cells_of(rule: AspectRule, panel: UUID, seats: Sequence[UUID]) -> tuple[UUID, ...]:
    """The cells an aspect has on a sheet: one a seat, or the panel's one agreed value."""
    return tuple(seats) if rule.by_each_judge else (panel,)


def examine(
    aspects: Mapping[UUID, AspectRule],
    panel: UUID,
    seats: Sequence[UUID],
    heads: Mapping[tuple[UUID, UUID], CellValue],
    *,
    spread: int,
    void: Collection[UUID] = (),
) -> SheetFindings:
    """Look at one sheet. `heads` by (aspect, cell); an absent head is an empty cell, which blocks signing. `void` aspects ask
    for nothing: they were left out or count the same for everybody."""
    needed = filled = conflicts = 0
    discuss: list[UUID] = []
    points: dict[UUID, Points] = {}
    for aspect, rule in aspects.items():
        if aspect in void:
            points[aspect] = Points(Fraction(0), "points:void")
            continue
        cells = [heads.get((aspect, cell), CellValue(None)) for cell in cells_of(rule, panel, seats)]
        needed += len(cells)
        filled += sum(cell.value is not None for cell in cells)
        conflicts += sum(cell.conflict for cell in cells)
        points[aspect] = aspect_points(rule, [cell.value for cell in cells], spread=spread)
        if points[aspect].discuss:
            discuss.append(aspect)
    return SheetFindings(needed, filled, conflicts, tuple(discuss), points)
