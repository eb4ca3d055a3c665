"""QR codes as SVG or PNG."""

from __future__ import annotations

import base64
import io

import segno


def qr_svg(content: str, *, border: int = 2) -> str:
    """An SVG document without width and height, so that style decides the size."""
    target = io.BytesIO()
    segno.make(content, error="m", micro=False).save(
        target, kind="svg", border=border, omitsize=True, xmldecl=False, svgns=True
    )
    return target.getvalue().decode()


def qr_data_url(content: str, *, border: int = 2) -> str:
    """The same as a `data:` address for `<img>`."""
    return "data:image/svg+xml;base64," + base64.b64encode(qr_svg(content, border=border).encode()).decode()
