"""Draws the fine lines of prize, honour and participation certificates, A4 landscape. No text, no emblem.

`python templates/certificates/award/guilloche.py` writes `ground.svg` into each of their folders: a template, its lines in the
colour `line` of the design.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

WIDTH, HEIGHT = 297, 210
HERE = Path(__file__).resolve().parent.parent


COLOUR = "{{ colours.line }}"


@dataclass(frozen=True)
class Look:
    """Figures of one ground."""

    waves: int
    lines: int
    lobes: tuple[int, int]
    corner: str  # flower | none


LOOKS = {
    "prize": Look(132, 8, (18, 6), "flower"),
    "prize_laurel": Look(108, 7, (14, 4), "flower"),
    "honour": Look(150, 8, (24, 8), "flower"),
    "participation": Look(96, 6, (10, 5), "none"),
}


def around(inset: float, steps: int) -> list[tuple[float, float, float, float]]:
    """Points along a rectangle with notched corners and the outward normal of each."""
    left, top, right, bottom, r = inset, inset, WIDTH - inset, HEIGHT - inset, 6.0
    corners = (
        (right - r, top + r, -90), (right - r, bottom - r, 0), (left + r, bottom - r, 90), (left + r, top + r, 180),
    )  # fmt: skip
    sides = ((left + r, top, 1, 0, right - left - 2 * r), (right, top + r, 0, 1, bottom - top - 2 * r),
             (right - r, bottom, -1, 0, right - left - 2 * r), (left, bottom - r, 0, -1, bottom - top - 2 * r))  # fmt: skip
    arc = math.pi * r / 2
    whole = sum(side[4] for side in sides) + 4 * arc
    points = []
    for step in range(steps):
        at = whole * step / steps
        for (x, y, dx, dy, length), (cx, cy, start) in zip(sides, corners, strict=True):
            if at <= length:
                points.append((x + dx * at, y + dy * at, dy, -dx))
                break
            at -= length
            if at <= arc:
                angle = math.radians(start) + at / r
                points.append((cx + r * math.cos(angle), cy + r * math.sin(angle), math.cos(angle), math.sin(angle)))
                break
            at -= arc
    return points


def path(points: list[tuple[float, float]]) -> str:
    """A closed path."""
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"


def band(look: Look) -> list[str]:
    """Waves around the page, each a little later than the one before."""
    track = around(12.5, 1900)
    found = []
    for line in range(look.lines):
        phase = math.pi * line / look.lines
        drawn = []
        for step, (x, y, nx, ny) in enumerate(track):
            angle = 2 * math.pi * look.waves * step / len(track)
            out = 2.9 * math.sin(angle + phase) * math.cos(angle / 6 + phase / 2)
            drawn.append((x + nx * out, y + ny * out))
        found.append(path(drawn))
    return found


def rose(x: float, y: float, radius: float, swing: float, lobes: tuple[int, int], lines: int, steps: int) -> list[str]:
    """A rose of turned waves."""
    found = []
    for line in range(lines):
        shift = math.pi * line / lines
        drawn = []
        for step in range(steps):
            angle = 2 * math.pi * step / steps
            out = radius + swing * math.sin(lobes[0] * angle + shift) * math.cos(lobes[1] * angle - shift)
            drawn.append((x + out * math.cos(angle), y + out * math.sin(angle)))
        found.append(path(drawn))
    return found


def rectangle(inset: float, radius: float, width: float) -> str:
    """A frame."""
    return (
        f'<rect x="{inset}" y="{inset}" width="{WIDTH - 2 * inset}" height="{HEIGHT - 2 * inset}" rx="{radius}" '
        f'stroke-width="{width}"/>'
    )


def ground(look: Look) -> str:
    """The picture."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" stroke="{COLOUR}">',
        '<g stroke-width=".14" stroke-opacity=".11">',
        *(f'<path d="{d}"/>' for d in rose(148.5, 105, 52, 15, look.lobes, 10, 720)),
        *(f'<path d="{d}"/>' for d in rose(148.5, 105, 31, 8, (look.lobes[0] // 2, look.lobes[1] // 2), 6, 360)),
        "</g>",
        '<g stroke-width=".13" stroke-opacity=".9">',
        *(f'<path d="{d}"/>' for d in band(look)),
        "</g>",
        rectangle(7.6, 5, 0.4), rectangle(8.6, 4.2, 0.12), rectangle(17.4, 2.6, 0.28), rectangle(18.4, 2, 0.1),
    ]  # fmt: skip
    if look.corner == "flower":
        parts.append('<g stroke-width=".12">')
        for x, y in ((22, 22), (WIDTH - 22, 22), (22, HEIGHT - 22), (WIDTH - 22, HEIGHT - 22)):
            parts += [f'<path d="{d}"/>' for d in rose(x, y, 4.2, 2.0, (6, 2), 5, 240)]
        parts.append("</g>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    """Write the pictures."""
    for name, look in LOOKS.items():
        (HERE / name / "ground.svg").write_text(ground(look), encoding="utf-8")


if __name__ == "__main__":
    main()
