"""Security headers on every answer."""

from __future__ import annotations

from flask import current_app, request
from flask.wrappers import Response

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def add_headers(response: Response) -> Response:
    """Add the headers; pages about people are never kept by anybody."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
    # Not with an authority of our own: if it has to be made anew, a hall must still reach the door by the same name.
    if request.is_secure and current_app.config["LAUREL_TLS"] != "yes":
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static" or (request.endpoint or "").endswith(".static"):
        headers["Cache-Control"] = "public, max-age=86400"
    elif "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
        headers.add("Vary", "Cookie")
    return response
