"""Draws the fine lines of the grade certificate: a band of phase-shifted waves and a pale rosette. No text, no emblem.

`python templates/certificates/grade/guilloche.py > templates/certificates/grade/ground.svg`
"""

from __future__ import annotations

import math
import sys

WIDTH, HEIGHT = 210, 297
INSET, AMPLITUDE, LINES = 11.5, 2.6, 7
RADIUS = 7.0


def around(inset: float, steps: int) -> list[tuple[float, float, float, float]]:
    """Points along a rounded rectangle with the outward normal of each: (x, y, nx, ny)."""
    left, top, right, bottom = inset, inset, WIDTH - inset, HEIGHT - inset
    r = RADIUS
    sides = [
        (right - left - 2 * r, lambda t: (left + r + t, top, 0.0, -1.0)),
        (math.pi * r / 2, lambda t: corner(right - r, top + r, r, -math.pi / 2 + t / r)),
        (bottom - top - 2 * r, lambda t: (right, top + r + t, 1.0, 0.0)),
        (math.pi * r / 2, lambda t: corner(right - r, bottom - r, r, t / r)),
        (right - left - 2 * r, lambda t: (right - r - t, bottom, 0.0, 1.0)),
        (math.pi * r / 2, lambda t: corner(left + r, bottom - r, r, math.pi / 2 + t / r)),
        (bottom - top - 2 * r, lambda t: (left, bottom - r - t, -1.0, 0.0)),
        (math.pi * r / 2, lambda t: corner(left + r, top + r, r, math.pi + t / r)),
    ]
    whole = sum(length for length, _ in sides)
    points = []
    for step in range(steps):
        at = whole * step / steps
        for length, place in sides:
            if at <= length:
                points.append(place(at))
                break
            at -= length
    return points


def corner(x: float, y: float, r: float, angle: float) -> tuple[float, float, float, float]:
    """A point of a quarter circle."""
    nx, ny = math.cos(angle), math.sin(angle)
    return x + r * nx, y + r * ny, nx, ny


def path(points: list[tuple[float, float]]) -> str:
    """A closed path."""
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"


def band() -> list[str]:
    """Waves around the page, each a little later than the one before."""
    track, waves = around(INSET, 2200), 120
    found = []
    for line in range(LINES):
        phase = math.pi * line / LINES
        drawn = []
        for step, (x, y, nx, ny) in enumerate(track):
            angle = 2 * math.pi * waves * step / len(track)
            out = AMPLITUDE * math.sin(angle + phase) * math.cos(angle / 6 + phase / 2)
            drawn.append((x + nx * out, y + ny * out))
        found.append(path(drawn))
    return found


def rosette() -> list[str]:
    """A pale rose in the middle of the page."""
    found = []
    for line in range(10):
        shift = math.pi * line / 10
        drawn = []
        for step in range(1440):
            angle = 2 * math.pi * step / 1440
            radius = 44 + 13 * math.sin(12 * angle + shift) * math.cos(5 * angle - shift)
            drawn.append((WIDTH / 2 + radius * math.cos(angle), 150 + radius * math.sin(angle)))
        found.append(path(drawn))
    return found


def rectangle(inset: float, radius: float, width: float, colour: str) -> str:
    """A rounded frame."""
    return (
        f'<rect x="{inset}" y="{inset}" width="{WIDTH - 2 * inset}" height="{HEIGHT - 2 * inset}" rx="{radius}" '
        f'stroke="{colour}" stroke-width="{width}"/>'
    )


def main() -> None:
    """Write the picture."""
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none">']
    parts += [f'<path d="{d}" stroke="#f4ecd9" stroke-width=".12"/>' for d in rosette()]
    parts += [f'<path d="{d}" stroke="#b8923f" stroke-width=".13"/>' for d in band()]
    parts += [
        rectangle(7.2, 9, 0.35, "#a98033"),
        rectangle(15.8, 4.5, 0.22, "#a98033"),
        rectangle(16.9, 3.6, 0.1, "#c9a966"),
    ]
    parts.append("</svg>")
    sys.stdout.write("\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
