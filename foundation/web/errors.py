"""Error pages: what happened, why, what would be right; for a person as a page, for a program as JSON."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from foundation.encryption.sealing import SealBroken
from foundation.refusal import Refusal
from foundation.translation import sentence
from foundation.web import resend

log = logging.getLogger(__name__)
_PAGES = {400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503}


def wants_json() -> bool:
    """Does a program ask?"""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def answer(status: int, code: str, message: str = "", **facts: Any) -> Any:
    """An error as page or JSON."""
    if wants_json():
        return jsonify(
            {"code": code, "message": message or sentence(code), "facts": {k: str(v) for k, v in facts.items()}}
        ), status
    page = status if status in _PAGES else 400
    return render_template("errors/error.html", status=page, message=message), status


def _refused(refusal: Refusal) -> Any:
    page = answer(refusal.status, refusal.code, sentence(refusal.code, **refusal.facts), **refusal.facts)
    return (*page, {"Retry-After": "2"}) if refusal.status == 503 else page


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    response = answer(status, f"http_{status if status in _PAGES else 400}")
    if isinstance(response, tuple) and error.get_response().headers.get("Retry-After"):
        return (*response, {"Retry-After": error.get_response().headers["Retry-After"]})
    return response


def _csrf(_error: CSRFError) -> Any:
    if wants_json() or request.method != "POST" or request.endpoint is None:
        return answer(400, "http_400")
    page, _status = resend.offer_again(request.full_path.rstrip("?"), resend.kept_fields())
    return page, 400


def _database(error: OperationalError) -> Any:
    log.error("database: %s", error.orig)
    text = str(error.orig).lower()
    if "locked" in text or "could not connect" in text or "connection" in text:
        page = answer(503, "http_503")
        return (*page, {"Retry-After": "2"})
    if "full" in text or "readonly" in text or "read-only" in text or "disk i/o" in text:
        return answer(507, "http_507")
    return answer(500, "http_500")


def _broken(_error: SealBroken) -> Any:
    log.error("a sealed value does not open: wrong keys, or the database was changed by hand")
    return answer(500, "http_500")


def init_app(app: Flask) -> None:
    """Install the handlers."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(SealBroken, _broken)
