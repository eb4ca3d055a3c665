"""Handing out bytes: named, typed, never guessed at, never run in the house's name."""

from __future__ import annotations

import io
from collections.abc import Iterable
from urllib.parse import quote

from flask import Response, send_file

_INLINE = {"application/pdf", "image/png", "image/jpeg", "image/svg+xml"}


def send_bytes(data: bytes, *, media_type: str, name: str, inline: bool = False) -> Response:
    """`data` as a download called `name`, or shown in the browser when `inline` and of a kind that cannot run."""
    return _named(send_file(io.BytesIO(data), mimetype=media_type), media_type=media_type, name=name, inline=inline)


def send_pieces(pieces: Iterable[bytes], *, media_type: str, name: str) -> Response:
    """A download that is made while it is sent: memory does not grow with it."""
    return _named(Response(pieces, mimetype=media_type), media_type=media_type, name=name, inline=False)


def _named(response: Response, *, media_type: str, name: str, inline: bool) -> Response:
    disposition = "inline" if inline and media_type in _INLINE else "attachment"
    ascii_name = name.encode("ascii", "ignore").decode().replace('"', "").strip() or "download"
    response.headers["Content-Disposition"] = (
        f"{disposition}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name)}"
    )
    response.headers["Cache-Control"] = "private, no-store"
    if media_type == "image/svg+xml":
        response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
