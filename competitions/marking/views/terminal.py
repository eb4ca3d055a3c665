"""What makes a tablet work without a network: the service worker, the manifest, the terminal self-test."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competitions.marking.actions.checks import CHECKS, note_check
from competitions.marking.permissions import MarkingPermission
from foundation.clock import now
from foundation.permission import public, requires
from foundation.refusal import Refusal
from foundation.web.access import actor

blueprint = Blueprint("tablet", __name__)
api = Blueprint("tablet_api", __name__)

ICONS = (180, 512)
LONGEST_CLOCK = 10 * 365 * 86_400_000


def _assets() -> tuple[list[str], str]:
    """The addresses a tablet keeps and a version that changes with their content."""
    static = Path(current_app.static_folder or "")
    own = [
        "css/laurel.css",
        "css/marking.css",
        "css/judges.css",
        "css/network.css",
        "css/signing.css",
        "css/floor.css",
        "images/laurel.svg",
        "js/page.js",
        "js/outbox.js",
    ]
    own += sorted(
        f"js/marking/{path.name}" for path in (static / "js/marking").glob("*.js") if path.stem != "service-worker"
    )
    digest = hashlib.sha256()
    for name in (*own, "js/marking/service-worker.js"):
        digest.update((static / name).read_bytes())
    library = [
        url_for("bootstrap.static", filename=name) for name in ("css/bootstrap.min.css", "icons/bootstrap-icons.svg")
    ]
    return [url_for("static", filename=name) for name in own] + library, digest.hexdigest()[:16]


@blueprint.get("/service-worker.js")
@public
def service_worker() -> Response:
    """The service worker, for the whole site; a new content is a new version."""
    assets, version = _assets()
    code = (Path(current_app.static_folder or "") / "js/marking/service-worker.js").read_text(encoding="utf-8")
    text = f"self.LAUREL_VERSION = {json.dumps(version)};\nself.LAUREL_ASSETS = {json.dumps(assets)};\n{code}"
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/tablet/manifest.webmanifest")
@public
def manifest() -> Response:
    """What makes the judge's pages an application on the home screen."""
    told = {
        "name": _("Laurel marking"), "short_name": _("Laurel"), "start_url": url_for("marking.seats"), "scope": "/",
        "display": "standalone", "background_color": "#f5f6f3", "theme_color": "#14303a",
        "icons": [
            *({"src": url_for("static", filename=f"images/laurel-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
              for size in ICONS),
            {"src": url_for("static", filename="images/laurel.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    }  # fmt: skip
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json")


@blueprint.get("/tablet/check")
@public
def check() -> str:
    """终端自检: can this tablet keep a day of marks? Public: it looks at the tablet, not at anybody."""
    return render_template("competitions/marking/check.html", checks=CHECKS, at=now())


@blueprint.get("/tablet/hand-over")
@public
def hand_over() -> str:
    """交接: what waits on this tablet, in a sealed file for another one. Public: the marks lie on the tablet and are signed."""
    return render_template("competitions/marking/handover.html")


@blueprint.get("/tablet/time")
@public
def time() -> Response:
    """The server's clock, for comparison."""
    return jsonify({"server_time": now().isoformat()})


@blueprint.get("/pair")
@public
def pair() -> str:
    """Where the QR on the organizer's screen leads: the code stands after # and reaches no log. Public: the code is the proof."""
    return render_template("competitions/marking/pair.html")


@api.post("/api/tablet/check")
@requires(MarkingPermission.MARK)
def checked() -> ResponseReturnValue:
    """Keep the self-test of the tablet whose token comes with it: {failed, warned, clock_offset}."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or set(sent) != {"failed", "warned", "clock_offset"}:
        raise Refusal("check_unknown")
    lists, offset = (sent["failed"], sent["warned"]), sent["clock_offset"]
    if any(not isinstance(one, list) or not all(isinstance(code, str) for code in one) for one in lists):
        raise Refusal("check_unknown")
    if type(offset) is not int or abs(offset) > LONGEST_CLOCK:
        raise Refusal("check_unknown")
    note_check(*lists, clock_offset=offset, browser=request.user_agent.string, actor=actor(), at=now())
    return jsonify({"ok": True})
