"""The hall's network: the page that installs the authority on a tablet, and the plain door in front of HTTPS.

A tablet that does not trust the authority yet cannot open a page over HTTPS without a warning, so the same pages are served once
more over plain HTTP by a process of its own (the *door*), which sends everything else to HTTPS.
"""

from __future__ import annotations

import base64
import hashlib
from uuid import UUID, uuid5

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request
from markupsafe import escape
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from foundation import tls
from foundation.permission import public

blueprint = Blueprint("network", __name__)

PLATFORMS = ("android", "ipados", "windows")
OPEN_AT_THE_DOOR = ("network.", "web.choose_language", "web.health", "static", "bootstrap.static")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_NAMESPACE = UUID("6f6b2f1e-5d0e-4f0a-9d52-7a0c0a3c1d11")


def init_app(app: Flask) -> None:
    """Routes, the door's redirection, and whether a page must warn that it came over a plain network."""
    app.register_blueprint(blueprint)
    if app.config["LAUREL_DOOR"] == "yes":
        app.before_request(_to_https)

    @app.context_processor
    def network_context() -> dict[str, object]:
        return {"plain_network": plain_network()}


def plain_network() -> bool:
    """Did this request cross a network without HTTPS? Not on this machine itself, at the door or behind a proxy that has it."""
    config = current_app.config
    host = request.host.rsplit(":", 1)[0]
    return not (
        request.is_secure or host in LOCAL_HOSTS or config["LAUREL_DOOR"] == "yes" or config["SESSION_COOKIE_SECURE"]
    )


def _to_https() -> BaseResponse | None:
    if (request.endpoint or "").startswith(OPEN_AT_THE_DOOR):
        return None
    if request.path == "/":
        return redirect("/authority")
    if request.method not in ("GET", "HEAD"):
        raise NotFound  # whatever was sent is not carried over a plain network twice
    return redirect(f"{current_app.config['PUBLIC_URL']}{request.full_path.rstrip('?')}")


def _papers() -> tls.Papers:
    return tls.Papers(current_app.config["DATA_FOLDER"])


def _authority() -> bytes:
    found = tls.authority_bytes(_papers())
    if found is None:
        raise NotFound
    return found


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate in pairs, as devices show it."""
    digest = hashlib.sha256(certificate).hexdigest().upper()
    return ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))


@blueprint.get("/authority")
@public
def authority() -> str:
    """How a tablet learns to trust this server: pictures for Android, iPadOS and Windows."""
    found = tls.authority_bytes(_papers())
    agent = (request.user_agent.string or "").lower()
    guessed = "android" if "android" in agent else "ipados" if "ipad" in agent or "mac os" in agent else "windows"
    asked = request.args.get("on", guessed)
    return render_template(
        "foundation/web/authority.html",
        present=found is not None,
        fingerprint=fingerprint(found) if found else "",
        platforms=PLATFORMS,
        platform=asked if asked in PLATFORMS else guessed,
        address=current_app.config["PUBLIC_URL"],
    )


@blueprint.get("/authority.crt")
@public
def certificate() -> Response:
    """The authority's certificate; opening it begins the installation on Android and Windows."""
    answer = Response(_authority(), mimetype="application/x-x509-ca-cert")
    answer.headers["Content-Disposition"] = 'attachment; filename="laurel-authority.crt"'
    return answer


@blueprint.get("/authority.mobileconfig")
@public
def profile() -> Response:
    """The authority as a configuration profile for iPadOS."""
    data = _authority()
    content, whole = uuid5(_NAMESPACE, fingerprint(data)), uuid5(_NAMESPACE, f"profile {fingerprint(data)}")
    host = escape(current_app.config["PUBLIC_URL"])
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadType</key><string>Configuration</string><key>PayloadVersion</key><integer>1</integer>
<key>PayloadIdentifier</key><string>laurel.{whole}</string><key>PayloadUUID</key><string>{whole}</string>
<key>PayloadDisplayName</key><string>Laurel 桂冠</string><key>PayloadDescription</key><string>{host}</string>
<key>PayloadContent</key><array><dict>
<key>PayloadType</key><string>com.apple.security.root</string><key>PayloadVersion</key><integer>1</integer>
<key>PayloadIdentifier</key><string>laurel.{content}</string><key>PayloadUUID</key><string>{content}</string>
<key>PayloadDisplayName</key><string>Laurel 桂冠</string><key>PayloadCertificateFileName</key><string>laurel-authority.crt</string>
<key>PayloadContent</key><data>{base64.b64encode(data).decode()}</data>
</dict></array></dict></plist>
"""
    answer = Response(text.encode(), mimetype="application/x-apple-aspen-config")
    answer.headers["Content-Disposition"] = 'attachment; filename="laurel-authority.mobileconfig"'
    return answer
