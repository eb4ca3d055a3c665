"""Settings: one line each (name, default, help), read from the environment.

`docs/settings.md` is generated from this table, and `make check` fails when the two differ.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation import tls

ROOT = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its environment variable, its default as text, what it does."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting("LAUREL_DATA", "var", "Folder for files, keys and the embedded database."),
    Setting("DATABASE_URL", "", "SQLAlchemy URL; empty means SQLite in LAUREL_DATA."),
    Setting("SECRET_KEY", "", "Signs cookies; empty means a generated key in LAUREL_DATA/keys."),
    Setting("REDIS_URL", "", "Queue of jobs and rate limits in Redis; empty means SQLite and memory."),
    Setting(
        "FILES_URL", "", "fsspec URL of the private file store, e.g. s3://bucket/laurel; empty means LAUREL_DATA/files."
    ),
    Setting(
        "PUBLIC_URL",
        "",
        "Address that QR codes and links on paper carry; empty means http://HOST:PORT, with TLS=yes https.",
    ),
    Setting("HOST", "127.0.0.1", "Address the server listens on."),
    Setting("PORT", "8000", "Port the server listens on."),
    Setting("TLS", "no", "yes serves HTTPS with the certificate of `flask tls init`, and the door beside it."),
    Setting("DOOR_PORT", "8080", "With TLS=yes: plain port on which tablets install the authority."),
    Setting("DOOR", "no", "yes in the process that serves the plain door (`flask serve` sets it)."),
    Setting("THREADS", "16", "Threads of the web server."),
    Setting("SESSION_IDLE_MINUTES", "240", "A session unused for so long ends."),
    Setting("SESSION_HOURS", "12", "A session ends after so long in any case."),
    Setting("SECURE_COOKIES", "no", "yes behind HTTPS: cookies are sent over HTTPS alone."),
    Setting("SMTP_URL", "", "smtp://user:password@host:port; empty means no mail is sent."),
    Setting("MAIL_FROM", "laurel@localhost", "Sender of mails."),
    Setting(
        "SMS_URL", "", "Gateway that takes SMS as JSON (`foundation/messages/sms.py`); empty means no SMS is sent."
    ),
    Setting("SMS_TOKEN", "", "Bearer token for the SMS gateway."),
    Setting("SMS_SIGN", "", "Filed signature (签名) the SMS gateway puts before the text."),
    Setting("JOB_LEASE_SECONDS", "60", "A job whose worker was silent for so long is taken over."),
    Setting("UPLOAD_MEGABYTES", "20", "Largest request body."),
    Setting("RATE_LIMITS", "yes", "no switches request limits off (tests, benchmarks)."),
    Setting("ISSUER_PREFIX_PATTERN", r"[A-Z]\d{12}", "Pattern of an issuer's 13 characters, given by the authority."),
    Setting(
        "CERTIFICATE_NUMBER_PATTERN",
        "",
        "Narrows the numbers of a new issuer beside their form; empty: the form alone.",
    ),
    Setting("CERTIFICATE_QUERY_URL", "http://jndj.osta.org.cn", "National query of certificates, for new issuers."),
    Setting("ORGANIZATION_QUERY_URL", "http://pjjg.osta.org.cn", "National query of evaluation organizations."),
    Setting("PKCS11_PIN", "", "PIN of the devices that hold issuers' signing keys (PKCS#11)."),
    Setting("SEAL_SERVICE_URL", "", "Service that puts electronic seals on certificates; empty means there is none."),
    Setting("SEAL_SERVICE_TOKEN", "", "Bearer token for the seal service."),
    Setting("TESTING", "no", "yes inside the test suite."),
)


def from_environment(overrides: dict[str, str] | None = None) -> dict[str, str]:
    """The settings as text: defaults, then the environment, then `overrides`."""
    values = {setting.name: os.environ.get(setting.name, setting.default) for setting in SETTINGS}
    unknown = set(overrides or {}) - set(values)
    if unknown:
        raise ValueError(f"unknown settings: {sorted(unknown)}")
    return values | (overrides or {})


def _own_address(settings: dict[str, str], data: Path) -> str:
    if settings["TLS"] != "yes":
        return f"http://{settings['HOST']}:{settings['PORT']}"
    certificate = tls.certificate_of(tls.Papers(data))
    return f"https://{tls.address_for_people(certificate.names if certificate else ())}:{settings['PORT']}"


def flask_config(settings: dict[str, str]) -> dict[str, Any]:
    """The settings as Flask's configuration. Creates LAUREL_DATA; reads nothing else."""
    data = Path(settings["LAUREL_DATA"]).resolve()
    data.mkdir(parents=True, exist_ok=True)
    database = settings["DATABASE_URL"] or f"sqlite:///{data / 'laurel.db'}"
    secure = "yes" in (settings["SECURE_COOKIES"], settings["TLS"]) and settings["DOOR"] != "yes"
    return {
        **{f"LAUREL_{name.removeprefix('LAUREL_')}": value for name, value in settings.items()},
        "DATA_FOLDER": data,
        "DATABASE_URL": database,
        "PUBLIC_URL": settings["PUBLIC_URL"].rstrip("/") or _own_address(settings, data),
        "TESTING": settings["TESTING"] == "yes",
        "MAX_CONTENT_LENGTH": int(settings["UPLOAD_MEGABYTES"]) * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "laurel",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "RATELIMIT_ENABLED": settings["RATE_LIMITS"] == "yes",
        "RATELIMIT_STORAGE_URI": settings["REDIS_URL"] or "memory://",
        "WTF_CSRF_TIME_LIMIT": None,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
    }
